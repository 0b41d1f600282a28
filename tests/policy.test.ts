import { describe, expect, it } from 'vitest'
import schema from '../schema/authz.config.schema.json' with { type: 'json' }
import { DEFAULT_POLICY, policyNames, readPolicy, readSettings, resolveReference, type Policy } from '../src/policy.ts'
import type { Json, JsonObject } from '../src/project/json.ts'
import { createProject } from '../src/project/project.ts'
import { project, type Fixture } from './project/fixture.ts'

function policyOf(fixture: Fixture, from = 'src/a.ts'): Policy {
  const result = readPolicy(fixture.path(from), createProject())
  if ('problem' in result) throw new Error(result.problem)
  return result.policy
}

function problemOf(files: Record<string, unknown>, from = 'src/a.ts'): string {
  const texts = Object.entries(files).map(([file, content]) => [
    file,
    typeof content === 'string' ? content : JSON.stringify(content),
  ])
  const result = readPolicy(project(Object.fromEntries(texts) as Record<string, string>).path(from), createProject())
  return 'problem' in result ? result.problem : 'none'
}

describe('the policy of a file', () => {
  it('is the default one when there is no policy file', () => {
    expect(policyOf(project({ 'src/a.ts': '' }))).toEqual(DEFAULT_POLICY)
  })

  it('is the nearest one upward', () => {
    const fixture = project({
      'authz.config.json': '{ "follow": ["far"] }',
      'apps/web/authz.config.json': '{ "follow": ["near"] }',
    })
    expect(policyOf(fixture, 'apps/web/src/a.ts').follow).toEqual(['near'])
    expect(policyOf(fixture, 'apps/api/src/a.ts').follow).toEqual(['far'])
  })

  it('is the one that the settings name', () => {
    const fixture = project({ 'authz.config.json': '{ "follow": ["a"] }', 'config/other.json': '{ "follow": ["b"] }' })
    const host = createProject()
    expect(readPolicy(fixture.path('a.ts'), host, fixture.path('config/other.json'))).toMatchObject({
      policy: { follow: ['b'] },
    })
    expect(readPolicy(fixture.path('a.ts'), host, fixture.path('none.json'))).toEqual({
      problem: `none.json: there is no such policy file (${fixture.path('none.json')})`,
    })
  })

  it('has everything that is written in it', () => {
    const fixture = project({
      'authz.config.json': JSON.stringify({
        $schema: './node_modules/eslint-plugin-authz/schema/authz.config.schema.json',
        guards: [{ name: 'requireUser', from: '~/server/auth', proves: ['authenticated', 'role:admin'] }],
        public: [
          { files: 'src/routes/api/health.ts', reason: 'uptime probe' },
          { name: 'publicProcedure', from: '~/server/rpc', reason: 'the marketing site' },
        ],
        external: [{ files: ['src/routes/api/hooks/**'], proves: ['signature'], reason: 'checked at the gateway' }],
        inlinePublic: 'forbid',
        insert: { middleware: { name: 'authMiddleware', from: './src/middleware' } },
        tenant: { keys: ['organizationId'], models: { logs: false, a: 'orgId' }, proved: ['context.organization.id'] },
        permissions: ['billing:write'],
        require: [{ models: ['invoices'], writes: true, proves: ['permission:billing:write'] }],
        denialLog: [{ name: 'audit.denied', from: '~/server/audit' }],
        follow: ['@acme/*'],
        routesDirectory: 'src/pages',
      }),
    })
    const policyFile = fixture.path('authz.config.json')
    expect(policyOf(fixture)).toEqual({
      file: policyFile,
      files: [policyFile],
      guards: [
        {
          name: 'requireUser',
          from: '~/server/auth',
          policyFile,
          proves: ['authenticated', 'role:admin'],
          denies: 'throws',
        },
      ],
      public: [
        { files: ['src/routes/api/health.ts'], reason: 'uptime probe' },
        { wrapper: { name: 'publicProcedure', from: '~/server/rpc', policyFile }, reason: 'the marketing site' },
      ],
      external: [{ files: ['src/routes/api/hooks/**'], proves: ['signature'], reason: 'checked at the gateway' }],
      inlinePublic: 'forbid',
      insert: { middleware: { name: 'authMiddleware', from: './src/middleware', policyFile } },
      tenant: { keys: ['organizationId'], models: { logs: false, a: 'orgId' }, proved: ['context.organization.id'] },
      permissions: ['billing:write'],
      require: [{ models: ['invoices'], writes: true, proves: ['permission:billing:write'] }],
      denialLog: [{ name: 'audit.denied', from: '~/server/audit', policyFile }],
      follow: ['@acme/*'],
      routesDirectory: 'src/pages',
      points: {
        globs: [
          { key: 'public[0].files', glob: 'src/routes/api/health.ts' },
          { key: 'external[0].files', glob: 'src/routes/api/hooks/**' },
        ],
        references: [
          { key: 'guards[0]', reference: { name: 'requireUser', from: '~/server/auth', policyFile } },
          { key: 'public[1]', reference: { name: 'publicProcedure', from: '~/server/rpc', policyFile } },
          { key: 'denialLog[0]', reference: { name: 'audit.denied', from: '~/server/audit', policyFile } },
          { key: 'insert.middleware', reference: { name: 'authMiddleware', from: './src/middleware', policyFile } },
        ],
      },
    })
  })

  it('is the same object as long as the files say the same, and another one when they do not', () => {
    const fixture = project({ 'authz.config.json': '{}' })
    const host = createProject()
    const first = host.track(() => readPolicy(fixture.path('src/a.ts'), host))
    host.begin()
    expect(host.isFresh(first.deps)).toBe(true)
    expect(readPolicy(fixture.path('src/b.ts'), host)).toBe(first.value)
    fixture.write('src/authz.config.json', '{ "follow": ["x"] }')
    host.begin()
    expect(host.isFresh(first.deps)).toBe(false)
    expect(readPolicy(fixture.path('src/b.ts'), host)).toMatchObject({ policy: { follow: ['x'] } })
  })
})

