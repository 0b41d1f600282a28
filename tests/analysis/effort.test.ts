/** What a run costs must not hang on what was known before it: whoever comes first and whoever comes last are given up alike. */
import { describe, expect, it } from 'vitest'
import { Effort, type KnownCost } from '../../src/analysis/kept/effort.ts'

const steps = (effort: Effort, count: number): boolean => {
  let goesOn = true
  for (let i = 0; i < count; i++) goesOn = effort.step()
  return goesOn
}

let calls = 0

/** Runs a call that is kept. */
const call = (effort: Effort, run: () => void, of = `call ${String(calls++)}`): KnownCost => {
  const outer = effort.enter()
  run()
  const cost = { ...effort.leave(outer), of }
  effort.keep(cost)
  return cost
}

/** How many steps are left. */
const rest = (effort: Effort): number => {
  let count = 0
  while (effort.step()) count++
  return count
}

describe('effort', () => {
  it('is given up after so many steps', () => {
    const effort = new Effort(10)
    expect(steps(effort, 10)).toBe(true)
    expect(effort.step()).toBe(false)
  })

  it('is that of a call, where its outcome is known from elsewhere', () => {
    const known = new Effort(100)
    const of30 = call(known, () => steps(known, 30))
    const effort = new Effort(100)
    expect(effort.reuse(of30)).toBe(true)
    expect(rest(effort)).toBe(70)
  })

  it('is counted once for a call that is met again, here or inside of another one', () => {
    const first = new Effort(100)
    let inner: KnownCost | undefined
    const outer = call(first, () => {
      steps(first, 5)
      inner = call(first, () => steps(first, 20))
    })
    expect(first.reuse(inner!)).toBe(true)
    expect(first.reuse(outer)).toBe(true)
    expect(rest(first)).toBe(75)

    const second = new Effort(100)
    second.reuse(inner!)
    second.reuse(outer)
    second.reuse(inner!)
    expect(rest(second)).toBe(75)
  })

  it('is counted once for a call that has to be made again, since its outcome was forgotten', () => {
    const effort = new Effort(100)
    call(effort, () => steps(effort, 30), 'the same')
    call(effort, () => steps(effort, 30), 'the same')
    expect(rest(effort)).toBe(70)
  })

  it('of a call that is not kept is that of whoever made it', () => {
    const first = new Effort(100)
    const outer = call(first, () => {
      const around = first.enter()
      steps(first, 7)
      call(first, () => steps(first, 20))
      first.share(first.leave(around))
    })
    expect(outer.steps).toBe(7)
    const second = new Effort(100)
    second.reuse(outer)
    expect(rest(second)).toBe(73)
  })

  it('is not spent on a call within which it would have been given up', () => {
    const known = new Effort(100)
    const of30 = call(known, () => steps(known, 30))
    const effort = new Effort(40)
    steps(effort, 11)
    expect(effort.reuse(of30)).toBe(false)
    expect(rest(effort)).toBe(29)
  })
})
