import { describe, expect, it } from 'vitest'
import { call, effect, gives, pure, query, value } from '../../src/catalog/define.ts'
import { catalog, createCatalog } from '../../src/catalog/index.ts'
import type { Library, Meaning } from '../../src/catalog/meaning.ts'

const library = (facts: Partial<Library> & Pick<Library, 'packages'>): Library => ({
  category: 'harmless',
  exports: {},
  unlisted: 'harmless',
  ...facts,
})

describe('exports', () => {
  const exact = call({ returns: 'string' })
  const anywhere = call({ returns: 'number' })
  const deeper = call({ returns: 'boolean' })
  const found = createCatalog([
    library({ packages: ['db/*'], exports: { open: anywhere, close: anywhere }, unlisted: 'effect-write' }),
    library({ packages: ['db/core/*'], exports: { open: deeper }, unlisted: 'harmless' }),
    library({ packages: ['db/core/pg', 'db'], exports: { open: exact, 'open.all': exact }, unlisted: 'unknown' }),
  ])

  it('prefers the exact package, then the longest pattern', () => {
    expect(found.exportOf('db/core/pg', 'open')).toBe(exact)
    expect(found.exportOf('db/core/mysql', 'open')).toBe(deeper)
    expect(found.exportOf('db/http', 'open')).toBe(anywhere)
  })

  it('falls back to the broader library for an export that the narrower one does not list', () => {
    expect(found.exportOf('db/core/pg', 'close')).toBe(anywhere)
  })

  it('does not take a longer package name for a sub path', () => {
    expect(found.exportOf('dbx', 'open')).toBeUndefined()
    expect(found.unlistedOf('dbx')).toBeUndefined()
  })

  it('takes the default export for the module itself unless it is listed', () => {
    expect(found.exportOf('db', 'default.open')).toBe(exact)
    expect(found.exportOf('db', 'default')).toBeUndefined()
    expect(found.isExportPrefix('db', 'default')).toBe(true)
    expect(found.isExportPrefix('other', 'default')).toBe(false)
  })

  it('does not find what every object inherits', () => {
    expect(found.exportOf('db', 'constructor')).toBeUndefined()
  })

  it('says what unlisted exports of the most specific library mean', () => {
    expect(found.unlistedOf('db')).toBe('unknown')
    expect(found.unlistedOf('db/core/mysql')).toBe('harmless')
    expect(found.unlistedOf('db/http')).toBe('effect-write')
  })

  it('knows the way to a dotted export', () => {
    expect(found.isExportPrefix('db', 'open')).toBe(true)
    expect(found.isExportPrefix('db', 'open.all')).toBe(false)
    expect(found.isExportPrefix('db', 'op')).toBe(false)
  })
})

describe('members', () => {
  const first = query('select', { model: [{ segment: 0 }], returns: 'row' })
  const found = createCatalog([
    library({
      packages: ['orm'],
      instances: {
        'orm.db': {
          members: {
            'query.*.first': first,
            'query.*.*': pure,
            'query.users.first': effect('db', 'read', 'reads users'),
            $raw: value('unknown'),
          },
          unlisted: 'unknown',
        },
      },
    }),
  ])

  it('tries exact names before "*" and hands over what "*" stood for', () => {
    expect(found.member('orm.db', ['query', 'posts', 'first'])).toEqual({ meaning: first, segments: ['posts'] })
    expect(found.member('orm.db', ['query', 'users', 'first'])).toMatchObject({ segments: [] })
  })

  it('goes back to "*" when the exact name leads nowhere', () => {
    expect(found.member('orm.db', ['query', 'users', 'all'])).toEqual({ meaning: pure, segments: ['users', 'all'] })
  })

  it('tells an unlisted member from an unknown instance', () => {
    expect(found.member('orm.db', ['close'])).toBe('unlisted-unknown')
    expect(found.member('other', ['close'])).toBeUndefined()
    expect(found.instance('other')).toBeUndefined()
    expect(found.instance('orm.db')?.unlisted).toBe('unknown')
  })

  it('knows objects on the way to a member', () => {
    expect(found.isPrefix('orm.db', [])).toBe(true)
    expect(found.isPrefix('orm.db', ['query'])).toBe(true)
    expect(found.isPrefix('orm.db', ['query', 'anything'])).toBe(true)
    expect(found.isPrefix('orm.db', ['query', 'users', 'first'])).toBe(false)
    expect(found.isPrefix('orm.db', ['$raw'])).toBe(false)
  })
})

