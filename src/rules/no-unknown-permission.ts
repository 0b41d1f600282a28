import { createRule, type Rule } from './create-rule.ts'
import { onFile } from './file-report.ts'
import { literalRange } from './literal.ts'
import { locate } from './locate.ts'

type MessageId = 'unknown' | 'misspelt' | 'replace'

const rule: Rule<MessageId, []> = createRule<MessageId>({
  name: 'no-unknown-permission',
  meta: {
    type: 'problem',
    docs: {
      description: "disallow asking for a permission that the project's catalogue does not have",
      recommended: 'multi-tenant',
      cwe: [863, 697],
      owasp: ['A01:2021', 'API5:2023'],
      nist: ['PR.AA-05'],
    },
    hasSuggestions: true,
    schema: [],
    messages: {
      unknown:
        '`{{name}}` asks for the permission `{{permission}}`, which the catalogue in `authz.config.json` does not have. Add it there, or ask for one that exists.',
      misspelt:
        '`{{name}}` asks for the permission `{{permission}}`, which the catalogue in `authz.config.json` does not have. `{{nearest}}` may be meant.',
      replace: 'Ask for `{{nearest}}`.',
    },
    languages: ['js/js'],
  },
  create(context) {
    return onFile(context, ({ report, source }) => {
      const said = new Set<string>()
      for (const { name, range, strangers = [] } of report.entryPoints) {
        for (const { name: permission, nearest } of strangers) {
          if (said.has(permission)) continue
          said.add(permission)
          const written = literalRange(source, permission)
          context.report({
            loc: locate(source, written ?? range),
            messageId: nearest === undefined ? 'unknown' : 'misspelt',
            data: { name, permission, ...(nearest === undefined ? {} : { nearest }) },
            suggest:
              written && nearest !== undefined
                ? [
                    {
                      messageId: 'replace',
                      data: { nearest },
                      fix: (fixer) => fixer.replaceTextRange([...written], nearest),
                    },
                  ]
                : undefined,
          })
        }
      }
    })
  },
})
export default rule
