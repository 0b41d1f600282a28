import { writeKey } from '../suggestions/write-key.ts'
import type { Rule } from './create-rule.ts'
import { ruleOfFindings } from './of-findings.ts'

const rule: Rule = ruleOfFindings({
  name: 'no-injectable-context',
  docs: {
    description: 'disallow keys of `context` that decide something and that the server leaves to the caller to set',
    recommended: 'recommended',
    cwe: [639, 807, 915],
    owasp: ['A01:2021', 'A08:2021', 'API3:2023'],
    nist: ['PR.AA-03', 'PR.AA-05'],
  },
  messages: {
    sometimesUnset:
      '`{{name}}` leaves `{{key}}` unset here, and what the server leaves unset the caller can send as `context`. Write the key on every path: `{{key}}: undefined`.',
    neverSet:
      'No middleware in front of `{{name}}` sets `{{key}}`, so the caller decides how this test ends by sending it as `context`. Set it in a middleware, from the session.',
  },
  suggestionMessages: { writeKey: 'Write `{{key}}: undefined` here.' },
  suggest: (source, { problem, range, data }) =>
    problem === 'sometimesUnset' ? writeKey(source, range, data.key ?? '') : undefined,
  wanted: ({ problem, data: { key } }) => (problem === 'neverSet' && key ? { writes: [key] } : undefined),
})
export default rule
