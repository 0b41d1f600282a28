/** What the generated programs have shown to be answered wrongly once, shrunk. */
import { describe, expect, it } from 'vitest'
import { act, handler, requireUser, unguarded, work } from '../analysis/harness.ts'

const tried = 'try { await requireUser() } catch {}'

describe('a check that is swallowed, the effect, and then a check that is not', () => {
  unguarded({
    'the second one is awaited after the effect': `${requireUser} ${handler(`${tried} const p = requireUser(); ${work} await p`)}`,
    'the second one is beside the effect': `${requireUser} ${handler(`${tried} await Promise.all([requireUser(), db.insert(invoices).values(data)])`)}`,
    'what the first one was to find is forgotten': `${requireUser} ${handler(`let user; try { user = await requireUser() } catch { user = null } ${work} await requireUser()`)}`,
  })
})

it('the cause is the same when the handler is known from before', () => {
  // the harness asks twice, and compares
  const answer = act(
    `${requireUser} ${handler(`${work};[1].forEach(async () => { await requireUser() })\nawait requireUser()`)}`,
  )
  expect(answer).toMatchObject({ verdict: 'unguarded', cause: 'notAwaited' })
})
