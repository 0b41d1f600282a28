import { describe, expect, it } from 'vitest'
import { hashOf } from '../../src/project/project-hash.ts'
import { project, type Fixture } from './fixture.ts'

const repository = (files: Readonly<Record<string, string>> = {}): Fixture =>
  project({
    '.git/HEAD': 'ref: refs/heads/main',
    '.gitignore': 'reports\nsrc/generated\n',
    'package.json': '{ "name": "app" }',
    'tsconfig.json': '{ "extends": "./configs/base.json" }',
    'configs/base.json': '{}',
    'src/guard.ts': 'export const guard = 1\n',
    ...files,
  })

const contentOf = ({ root }: Fixture): string => hashOf(root, 'content')

describe('the hash of a project', () => {
  it.each([
    ['a source', 'src/guard.ts', 'export const guard = 2\n'],
    ['a new source', 'src/new.tsx', ''],
    ['a JavaScript module', 'src/old.cjs', 'module.exports = 1\n'],
    ['a Prisma schema', 'prisma/schema.prisma', 'model A { id String @id }'],
    ['the policy', 'authz.config.json', '{}'],
    ['the tsconfig', 'tsconfig.json', '{}'],
    ['a file that a tsconfig extends, whatever its name', 'configs/base.json', '{ "compilerOptions": {} }'],
    ['a package', 'packages/auth/package.json', '{ "name": "auth" }'],
    ['the list of workspaces', 'pnpm-workspace.yaml', 'packages: [packages/*]'],
    ['what is installed', 'pnpm-lock.yaml', 'lockfileVersion: 9'],
    ['a generated client that git ignores', 'src/generated/client.ts', 'export class Client {}\n'],
    ['sources in a folder with a dot', '.content/index.ts', 'export {}\n'],
  ])('changes with %s', (_, file, text) => {
    const fixture = repository()
    const before = contentOf(fixture)
    fixture.write(file, text)
    expect(contentOf(fixture)).not.toBe(before)
  })

  it('changes when a file goes, or moves', () => {
    const fixture = repository()
    const before = contentOf(fixture)
    fixture.remove('src/guard.ts')
    const without = contentOf(fixture)
    fixture.write('src/moved.ts', 'export const guard = 1\n')
    expect(new Set([before, without, contentOf(fixture)]).size).toBe(3)
  })

  it('changes with the policy of a folder above', () => {
    const fixture = project({ 'repository/.git/HEAD': '', 'repository/a.ts': '' })
    const root = fixture.path('repository')
    const before = hashOf(root, 'content')
    fixture.write('authz.config.json', '{}')
    expect(hashOf(root, 'content')).not.toBe(before)
  })

  it('changes with what a link leads to, and ends where links go round', () => {
    const fixture = project({ 'repository/.git/HEAD': '', 'repository/src/a.ts': '', 'shared/guard.ts': '1' })
    fixture.link('repository/src/shared', '../../shared')
    fixture.link('repository/src/round', '..')
    const root = fixture.path('repository')
    const before = hashOf(root, 'content')
    fixture.write('shared/guard.ts', '2')
    expect(hashOf(root, 'content')).not.toBe(before)
  })

  it.each([
    ['a text', 'README.md', '# App'],
    ['a report that git ignores', 'reports/lint.json', '[]'],
    ['an installed package', 'node_modules/a/index.js', ''],
    ['a build’s own folder', '.next/server/page.js', ''],
    ['ESLint’s cache', '.eslintcache', '[]'],
  ])('stays the same with %s', (_, file, text) => {
    const fixture = repository()
    const before = contentOf(fixture)
    fixture.write(file, text)
    expect(contentOf(fixture)).toBe(before)
  })

  it('is that of an equal checkout elsewhere, unless times are to be believed', () => {
    const [one, other] = [repository(), repository()]
    other.write('src/guard.ts', 'export const guard = 1\n', new Date(0))
    expect(contentOf(one)).toBe(contentOf(other))
    expect(hashOf(one.root, 'metadata')).not.toBe(hashOf(other.root, 'metadata'))
  })

  it('of nothing is one', () => {
    expect(hashOf(project({}).path('nowhere'), 'content')).toMatch(/^[\w-]{27}$/)
  })
})
