import { quotedList } from '../model/quoted.ts'
import { createRule, type Rule } from './create-rule.ts'
import { onFile } from './file-report.ts'
import { guardMessages, guardThat, type GuardMessage } from './guard-that.ts'
import { locate } from './locate.ts'

type MessageId = 'lacksProof' | 'lacksProofs' | GuardMessage

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
    hasSuggestions: true,
    schema: [],
    messages: {
      lacksProof:
        '`authz.config.json` demands {{lacks}} of `{{name}}`, which proves {{proves}}. Check it before the work, and refuse.',
      lacksProofs:
        '`authz.config.json` demands {{lacks}} of `{{name}}`, which proves {{proves}}. Check them before the work, and refuse.',
      ...guardMessages,
    },
    languages: ['js/js'],
  },
  create(context) {
    return onFile(context, (linted) => {
      for (const entryPoint of linted.report.entryPoints) {
        const { name, range, proofs, lacks = [] } = entryPoint
        if (lacks.length === 0) continue
        context.report({
          loc: locate(linted.source, range),
          messageId: lacks.length === 1 ? 'lacksProof' : 'lacksProofs',
          data: {
            name,
            lacks: quotedList(lacks),
            proves: proofs.length > 0 ? `only ${quotedList(proofs)}` : 'nothing',
          },
          suggest: guardThat(linted, entryPoint, { proofs: lacks }),
        })
      }
    })
  },
})
export default rule
