import { usePost } from '../suggestions/use-post.ts'
import type { Rule } from './create-rule.ts'
import { ruleOfFindings } from './of-findings.ts'

const rule: Rule = ruleOfFindings({
  name: 'no-mutation-in-get',
  docs: {
    description: 'disallow entry points that change something when they are asked by GET',
    recommended: 'strict',
    cwe: [352, 650],
    owasp: ['A01:2021'],
    nist: ['PR.AA-05', 'PR.PS-06'],
  },
  messages: {
    mutation:
      '`{{name}}` {{what}} on GET: a link, an image or a prefetch on any site does that with the cookies of who looks at it. Let it answer POST.',
  },
  suggestionMessages: { usePost: 'Let it answer POST.' },
  suggest: (source, { repair }) => (repair ? usePost(source, repair) : undefined),
})
export default rule
