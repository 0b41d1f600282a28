import { mergeLists } from '../suggestions/merge-lists.ts'
import { removeSwitch } from '../suggestions/remove-switch.ts'
import { requireVariable } from '../suggestions/require-variable.ts'
import { repairMessages, repairOf } from '../suggestions/suggest.ts'
import type { Rule } from './create-rule.ts'
import { ruleOfFindings } from './of-findings.ts'

const rule: Rule = ruleOfFindings({
  name: 'no-ineffective-guard',
  docs: {
    description: 'disallow guards that cannot stop the request, and checks whose refusal is lost',
    recommended: 'recommended',
    cwe: [863, 285, 390],
    owasp: ['A01:2021', 'API5:2023'],
    nist: ['PR.AA-03', 'PR.AA-05'],
  },
  messages: {
    notAwaited:
      '{{Culprit}} is not awaited, so `{{name}}` does not wait for it to refuse anyone. Write `await` in front of it.',
    resultIgnored:
      'Nothing tests what {{culprit}} answers, so `{{name}}` goes on whoever calls. Throw when it says no.',
    passesNull:
      'A caller without a session passes this test of {{culprit}}, so `{{name}}` lets everybody through. Refuse the missing session first.',
    denialDropped:
      '{{Culprit}} is neither thrown nor returned, so `{{name}}` goes on. Put `throw` or `return` in front of it.',
    swallowed:
      'What {{culprit}} throws is caught here, and `{{name}}` goes on whoever calls. Rethrow it in the `catch`, or return.',
    tooLate: '{{Culprit}} refuses the caller when the work of `{{name}}` is already done. Check first, then act.',
    clientOnly:
      '`{{name}}` has no `.server()`: it runs in the browser of the caller, who can skip it. Check in `.server()`.',
    switchedOff:
      '{{Culprit}} decides whether `{{name}}` refuses anybody: where it is set otherwise, everybody gets through. Do not let the environment switch a guard off.',
    secretUnset:
      'Where {{culprit}} is not set, anybody passes this check of `{{name}}`: what is missing equals what is missing. Refuse when it is not set.',
    crashOnly:
      'Nothing tests what {{culprit}} answers: callers without a session only get as far as this crash of `{{name}}`. Test it, and throw.',
    besideOthers:
      'Loaders run side by side: when this one refuses, those of the routes below `{{name}}` are running already. Check in `beforeLoad`, and in each server function.',
    replaced: 'The second `.middleware()` of `{{name}}` replaces this list, so nothing in it runs. Write one list.',
  },
  data: ({ data }) => {
    const culprit = data.culprit ? `\`${data.culprit}\`` : 'the check'
    return { ...data, culprit, Culprit: culprit.charAt(0).toUpperCase() + culprit.slice(1) }
  },
  suggestionMessages: {
    ...repairMessages,
    mergeLists: 'Write one list.',
    requireVariable: 'Refuse when `{{variable}}` is not set.',
    removeSwitch: 'Check the caller whatever `{{variable}}` says.',
  },
  suggest: (source, { problem, range, data }) => {
    const { culprit, member } = data
    if (problem === 'replaced') return mergeLists(source, range)
    if (problem === 'switchedOff') return removeSwitch(source, range, culprit ?? '')
    if (problem === 'secretUnset') return requireVariable(source, range, culprit ?? '')
    return repairOf(source, problem, range, culprit ? `\`${culprit}\`` : 'the check', member)
  },
})
export default rule
