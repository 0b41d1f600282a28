import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ESLint, Linter } from 'eslint'
import { defineConfig } from 'eslint/config'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import plugin from '../src/index.ts'
import type { RuleDocs } from '../src/rules/create-rule.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const presets = ['recommended', 'multi-tenant', 'strict'] as const
const metaOf = (name: string) => plugin.rules[name]!.meta as unknown as { readonly docs: RuleDocs & { url: string } }

describe('the plugin', () => {
  it('has a rule for each file of its kind, with a page and a test', () => {
    const files = readdirSync(join(root, 'src/rules'))
      .filter((file) => /^(?:no|require|valid)-/.test(file) && file !== 'no-unguarded.ts')
      .map((file) => file.replace('.ts', ''))
    expect(Object.keys(plugin.rules).toSorted()).toEqual(files.toSorted())
    for (const name of files) {
      expect(existsSync(join(root, `docs/rules/${name}.md`)), `docs/rules/${name}.md`).toBe(true)
      expect(existsSync(join(root, `tests/rules/${name}.test.ts`)), `tests/rules/${name}.test.ts`).toBe(true)
    }
  })

  it.each(Object.keys(plugin.rules))('%s says what it is about', (name) => {
    const { docs } = metaOf(name)
    expect(docs.description).toMatch(/^(?:disallow|require) [^.]*$/)
    expect(presets).toContain(docs.recommended)
    expect(docs.cwe.length).toBeGreaterThan(0)
    expect(docs.url).toMatch(new RegExp(`docs/rules/${name}\\.md$`))
  })

  it.each(Object.keys(plugin.rules))('%s says it on one line, and briefly', (name) => {
    const messages = (plugin.rules[name] as { meta: { messages: Record<string, string> } }).meta.messages
    for (const message of Object.values(messages)) {
      expect(message).not.toMatch(/\n/)
      expect(message.length).toBeLessThanOrEqual(200)
    }
  })
})

describe('the presets', () => {
  const rulesOf = (preset: (typeof presets)[number]) => Object.keys(plugin.configs[preset].rules!)

  it('grow from one to the next', () => {
    expect(rulesOf('multi-tenant')).toEqual(expect.arrayContaining(rulesOf('recommended')))
    expect(rulesOf('strict')).toEqual(expect.arrayContaining(rulesOf('multi-tenant')))
    expect(rulesOf('strict').toSorted()).toEqual(
      Object.keys(plugin.rules)
        .map((name) => `authz/${name}`)
        .toSorted(),
    )
  })

  it.each(presets)('%s has the rules that say so, all as errors', (preset) => {
    const included = presets.slice(0, presets.indexOf(preset) + 1)
    for (const name of Object.keys(plugin.rules)) {
      const entry = plugin.configs[preset].rules![`authz/${name}`]
      expect(entry !== undefined).toBe(included.includes(metaOf(name).docs.recommended))
      if (entry !== undefined) expect([entry].flat()[0]).toBe('error')
    }
  })

  it('strict reports every read', () => {
    expect(plugin.configs.strict.rules!['authz/no-unguarded-server-fn']).toEqual(['error', { reads: 'all' }])
    expect(plugin.configs.recommended.rules!['authz/no-unguarded-server-fn']).toBe('error')
  })

  it.each(presets)('%s works alone', (preset) => {
    expect(plugin.configs[preset]).toMatchObject({ name: `authz/${preset}`, plugins: { authz: plugin } })
    expect(new Linter().verify('export const a = 1', plugin.configs[preset])).toEqual([])
  })

  it.each(presets)('%s can be named in `extends`', async (preset) => {
    const flat = defineConfig([{ files: ['**/*.js'], plugins: { authz: plugin }, extends: [`authz/${preset}`] }])
    const linted = new ESLint({ overrideConfigFile: true, overrideConfig: flat as Linter.Config[] })
    const config = (await linted.calculateConfigForFile('a.js')) as Linter.Config
    expect(Object.keys(config.rules!).toSorted()).toEqual(rulesOf(preset).toSorted())
  })

  it.each(presets)('%s is there for oxlint too', (preset) => {
    const json = JSON.parse(readFileSync(join(root, `configs/oxlint-${preset}.json`), 'utf8')) as unknown
    expect(json).toEqual({ jsPlugins: ['eslint-plugin-authz'], rules: plugin.configs[preset].rules })
  })
})

describe('the types', () => {
  let project: string

  beforeAll(() => {
    // Below the repository, so that its own packages are found.
    mkdirSync(join(root, 'node_modules/.cache'), { recursive: true })
    project = mkdtempSync(join(root, 'node_modules/.cache/authz-types-'))
    mkdirSync(join(project, 'node_modules'))
    symlinkSync(root, join(project, 'node_modules/eslint-plugin-authz'), 'junction')
  })

  afterAll(() => rmSync(project, { recursive: true, force: true }))

  it.each([false, true])('fit a typed eslint.config.ts (exactOptionalPropertyTypes: %s)', (exact) => {
    writeFileSync(
      join(project, 'eslint.config.ts'),
      `import authz from 'eslint-plugin-authz'
import { defineConfig } from 'eslint/config'
import type { ESLint, Linter } from 'eslint'

export default defineConfig([
  authz.configs.recommended,
  authz.configs['multi-tenant'],
  { files: ['**/*.ts'], extends: [authz.configs.strict] },
  { plugins: { authz }, extends: ['authz/recommended'], rules: { 'authz/no-unguarded-server-fn': ['error', { reads: 'all' }] } },
])
export const plugin: ESLint.Plugin = authz
export const config: Linter.Config = authz.configs.recommended
// @ts-expect-error there is no such preset
authz.configs.recomended
`,
    )
    writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          exactOptionalPropertyTypes: exact,
          module: 'nodenext',
          target: 'es2023',
          noEmit: true,
          types: [],
          // What is checked is our declaration file; ESLint's own need the types of Node and more.
          skipLibCheck: true,
        },
        include: ['eslint.config.ts'],
      }),
    )
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    let output = ''
    try {
      execFileSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' })
    } catch (error) {
      output = String((error as { stdout: unknown }).stdout)
    }
    expect(output).toBe('')
  })
})
