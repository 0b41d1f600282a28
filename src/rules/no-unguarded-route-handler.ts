import type { Rule } from './create-rule.ts'
import { noUnguarded } from './no-unguarded.ts'

const rule: Rule = noUnguarded({
  name: 'no-unguarded-route-handler',
  kinds: ['route-handler'],
  description: 'disallow Next route handlers that do protected work for callers about whom nothing is proved',
})
export default rule
