import type { Rule } from './create-rule.ts'
import { noUnguarded } from './no-unguarded.ts'

const rule: Rule = noUnguarded({
  name: 'no-unguarded-server-action',
  kinds: ['server-action'],
  description: 'disallow server actions that do protected work for callers about whom nothing is proved',
})
export default rule
