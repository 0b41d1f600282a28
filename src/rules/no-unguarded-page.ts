import type { Rule } from './create-rule.ts'
import { noUnguarded } from './no-unguarded.ts'

const rule: Rule = noUnguarded({
  name: 'no-unguarded-page',
  kinds: ['page', 'layout', 'metadata'],
  description: 'disallow pages that show protected data to visitors about whom nothing is proved',
})
export default rule
