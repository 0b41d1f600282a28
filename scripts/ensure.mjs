// Installs and builds what is missing, so that any command works as the first one typed on a fresh clone.
// Plain Node without dependencies: it runs before there are any.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs a Node script, its output shown; the answer is its exit code. */
export function node(args, cwd = root) {
  const { status, error } = spawnSync(process.execPath, args, { cwd, stdio: 'inherit' })
  if (error) throw error
  return status ?? 1
}

export function ensureInstalled(directory = root) {
  if (isInstalled(directory)) return
  console.error(`Installing the dependencies of ${directory}`)
  const npm = process.env.npm_execpath
  const options = { cwd: directory, stdio: ['ignore', 2, 2] }
  const { status } = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, 'ci', '--loglevel=error'], options)
    : spawnSync('npm ci --loglevel=error', { ...options, shell: true })
  if (status !== 0) throw new Error(`npm ci failed in ${directory}`)
}

export function ensureBuilt() {
  const sources = ['src', 'scripts', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'tsdown.config.ts']
  const newest = Math.max(...sources.map((name) => newestChange(join(root, name))))
  const outputs = ['index.js', 'index.d.ts', 'engine.js', 'cache.js', 'cli.js', 'prisma-ast.cjs'].map((name) =>
    join(root, 'dist', name),
  )
  if (outputs.every((file) => existsSync(file) && statSync(file).mtimeMs >= newest)) return
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules/tsdown/dist/run.mjs')], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`The build failed.\n${stdout}${stderr}`)
}

/** Whether node_modules holds what the lockfile says. npm writes its own copy of the lockfile there at the end of an install. */
function isInstalled(directory) {
  const installed = packages(join(directory, 'node_modules/.package-lock.json'))
  const wanted = packages(join(directory, 'package-lock.json'))
  if (!installed || !wanted) return false
  return Object.entries(wanted).every(([path, { version, link, optional, devOptional, peer }]) => {
    if (link || !path.startsWith('node_modules/')) return true
    const found = installed[path]
    return found ? found.version === version : (optional ?? devOptional ?? peer ?? false)
  })
}

function packages(lockfile) {
  return existsSync(lockfile) ? JSON.parse(readFileSync(lockfile, 'utf8')).packages : undefined
}

function engine() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node
}

/** What `engines` of package.json says, in the form that it has there: `^20.19.0 || >=24`. */
function isSupported(version) {
  const [major, minor] = version.split('.').map(Number)
  return engine()
    .split(' || ')
    .some((range) => {
      const [, operator, least, leastMinor = 0] = /^(\^|>=)(\d+)(?:\.(\d+))?/.exec(range)
      return operator === '^' ? major === Number(least) && minor >= leastMinor : major >= Number(least)
    })
}

/** Of a folder: its own too, since that is what a deleted file changes. */
function newestChange(path) {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))))
}

/** Runs a script of this folder; what went wrong is a message, not a stack. */
export async function main(run) {
  try {
    if (!isSupported(process.versions.node))
      throw new Error(`Node ${engine()} is needed, and this is ${process.version}`)
    process.exitCode = await run()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // `node scripts/ensure.mjs` makes the plugin ready, `node scripts/ensure.mjs <folder>` installs what another package needs.
  const [folder] = process.argv.slice(2)
  await main(() => {
    ensureInstalled(folder)
    if (folder === undefined) ensureBuilt()
    return 0
  })
}
