import { permissionsIn } from '../model/proofs.ts'
import { createRule, type Rule } from './create-rule.ts'
import { onFile, type LintedFile } from './file-report.ts'
import { literalRanges } from './literal.ts'
import { locate } from './locate.ts'

type MessageId = 'name' | 'role'

const rule: Rule<MessageId, []> = createRule<MessageId>({
  name: 'require-resource-action-permission',
  meta: {
    type: 'suggestion',
    docs: {
      description:
        'require permissions to name a resource and an action, and entry points to ask for them instead of roles',
      recommended: 'strict',
      cwe: [863, 1220],
      owasp: ['A01:2021', 'API5:2023'],
      nist: ['PR.AA-05'],
    },
    schema: [],
    messages: {
      name: 'The permission `{{permission}}` that `{{name}}` asks for does not say what may be done to what. Name it `resource:action`, like `invoices:write`.',
      role: '`{{name}}` decides by the role `{{role}}` itself. Ask for a permission, and say in one module which roles have it.',
    },
    languages: ['js/js'],
  },
  create(context) {
    return onFile(context, (linted) => {
      const { report, source } = linted
      const said = new Set<string>()
      for (const { name, range, proofs, guards } of report.entryPoints) {
        const tell = (messageId: MessageId, key: 'permission' | 'role', word: string): void => {
          if (said.has(word)) return
          said.add(word)
          context.report({
            loc: locate(source, literalRanges(source, word)[0] ?? range),
            messageId,
            data: { name, [key]: word },
          })
        }
        for (const permission of permissionsIn(proofs))
          if (!/^[^\s:./]+[:./]\S+$/.test(permission)) tell('name', 'permission', permission)
        if (guards.some(({ how, place }) => how === 'inline' && place.file === linted.file))
          for (const role of rolesIn(proofs)) if (literalRanges(source, role).length > 0) tell('role', 'role', role)
      }
    })
  },
})
export default rule

/** `role:a|b` is content with either. */
const rolesIn = (proofs: LintedFile['report']['entryPoints'][number]['proofs']): readonly string[] =>
  proofs.flatMap((proof) => (proof.startsWith('role:') ? proof.slice('role:'.length).split('|') : []))
