import { addCsrf } from '../suggestions/add-csrf.ts'
import type { Rule } from './create-rule.ts'
import { ruleOfFindings } from './of-findings.ts'

const rule: Rule = ruleOfFindings({
  name: 'require-csrf-middleware',
  docs: {
    description:
      'require a start instance of your own to list the CSRF middleware, which is automatic only without one',
    recommended: 'strict',
    cwe: [352],
    owasp: ['A01:2021'],
    nist: ['PR.AA-03', 'PR.PS-01'],
  },
  messages: {
    missing:
      'With `createStart` of your own there is no automatic CSRF check: other sites can call your server functions with your users’ cookies. List `createCsrfMiddleware()` first in `requestMiddleware`.',
  },
  suggestionMessages: { addCsrf: 'Put `createCsrfMiddleware()` in front of the other request middleware.' },
  suggest: (source, { range }) => addCsrf(source, range),
})
export default rule