describe('extends', () => {
  const base = (more: object): object => ({ public: [{ files: 'health.ts', reason: 'probe' }], ...more })

  it('brings what the other policy says, and the project adds to it', () => {
    const fixture = project({
      'org/base.json': JSON.stringify({
        guards: [{ name: 'a', from: './a', proves: ['authenticated'] }],
        require: [{ proves: ['authenticated'] }],
        permissions: ['x:read'],
      }),
      'web/authz.config.json': JSON.stringify({
        extends: '../org/base',
        guards: [{ name: 'b', from: './b', proves: ['tenant'], denies: 'result' }],
        require: [{ files: 'src/**', proves: ['tenant'] }],
        permissions: ['x:write'],
      }),
    })
    const policy = policyOf(fixture, 'web/src/a.ts')
    expect(policy.files).toEqual([fixture.path('web/authz.config.json'), fixture.path('org/base.json')])
    expect(policy.guards.map((guard) => [guard.name, guard.policyFile])).toEqual([
      ['a', fixture.path('org/base.json')],
      ['b', fixture.path('web/authz.config.json')],
    ])
    expect(policy.require).toEqual([{ proves: ['authenticated'] }, { files: ['src/**'], proves: ['tenant'] }])
    expect(policy.permissions).toEqual(['x:read', 'x:write'])
  })

  it('finds a package, installed or of the workspace', () => {
    const fixture = project({
      'package.json': '{ "workspaces": ["packages/*"] }',
      'packages/policy/package.json': '{ "name": "@acme/policy" }',
      'packages/policy/authz.config.json': '{ "follow": ["workspace"] }',
      'packages/web/package.json': '{ "name": "web" }',
      'packages/web/authz.config.json': '{ "extends": "@acme/policy" }',
      'node_modules/org/strict.json': '{ "follow": ["installed"] }',
      'authz.config.json': '{ "extends": "org/strict.json" }',
    })
    expect(policyOf(fixture, 'packages/web/a.ts').follow).toEqual(['workspace'])
    expect(policyOf(fixture, 'a.ts').follow).toEqual(['installed'])
  })

  it.each([
    ['public', { public: [{ files: 'x.ts', reason: 'why' }] }],
    ['external', { external: [{ files: 'x.ts', proves: ['secret'], reason: 'why' }] }],
    ['inlinePublic', { inlinePublic: 'allow' }],
  ])('keeps the project from loosening %s, unless the base lets it', (key, loose) => {
    const files = (more: object): Record<string, unknown> => ({
      'org.json': base({ inlinePublic: 'forbid', ...more }),
      'authz.config.json': { extends: './org.json', ...loose },
    })
    expect(problemOf(files({}))).toBe(
      `authz.config.json: ${key} is not for this file to say: what it extends does not list it in projectMay`,
    )
    expect(problemOf(files({ projectMay: [key] }))).toBe('none')
  })

  it('lets no file in between hand out what it was not given', () => {
    const files = {
      'org.json': base({}),
      'team.json': { extends: './org.json', projectMay: ['public'] },
      'authz.config.json': { extends: './team.json', public: [{ files: 'x.ts', reason: 'why' }] },
    }
    expect(problemOf(files)).toMatch(/^authz\.config\.json: public is not for this file to say/)
  })

  it('says so when it leads nowhere, in a circle, or to a wrong file', () => {
    expect(problemOf({ 'authz.config.json': { extends: './none.json' } })).toBe(
      'authz.config.json: extends: “./none.json” was not found',
    )
    expect(problemOf({ 'authz.config.json': { extends: '@acme/none' } })).toBe(
      'authz.config.json: extends: “@acme/none” was not found',
    )
    expect(
      problemOf({ 'authz.config.json': { extends: './b.json' }, 'b.json': { extends: './authz.config.json' } }),
    ).toBe('authz.config.json: extends itself')
    expect(problemOf({ 'authz.config.json': { extends: './org/b.json' }, 'org/b.json': { follow: 1 } })).toBe(
      'org/b.json: follow must be a list, not 1',
    )
  })
})