it('finds globals by their dotted path', () => {
  const found = createCatalog([
    library({ packages: ['global'], exports: { 'process.env': value('env'), fetch: pure } }),
  ])
  expect(found.global('process.env')).toEqual(value('env'))
  expect(found.isGlobalPrefix('process')).toBe(true)
  expect(found.global('process')).toBeUndefined()
})

/** Every object in the data, with the path to it. */
function* objects(value: unknown, path: string): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield [path, value as Record<string, unknown>]
  for (const [key, child] of Object.entries(value)) yield* objects(child, `${path} › ${key}`)
}

describe('the data', () => {
  const everything = catalog.flatMap((each) => [...objects(each, each.packages[0]!)])
  const problems = (test: (object: Record<string, unknown>) => boolean): string[] =>
    everything.filter(([, object]) => test(object)).map(([path]) => path)
  const instances = catalog.flatMap((each) => Object.keys(each.instances ?? {}))

  it('names each package once', () => {
    const names = catalog.flatMap((each) => each.packages)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  it('names each instance once', () => {
    expect(instances.filter((name, index) => instances.indexOf(name) !== index)).toEqual([])
  })

  it('only hands out instances that exist', () => {
    const known = new Set(instances)
    expect(problems((object) => typeof object.instance === 'string' && !known.has(object.instance))).toEqual([])
  })

  it('says what is proved wherever anonymous callers get something else', () => {
    expect(problems((object) => object.kind === 'call' && 'anonymous' in object && !('proves' in object))).toEqual([])
    expect(problems((object) => object.kind === 'call' && 'proves' in object && !('anonymous' in object))).toEqual([])
  })

  it('has words for every effect', () => {
    expect(
      problems((object) => 'write' in object && 'what' in object && !/^[a-z]+s (?!.*\.$)\S/.test(String(object.what))),
    ).toEqual([])
  })

  it('does not call a reading effect a writing query', () => {
    expect(problems((object) => object.kind === 'query' && object.verb === 'select' && object.write === true)).toEqual(
      [],
    )
  })

  it('gates only what has an effect and a proof', () => {
    expect(problems((object) => object.gated === true && !('effect' in object && 'proves' in object))).toEqual([])
  })

  it('has paths without empty segments', () => {
    const paths = catalog.flatMap((each) => [
      ...Object.keys(each.exports),
      ...Object.values(each.instances ?? {}).flatMap((instance) => Object.keys(instance.members)),
    ])
    expect(paths.filter((path) => path.split('.').some((segment) => segment === ''))).toEqual([])
  })

  it('has regular expressions that compile', () => {
    for (const [, object] of everything)
      if (typeof object.env === 'string') expect(() => new RegExp(object.env as string, 'i')).not.toThrow()
  })
})

describe('facts that decide verdicts', () => {
  const found = createCatalog(catalog)
  const exported = (packageName: string, path: string): Meaning => {
    const meaning = found.exportOf(packageName, path)
    if (!meaning) throw new Error(`${packageName} ${path}`)
    return meaning
  }
  const memberOf = (instance: string, path: string): Meaning => {
    const member = found.member(instance, path.split('.'))
    if (typeof member !== 'object') throw new Error(`${instance} ${path}`)
    return member.meaning
  }

  it('creating a TanStack redirect denies nothing, a Next one throws by itself', () => {
    expect(exported('@tanstack/react-router', 'redirect')).toMatchObject({ returns: 'denial' })
    expect(exported('next/navigation', 'redirect')).toEqual(gives('redirects'))
  })

  it('a cookie that is there is no session', () => {
    expect(exported('better-auth/cookies', 'getSessionCookie')).not.toHaveProperty('proves')
    expect(memberOf('supabase.client', 'auth.getSession')).not.toHaveProperty('proves')
    expect(memberOf('supabase.client', 'auth.getUser')).toMatchObject({ proves: 'authenticated' })
  })

  it('a Better Auth admin endpoint refuses by itself; some need the headers to do so', () => {
    expect(memberOf('better-auth', 'api.setRole')).toMatchObject({ anonymous: 'throws' })
    expect(memberOf('better-auth', 'api.createUser')).not.toHaveProperty('anonymous')
  })

  it('a Supabase client made with a service key is another one', () => {
    expect(exported('@supabase/supabase-js', 'createClient')).toMatchObject({
      returns: { instance: 'supabase.client' },
      variants: [{ when: { at: [1] }, then: { returns: { instance: 'supabase.admin' } } }],
    })
    expect(memberOf('supabase.client', 'from')).toMatchObject({ rowLevel: true })
    expect(memberOf('supabase.admin', 'from')).toMatchObject({ privileged: true })
  })

  it('a signature check throws, and a call after it is the verified one', () => {
    expect(memberOf('stripe', 'webhooks.constructEvent')).toMatchObject({ anonymous: 'throws', proves: 'signature' })
    expect(memberOf('stripe', 'customers.retrieve')).toMatchObject({ effect: { write: false } })
    expect(memberOf('stripe', 'checkout.sessions.create')).toMatchObject({ effect: { write: true } })
  })

  it('a decoded token proves nothing, a verified one does', () => {
    expect(exported('jose', 'decodeJwt')).not.toHaveProperty('proves')
    expect(exported('jsonwebtoken', 'default.verify')).toMatchObject({ anonymous: 'throws' })
    expect(exported('jwt-decode', 'jwtDecode')).toMatchObject({ returns: 'input' })
  })

  it('an S3 command decides whether sending it reads or writes', () => {
    expect(exported('@aws-sdk/client-s3', 'GetObjectCommand')).toMatchObject({
      returns: { instance: 'aws.reading-command' },
    })
    expect(memberOf('@aws-sdk/client-s3', 'send')).toMatchObject({
      effect: { write: true },
      variants: [{ when: { instance: 'aws.reading-command' }, then: { effect: { write: false } } }],
    })
  })

  it('node modules go by both names, and files are effects', () => {
    expect(exported('fs', 'default.readFileSync')).toEqual(exported('node:fs', 'readFileSync'))
    expect(exported('node:fs', 'promises.writeFile')).toMatchObject({ effect: { write: true } })
  })

  it('rate limits are no guards', () => {
    expect(memberOf('rate-limit', 'limit')).not.toHaveProperty('proves')
  })

  it('vendor middleware that lets everybody pass is known as that', () => {
    expect(exported('@clerk/tanstack-react-start/server', 'clerkMiddleware')).toMatchObject({ builder: 'pass-through' })
  })
})

describe('facts', () => {
  const known = createCatalog(catalog)

  it('knows the class of a client that Prisma generated into the project by the runtime it comes from', () => {
    expect(known.exportOf('@prisma/client/runtime/client', 'getPrismaClient')).toMatchObject({
      returns: { fn: { returns: { instance: 'prisma.client' } } },
    })
  })

  it('does not run hooks of the auth router where they are made', () => {
    expect(known.exportOf('better-auth/plugins', 'createAuthMiddleware')).toBe(pure)
    expect(known.exportOf('better-auth/api', 'createAuthEndpoint')).toBe(pure)
  })

  it('finds the session, or null, in the body of a session lookup that answers with a Response', () => {
    const lookup = known.member('better-auth', ['api', 'getSession'])
    const variants = typeof lookup === 'object' && lookup.meaning.kind === 'call' ? lookup.meaning.variants : undefined
    const asResponse = variants?.find((variant) => variant.when.at.includes('asResponse'))?.then
    expect(asResponse?.returns).toMatchObject({
      object: { json: { fn: { async: true, proves: 'authenticated', anonymous: 'null' } } },
    })
  })

  it('takes compiled schemas for harmless, whichever entry they are imported from', () => {
    expect(known.unlistedOf('typebox/compile')).toBe('harmless')
  })

  it.each([
    ['env-schema', 'envSchema'],
    ['envin', 'defineEnv'],
    ['@t3-oss/env-core', 'createEnv'],
  ])('takes what %s gives for the environment', (name, exported) => {
    expect(known.exportOf(name, exported)).toMatchObject({ returns: 'checked-env' })
  })
})
