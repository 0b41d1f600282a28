import { createRule, type Rule } from './create-rule.ts'
import { onFile } from './file-report.ts'
import { locate } from './locate.ts'

type MessageId = 'lacksProof' | 'lacksProofs'

const rule: Rule<MessageId, []> = createRule<MessageId>({
  name: 'require-proof',
  meta: {
    type: 'problem',
    docs: {
      description: 'require entry points to prove what the policy file demands of them',
      recommended: 'multi-tenant',
      cwe: [863, 285],
      owasp: ['A01:2021', 'API5:2023'],
      nist: ['PR.AA-05'],
    },
    schema: [],
    messages: {
      lacksProof:
        '`authz.config.json` demands {{lacks}} of `{{name}}`, which proves {{proves}}. Check it before the work, and refuse.',
      lacksProofs:
        '`authz.config.json` demands {{lacks}} of `{{name}}`, which proves {{proves}}. Check them before the work, and refuse.',
    },
    languages: ['js/js'],
  },
  create(context) {
    return onFile(context, ({ report, source }) => {
      for (const { name, range, proofs, lacks = [] } of report.entryPoints) {
        if (lacks.length === 0) continue
        context.report({
          loc: locate(source, range),
          messageId: lacks.length === 1 ? 'lacksProof' : 'lacksProofs',
          data: { name, lacks: listed(lacks), proves: proofs.length > 0 ? `only ${listed(proofs)}` : 'nothing' },
        })
      }
    })
  },
})
export default rule

function listed(proofs: readonly string[]): string {
  const quoted = proofs.map((proof) => `\`${proof}\``)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)!}`
}