describe('a wrong policy is one message with the path of each wrong key', () => {
  it.each<[string, unknown, string]>([
    ['no JSON', '{\n  "follow": [\n}', 'is not valid JSON in line 3'],
    [
      'a comment',
      '{\n  // why\n  "follow": []\n}',
      'is not valid JSON: comments and trailing commas are not allowed in it',
    ],
    ['a text that ends too early', '{ "follow": [', 'is not valid JSON in line 1'],
    ['an empty file', '', 'is not valid JSON: it is empty'],
    ['a list', [], 'the file must be an object, not a list'],
    ['null', 'null', 'the file must be an object, not null'],
    ['an unknown key', { guard: [] }, 'guard is not a known key; did you mean “guards”?'],
    ['an unknown key like no other', { banana: 1 }, 'banana is not a known key'],
    ['a wrong type', { guards: {} }, 'guards must be a list, not an object'],
    ['a missing key', { guards: [{ name: 'a', from: 'b' }] }, 'guards[0] needs “proves”'],
    [
      'an unknown proof',
      { guards: [{ name: 'a', from: 'b', proves: ['tenant', 'admin'] }] },
      'guards[0].proves[1] must be a proof: authenticated, tenant, owner, signature, secret, capability, env-gate, role:<name> or permission:<name>, not "admin"',
    ],
    [
      'an unknown way to deny',
      { guards: [{ name: 'a', from: 'b', proves: ['tenant'], denies: 'throw' }] },
      'guards[0].denies must be one of "throws", "returns", "result", not "throw"; did you mean “throws”?',
    ],
    [
      'a misspelt proof',
      { guards: [{ name: 'a', from: 'b', proves: ['autenticated'] }] },
      'guards[0].proves[0] must be a proof: authenticated, tenant, owner, signature, secret, capability, env-gate, role:<name> or permission:<name>, not "autenticated"; did you mean “authenticated”?',
    ],
    [
      'a misspelt choice',
      { inlinePublic: 'forbidden' },
      'inlinePublic must be one of "allow", "forbid", not "forbidden"; did you mean “forbid”?',
    ],
    [
      'a proof that stops in the middle',
      { guards: [{ name: 'a', from: 'b', proves: ['role:'] }] },
      'guards[0].proves[0] must be a proof: authenticated, tenant, owner, signature, secret, capability, env-gate, role:<name> or permission:<name>, not "role:"',
    ],
    [
      'a misspelt key that is missing by that',
      { public: [{ files: 'a.ts', raeson: 'why' }] },
      'public[0].raeson is not a known key; did you mean “reason”?',
    ],
    [
      'several at once',
      { guard: [], guards: [{ name: '', from: 'b', proves: ['tenant'] }], follow: [1] },
      '3 problems: (1) guard is not a known key; did you mean “guards”? (2) guards[0].name must be a text that is not empty, not "". (3) follow[0] must be a text, not 1.',
    ],
    [
      'more than one can read',
      { follow: [1, 2, 3, 4, 5, 6, 7] },
      '7 problems: (1) follow[0] must be a text, not 1. (2) follow[1] must be a text, not 2. (3) follow[2] must be a text, not 3. (4) follow[3] must be a text, not 4. (5) follow[4] must be a text, not 5. And 2 more.',
    ],
    [
      'an empty name',
      { denialLog: [{ name: '', from: 'x' }] },
      'denialLog[0].name must be a text that is not empty, not ""',
    ],
    ['no proof at all', { require: [{ proves: [] }] }, 'require[0].proves must be a list that is not empty'],
    [
      'no reason',
      { public: [{ files: 'a.ts', reason: ' ' }] },
      'public[0].reason must be a reason of at least one word, not " "',
    ],
    ['nothing that is public', { public: [{ reason: 'why' }] }, 'public[0] needs “files”'],
    ['a name without its module', { public: [{ name: 'x', reason: 'why' }] }, 'public[0] needs “files”'],
    [
      'files of a wrong type',
      { public: [{ files: 1, reason: 'x' }] },
      'public[0].files must be a glob or a list of globs, not 1',
    ],
    ['a wrong item of files', { public: [{ files: [1], reason: 'x' }] }, 'public[0].files[0] must be a text, not 1'],
    [
      'a wrong tenant column',
      { tenant: { models: { 'my logs': true } } },
      'tenant.models["my logs"] must be the name of a column, or false, not true',
    ],
    [
      'a wrong flag',
      { require: [{ writes: 'yes', proves: ['tenant'] }] },
      'require[0].writes must be true or false, not "yes"',
    ],
  ])('%s', (_name, content, message) => {
    expect(problemOf({ 'authz.config.json': content })).toBe(`authz.config.json: ${message}`)
  })

  it('a file in another encoding', () => {
    const fixture = project({ 'authz.config.json': Buffer.from('\uFEFF{}', 'utf16le') })
    expect(readPolicy(fixture.path('a.ts'), createProject())).toEqual({
      problem: 'authz.config.json: cannot be read as UTF-8 text',
    })
  })
})

