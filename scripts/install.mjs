// Installs real hosts beside the packed plugin, in folders outside of the repository: what runs there is what a user has, and
// what is measured or compared needs no place in package.json and its lockfile. Versions are exact.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { ensureBuilt, ensureInstalled, root } from './ensure.mjs'

/** Runs something in a temporary folder, where the plugin lies packed. */
export async function withPackedPlugin(run) {
  ensureInstalled()
  ensureBuilt()
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'authz-hosts-')))
  try {
    const packed = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root)
    const tarball = `file:${join(folder, JSON.parse(packed)[0].filename)}`
    return await run(folder, { 'eslint-plugin-authz': tarball })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Of packages, only what stands in them: none of those that are installed here needs a script of its own. */
export function install(directory, devDependencies) {
  mkdirSync(directory, { recursive: true })
  const manifest = { private: true, type: 'module', devDependencies }
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest, null, 2))
  return npm(['install', '--prefer-offline', '--ignore-scripts', '--loglevel=error'], directory)
}

export function npm(args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', [...args, '--no-audit', '--no-fund'], { cwd, shell: true })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (err += chunk))
    child.on('error', reject)
    child.on('close', (status) => {
      if (status === 0) return resolve(out)
      const reason = /npm error (?!code|syscall|errno)(.*)/.exec(err)?.[1] ?? `exit code ${status}`
      reject(new Error(`The hosts cannot be installed: npm ${args[0]} in ${basename(cwd)} says: ${reason}`))
    })
  })
}
