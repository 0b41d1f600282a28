// `node scripts/lint-checkout.mjs <folder> [--plugin <folder of index.js and cli.js>] [--slowest <n>]`: lints every source of an
// application with `recommended` and with `strict`, and compares what ESLint reports with what the inventory says.
// Exit 1: a rule threw, the rules took more than two seconds for a file, the two disagree, or an entry point has more than two
// reports with all presets on (that of the route which calls it apart).
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import parser from '@typescript-eslint/parser'
import { ESLint } from 'eslint'
import { main, root } from './ensure.mjs'

const MAX_FILE_MS = 2_000
const MAX_REPORTS = 2
const sources = /\.(?:[cm]?[jt]s|[jt]sx)$/
const ruleOf = {
  'server-fn': 'no-unguarded-server-fn',
  'server-route': 'no-unguarded-server-route',
  'server-action': 'no-unguarded-server-action',
  'route-handler': 'no-unguarded-route-handler',
  page: 'no-unguarded-page',
  layout: 'no-unguarded-page',
  metadata: 'no-unguarded-page',
}
const ofEntryPoints = new Set([...Object.values(ruleOf), 'no-unverifiable-entry-point'])

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { plugin: { type: 'string', default: join(root, 'dist') }, slowest: { type: 'string', default: '3' } },
})

await main(async () => {
  if (positionals.length !== 1) throw new Error('One folder is wanted: the application that is to be linted.')
  const folder = resolve(positionals[0])
  const { default: plugin } = await import(pathToFileURL(resolve(values.plugin, 'index.js')).href)
  const inventory = audit(folder)
  // Defects that the rules swallow for their users are what is looked for here.
  process.env.AUTHZ_DEBUG = '1'
  const files = filesBelow(folder)
  const problems = []
  const times = []
  for (const preset of ['recommended', 'strict']) {
    const { all, findings, crashed, unparsable } = await lint(folder, files, plugin.configs[preset], times)
    if (preset === 'strict') {
      const crowded = reportsPerEntryPoint(folder, inventory, all)
      console.log(`most reports on one entry point: ${crowded[0]?.rules.length ?? 0}`)
      for (const { name, rules } of crowded.filter((one) => one.rules.length > MAX_REPORTS))
        problems.push(`${name} has ${rules.length} reports: ${rules.join(', ')}`)
    }
    const wanted = expected(inventory, preset, plugin.rules)
    const { missing, extra, elsewhere } = compare(
      wanted,
      findings,
      new Set(inventory.entryPoints.map(({ file }) => file)),
    )
    const counts = [`${findings.length} findings`, `${wanted.length} in the inventory`]
    if (unparsable > 0) counts.push(`${unparsable} files that the parser refuses`)
    if (elsewhere.length > 0) counts.push(`${elsewhere.length} in files that the inventory leaves out`)
    console.log(`${preset}: ${counts.join(', ')}`)
    problems.push(
      ...crashed.map((text) => `${preset}: a rule threw: ${text}`),
      ...missing.map((text) => `${preset}: only the inventory has ${text}`),
      ...extra.map((text) => `${preset}: only ESLint has ${text}`),
    )
  }
  times.sort((a, b) => b.ms - a.ms)
  for (const { file, ms } of times) if (ms > MAX_FILE_MS) problems.push(`${file} takes ${Math.round(ms)} ms`)
  const slowest = times.slice(0, Number(values.slowest)).map(({ file, ms }) => `${file} ${Math.round(ms)} ms`)
  const seconds = Math.round(times.reduce((sum, { ms }) => sum + ms, 0) / 100) / 10
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024)
  console.log(
    `${files.length} files, ${seconds} s in the rules for both presets, ${megabytes} MB; slowest: ${slowest.join(', ')}`,
  )
  for (const problem of problems) console.log(`  ${problem}`)
  return problems.length > 0 ? 1 : 0
})

function audit(folder) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [resolve(values.plugin, 'cli.js'), 'audit', '--format', 'json'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 1e9 },
  )
  if (status !== 0) throw new Error(`The inventory ended with ${status}: ${stderr}`)
  return JSON.parse(stdout)
}

function filesBelow(folder, into = []) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && !entry.name.startsWith('.')) filesBelow(path, into)
    } else if (entry.isFile() && sources.test(entry.name)) into.push(path)
  }
  return into
}

