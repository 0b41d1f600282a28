/** oxlint is as good a host as ESLint: on all examples it finds the same, and its suggestions write the same. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import * as parser from '@typescript-eslint/parser'
import { ESLint, type Linter } from 'eslint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examplesOf, pages } from '../doc-examples.ts'

const require = createRequire(import.meta.url)
const oxlintProgram = path.join(path.dirname(require.resolve('oxlint/package.json')), 'bin/oxlint')
const pluginUrl = pathToFileURL(require.resolve('eslint-plugin-authz')).href
const examples = path.join(import.meta.dirname, '../../examples')
const notOfTheApplication = new Set(['node_modules', 'dist', '.output', '.tanstack', '.next', 'eslint.config.js'])

interface Finding {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly rule: string
  readonly message: string
}

let temporary: string
/** All examples, each in a folder of its own. */
let folder: string
let plugin: ESLint.Plugin
let results: readonly ESLint.LintResult[]
let eslint: ESLint

beforeAll(async () => {
  temporary = realpathSync(mkdtempSync(path.join(tmpdir(), 'authz-oxlint-')))
  folder = path.join(temporary, 'all')
  for (const name of readdirSync(examples)) {
    cpSync(path.join(examples, name), path.join(folder, 'examples', name), {
      recursive: true,
      filter: (at) => !notOfTheApplication.has(path.basename(at)),
    })
  }
  for (const [page, text] of pages) {
    for (const [index, { files }] of examplesOf(text).entries()) {
      for (const [name, code] of [...files, ['package.json', '{ "type": "module" }'] as const]) {
        const file = path.join(folder, 'pages', page, String(index), name)
        mkdirSync(path.dirname(file), { recursive: true })
        writeFileSync(file, code)
      }
    }
  }
  plugin = ((await import(pluginUrl)) as { default: ESLint.Plugin }).default
  eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: ['**/*.{ts,tsx}'],
        languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: true } } },
        linterOptions: { reportUnusedDisableDirectives: 'off' },
      },
      plugin.configs!.strict as Linter.Config,
    ],
  })
  results = await eslint.lintFiles(['.'])
}, 60_000)

afterAll(() => rmSync(temporary, { recursive: true, force: true }))

const relative = (file: string): string => path.relative(folder, file).replaceAll('\\', '/')

const inOrder = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

const found = (): Finding[] =>
  inOrder(
    results.flatMap(({ filePath, messages }) =>
      messages.map(({ line, column, ruleId, message }) => ({
        file: relative(filePath),
        line,
        column,
        rule: ruleId ?? '',
        message,
      })),
    ),
  )

/** A plugin that offers of each report only one suggestion: that is the one that oxlint applies. */
const offering = (nth: number): string => `import plugin from '${pluginUrl}'
const only = (rule) => ({
  ...rule,
  create: (context) => rule.create(new Proxy({}, {
    get: (_, key) => key === 'report'
      ? (problem) => context.report({ ...problem, suggest: problem.suggest?.slice(${nth}, ${nth + 1}) })
      : context[key],
  })),
})
export default { ...plugin, rules: Object.fromEntries(Object.entries(plugin.rules).map(([name, rule]) => [name, only(rule)])) }
`

function oxlint(cwd: string, specifier: string, ...args: readonly string[]): Finding[] {
  const { rules } = plugin.configs!.strict as Linter.Config
  const config = path.join(cwd, '.oxlintrc.json')
  const jsPlugins = [{ name: 'authz', specifier }]
  writeFileSync(config, JSON.stringify({ categories: { correctness: 'off' }, jsPlugins, rules }))
  const { stdout, stderr } = spawnSync(process.execPath, [oxlintProgram, '--format', 'json', ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  expect(stderr).toBe('')
  const { diagnostics } = JSON.parse(stdout) as {
    readonly diagnostics: readonly {
      readonly code: string
      readonly message: string
      readonly filename: string
      readonly labels: readonly [{ readonly span: { readonly line: number; readonly column: number } }]
    }[]
  }
  return inOrder(
    diagnostics.map(({ code, message, filename, labels: [{ span }] }) => ({
      file: filename.replaceAll('\\', '/'),
      line: span.line,
      column: span.column,
      rule: code.replace('(', '/').replace(')', ''),
      message,
    })),
  )
}

/** As both apply fixes: one of each report, from the top, without those that touch what is already changed. */
function suggested(text: string, messages: readonly Linter.LintMessage[], nth: number): string {
  const fixes = messages.flatMap(({ suggestions }) => suggestions?.[nth]?.fix ?? [])
  let output = ''
  let last = -1
  for (const { range, text: inserted } of fixes.toSorted(
    (a, b) => a.range[0] - b.range[0] || a.range[1] - b.range[1],
  )) {
    if (range[0] <= last) continue
    output += text.slice(Math.max(last, 0), range[0]) + inserted
    last = range[1]
  }
  return output + text.slice(Math.max(last, 0))
}

it('there is something to find, by every rule', () => {
  const rules = new Set(found().map(({ rule }) => rule))
  expect([...rules].toSorted()).toEqual(Object.keys((plugin.configs!.strict as Linter.Config).rules!).toSorted())
})

it('finds the same as ESLint', () => {
  expect(oxlint(folder, pluginUrl.replace('file://', ''))).toEqual(found())
})

describe.each([0, 1, 2])('suggestion %d of each report', (nth) => {
  it('writes the same as in ESLint', () => {
    const copy = path.join(temporary, String(nth))
    cpSync(folder, copy, { recursive: true })
    writeFileSync(path.join(copy, 'offering.mjs'), offering(nth))
    oxlint(copy, './offering.mjs', '--fix-suggestions')
    let changed = 0
    for (const { filePath, messages, source } of results) {
      if (source === undefined) continue
      const file = relative(filePath)
      const wanted = suggested(source, messages, nth)
      if (wanted === source) continue
      changed++
      // it writes file by file: what a later one says may hang on what an earlier one has become
      if (readFileSync(path.join(copy, file), 'utf8') === wanted) continue
      const alone = path.join(temporary, `${String(nth)}-alone`)
      rmSync(alone, { recursive: true, force: true })
      cpSync(folder, alone, { recursive: true })
      writeFileSync(path.join(alone, 'offering.mjs'), offering(nth))
      oxlint(alone, './offering.mjs', '--fix-suggestions', file)
      expect(readFileSync(path.join(alone, file), 'utf8'), file).toBe(wanted)
    }
    expect(changed).toBeGreaterThan(0)
  })
})
