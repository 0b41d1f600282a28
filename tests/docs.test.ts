import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as parser from '@typescript-eslint/parser'
import { ESLint, type Linter } from 'eslint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import plugin from '../src/index.ts'
import { examplesOf, pages } from './doc-examples.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

let temporary: string
beforeAll(() => (temporary = realpathSync(mkdtempSync(join(tmpdir(), 'authz-docs-')))))
afterAll(() => rmSync(temporary, { recursive: true, force: true }))

describe.each([...pages.keys()])('docs/rules/%s.md', (name) => {
  const text = pages.get(name)!

  it('tells what a user with an open finding asks', () => {
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)
    expect(headings).toEqual([
      'Why it is dangerous',
      'What counts as a guard',
      'How to fix it',
      'Examples',
      'Options',
      'When not to use it',
      'Not proven',
      'Further reading',
    ])
  })

  it('describes each option, with an example', () => {
    const schema = plugin.rules[name]!.meta!.schema as readonly { properties?: object }[]
    for (const option of Object.keys(schema[0]?.properties ?? {})) {
      expect(text).toContain(`### \`${option}\``)
      expect(examplesOf(text).some(({ options }) => options.some((given) => option in given))).toBe(true)
    }
  })

  it('has examples of both kinds', () => {
    const kinds = new Set(examplesOf(text).map(({ kind }) => kind))
    expect(kinds).toEqual(new Set(['incorrect', 'correct']))
  })

  it.each(examplesOf(text))('$kind: $title', async ({ kind, options, files }) => {
    const project = mkdtempSync(join(temporary, 'example-'))
    writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
    for (const [path, code] of files) {
      mkdirSync(dirname(join(project, path)), { recursive: true })
      writeFileSync(join(project, path), code)
    }
    const config: Linter.Config = {
      files: ['**/*.{ts,tsx}'],
      languageOptions: { parser },
      plugins: { authz: plugin },
      rules: { [`authz/${name}`]: ['error', ...options] },
    }
    const eslint = new ESLint({ cwd: project, overrideConfigFile: true, overrideConfig: config })
    const messages = (await eslint.lintFiles(['.'])).flatMap((result) => result.messages)
    expect(messages.filter(({ ruleId }) => ruleId !== `authz/${name}`)).toEqual([])
    const found = messages.map(({ message }) => message)
    if (kind === 'correct') expect(found).toEqual([])
    else expect(found).toHaveLength(1)
  })
})

describe('what derives from the rules', () => {
  it('is up to date', () => {
    expect(() =>
      execFileSync(process.execPath, [join(root, 'scripts/docs.mjs'), '--check'], { stdio: 'pipe' }),
    ).not.toThrow()
  })
})