/** File by file, so that a rule that throws costs one of them; times are those of the rules, without the parser's. */
async function lint(folder, files, preset, times) {
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    allowInlineConfig: false,
    stats: true,
    overrideConfig: [
      {
        files: ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'],
        languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: true } } },
      },
      preset,
    ],
  })
  const findings = []
  const crashed = []
  let unparsable = 0
  for (const path of files) {
    const file = relative(folder, path).split(sep).join('/')
    const text = readFileSync(path, 'utf8')
    try {
      const [result] = await eslint.lintText(text, { filePath: path })
      const passes = result?.stats?.times.passes ?? []
      const ms = passes.flatMap(({ rules = {} }) => Object.values(rules)).reduce((sum, { total }) => sum + total, 0)
      times.push({ file, ms })
      if (result?.fatalErrorCount) unparsable++
      else
        for (const { ruleId, messageId, message, line } of result?.messages ?? []) {
          if (messageId === 'invalidPolicy') throw new Error(message)
          findings.push({ file, rule: ruleId?.replace('authz/', ''), messageId, message, line })
        }
    } catch (error) {
      crashed.push(`${file}: ${error instanceof Error ? error.stack : error}`)
    }
  }
  return { all: findings, findings: findings.filter(({ rule }) => ofEntryPoints.has(rule)), crashed, unparsable }
}

/** What stands within the declaration of each entry point, the most first. */
function reportsPerEntryPoint(folder, { entryPoints }, findings) {
  const trees = new Map()
  const counted = entryPoints.map(({ file, line, column, name }) => {
    const there = findings.filter((one) => one.file === file && one.rule !== 'no-authz-in-beforeload-only')
    if (there.length === 0) return { name: `${file}:${line} ${name}`, rules: [] }
    if (!trees.has(file)) trees.set(file, declarationsIn(join(folder, file)))
    const [start, end] = trees.get(file)(line, column) ?? [line, line]
    const rules = there.filter((one) => start <= one.line && one.line <= end).map(({ rule }) => rule)
    return { name: `${file}:${line} ${name}`, rules }
  })
  return counted.sort((a, b) => b.rules.length - a.rules.length)
}

/** Answers which lines the variable, property or function takes whose name stands at a place. */
function declarationsIn(path) {
  const { ast, visitorKeys } = parser.parseForESLint(readFileSync(path, 'utf8'), { loc: true, jsx: path.endsWith('x') })
  const found = new Map()
  const visit = (node) => {
    const named = node.id ?? node.key ?? node
    const at = `${named.loc.start.line}:${named.loc.start.column + 1}`
    if (!found.has(at) && /Declarator|Property|FunctionDeclaration|FunctionExpression/.test(node.type))
      found.set(at, [node.loc.start.line, node.loc.end.line])
    for (const key of visitorKeys[node.type] ?? [])
      for (const child of [node[key]].flat()) if (child?.type) visit(child)
  }
  visit(ast)
  return (line, column) => found.get(`${line}:${column}`)
}

function expected({ entryPoints }, preset, rules) {
  return entryPoints.flatMap(({ file, line, name, kind, verdict, cause, exposure }) => {
    const rule = ruleOf[kind]
    if (verdict === 'unguarded' && rule in rules && (preset === 'strict' || exposure !== 'read'))
      return [{ file, line, name, rule, messageId: cause ?? 'noGuard' }]
    if (verdict === 'unverifiable' && preset === 'strict')
      return [{ file, line, name, rule: 'no-unverifiable-entry-point' }]
    return []
  })
}

/** A report stands at its cause: what it speaks about is told by the name in its message. */
function compare(wanted, findings, known) {
  const left = [...findings]
  const missing = wanted.filter((one) => {
    const at = left.findIndex(
      ({ file, rule, messageId, message }) =>
        file === one.file &&
        rule === one.rule &&
        (one.messageId === undefined || messageId === one.messageId) &&
        message.includes(`\`${one.name}\``),
    )
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  const shown = ({ file, line, rule, messageId = '', name, message }) =>
    `${file}:${line} ${rule} ${messageId} ${name ?? message}`
  return {
    missing: missing.map(shown),
    extra: left.filter(({ file }) => known.has(file)).map(shown),
    elsewhere: left.filter(({ file }) => !known.has(file)),
  }
}
