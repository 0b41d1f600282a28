/** Generated programs, run by the real framework as an anonymous caller, against what the analysis says of them. */
import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verdicts, withPrelude } from '../analysis/harness.ts'
import { program, type Program } from './programs.ts'

interface Outcome {
  /** The effect ran for somebody who proved nothing, with or without a forged context. */
  readonly open: boolean
  /** It ran for somebody. */
  readonly works: boolean
}

const runs = Number(process.env.AUTHZ_PROGRAMS ?? 2_000)
const seed = Number(process.env.AUTHZ_SEED ?? 20_260_922)

let child: ChildProcess
const waiting = new Map<number, { resolve: (outcome: Outcome) => void; reject: (problem: Error) => void }>()
let asked = 0

beforeAll(async () => {
  child = fork(join(import.meta.dirname, 'execute.mjs'))
  await new Promise<void>((resolve) => child.once('message', () => resolve()))
  child.on('message', (message: { id: number; problem?: string } & Outcome) => {
    const asking = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.problem === undefined) asking?.resolve(message)
    else asking?.reject(new Error(message.problem))
  })
})
afterAll(() => child.kill())

const execute = (files: Program['files']): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const id = ++asked
    waiting.set(id, { resolve, reject })
    child.send({ id, files })
  })

const verdictOf = (files: Program['files']): string => verdicts(withPrelude(files)).act?.verdict ?? 'not found'

const mix = { open: 0, closed: 0, files: 0, unverifiable: 0, all: 0 }
const mistakes = new Map<string, number>()

it(
  `of ${String(runs)} programs, none that is open passes for closed, and none that is closed for open`,
  { timeout: 600_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(program, async ({ files, mistakes: made }) => {
        const { open } = await execute(files)
        const verdict = verdictOf(files)
        mix.all++
        mix[open ? 'open' : 'closed']++
        if (Object.keys(files).length > 1) mix.files++
        if (verdict === 'unverifiable') mix.unverifiable++
        for (const mistake of new Set(made)) mistakes.set(mistake, (mistakes.get(mistake) ?? 0) + 1)
        if (open) expect(['unguarded', 'unverifiable'], 'the effect ran').toContain(verdict)
        else expect(verdict, 'the effect did not run').not.toBe('unguarded')
      }),
      { numRuns: runs, seed, verbose: false },
    )
    console.log(inWords())
    expect(mix.open / mix.all).toBeGreaterThan(0.3)
    expect(mix.closed / mix.all).toBeGreaterThan(0.3)
    expect(mix.files / mix.all).toBeGreaterThan(0.3)
    expect(mix.unverifiable / mix.all).toBeLessThanOrEqual(0.02)
    for (const [mistake, times] of mistakes) expect(times, mistake).toBeGreaterThanOrEqual(50)
  },
)

/** What the programs of this run were. */
function inWords(): string {
  const { all, open, closed, unverifiable, files } = mix
  const made = [...mistakes].toSorted(([, a], [, b]) => b - a).map(([mistake, times]) => `${mistake} ${times}`)
  return `${all} programs: ${open} let anybody in, ${closed} nobody; ${unverifiable} not verifiable; ${files} in several files
Mistakes in them: ${made.join(', ')}`
}
