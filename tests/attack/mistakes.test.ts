import { expect, it } from 'vitest'
import { missing, notHere } from '../../scripts/attack/mistakes.mjs'

const plugin = (messages: readonly string[], rule = 'no-ineffective-guard') => ({
  rules: { [rule]: { meta: { messages: Object.fromEntries(messages.map((message) => [message, ''])) } } },
})

it('a mistake that a rule names and that nothing makes is missing', () => {
  expect(missing(plugin(['notAwaited', 'newOne']), [{ claim: 'no-ineffective-guard/notAwaited' }])).toEqual([
    'The application has no mistake for no-ineffective-guard/newOne',
  ])
})

it('a suggestion is no mistake, and one that cannot be here has its reason', () => {
  expect(missing(plugin(['addAwait', 'invalidPolicy', 'replaced']), [])).toEqual([])
  expect(notHere.join()).toContain('no-ineffective-guard/replaced: the types of TanStack Start refuse it')
})

it('what is said of a function is said of a route', () => {
  const claim = 'no-unguarded-server-fn/soft'
  expect(missing(plugin(['soft'], 'no-unguarded-server-route'), [{ claim }])).toEqual([])
})
