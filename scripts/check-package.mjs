// Builds anew, with publint and "are the types wrong" as part of it (tsdown.config.ts), and looks at what a user would download.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { main, node, root } from './ensure.mjs'

await main(() => {
  process.env.CHECK_PACKAGE = 'true'
  if (node([join(root, 'node_modules/tsdown/dist/run.mjs')]) !== 0) return 1
  const options = { cwd: root, encoding: 'utf8', shell: true }
  const [{ files }] = JSON.parse(execFileSync('npm pack --dry-run --json --ignore-scripts', options))
  const names = files.map((file) => file.path)
  const { bin, exports, imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const needed = [...paths({ bin, exports, imports }), './LICENSE', './dist/THIRD-PARTY-NOTICES']
  const missing = needed.map((path) => path.replace(/^\.\//, '')).filter((path) => !names.includes(path))
  const surplus = names.filter(
    (name) => !/^(?:(?:configs|dist|docs|schema)\/|package\.json$|README\.md$|LICENSE$)/.test(name),
  )
  if (missing.length > 0) console.error(`Not in the package: ${missing.join(', ')}`)
  if (surplus.length > 0) console.error(`Does not belong in the package: ${surplus.join(', ')}`)
  return missing.length + surplus.length > 0 ? 1 : 0
})

function paths(value) {
  return typeof value === 'string' ? [value] : Object.values(value).flatMap(paths)
}
