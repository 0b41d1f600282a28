import type { Rule } from './create-rule.ts'
import { noUnguarded } from './no-unguarded.ts'

const rule: Rule = noUnguarded({
  name: 'no-unguarded-server-route',
  kinds: ['server-route'],
  description: 'disallow server route handlers that do protected work for callers about whom nothing is proved',
})
export default rule
