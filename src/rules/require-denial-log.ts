import { recordDenial } from '../suggestions/record-denial.ts'
import type { Rule } from './create-rule.ts'
import { ruleOfFindings } from './of-findings.ts'

const rule: Rule = ruleOfFindings({
  name: 'require-denial-log',
  docs: {
    description: 'require shared guards to keep a record of whom they refuse',
    recommended: 'strict',
    cwe: [778],
    owasp: ['A09:2021'],
    nist: ['DE.CM-03', 'PR.PS-04'],
  },
  messages: {
    silent:
      '`{{name}}` refuses callers and keeps no record of it, so nobody sees who tries. Log the refusal before it is thrown or returned.',
  },
  suggestionMessages: { recordDenial: 'Log the refusal.' },
  suggest: (source, { repair, data }) => (repair ? recordDenial(source, repair, data.name ?? '') : undefined),
})
export default rule
