#!/usr/bin/env node
// Complete and silent in every supported version; Node 20 only calls it experimental.
// eslint-disable-next-line n/no-unsupported-features/node-builtins
import { styleText } from 'node:util'
import { run, type Terminal } from './run.ts'

const { stdout, stderr } = process

for (const stream of [stdout, stderr]) {
  stream.on('error', () => {
    // What a write could not do, its callback says; without a listener it would end the process with a stack trace.
  })
}

const terminal: Terminal = {
  cwd: process.cwd(),
  out: (text) =>
    new Promise((resolve, reject) => {
      stdout.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
        // Whoever reads may stop early (`| head`): that is no failure. A full disk is one.
        if (error && error.code !== 'EPIPE') reject(error)
        else resolve()
      })
    }),
  err: (text) => stderr.write(text),
  // Colours only for a terminal, and as NO_COLOR and FORCE_COLOR say.
  paint: (style, text) => styleText(style, text, { stream: stdout }),
  ...(stderr.isTTY && process.env.TERM !== 'dumb' && progressLine()),
}

function progressLine(): Pick<Terminal, 'progress' | 'progressDone'> {
  let last = 0
  return {
    progress: (done, of) => {
      const now = performance.now()
      if (last > 0 && now - last < 50) return
      last = now
      stderr.write(`\r\u001B[KReading ${done} of ${of} files`)
    },
    progressDone: () => {
      if (last > 0) stderr.write('\r\u001B[K')
    },
  }
}

// Not process.exit(): it would cut off what a slow reader of the pipe has not taken yet.
process.exitCode = await run(process.argv.slice(2), terminal)
