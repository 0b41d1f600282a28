import { createRule, type Rule } from './create-rule.ts'
import { onFile } from './file-report.ts'
import { locate } from './locate.ts'
import { relative } from 'node:path'

type MessageId = 'unverifiable' | 'unverifiableElsewhere'

const rule: Rule<MessageId, []> = createRule<MessageId>({
  name: 'no-unverifiable-entry-point',
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow entry points of which it cannot be shown whether they check their caller',
      recommended: 'strict',
      cwe: [862],
      owasp: ['A01:2021'],
      nist: ['PR.AA-05', 'ID.AM-08'],
    },
    schema: [],
    messages: {
      unverifiable:
        'It cannot be shown whether `{{name}}` checks its caller: {{reason}}. Make it visible, or declare it in `authz.config.json`.',
      unverifiableElsewhere:
        'It cannot be shown whether `{{name}}` checks its caller: {{reason}}, in `{{file}}`. Make it visible, or declare it in `authz.config.json`.',
    },
    languages: ['js/js'],
  },
  create(context) {
    return onFile(context, ({ file, report, source }) => {
      for (const { name, verdict, range, reason = 'the code could not be followed', reasonAt } of report.entryPoints) {
        if (verdict !== 'unverifiable') continue
        const elsewhere = reasonAt !== undefined && reasonAt.file !== file
        context.report({
          loc: locate(source, reasonAt && !elsewhere ? reasonAt.range : range),
          messageId: elsewhere ? 'unverifiableElsewhere' : 'unverifiable',
          data: { name, reason, file: elsewhere ? relative(context.cwd, reasonAt.file).replaceAll('\\', '/') : '' },
        })
      }
    })
  },
})
export default rule
