import type { MarkerReport } from '../model/report.ts'
import { correctMarker } from '../suggestions/correct-marker.ts'
import { toFix } from '../suggestions/edit.ts'
import { createRule, type Rule } from './create-rule.ts'
import { onFile } from './file-report.ts'
import { locate } from './locate.ts'

type MessageId = MarkerReport['problem'] | 'correct'

const rule: Rule<MessageId, []> = createRule<MessageId>({
  name: 'valid-public-marker',
  meta: {
    type: 'problem',
    docs: {
      description: 'require `authz: public` markers that say why, and that stand where they count',
      recommended: 'recommended',
      cwe: [862, 1116],
      owasp: ['A01:2021'],
      nist: ['PR.AA-05', 'ID.RA-01'],
    },
    hasSuggestions: true,
    schema: [],
    messages: {
      noReason:
        'This marker does not say why anyone may call {{name}}, so it does not count. Write the reason: `authz: public -- <reason>`.',
      stale:
        'The code refuses anonymous callers of {{name}}, or does nothing protected: the marker says otherwise. Remove it.',
      orphaned:
        'This marker stands above nothing that can be called from outside, so it does nothing. Move it directly above the declaration, or remove it.',
      misspelt: '`authz: {{text}}` is no marker, so it declares nothing. Write `authz: public -- <reason>`.',
      forbidden:
        'The policy of this project does not accept public markers in comments, so this one does not count. Declare {{name}} in `authz.config.json`.',
      correct: 'Write `{{marker}}`.',
    },
    languages: ['js/js'],
  },
  create(context) {
    return onFile(context, ({ report, source }) => {
      for (const marker of report.markers) {
        const correction = marker.problem === 'misspelt' ? correctMarker(source, marker) : undefined
        context.report({
          loc: locate(source, marker.range),
          messageId: marker.problem,
          data: { name: marker.name === undefined ? 'this' : `\`${marker.name}\``, text: oneLine(marker.text) },
          suggest: correction && [
            { messageId: 'correct', data: { marker: correction.marker }, fix: toFix([correction.edit]) },
          ],
        })
      }
    })
  },
})
export default rule

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}
