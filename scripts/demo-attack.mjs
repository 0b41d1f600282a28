// `npm run demo:attack`: builds the example application, attacks every entry point of its inventory over HTTP, applies the
// plugin's suggestions to a copy, and attacks that. Exit 1 where a verdict and what happened contradict each other.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { firstError } from './attack/first-error.mjs'
import { endAll, endWhenInterrupted, run } from './attack/processes.mjs'
import { main, root } from './ensure.mjs'

const example = join(root, 'examples/tanstack-start')

await main(async () => {
  endWhenInterrupted()
  try {
    await ensure()
    await ensure(example)
    // Only now is there what they import.
    const { demoAttack } = await import('./attack/demo.mjs')
    const { default: plugin } = await import(pathToFileURL(join(root, 'dist/index.js')).href)
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    const problems = await demoAttack({ example, readme, plugin, cli: join(root, 'dist/cli.js') })
    return problems > 0 ? 1 : 0
  } finally {
    await endAll()
  }
})

/** In a process of its own: an installation takes its time, and can be interrupted then. */
async function ensure(...folder) {
  const { status, output } = await run([join(root, 'scripts/ensure.mjs'), ...folder])
  if (status !== 0) throw new Error(`It cannot be installed or built: ${firstError(output)}`)
}
