/** One defect, one report: with everything on, nobody is told more than two things about one entry point of the examples. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as parser from '@typescript-eslint/parser'
import { ESLint, type Linter } from 'eslint'
import { expect, it } from 'vitest'
import type { Inventory } from '../../src/model/inventory.ts'

const pluginUrl = pathToFileURL(createRequire(import.meta.url).resolve('eslint-plugin-authz')).href
const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const examples = fileURLToPath(new URL('../../examples', import.meta.url))

it.each(['tanstack-start', 'next'])(
  '%s',
  async (example) => {
    const cwd = path.join(examples, example)
    const { stdout } = spawnSync(process.execPath, [program, 'audit', '--format', 'json'], { cwd, encoding: 'utf8' })
    const { entryPoints } = JSON.parse(stdout) as Inventory
    const plugin = ((await import(pluginUrl)) as { default: ESLint.Plugin }).default
    const eslint = new ESLint({
      cwd,
      overrideConfigFile: true,
      overrideConfig: [
        { files: ['**/*.{ts,tsx}'], languageOptions: { parser } },
        plugin.configs!.strict as Linter.Config,
      ],
    })
    const results = await eslint.lintFiles(['src'])
    const told = results.flatMap(({ filePath, messages }) => {
      const file = path.relative(cwd, filePath).replaceAll('\\', '/')
      const names = entryPoints.filter((entry) => entry.file === file).map(({ name }) => name)
      // what is said of shared guards is said of none of them
      if (names.length === 0) return []
      return messages.map(({ message }) => ({
        message,
        // a page has no name that a message could say
        about: `${file} ${names.find((name) => message.includes(`\`${name}\``)) ?? ''}`,
      }))
    })
    expect(told.filter(({ about }) => !about.endsWith(' ')).length).toBeGreaterThan(10)
    const often = told.filter(({ about }) => told.filter((other) => other.about === about).length > 2)
    expect(often).toEqual([])
  },
  120_000,
)
