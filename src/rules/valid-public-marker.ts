import type { TSESLint } from '@typescript-eslint/utils'
import type { MarkerReport } from '../model/report.ts'
import { correctMarker } from '../suggestions/correct-marker.ts'
import { toFix } from '../suggestions/edit.ts'
import { removeMarker } from '../suggestions/remove-marker.ts'
import type { Source } from '../suggestions/source.ts'
import { createRule, type Rule } from './create-rule.ts'
import { onFile } from './file-report.ts'
import { locate } from './locate.ts'

type MessageId = MarkerReport['problem'] | 'correct' | 'remove'

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
      misspelt:
        '`{{text}}` is no marker, so it declares nothing. Write `authz: public -- <reason>`, as a comment of its own.',
      forbidden:
        'The policy of this project does not accept public markers in comments, so this one does not count. Declare {{name}} in `authz.config.json`.',
      correct: 'Write `{{marker}}`.',
      remove: 'Remove the marker.',
    },
    languages: ['js/js'],
  },
  create(context) {
    return onFile(context, ({ report, source }) => {
      for (const marker of report.markers) {
        context.report({
          loc: locate(source, marker.range),
          messageId: marker.problem,
          data: {
            name: marker.name === undefined ? 'this' : `\`${marker.name}\``,
            text: oneLine(`${marker.head ?? 'authz:'} ${marker.text}`),
          },
          suggest: suggested(source, marker),
        })
      }
    })
  },
})
export default rule

/** What a misspelt one wants to say is clear; one without a reason, or that must not be here, is for its author to settle. */
function suggested(source: Source, marker: MarkerReport): TSESLint.SuggestionReportDescriptor<MessageId>[] {
  const correction = marker.problem === 'misspelt' ? correctMarker(source, marker) : undefined
  if (correction) return [{ messageId: 'correct', data: { marker: correction.marker }, fix: toFix([correction.edit]) }]
  const removal = removable.has(marker.problem) ? removeMarker(source, marker) : undefined
  return removal ? [{ messageId: 'remove', fix: toFix([removal]) }] : []
}

const removable: ReadonlySet<MarkerReport['problem']> = new Set(['noReason', 'stale', 'orphaned'])

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}
