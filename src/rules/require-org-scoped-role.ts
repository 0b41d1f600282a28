import type { Rule } from './create-rule.ts'
import { ruleOfScopes } from './of-scopes.ts'

const rule: Rule = ruleOfScopes({
  name: 'require-org-scoped-role',
  docs: {
    description:
      "require actions on a tenant's rows to ask for a role in that tenant, not for one that the user has everywhere",
    recommended: 'multi-tenant',
    cwe: [863, 269],
    owasp: ['A01:2021', 'API5:2023'],
    nist: ['PR.AA-05'],
  },
  messages: {
    wide: 'The role `{{role}}` of the user is the same in every tenant, and lets `{{name}}` touch any of them: it {{what}}. Ask for the role in the membership of that tenant.',
  },
  suggests: true,
  find: ({ wide: [first] }) => {
    if (!first) return undefined
    const { role, what, chosen, ...query } = first
    const loose = { ...query, kind: 'tenant', problem: chosen ? 'chosen' : 'missing' } as const
    return { messageId: 'wide', place: first.place, data: { role, what }, loose }
  },
})
export default rule
