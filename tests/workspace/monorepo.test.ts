import path from 'node:path'
import { expect, it } from 'vitest'
import { createWorkspace } from '../../src/workspace/workspace.ts'
import type { EntryPoint } from '../../src/model/inventory.ts'
import { app, clears, shared } from './files.ts'

const guarded = clears("import { authMiddleware } from '@acme/guard'", '.middleware([authMiddleware])')
const soft = clears("import { softMiddleware } from '@acme/guard'", '.middleware([softMiddleware])')
const packages = { a: guarded, b: soft, c: clears() }

const files = {
  'package.json': '{ "name": "root", "workspaces": ["apps/*", "packages/*"] }',
  'src/db.ts': undefined,
  'src/auth.ts': undefined,
  'src/middleware.ts': undefined,
  'packages/guard/package.json': '{ "name": "@acme/guard", "exports": "./src/index.ts" }',
  'packages/guard/src/index.ts': "export * from './middleware'\n",
  'packages/guard/src/auth.ts': shared['src/auth.ts'],
  'packages/guard/src/middleware.ts': shared['src/middleware.ts'],
  ...Object.fromEntries(
    Object.entries(packages).flatMap(([name, text]) => [
      [`apps/${name}/package.json`, `{ "name": "${name}", "dependencies": { "@acme/guard": "workspace:*" } }`],
      [`apps/${name}/src/db.ts`, shared['src/db.ts']],
      [`apps/${name}/src/fns.ts`, text],
    ]),
  ),
}

/** With absolute paths: those of an inventory are relative to its root. */
function absolute(root: string, { entryPoints }: { readonly entryPoints: readonly EntryPoint[] }): unknown[] {
  const at = <T extends { readonly file: string }>(place: T): T => ({ ...place, file: path.resolve(root, place.file) })
  return entryPoints.map((entry) => ({
    ...at(entry),
    guards: entry.guards.map(at),
    effects: entry.effects.map(at),
    evidence: entry.evidence.map(at),
    ...(entry.reasonAt ? { reasonAt: at(entry.reasonAt) } : {}),
  }))
}

it('each package of a monorepo taken alone says what the whole says, in any order', () => {
  const { root, workspace } = app(files)
  const whole = absolute(root, workspace.inventory(root))
  expect(whole).toMatchObject([{ verdict: 'guarded' }, { cause: 'soft' }, { verdict: 'unguarded' }])

  const alone = Object.keys(packages)
    .toReversed()
    .flatMap((name) => {
      const at = path.join(root, 'apps', name)
      return absolute(at, createWorkspace().inventory(at))
    })
  expect(alone.toReversed()).toEqual(whole)
})
