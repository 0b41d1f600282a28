/** A read that is made again is the read that it was, where nothing tells the two apart. */
import { describe, expect, it } from 'vitest'
import { ask, handler, requireUser, unguarded } from './harness.ts'

const list = `async function list(of: string) { return db.query.invoices.findMany({ where: eq(invoices.status, of) }) }\n`

const effectsOf = (source: string): readonly string[] => {
  const answer = ask(source).act
  if (!answer) throw new Error('There is no such entry point.')
  return answer.effects
}

describe('a read', () => {
  it('in a loop is one', () => {
    const loop = 'const all: any[] = []; for (const item of data.items) { all.push(await list(item)) } return all'
    expect(effectsOf(`${list}${handler(loop)}`)).toEqual(['reads `invoices`'])
  })
  it('of two calls is two', () => {
    expect(effectsOf(`${list}${handler('return [await list(data.a), await list(data.b)]')}`)).toHaveLength(2)
  })
  unguarded({
    'is shown on one of two ways': `${list}${handler(`const rows = await list(data.of); if (data.quiet) return null; return rows`)}`,
    'is made before the check, and again behind it': `${requireUser}${list}${handler(`const all: any[] = []; for (const of of ['a', 'b']) { all.push(await list(of)); if (data.checked) await requireUser() } return all`)}`,
  })
  it.each([
    ['of what is published, twice', ['published', 'published'], 'read'],
    ['of drafts, next to one of what is published', ['published', 'draft'], 'owned-read'],
  ])('%s', (_, states, exposure) => {
    const loop = `const all: any[] = []; for (const of of ${JSON.stringify(states)}) all.push(await list(of)); return all`
    expect(ask(`${list}${handler(loop)}`).act).toMatchObject({ verdict: 'unguarded', exposure })
  })
})
