import { createRule, type Rule } from './create-rule.ts'
import { onFile } from './file-report.ts'
import { literalRanges } from './literal.ts'
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
      replace: 'Ask for `{{instead}}`.',
    },
    languages: ['js/js'],
  },
  create(context) {
    return onFile(context, ({ report, source }) => {
      const said = new Set<string>()
      for (const { name, range, shape, strangers = [] } of report.entryPoints) {
        for (const { name: permission, nearest, instead } of strangers) {
          if (said.has(permission)) continue
          said.add(permission)
          const here = literalRanges(source, permission, shape.declaration)
          const written = here.length > 0 ? here : literalRanges(source, permission)
          const [asked] = written
          context.report({
            loc: locate(source, asked ?? range),
            messageId: nearest === undefined ? 'unknown' : 'misspelt',
            data: { name, permission, ...(nearest === undefined ? {} : { nearest }) },
            // of several nobody can tell which of them is asked for
            suggest:
              asked && written.length === 1
                ? instead.map((other) => ({
                    messageId: 'replace' as const,
                    data: { instead: other },
                    fix: (fixer) => fixer.replaceTextRange([...asked], other),
                  }))
                : undefined,
          })
        }
      }
    })
  },
})
export default rule
