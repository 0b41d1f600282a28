import type { Rule } from './create-rule.ts'
import { ruleOfQueries } from './of-scopes.ts'

const rule: Rule = ruleOfQueries({
  name: 'require-tenant-scope',
  docs: {
    description: "require queries on a tenant's rows to name a tenant that the caller was proved to belong to",
    recommended: 'multi-tenant',
    cwe: [639, 863, 566],
    owasp: ['A01:2021', 'API1:2023'],
    nist: ['PR.AA-05', 'PR.DS-01'],
  },
  suggests: true,
  messages: {
    missing:
      '`{{name}}` {{what}} of any tenant: nothing ties the rows to the caller’s own. Add `{{column}}` to the conditions, with the tenant of the session.',
    chosen:
      'The caller of `{{name}}` chooses the `{{column}}` by which it {{what}}, and nothing proves that they belong to it. Take it from the session, or check the membership first.',
    mayBeMissing:
      '`{{column}}` may be undefined here, which is no condition at all: `{{name}}` then {{what}} of every tenant. Refuse when it is missing.',
    otherSide:
      '`{{name}}` {{what}} of any tenant: a row has to meet only one side of the `or`, and on one the caller picks it. Add `{{column}}` beside the `or`, with the tenant of the session, or to each side.',
  },
  messageFor: ({ kind, problem }) => (kind === 'tenant' ? problem : undefined),
})
export default rule
