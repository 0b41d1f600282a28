import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { ESLint, Linter } from 'eslint'
import { describe, expect, it } from 'vitest'
import pkg from '../package.json' with { type: 'json' }
import { project } from './project/fixture.ts'

// What a user gets: the built files, through the package's own exports.
const require = createRequire(import.meta.url)

describe('the built package', () => {
  it('is a plugin that carries its real name and version, which are part of the key of ESLint’s cache', async () => {
    const { default: plugin } = (await import(require.resolve('eslint-plugin-authz'))) as { default: ESLint.Plugin }

    expect(plugin.meta).toMatchObject({ name: 'eslint-plugin-authz', version: pkg.version, namespace: 'authz' })
  })

  it('is the same plugin for require()', async () => {
    const { default: plugin } = (await import(require.resolve('eslint-plugin-authz'))) as { default: ESLint.Plugin }
    const required = require('eslint-plugin-authz') as ESLint.Plugin

    expect(required.meta).toEqual(plugin.meta)
    expect(required).not.toHaveProperty('default')
  })

  it('exports the schema of the policy file, which knows itself by the address that it has there', () => {
    const schema = require('eslint-plugin-authz/schema/authz.config.schema.json') as { $id: string }

    expect(schema.$id).toMatch(/eslint-plugin-authz\/schema\/authz\.config\.schema\.json$/)
    expect(pkg.files).toEqual(['configs', 'dist', 'docs', 'schema'])
  })

  it('has a helper for ESLint’s cache, which is a configuration', async () => {
    const { projectHash } = (await import(require.resolve('eslint-plugin-authz/cache'))) as {
      projectHash: () => Linter.Config
    }

    expect(projectHash()).toEqual({
      name: 'authz/project-hash',
      settings: { authz: { projectHash: expect.stringMatching(/^[\w-]{27}$/) as unknown } },
    })
  })

  it('brings a parser for Prisma schemas that needs nothing installed', () => {
    const { getSchema } = require('#prisma-ast') as typeof import('@mrleebo/prisma-ast')
    const schema = getSchema('model Invoice {\n  id String @id\n  organizationId String\n}\n')

    expect(schema.list).toMatchObject([{ type: 'model', name: 'Invoice' }])
  })

  it('loads without ESLint, TypeScript, a native parser and all that only some files need, in little time', () => {
    const fixture = project({})
    const folder = path.dirname(require.resolve('eslint-plugin-authz/package.json'))
    const copied = ['package.json', 'dist'].map((part) => path.join(folder, part))
    cpSync(folder, fixture.path('node_modules/eslint-plugin-authz'), {
      recursive: true,
      filter: (file) =>
        path.basename(file) !== 'engine.js' && (file === folder || copied.some((part) => file.startsWith(part))),
    })
    const script = `const start = process.cpuUsage()
      const { default: plugin } = await import('eslint-plugin-authz')
      const { user, system } = process.cpuUsage(start)
      console.log(Object.keys(plugin.rules).length, (user + system) / 1000)`
    const load = (): number => {
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
        cwd: fixture.root,
        encoding: 'utf8',
      })
      expect(stderr).toBe('')
      const [rules, milliseconds] = stdout.split(' ').map(Number)
      expect(rules).toBeGreaterThan(4)
      return milliseconds!
    }

    // The processor's time of the best of some runs, with room for machines that do other things: bench/README.md measures.
    expect(Math.min(...Array.from({ length: 5 }, load))).toBeLessThan(60)
  })
})
