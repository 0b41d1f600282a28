import type { Rule } from './create-rule.ts'
import { ruleOfQueries } from './of-scopes.ts'

const rule: Rule = ruleOfQueries({
  name: 'no-standing-privileged-client',
  docs: {
    description: "disallow service-role and admin clients that act on an id of the caller's choice",
    recommended: 'strict',
    cwe: [639, 250, 441],
    owasp: ['A01:2021', 'API1:2023'],
    nist: ['PR.AA-05'],
  },
  suggests: true,
  messages: {
    chosen:
      '`{{name}}` {{what}} with the server’s own rights, for {{asked}} the caller sends. Take it from the session, or look up first that it is theirs.',
  },
  messageFor: ({ kind }) => (kind === 'service' ? 'chosen' : undefined),
})
export default rule
