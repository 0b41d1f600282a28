// Starts other programs so that none of them outlives this one: not a failure, not Ctrl-C, not `kill`.
import { fork, spawn } from 'node:child_process'

const running = new Set()
const cleanups = []
let ending = false

// A group of its own: one signal then reaches what the child has started too. Windows has no such groups.
const separate = { stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' }

/** Runs a Node script to its end; the answer is its exit code and all that it said. */
export function run(args, { cwd } = {}) {
  const child = keep(spawn(process.execPath, args, { ...separate, cwd }))
  return new Promise((resolve, reject) => {
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    // Whoever waits for what is being ended has nothing more to say.
    child.on('close', (status) => ending || resolve({ status: status ?? 1, output }))
  })
}

/** Starts a Node script that stays, with a channel to it. */
export function start(script, args, env) {
  const options = { ...separate, stdio: [...separate.stdio, 'ipc'], env: { ...process.env, ...env } }
  return keep(fork(script, args, options))
}

/** Ends a child with what it started, and waits until it is gone. */
export function stop(child) {
  if (!running.has(child)) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('close', () => resolve())
    signal(child, 'SIGTERM')
    setTimeout(() => signal(child, 'SIGKILL'), 1_000).unref()
  })
}

/** What must be undone at the end, however it comes. */
export function atEnd(cleanup) {
  cleanups.push(cleanup)
}

export async function endAll() {
  await Promise.all([...running].map(stop))
  for (const cleanup of cleanups.splice(0)) cleanup()
}

export function endWhenInterrupted() {
  for (const [name, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) {
    process.once(name, () => {
      ending = true
      // eslint-disable-next-line n/no-process-exit -- what was awaited when the signal came never comes
      void endAll().finally(() => process.exit(code))
    })
  }
}

function keep(child) {
  running.add(child)
  for (const event of ['close', 'error']) child.once(event, () => running.delete(child))
  return child
}

function signal(child, name) {
  try {
    if (process.platform === 'win32') child.kill(name)
    else process.kill(-child.pid, name)
  } catch {
    // It has ended meanwhile.
  }
}
