import type { Rule } from './create-rule.ts'
import { ruleOfQueries } from './of-scopes.ts'

const rule: Rule = ruleOfQueries({
  name: 'require-resource-check',
  docs: {
    description: 'require rows that the caller picks by an id to be checked for whose they are',
    recommended: 'multi-tenant',
    cwe: [639, 862],
    owasp: ['A01:2021', 'API1:2023'],
    nist: ['PR.AA-05'],
  },
  suggests: true,
  messages: {
    owner:
      '`{{name}}` {{what}} by an id that the caller sends, whoever owns the row. Add `{{column}}` to the conditions, with the user of the session, or compare it first.',
    ownerChosen:
      'The caller of `{{name}}` chooses the `{{column}}` by which it {{what}}, and may name somebody else. Take it from the session.',
    parent:
      '`{{name}}` {{what}} by an id that the caller sends, whatever `{{column}}` the row hangs off: that one may be somebody else’s. Check whose that one is, and add the `{{column}}` to the conditions.',
    parentChosen:
      'The caller of `{{name}}` chooses the `{{column}}` by which it {{what}}, and nothing proves that what it names is theirs. Check whose that one is first, and refuse.',
    mayBeMissing:
      '`{{column}}` may be undefined here, which is no condition at all: `{{name}}` then {{what}} of everybody. Refuse when it is missing.',
    otherSide:
      '`{{name}}` {{what}} of anybody: a row has to meet only one side of the `or`, and on one the caller picks it. Add `{{column}}` beside the `or`, or to each side.',
  },
  messageFor: ({ kind, problem }) => {
    if (kind === 'tenant' || kind === 'service') return undefined
    if (problem === 'mayBeMissing' || problem === 'otherSide') return problem
    return problem === 'chosen' ? `${kind}Chosen` : kind
  },
})
export default rule