describe('globs of a policy', () => {
  it('are relative to the policy file', () => {
    const fixture = project({ 'web/authz.config.json': '{}' })
    const policy = policyOf(fixture, 'web/a.ts')
    const names = (glob: string, file: string): boolean => policyNames(policy, [glob], fixture.path(file))
    expect(names('src/routes/api/**', 'web/src/routes/api/hooks/stripe.ts')).toBe(true)
    expect(names('src/routes/api/*.ts', 'web/src/routes/api/hooks/stripe.ts')).toBe(false)
    expect(names('src/routes/api/{a,b}.ts', 'web/src/routes/api/b.ts')).toBe(true)
    expect(names('**/health.ts', 'web/health.ts')).toBe(true)
    expect(names('src/routes/$id.tsx', 'web/src/routes/$id.tsx')).toBe(true)
    expect(names('app/(site)/x.ts', 'web/app/(site)/x.ts')).toBe(true)
    expect(names('app/[id]/x.ts', 'web/app/[id]/x.ts')).toBe(true)
    expect(names('src/**', 'other/src/a.ts')).toBe(false)
  })
})

describe('a reference of a policy', () => {
  it('leads to a file: by a relative path from the policy, by an alias from the application', () => {
    const fixture = project({
      'authz.config.json': JSON.stringify({
        denialLog: [
          { name: 'a', from: './shared/a' },
          { name: 'b', from: '~/b' },
          { name: 'c', from: 'some-package' },
        ],
      }),
      'shared/a.ts': '',
      'apps/web/package.json': '{}',
      'apps/web/tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./src/*"] } } }',
      'apps/web/src/b.ts': '',
    })
    const modules = createProject()
    const from = fixture.path('apps/web/src/x.ts')
    expect(policyOf(fixture, 'apps/web/src/x.ts').denialLog.map((one) => resolveReference(one, modules, from))).toEqual(
      [
        { kind: 'module', file: fixture.path('shared/a.ts') },
        { kind: 'module', file: fixture.path('apps/web/src/b.ts') },
        { kind: 'package', name: 'some-package' },
      ],
    )
  })
})

