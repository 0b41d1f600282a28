// `npm run demo`: lints the example applications with their own configurations, and prints the inventory of each, and the
// evidence of one of its findings.
// They have open endpoints on purpose: findings are expected, and only what could not run is an error.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled, main, node, root } from './ensure.mjs'

await main(async () => {
  ensureInstalled()
  ensureBuilt()
  // The one is attacked as well, so it is installed; linting needs nothing of what an application depends on.
  ensureInstalled(join(root, 'examples/tanstack-start'))
  await show('examples/tanstack-start', 'src/features/invoices/functions.ts#sendReminder')
  await show('examples/next', 'src/features/bookings/actions.ts#repeatBooking')
  return 0
})

async function show(name, finding) {
  const example = join(root, name)
  if (!existsSync(join(example, 'package.json'))) throw new Error(`There is no application in ${example}`)

  console.log(`In ${name}: npx eslint .\n`)
  const { ESLint } = await import('eslint')
  const eslint = new ESLint({ cwd: example })
  const results = await eslint.lintFiles(['.'])
  const formatter = await eslint.loadFormatter('stylish')
  console.log(await formatter.format(results))
  const unread = results.filter((result) => result.fatalErrorCount > 0)
  if (unread.length > 0) throw new Error(`ESLint could not read ${unread.map((result) => result.filePath).join(', ')}`)

  for (const args of [['audit'], ['explain', finding]]) {
    console.log(`In ${name}: npx eslint-plugin-authz ${args.join(' ')}\n`)
    if (node([join(root, 'dist/cli.js'), ...args], example) !== 0) throw new Error(`${args[0]} could not run`)
    console.log()
  }
}
