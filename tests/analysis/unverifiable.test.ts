import { describe } from 'vitest'
import {
  type Case,
  cases,
  guarded,
  handler,
  isPublic,
  middleware,
  notSafe,
  session,
  unguarded,
  unverifiable,
  work,
} from './harness.ts'

const pkg = (body: string): Case => [`import { thing, Client } from 'acme-sdk'\n${handler(body)}`, {}]

describe('an unresolved call that could be the guard', () => {
  unverifiable({
    'receives the request': pkg(`await thing(getRequest()); ${work}`),
    'receives the headers': pkg(`await thing(getRequestHeaders()); ${work}`),
    'receives the headers in an object': pkg(`await thing({ headers: getRequestHeaders() }); ${work}`),
    'receives the headers of the request': pkg(`await thing(getRequest().headers); ${work}`),
    'receives the session': pkg(`${session} await thing(session); ${work}`),
    'is awaited without arguments': pkg(`await thing(); ${work}`),
    'is a method that is awaited without arguments': pkg(
      `const client = new Client(); await client.authenticate(); ${work}`,
    ),
    'decides a denial by its result': pkg(`const ok = thing(data.id); if (!ok) throw new Error(); ${work}`),
    'decides a denial by a property of its result': pkg(
      `const { user } = thing(data.id); if (!user) throw new Error(); ${work}`,
    ),
    'decides an early return': pkg(`if (!(await thing(data.id))) return null; ${work}`),
    'wraps the handler': [
      `import { withAuth } from 'acme-sdk'; export const act = createServerFn().handler(withAuth(async ({ data }: any) => { ${work} }))`,
      {},
    ],
    'runs the work in a callback': pkg(`await thing(getRequest(), async () => { ${work} })`),
    'stands in a middleware': [
      `import { thing } from 'acme-sdk'; ${middleware('m', `await thing(getRequest()); return next()`)} ${handler(work, '.middleware([m])')}`,
      {},
    ],
    'comes from a Vue file': [
      `import { requireUser } from './guard.vue'; ${handler(`await requireUser(); ${work}`)}`,
      {},
    ],
  })
  unguarded({
    'comes after the write': pkg(`${work} await thing(getRequest())`),
    'receives only constants': pkg(`thing('startup'); ${work}`),
    'formats the input': pkg(`const label = thing(data.label); await db.insert(invoices).values({ label })`),
    'is tested without a denial': pkg(`if (thing(data.id)) console.log('x'); ${work}`),
    'stands on one of two paths': pkg(`if (data.secure) await thing(getRequest()); ${work}`),
    'is swallowed': pkg(`try { await thing(getRequest()) } catch {} ${work}`),
    'is not awaited and gives nothing': pkg(`thing(data.id); ${work}`),
    'has the name of a guard but nothing else': [
      `import { requireUser } from 'acme-sdk'; ${handler(`requireUser('x'); ${work}`)}`,
      {},
    ],
  })
  guarded({
    'stands beside a guard that can be read': pkg(
      `${session} if (!session) throw new Error(); await thing(getRequest()); ${work}`,
    ),
    'stands behind a guard that can be read': pkg(
      `await thing(getRequest()); ${session} if (!session) throw new Error(); ${work}`,
    ),
  })
  unverifiable({
    'receives the context': `import { thing, Client } from 'acme-sdk'
${handler(`await thing(context); ${work}`)}`,
    'receives a cookie': `import { thing, Client } from 'acme-sdk'
${handler(`await thing(getCookie('token')); ${work}`)}`,
    'receives one header': `import { thing, Client } from 'acme-sdk'
${handler(`await thing(getRequestHeader('authorization')); ${work}`)}`,
  })
})

describe('an unresolved call that may be an effect', () => {
  unverifiable({
    'feeds the answer': pkg(`return thing()`),
    'feeds the answer through a variable': pkg(`const rows = await thing('all'); return rows`),
    'says that it changes something': pkg(`await new Client(process.env.KEY).jobs.deleteAll(); return { ok: true }`),
    'is the handler itself': [
      `import { thing } from 'acme-sdk'; export const act = createServerFn().handler(thing)`,
      {},
    ],
  })
  isPublic({
    'is not called at all': pkg(`return { ok: true }`),
    'says nothing of a change': pkg(
      `await new Client(process.env.KEY).resetting(); await thing('ready'); return { ok: true }`,
    ),
  })
  guarded({
    'says that it changes something, behind a guard': pkg(
      `${session} if (!session) throw new Error(); await new Client(process.env.KEY).jobs.deleteAll()`,
    ),
    'is called with the input behind a guard': pkg(`${session} if (!session) throw new Error(); await thing(data)`),
  })
})

describe("calls of what cannot be seen, with the caller's input", () => {
  notSafe({
    'a client that require() gives': `const { db: client } = require('~/db'); await client.insert(invoices).values(data)`,
    'a global that nobody knows': `declare const database: any; ${handler(`await database.insert(data)`)}`,
    'a client in the context that nobody in sight has put there': `await context.db.insert(invoices).values(data)`,
  })
})

describe('cases that were once wrong', () => {
  cases('unverifiable', {
    'takes the input': `import { thing, Client } from 'acme-sdk'
${handler(`await thing(data)`)}`,
    'takes a part of the input and is not awaited': `import { thing, Client } from 'acme-sdk'
${handler(`thing(data.id)`)}`,
    'takes the input in a helper': `import { thing } from 'acme-sdk'; async function run(id: string) { await thing(id) } ${handler(`await run(data.id)`)}`,
    'takes the input as a method': `import { thing, Client } from 'acme-sdk'
${handler(`await new Client(process.env.KEY).send({ to: data.to })`)}`,
    'takes the input as a tagged template': `import { thing, Client } from 'acme-sdk'
${handler(`await thing\`delete \${data.id}\``)}`,
    'takes the input in a loop': `import { thing, Client } from 'acme-sdk'
${handler(`for (const id of data.ids) await thing(id)`)}`,
    'takes the input in a callback of map': `import { thing, Client } from 'acme-sdk'
${handler(`await Promise.all(data.ids.map((id: string) => thing(id)))`)}`,
    'takes the input point-free': `import { thing, Client } from 'acme-sdk'
${handler(`await Promise.all(data.ids.map(thing))`)}`,
    'takes the input as a constructor': `import { thing, Client } from 'acme-sdk'
${handler(`new Client(data.id)`)}`,
    'is called through apply': `import { thing, Client } from 'acme-sdk'
${handler(`await thing.apply(null, [data.id])`)}`,
    'is called through a variable': `import { thing, Client } from 'acme-sdk'
${handler(`const run = thing; await run(data.id)`)}`,
  })
})

describe('an unresolved call that is told what the caller sent, and gives nothing that is used', () => {
  unverifiable({
    'in the body': pkg(`await new Client().log({ text: data.text })`),
    'as a header': pkg(`await new Client().log({ team: getRequestHeader('x-team') })`),
    'as a cookie': pkg(`await new Client().log({ theme: getCookie('theme') })`),
  })
  isPublic({ 'is told nothing': pkg(`await new Client().log({ text: 'seen' })`) })
})
