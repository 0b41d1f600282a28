// `npm test`, also as the first command on a fresh clone. Arguments go to vitest.
import { join } from 'node:path'
import { ensureBuilt, ensureInstalled, main, node, root } from './ensure.mjs'

await main(() => {
  ensureInstalled()
  ensureBuilt()
  return node([join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...process.argv.slice(2)])
})
