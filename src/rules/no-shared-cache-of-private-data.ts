import { completeCacheKey } from '../suggestions/complete-cache-key.ts'
import { keepInFunction } from '../suggestions/keep-in-function.ts'
import { makePrivate } from '../suggestions/make-private.ts'
import { removeOption } from '../suggestions/remove-option.ts'
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
    capturedIdentity:
      '`{{cache}}`{{where}} keeps what it gives for everybody, and `{{culprit}}`, which says for whom that is, is not in its key: the next caller gets what `{{name}}` answers to this one. Add it to the key.',
    askedWhenKept:
      '`{{culprit}}` asks who is calling{{where}}, within what is kept for everybody: Next.js refuses that when it runs. Ask outside, and pass on who it is.',
    prerendered:
      '`{{culprit}}`{{where}} makes this once for everybody, and without cookies or headers: the guard of `{{name}}` sees nobody, whoever asks. Take it away.',
  },
  suggestionMessages: {
    makePrivate: 'Write `private, no-store`.',
    keepInFunction: 'Declare `{{name}}` in the function, anew for each call.',
    completeCacheKey: 'Add `{{key}}` to the key.',
    removeOption: 'Take the option away: who is asking decides for each request.',
  },
  suggest: (source, { problem, range, data: { culprit = '', where } }) => {
    if (problem === 'moduleState') return keepInFunction(source, range, culprit)
    if (problem === 'capturedIdentity') return completeCacheKey(source, range, culprit)
    if (problem === 'prerendered') return where === '' ? removeOption(source, range) : undefined
    return problem === 'header' || problem === 'routeHeaders' ? makePrivate(source, range, culprit) : undefined
  },
})
export default rule
