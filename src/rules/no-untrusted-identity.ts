import type { ClaimReport } from '../model/report.ts'
import type { Rule } from './create-rule.ts'
import { ruleOfScopes } from './of-scopes.ts'

/** The worst first. */
const order: readonly ClaimReport['kind'][] = ['asked', 'role', 'tenant', 'actor', 'input']

const rule: Rule = ruleOfScopes({
  name: 'no-untrusted-identity',
  docs: {
    description: 'disallow taking who somebody is, or what they may do, from what the caller sends',
    recommended: 'multi-tenant',
    cwe: [290, 807, 915],
    owasp: ['A01:2021', 'A04:2021', 'API3:2023'],
    nist: ['PR.AA-03', 'PR.AA-05'],
  },
  messages: {
    asked:
      '`{{name}}` believes the `{{column}}` that its caller sends, and {{what}} for it. Look it up by the session instead.',
    role: 'The caller of `{{name}}` says by `{{column}}` what a user may do: it {{what}} with that. Ask first for the right to give it, and refuse.',
    tenant:
      'The caller of `{{name}}` chooses the `{{column}}` that they work in from now on. Look up that they belong to it before it is written.',
    actor:
      '`{{name}}` {{what}} in the name of whomever the caller says: `{{column}}` comes from the request. Take it from the session.',
    input:
      '`{{name}}` {{what}} with all that the caller sends, also an owner or a role. Name the columns, or have a schema check them.',
  },
  suggests: true,
  find: ({ claims }) => {
    const [worst] = claims.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    if (!worst) return undefined
    const { kind, place, what, column, model, proved, role } = worst
    return {
      messageId: kind,
      place,
      data: { what, column },
      ...(role === undefined ? {} : { wanted: { proofs: [`role:${role}`] } }),
      ...(kind === 'role' ? { wanted: { rightOver: [model] } } : {}),
      ...(kind === 'tenant' ? { chosen: { place, column } } : {}),
      ...(kind === 'input' ? { whole: worst } : {}),
      ...(proved === undefined ? {} : { loose: { kind: 'owner', problem: 'chosen', place, column, proved } }),
    }
  },
})
export default rule
