import type { Rule } from './create-rule.ts'
import { noUnguarded } from './no-unguarded.ts'

const rule: Rule = noUnguarded({
  name: 'no-unguarded-server-fn',
  kinds: ['server-fn'],
  description: 'disallow server functions that do protected work for callers about whom nothing is proved',
})
export default rule
