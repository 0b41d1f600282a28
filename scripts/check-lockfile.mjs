// Every lockfile must work on any machine: no registry host of the one that wrote it, a checksum for every package,
// and an entry for every platform's binding (npm leaves out what its registry did not have, and `npm ci` then refuses).
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { main, root } from './ensure.mjs'

const examples = join(root, 'examples')
const directories = [root, ...(existsSync(examples) ? readdirSync(examples).map((name) => join(examples, name)) : [])]

await main(() => {
  const problems = directories.filter((directory) => existsSync(join(directory, 'package.json'))).flatMap(check)
  for (const problem of problems) console.error(problem)
  return problems.length > 0 ? 1 : 0
})

function check(directory) {
  const lockfile = join(directory, 'package-lock.json')
  if (!existsSync(lockfile)) return [`${lockfile} is missing`]
  const { packages } = JSON.parse(readFileSync(lockfile, 'utf8'))
  const problems = Object.entries(packages).flatMap(([path, entry]) => [
    ...(/^https?:/.test(entry.resolved ?? '') ? [`${path} names the host of a registry: ${entry.resolved}`] : []),
    ...(path.startsWith('node_modules/') && !entry.link && !entry.integrity && !entry.inBundle
      ? [`${path} has no checksum`]
      : []),
    ...Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !isLocked(packages, path, name))
      .map((name) => `${path || 'the package'} has no entry for its optional ${name}`),
  ])
  const { status, stderr } = spawnSync('npm ci --dry-run --ignore-scripts', {
    cwd: directory,
    shell: true,
    encoding: 'utf8',
  })
  if (status !== 0) problems.push(`npm ci refuses it:\n${stderr.split('npm error Clean install a project')[0]}`)
  return problems.map((problem) => `${lockfile}: ${problem}`)
}

/** Node's lookup: the package's own node_modules, then those of the folders above it. */
function isLocked(packages, path, name) {
  for (let at = path; ; at = dirname(at)) {
    if (at === '.') at = ''
    if (packages[join(at, 'node_modules', name).replaceAll('\\', '/')]) return true
    if (at === '') return false
  }
}