describe('the settings', () => {
  it.each([
    [undefined, { settings: {} }],
    [
      { config: './x.json', types: true, projectHash: 'abc' },
      { settings: { config: './x.json', types: true, projectHash: 'abc' } },
    ],
    [{ configs: 'x' }, { problem: 'settings.authz.configs is not a known key; did you mean “config”?' }],
    [{ types: 'yes' }, { problem: 'settings.authz.types must be true or false, not "yes"' }],
    [[], { problem: 'settings.authz must be an object, not a list' }],
  ])('%j', (settings, expected) => {
    expect(readSettings(settings)).toEqual(expected)
  })
})

describe('the schema', () => {
  const KEYWORDS = new Set([
    '$ref',
    'additionalProperties',
    'anyOf',
    'const',
    'enum',
    'items',
    'minItems',
    'minLength',
    'pattern',
    'properties',
    'required',
    'type',
  ])
  const WORDS = new Set(['$schema', '$id', '$defs', 'title', 'description', 'default'])

  function each(at: string, value: Json, visit: (at: string, node: JsonObject) => void): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return
    const node = value as JsonObject
    visit(at, node)
    for (const group of ['properties', '$defs']) {
      for (const [key, child] of Object.entries((node[group] ?? {}) as JsonObject)) each(`${at}/${key}`, child, visit)
    }
    for (const key of ['items', 'additionalProperties']) if (key in node) each(`${at}/${key}`, node[key]!, visit)
    for (const child of (node.anyOf ?? []) as Json[]) each(`${at}/anyOf`, child, visit)
  }

  it('uses only what our validator knows, and describes every key', () => {
    const root = schema as unknown as JsonObject
    each('', root, (at, node) => {
      for (const keyword of Object.keys(node)) {
        expect(KEYWORDS.has(keyword) || WORDS.has(keyword), `${at}: ${keyword}`).toBe(true)
      }
      for (const [key, child] of Object.entries((node.properties ?? {}) as Record<string, JsonObject>)) {
        const target =
          typeof child.$ref === 'string' ? (root.$defs as JsonObject)[child.$ref.split('/')[2]!] : undefined
        expect(child.description ?? (target as JsonObject | undefined)?.description, `${at}/${key}`).toBeTypeOf(
          'string',
        )
      }
    })
  })
})
