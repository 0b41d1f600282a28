// `npm run test:hosts`: packs the plugin, installs it beside each host in a temporary folder, and compares what they find.
// Exit 2 when a host cannot be installed: that says nothing about the plugin.
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { ensureBuilt, ensureInstalled, main, node, root } from './ensure.mjs'

const parser = '@typescript-eslint/parser'

/** Oldest, newest of the major before, newest; and the host that has neither ESLint nor TypeScript. */
const hosts = {
  'eslint-9.22': { eslint: '9.22.0', typescript: '5.4.5', 'typescript-eslint': '8.72.0', [parser]: '8.72.0' },
  'eslint-9': { eslint: '9.39.5', typescript: '5.9.3', 'typescript-eslint': '8.72.0', [parser]: '8.72.0' },
  'eslint-10': { eslint: '10.15.0', typescript: '6.0.3', 'typescript-eslint': '8.72.0', [parser]: '8.72.0' },
  oxlint: { oxlint: '1.89.0' },
}
/** What editors run. It brings a TypeScript of its own, and so has a folder of its own. */
const languageServer = { 'vscode-langservers-extracted': '4.10.0' }
const notOfTheApplication = new Set(['node_modules', 'dist', '.output', '.tanstack', 'eslint.config.js'])

await main(async () => {
  ensureInstalled()
  ensureBuilt()
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'authz-hosts-')))
  try {
    const packed = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root)
    const tarball = join(folder, JSON.parse(packed)[0].filename)
    for (const [name, dependencies] of Object.entries(hosts)) prepare(join(folder, name), dependencies, tarball)
    write(join(folder, 'language-server'), languageServer)
    await Promise.all(
      [...Object.keys(hosts), 'language-server'].map((name) =>
        npm(['install', '--prefer-offline', '--ignore-scripts', '--loglevel=error'], join(folder, name)),
      ),
    )
    process.env.AUTHZ_HOSTS = folder
    const config = join(root, 'tests/e2e/vitest.config.ts')
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    return node([vitest, 'run', '--root', root, '--config', config, ...process.argv.slice(2)])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/** A copy of the example that has never seen this plugin, in a folder of the host's own. */
function prepare(directory, dependencies, tarball) {
  cpSync(join(root, 'examples/tanstack-start'), directory, {
    recursive: true,
    filter: (path) => !notOfTheApplication.has(basename(path)) && !basename(path).startsWith('package'),
  })
  write(directory, { ...dependencies, 'eslint-plugin-authz': `file:${tarball}` })
  // oxlint asks it what to leave out.
  writeFileSync(join(directory, '.gitignore'), 'node_modules\n')
}

function write(directory, devDependencies) {
  mkdirSync(directory, { recursive: true })
  writeFileSync(
    join(directory, 'package.json'),
    JSON.stringify({ private: true, type: 'module', devDependencies }, null, 2),
  )
}

function npm(args, cwd) {
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
