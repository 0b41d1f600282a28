import { keepInFunction } from '../suggestions/keep-in-function.ts'
import { makePrivate } from '../suggestions/make-private.ts'
import type { Rule } from './create-rule.ts'
import { ruleOfFindings } from './of-findings.ts'

const rule: Rule = ruleOfFindings({
  name: 'no-shared-cache-of-private-data',
  docs: {
    description: 'disallow answers that are for one caller to be kept where others are given them',
    recommended: 'recommended',
    cwe: [524, 525, 488],
    owasp: ['A01:2021', 'API3:2023'],
    nist: ['PR.DS-01', 'PR.AA-05'],
  },
  messages: {
    header:
      '`{{name}}` answers signed-in callers, and `{{culprit}}` lets caches hand that answer to anybody. Write `private, no-store`.',
    routeHeaders:
      'This page is for some people only, and `{{culprit}}` lets caches hand it to anybody. Write `private, no-store`.',
    staticFunction:
      '`{{culprit}}` writes what `{{name}}` answers to a public file when the app is built, so its guard never runs. Take one of them away.',
    moduleState:
      '`{{culprit}}` belongs to the module: what `{{name}}` puts there for one caller, the requests of others read. Pass it on, or keep it in `context`.',
  },
  suggestionMessages: {
    makePrivate: 'Write `private, no-store`.',
    keepInFunction: 'Declare `{{name}}` in the function, anew for each call.',
  },
  suggest: (source, { problem, range, data: { culprit = '' } }) => {
    if (problem === 'moduleState') return keepInFunction(source, range, culprit)
    return problem === 'staticFunction' ? undefined : makePrivate(source, range, culprit)
  },
})
export default rule
