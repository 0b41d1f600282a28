// `node bench/next-part.mjs [--files 500] [--runs 9]`: what an application that has nothing of Next.js pays for what this plugin
// knows of it. Bundles the sources twice, once with that part taken out, and lints the same synthetic TanStack Start project
// by whole processes in turns. README.md beside this file has the results.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'tsdown'
import { main, root } from '../scripts/ensure.mjs'
import { defaults, generate } from './generate.mjs'

const usage = new URL('usage.mjs', import.meta.url).href

/** What stands in for the modules that know Next.js: they find nothing. */
const emptied = {
  'src/entry-points/next/find.ts': 'export const next = { behaviours: new Map(), find: () => [] }',
  'src/entry-points/next/above.ts': 'export const guardAbove = () => undefined',
  'src/entry-points/next/conventions.ts': 'export const mayHaveRole = () => false',
  'src/entry-points/next/wrapper.ts': 'export const wrapperGuard = () => undefined',
  'src/project/next-app.ts': 'export class NextApps { of() {} at() {} }',
  'src/catalog/next.ts': 'export const next = []',
}
const rules = ['no-unguarded-server-action', 'no-unguarded-route-handler', 'no-unguarded-page']

const { values } = parseArgs({
  options: { files: { type: 'string', default: '500' }, runs: { type: 'string', default: '9' } },
})
const runs = Number(values.runs)
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

await main(async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'authz-bench-next-')))
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
    const project = join(folder, 'project')
    const made = generate(project, { ...defaults, files: Number(values.files) })
    const configs = { without: await config(folder, 'without'), with: await config(folder, 'with') }
    const results = { without: [], with: [] }
    lint(project, configs.with)
    for (let run = 0; run < runs; run++) {
      // neither is always the first
      const turn = run % 2 === 0 ? ['without', 'with'] : ['with', 'without']
      for (const name of turn) results[name].push(lint(project, configs[name]))
    }
    console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0].model}, median of ${runs}`)
    console.log(`${made.files} files, ${made.features} of them with server functions\n`)
    for (const key of ['processor', 'milliseconds', 'megabytes']) {
      const ratios = results.with.map((one, i) => one[key] / results.without[i][key])
      const ratio = median(results.with.map((one) => one[key])) / median(results.without.map((one) => one[key]))
      const spread = [Math.min(...ratios), Math.max(...ratios)].map((one) => one.toFixed(2))
      console.log(`${key}: with / without ${ratio.toFixed(3)} (pairs: ${spread.join(' to ')})`)
    }
    return 0
  } finally {
    rmSync(folder, { recursive: true })
  }
})

/** Bundles the plugin, and writes a configuration that has it. */
async function config(folder, name) {
  const out = join(folder, name)
  mkdirSync(out)
  const without = name === 'without'
  await build({
    config: false,
    cwd: root,
    entry: { index: 'src/index.ts' },
    outDir: out,
    clean: false,
    format: 'esm',
    platform: 'node',
    fixedExtension: false,
    tsconfig: 'tsconfig.build.json',
    dts: false,
    logLevel: 'silent',
    deps: { alwaysBundle: [/^@typescript-eslint\/utils/] },
    plugins: without
      ? [{ name: 'emptied', load: (id) => Object.entries(emptied).find(([file]) => id === join(root, file))?.[1] }]
      : [],
  })
  const off = Object.fromEntries(rules.map((rule) => [`authz/${rule}`, 'off']))
  const file = join(out, 'eslint.config.js')
  writeFileSync(join(out, 'package.json'), '{ "type": "module", "name": "eslint-plugin-authz", "version": "0.0.0" }')
  writeFileSync(
    file,
    `import parser from '@typescript-eslint/parser'
import authz from './index.js'
export default [
  { ignores: ['**/node_modules', '**/routeTree.gen.ts', '**/*.d.ts'] },
  { files: ['**/*.{ts,tsx}'], languageOptions: { parser } },
  authz.configs.recommended,
  ${without ? `{ rules: ${JSON.stringify(off)} },` : ''}
]
`,
  )
  return file
}

function lint(project, configFile) {
  const file = join(project, '..', 'usage.json')
  rmSync(file, { force: true })
  const eslint = join(root, 'node_modules/eslint/bin/eslint.js')
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ['--import', usage, eslint, '-c', configFile, '--quiet', 'src', 'packages'],
    { cwd: project, encoding: 'utf8', maxBuffer: 1e9, env: { ...process.env, BENCH_USAGE: file } },
  )
  if (status > 1) throw new Error(`ESLint ended with ${status}: ${stderr}${stdout.slice(-2_000)}`)
  return JSON.parse(readFileSync(file, 'utf8'))
}
