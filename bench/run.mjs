// `npm run bench -- [--files 500,2000,8000] [--runs 5] [--only plain,recommended] [--project <folder>] [--depth 3] …`
// Lints synthetic projects, or a real one, by whole processes side by side, and prints ratios: this plugin next to the parser
// alone, a rule that needs types, one that follows imports, and oxlint. README.md beside this file has the results.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync, existsSync, readdirSync } from 'node:fs'
import { cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { main } from '../scripts/ensure.mjs'
import { install, withPackedPlugin } from '../scripts/install.mjs'
import { defaults, generate } from './generate.mjs'

const tools = {
  '@typescript-eslint/parser': '8.72.0',
  eslint: '10.15.0',
  'eslint-import-resolver-typescript': '4.4.4',
  'eslint-plugin-import-x': '4.17.0',
  oxlint: '1.89.0',
  typescript: '6.0.3',
  'typescript-eslint': '8.72.0',
}
const usage = new URL('usage.mjs', import.meta.url).href
const ignored = "{ ignores: ['**/node_modules', '**/routeTree.gen.ts', '**/dist', '**/.output', '**/*.d.ts'] }"
const parsed = "{ files: ['**/*.{ts,tsx}'], languageOptions: { parser } }"

/** Each is the whole of an ESLint configuration; the first is what the others are held against. */
const eslintCases = {
  plain: [parsed],
  // What ESLint itself pays for any rule at all.
  'empty rule': [parsed, "{ plugins: { x: { rules: { y: { create: () => ({}) } } } }, rules: { 'x/y': 'error' } }"],
  recommended: [parsed, 'authz.configs.recommended'],
  strict: [parsed, 'authz.configs.strict'],
  typed: [
    "{ files: ['**/*.{ts,tsx}'], languageOptions: { parser, parserOptions: { projectService: true, tsconfigRootDir: process.cwd() } }, plugins: { ts: ts.plugin }, rules: { 'ts/no-floating-promises': 'error' } }",
  ],
  'no-cycle': [
    parsed,
    "{ files: ['**/*.{ts,tsx}'], plugins: { 'import-x': importX }, settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] }, rules: { 'import-x/no-cycle': 'error' } }",
  ],
}
const oxlintCases = { oxlint: false, 'oxlint + authz': true }

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '500,2000,8000' },
    runs: { type: 'string', default: '5' },
    only: { type: 'string' },
    project: { type: 'string' },
    'entry-points': { type: 'string', default: String(defaults.entryPoints) },
    depth: { type: 'string', default: String(defaults.depth) },
    packages: { type: 'string', default: String(defaults.packages) },
    'no-barrels': { type: 'boolean', default: false },
  },
})
const runs = Number(values.runs)
const wanted = values.only?.split(',')
const chosen = (cases) => Object.keys(cases).filter((name) => wanted === undefined || wanted.includes(name))

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
const medianOf = (results, name, key) => median(results.get(name).map((result) => result[key]))

