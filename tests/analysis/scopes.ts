/** Tables of cases that ask whose rows an entry point touches. */
import { expect, it } from 'vitest'
import { answerTo, session, type Case } from './harness.ts'

export const signedIn = `${session} if (!session) throw new Error('Unauthorized')
const me = session.user
`

export function scopes(expected: Record<string, unknown>, table: Readonly<Record<string, Case>>): void {
  for (const [name, given] of Object.entries(table)) {
    it(name, () => {
      const answer = answerTo(given)
      expect(answer.verdict).toBe('guarded')
      const { tenant, object, loose } = answer.scope()
      expect({
        tenant,
        object,
        loose: loose.map(({ kind, problem, model, column }) => `${kind} ${problem}: ${model}.${column}`),
      }).toMatchObject(expected)
    })
  }
}
