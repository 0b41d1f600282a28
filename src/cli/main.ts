#!/usr/bin/env node
// Complete and silent in every supported version; Node 20 only calls it experimental.
// eslint-disable-next-line n/no-unsupported-features/node-builtins
import { styleText } from 'node:util'
import { progressOn } from './progress.ts'
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
  progress: (format) => progressOn(stderr, format, process.env.TERM),
}

// Not process.exit(): it would cut off what a slow reader of the pipe has not taken yet.
process.exitCode = await run(process.argv.slice(2), terminal)
