import type { Rule } from './create-rule.ts'
import { ruleOfFindings } from './of-findings.ts'

const rule: Rule = ruleOfFindings({
  name: 'no-protected-work-in-loader',
  docs: {
    description: 'disallow loaders, which run in the browser as well, to do what belongs to the server',
    recommended: 'strict',
    cwe: [602, 200],
    owasp: ['A01:2021', 'A04:2021'],
    nist: ['PR.AA-05', 'PR.PS-06'],
  },
  messages: {
    effect:
      '`{{name}}` {{what}} itself, and it runs in the browser as well: that is no place for a guard, nor for what this imports. Call a server function.',
    secret:
      '`{{name}}` reads `{{what}}`, and it runs in the browser as well, which has no secrets or would show them. Call a server function.',
    serverModule:
      '`{{name}}` calls `{{what}}`, which exists on a server only, and it runs in the browser as well. Call a server function.',
  },
})
export default rule