await main(() =>
  withPackedPlugin(async (folder, plugin) => {
    const host = join(folder, 'host')
    await install(host, { ...tools, ...plugin })
    console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0].model}, median of ${runs}\n`)
    if (values.project !== undefined) {
      const project = realpathSync(resolve(values.project))
      report(`${project}`, measure(host, join(folder, 'links'), project))
      return 0
    }
    const sizes = values.files.split(',').map(Number)
    const bySize = new Map()
    for (const files of sizes) {
      const made = synthetic(folder, files, Number(values['entry-points']))
      const measured = measure(host, join(folder, 'links'), made.project)
      bySize.set(made.files, measured)
      report(`${made.files} files, ${made.features} of them with server functions`, measured)
      if (files === sizes.at(-1)) oneFile(host, made.project)
      rmSync(made.project, { recursive: true })
    }
    slopes(bySize)
    if (wanted === undefined || wanted.includes('nothing to find')) {
      const made = synthetic(folder, sizes[0], 0)
      const measured = measure(host, join(folder, 'links'), made.project, [
        'plain',
        'empty rule',
        'recommended',
        'strict',
      ])
      report(`${made.files} files, no entry point`, measured)
    }
    return 0
  }),
)

function synthetic(folder, files, entryPoints) {
  const project = join(folder, 'project')
  const made = generate(project, {
    files,
    entryPoints,
    depth: Number(values.depth),
    packages: Number(values.packages),
    barrels: !values['no-barrels'],
  })
  return { project, ...made }
}

/** Takes turns, so that what else the machine does falls on all alike. */
function measure(host, links, project, only) {
  const cases = [...chosen(eslintCases), ...chosen(oxlintCases)].filter((name) => only?.includes(name) ?? true)
  const results = new Map(cases.map((name) => [name, []]))
  const sources = ['src', 'packages', 'apps', 'app'].filter((name) => existsSync(join(project, name)))
  for (let run = 0; run < runs; run++) {
    for (const name of cases) results.get(name).push(lint(host, links, project, name, sources))
  }
  return results
}

function lint(host, links, project, name, targets) {
  mkdirSync(links, { recursive: true })
  const file = join(links, 'usage.json')
  rmSync(file, { force: true })
  const args =
    name in oxlintCases
      ? [
          join(host, 'node_modules/oxlint/bin/oxlint'),
          '-c',
          oxlintConfig(host, oxlintCases[name]),
          '--quiet',
          ...targets,
        ]
      : [join(host, 'node_modules/eslint/bin/eslint.js'), '-c', eslintConfig(host, name), '--quiet', ...targets]
  const { status, stderr, stdout } = spawnSync(process.execPath, ['--import', usage, ...args], {
    cwd: project,
    encoding: 'utf8',
    maxBuffer: 1e9,
    env: { ...process.env, BENCH_USAGE: file, NODE_OPTIONS: '--max-old-space-size=8192' },
  })
  if (!existsSync(file) || status > 1) throw new Error(`${name} ended with ${status}: ${stderr}${stdout.slice(-2_000)}`)
  return JSON.parse(readFileSync(file, 'utf8'))
}

function eslintConfig(host, name) {
  const file = join(host, `${name}.config.js`)
  const needs = eslintCases[name].join()
  const imports = [
    ["import parser from '@typescript-eslint/parser'", 'parser'],
    ["import ts from 'typescript-eslint'", 'ts.plugin'],
    ["import authz from 'eslint-plugin-authz'", 'authz.'],
    ["import importX from 'eslint-plugin-import-x'", 'importX'],
    ["import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript'", 'createTypeScript'],
  ]
  const used = imports.filter(([, word]) => needs.includes(word)).map(([line]) => line)
  writeFileSync(file, `${used.join('\n')}\nexport default [${[ignored, ...eslintCases[name]].join(', ')}]\n`)
  return file
}

function oxlintConfig(host, withPlugin) {
  const file = join(host, withPlugin ? 'authz.oxlintrc.json' : 'plain.oxlintrc.json')
  const preset = './node_modules/eslint-plugin-authz/configs/oxlint-recommended.json'
  writeFileSync(file, JSON.stringify(withPlugin ? { extends: [preset] } : {}))
  return file
}

function report(title, results) {
  console.log(`## ${title}\n`)
  console.log('| | time | processor time | peak memory | seconds | MB |\n| --- | --- | --- | --- | --- | --- |')
  const [first] = results.keys()
  for (const name of results.keys()) {
    const ratio = (key) => (medianOf(results, name, key) / medianOf(results, first, key)).toFixed(2)
    const seconds = (medianOf(results, name, 'milliseconds') / 1_000).toFixed(1)
    const megabytes = Math.round(medianOf(results, name, 'megabytes'))
    console.log(
      `| ${name} | ${ratio('milliseconds')} | ${ratio('processor')} | ${ratio('megabytes')} | ${seconds} | ${megabytes} |`,
    )
  }
  console.log()
}

/** What a file more costs: start-up drops out between two sizes. */
function slopes(bySize) {
  const sizes = [...bySize.keys()]
  if (sizes.length < 2) return
  console.log(
    `## Milliseconds for each file more\n\n| | ${sizes
      .slice(1)
      .map((size, i) => `${sizes[i]} to ${size}`)
      .join(' | ')} |`,
  )
  console.log(`| --- |${' --- |'.repeat(sizes.length - 1)}`)
  for (const name of bySize.get(sizes[0]).keys()) {
    const cells = sizes.slice(1).map((size, i) => {
      const [before, after] = [sizes[i], size].map((at) => medianOf(bySize.get(at), name, 'milliseconds'))
      return ((after - before) / (size - sizes[i])).toFixed(2)
    })
    console.log(`| ${name} | ${cells.join(' | ')} |`)
  }
  console.log()
}

/** As before a commit: a new process, and only one file of the largest project. */
function oneFile(host, project) {
  const file = readdirSync(join(project, 'src/features/part-0')).find((name) => name !== 'index.ts')
  const times = Object.fromEntries(
    ['plain', 'recommended'].map((name) => [name, { links: join(host, 'links'), all: [] }]),
  )
  for (let run = 0; run < runs; run++) {
    for (const [name, { links, all }] of Object.entries(times)) {
      all.push(lint(host, links, project, name, [`src/features/part-0/${file}`]).milliseconds)
    }
  }
  const added = median(times.recommended.all) - median(times.plain.all)
  console.log(`One file of it, cold: ${Math.round(added)} ms more than ${Math.round(median(times.plain.all))} ms.\n`)
}
