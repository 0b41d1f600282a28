/** Stores of keys and values, and what chance makes the keys of. */
import { describe } from 'vitest'
import { cases, unguarded, type Case } from '../analysis/harness.ts'

const kept = (
  made: string,
  imports = '',
  store = "import { kv } from '@vercel/kv'",
  get = 'get',
  set = 'set',
): Case => [
  '',
  {
    'src/act.ts': `// as it is
      'use server'
      import { cookies } from 'next/headers'
      import { db } from '~/db'
      import { invoices } from '~/schema'
      ${imports}
      ${store}
      export async function act() {
        const token = (await cookies()).get('sid')?.value
        if (!token) return
        const kept = await kv.${get}(\`session:\${token}\`)
        if (!kept) return
        await db.delete(invoices)
      }
      function open(user: any) { return kv.${set}(\`session:\${${made}}\`, user) }`,
  },
]

describe('what nobody foresees', () => {
  cases(
    { verdict: 'guarded', proofs: ['capability'] },
    {
      'crypto.randomUUID of the platform': kept('crypto.randomUUID()'),
      'randomUUID of node:crypto': kept('randomUUID()', "import { randomUUID } from 'node:crypto'"),
      'randomBytes of node:crypto': kept("crypto.randomBytes(16).toString('hex')", "import crypto from 'node:crypto'"),
      'bytes that are written in another way': kept(
        "Buffer.from(randomBytes(16)).toString('base64url')",
        "import { randomBytes } from 'crypto'",
      ),
      'getRandomValues of the platform, in base32': kept(
        'encodeBase32LowerCaseNoPadding(crypto.getRandomValues(new Uint8Array(20)))',
        "import { encodeBase32LowerCaseNoPadding } from '@oslojs/encoding'",
      ),
      'getRandomValues of node:crypto': kept(
        'Buffer.from(webcrypto.getRandomValues(new Uint8Array(20)))',
        "import { webcrypto } from 'node:crypto'",
      ),
      'the digest of something random': kept(
        'encodeHexLowerCase(sha256(new TextEncoder().encode(crypto.randomUUID())))',
        "import { encodeHexLowerCase } from '@oslojs/encoding'; import { sha256 } from '@oslojs/crypto/sha2'",
      ),
      'bytes in base64, without its signs': kept(
        "encodeURIComponent(randomBytes(16).toString('base64').replace(/[+/=]/g, ''))",
        "import { randomBytes } from 'crypto'",
      ),
      'a part that is long enough': kept(
        "randomBytes(32).toString('hex').slice(0, 20)",
        "import { randomBytes } from 'crypto'",
      ),
      nanoid: kept('nanoid()', "import { nanoid } from 'nanoid'"),
      'nanoid of a length': kept('nanoid(12)', "import { nanoid } from 'nanoid'"),
      'letters of an alphabet': kept(
        'id()',
        "import { customAlphabet } from 'nanoid'; const id = customAlphabet('abcdef0123456789', 16)",
      ),
      'letters of an alphabet, of another length': kept(
        'id(16)',
        "import { customAlphabet } from 'nanoid'; const id = customAlphabet('abcdef0123456789', 4)",
      ),
      'uuid, version 4': kept('uuid()', "import { v4 as uuid } from 'uuid'"),
      cuid2: kept('createId()', "import { createId } from '@paralleldrive/cuid2'"),
      ulid: kept('ulid()', "import { ulid } from 'ulid'"),
      'generateId of lucia': kept('generateId(40)', "import { generateId } from 'lucia'"),
    },
  )
  unguarded({
    'nanoid, too short': kept('nanoid(6)', "import { nanoid } from 'nanoid'"),
    'nanoid without a secure source': kept('nanoid()', "import { nanoid } from 'nanoid/non-secure'"),
    'uuid of the time': kept('uuid()', "import { v1 as uuid } from 'uuid'"),
    'uuid of a name': kept('uuid(user.email, space)', "import { v5 as uuid } from 'uuid'; const space = 'x'"),
    'the first version of cuid': kept('cuid()', "import cuid from 'cuid'"),
    'three bytes': kept("randomBytes(3).toString('hex')", "import { randomBytes } from 'crypto'"),
    'digits of an alphabet': kept(
      'id()',
      "import { customAlphabet } from 'nanoid'; const id = customAlphabet('0123456789', 8)",
    ),
    'a number below a bound': kept('randomInt(999999)', "import { randomInt } from 'crypto'"),
    'one byte of many': kept('randomBytes(32)[0]', "import { randomBytes } from 'crypto'"),
  })
})

const random = 'crypto.randomUUID()'

describe('stores', () => {
  cases(
    { verdict: 'guarded', proofs: ['capability'] },
    {
      Upstash: kept(random, '', "import { Redis } from '@upstash/redis'; const kv = Redis.fromEnv()"),
      'Upstash, a hash that is not there is null': kept(
        random,
        '',
        "import { kv } from '@vercel/kv'",
        'hgetall',
        'hset',
      ),
      ioredis: kept(random, '', "import Redis from 'ioredis'; const kv = new Redis()", 'getdel'),
      'node-redis': kept(
        random,
        '',
        "import { createClient } from 'redis'; const kv = createClient()",
        'getDel',
        'set',
      ),
      unstorage: kept(
        random,
        '',
        "import { createStorage } from 'unstorage'; const kv = createStorage()",
        'getItem',
        'setItem',
      ),
      'Netlify Blobs': kept(
        random,
        '',
        "import { getStore } from '@netlify/blobs'; const kv = getStore('all')",
        'get',
        'setJSON',
      ),
      'Cloudflare KV': kept(random, '', "import { env } from 'cloudflare:workers'; const kv = env.KV", 'get', 'put'),
    },
  )
  unguarded({
    'ioredis, a hash that is not there is empty': kept(
      random,
      '',
      "import Redis from 'ioredis'; const kv = new Redis()",
      'hgetall',
      'hset',
    ),
    'node-redis, a hash that is not there is empty': kept(
      random,
      '',
      "import { createClient } from 'redis'; const kv = createClient()",
      'hGetAll',
      'hSet',
    ),
  })
})

describe('Cloudflare KV', () => {
  const counted = (store: string, options: string): Case => [
    '',
    {
      'src/act.ts': `// as it is
        'use server'
        import { env } from 'cloudflare:workers'
        import { headers } from 'next/headers'
        import { auth } from '~/auth'
        import { db } from '~/db'
        import { invoices } from '~/schema'
        async function asked() {
          await env.${store}.put('tries of today', 'one more'${options})
          if (!(await auth.api.getSession({ headers: await headers() }))) throw new Error('no')
        }
        export async function act() {
          await asked()
          await db.delete(invoices)
        }`,
    },
  ]
  cases('guarded', { 'counts tries for a time, in the guard': counted('COUNTS', ', { expirationTtl: 60 }') })
  unguarded({ 'may as well be R2, which keeps files': counted('FILES', '') })
})
