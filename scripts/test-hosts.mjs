// `npm run test:hosts`: packs the plugin, installs it beside each host in a temporary folder, and compares what they find.
// Exit 2 when a host cannot be installed: that says nothing about the plugin.
import { cpSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { main, node, root } from './ensure.mjs'
import { install, withPackedPlugin } from './install.mjs'

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
/** Runs the lints of a monorepo's packages, and keeps what they said. */
const monorepo = { turbo: '2.11.11', eslint: '10.15.0', typescript: '6.0.3', [parser]: '8.72.0' }
const notOfTheApplication = new Set(['node_modules', 'dist', '.output', '.tanstack', 'eslint.config.js'])

await main(() =>
  withPackedPlugin(async (folder, plugin) => {
    const installed = Object.entries(hosts).map(([name, dependencies]) => {
      copyExample(join(folder, name))
      return install(join(folder, name), { ...dependencies, ...plugin })
    })
    await Promise.all([
      ...installed,
      install(join(folder, 'language-server'), languageServer),
      install(join(folder, 'monorepo'), { ...monorepo, ...plugin }),
    ])
    process.env.AUTHZ_HOSTS = folder
    const config = join(root, 'tests/e2e/vitest.config.ts')
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    return node([vitest, 'run', '--root', root, '--config', config, ...process.argv.slice(2)])
  }),
)

/** The example as if it had never seen this plugin, in a folder of the host's own. */
function copyExample(directory) {
  cpSync(join(root, 'examples/tanstack-start'), directory, {
    recursive: true,
    filter: (path) => !notOfTheApplication.has(basename(path)) && !basename(path).startsWith('package'),
  })
  // oxlint asks it what to leave out.
  writeFileSync(join(directory, '.gitignore'), 'node_modules\n')
}
