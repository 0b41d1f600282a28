import { describe, expect, it } from 'vitest'
import { progressOn } from '../../src/cli/progress.ts'

interface Where {
  readonly isTTY?: boolean
  readonly format?: 'text' | 'json'
  readonly term?: string
}

/** What is written while files are read at these times, in milliseconds. */
function written(times: readonly number[], { isTTY = false, format = 'text', term = 'xterm' }: Where = {}) {
  let time = 0
  let text = ''
  const stream = { isTTY, write: (more: string) => (text += more) }
  const progress = progressOn(stream, format, term, () => time)
  times.forEach((at, done) => {
    time = at
    progress?.at(done, times.length)
  })
  progress?.end()
  return text
}

const everySecond = (seconds: number) => Array.from({ length: seconds + 1 }, (_, second) => second * 1000)

describe('where the errors go to a terminal', () => {
  it('one line is written over, at most twenty times a second, and taken away', () => {
    const text = '\r\u001B[KReading 0 of 3 files\r\u001B[KReading 2 of 3 files\r\u001B[K'

    expect(written([0, 20, 60], { isTTY: true })).toBe(text)
    expect(written([0, 20, 60], { isTTY: true, format: 'json' })).toBe(text)
  })

  it('nothing is taken away where nothing was written', () => {
    expect(written([], { isTTY: true })).toBe('')
  })

  it('a dumb one is written to line by line', () => {
    expect(written([0, 3000], { isTTY: true, term: 'dumb', format: 'json' })).toBe(
      'eslint-plugin-authz: 1 of 2 files read after 3 s\n',
    )
  })
})

describe('where they go to a file or a pipe', () => {
  it('a run of a few seconds leaves nothing', () => {
    expect(written([0, 100, 2900])).toBe('')
  })

  it('a longer one says how far it is, every ten seconds', () => {
    expect(written(everySecond(25))).toBe(
      [3, 13, 23].map((s) => `eslint-plugin-authz: ${s} of 26 files read after ${s} s\n`).join(''),
    )
  })

  it('ten minutes are no more than twenty lines, without a control character', () => {
    const text = written(everySecond(600))
    const lines = text.trimEnd().split('\n')

    expect(lines.length).toBeGreaterThan(10)
    expect(lines.length).toBeLessThan(20)
    expect(text).not.toMatch(/[^\P{Cc}\n]/u)
  })

  it('JSON was asked for by a program, which gets nothing that it could take for it', () => {
    expect(written(everySecond(60), { format: 'json' })).toBe('')
  })
})
