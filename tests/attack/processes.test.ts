import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const processes = pathToFileURL(path.join(import.meta.dirname, '../../scripts/attack/processes.mjs')).href

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'authz-processes-')))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string): string => path.join(folder, name)

function write(name: string, text: string): string {
  writeFileSync(file(name), text)
  return file(name)
}

/** Whether somebody listens there. That a process id exists would say nothing: nobody may have collected the dead. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.unref()
  })
}

/** A program that starts one that starts a server. */
function family(): void {
  write(
    'child.mjs',
    `import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1', () => {
  writeFileSync(${JSON.stringify(file('port'))}, String(server.address().port))
})`,
  )
  write(
    'parent.mjs',
    `import { spawnSync } from 'node:child_process'
spawnSync(process.execPath, [${JSON.stringify(file('child.mjs'))}])`,
  )
  write(
    'run.mjs',
    `import { writeFileSync } from 'node:fs'
import { atEnd, endAll, endWhenInterrupted, run } from ${JSON.stringify(processes)}
endWhenInterrupted()
atEnd(() => writeFileSync(${JSON.stringify(file('cleaned'))}, ''))
await run([${JSON.stringify(file('parent.mjs'))}])
console.log('went on')`,
  )
}

describe.skipIf(process.platform === 'win32')('what is interrupted', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s ends all that it started, and cleans up', async (signal, code) => {
    family()
    const child = spawn(process.execPath, [file('run.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.on('data', (chunk) => (said += String(chunk)))
    const ended = new Promise((resolve) => child.once('close', resolve))
    await expect
      .poll(() => existsSync(file('port')) && readFileSync(file('port'), 'utf8'), { timeout: 10_000 })
      .toMatch(/\d/)
    const port = Number(readFileSync(file('port'), 'utf8'))

    child.kill(signal)

    expect(await ended).toBe(code)
    await expect.poll(() => answers(port)).toBe(false)
    expect(existsSync(file('cleaned'))).toBe(true)
    expect(said).toBe('')
  })
})
