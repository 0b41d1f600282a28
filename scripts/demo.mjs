// `npm run demo`: lints the example application with its own configuration, then prints the summary of its inventory.
// The example has open endpoints on purpose: findings are expected, and only what could not run is an error.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled, main, node, root } from './ensure.mjs'

const example = join(root, 'examples/tanstack-start')

await main(async () => {
  if (!existsSync(join(example, 'package.json'))) throw new Error(`There is no application in ${example}`)
  ensureInstalled()
  ensureBuilt()
  ensureInstalled(example)

  console.log('eslint examples/tanstack-start\n')
  const { ESLint } = await import('eslint')
  const eslint = new ESLint({ cwd: example })
  const results = await eslint.lintFiles(['.'])
  const formatter = await eslint.loadFormatter('stylish')
  console.log(await formatter.format(results))
  const unread = results.filter((result) => result.fatalErrorCount > 0)
  if (unread.length > 0) throw new Error(`ESLint could not read ${unread.map((result) => result.filePath).join(', ')}`)

  console.log('eslint-plugin-authz audit examples/tanstack-start\n')
  if (node([join(root, 'dist/cli.js'), 'audit'], example) !== 0) throw new Error('The audit could not run')
  return 0
})
