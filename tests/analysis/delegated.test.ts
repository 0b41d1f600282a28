/** What a service behind the entry point decides by the token that it is given: trusted where the token is the caller's. */
import { describe } from 'vitest'
import { cases, handler, notSafe, unguarded, unverifiable, work } from './harness.ts'

const convex = `import { ConvexHttpClient } from 'convex/browser'; import { fetchMutation } from 'convex/nextjs'; const api: any = {};\n`
const tokenOfRequest = `async function tokenOf() { const answer = await fetch('https://auth.example.com/token', { headers: { cookie: getRequestHeader('cookie') ?? '' } }); const { token } = await answer.json(); return token as string | undefined }\n`
const connect = `function connect(token?: string) { const client = new ConvexHttpClient(process.env.CONVEX_URL!); if (token) { client.setAuth(token) } return client }\n`

const supabase = `import { createClient } from '@supabase/supabase-js'; import { createServerClient } from '@supabase/ssr';
const ofCaller = () => createServerClient(process.env.SUPABASE_URL!, process.env.ANON!, { cookies: {} as any })
const anybodys = createClient(process.env.SUPABASE_URL!, process.env.ANON!)
const service = createClient(process.env.SUPABASE_URL!, process.env.SERVICE_ROLE_KEY!)\n`

describe('a client that carries the token of the caller', () => {
  cases(
    { verdict: 'guarded', how: ['delegated'] },
    {
      'given to it before the call': `${convex}${handler(`const client = new ConvexHttpClient(process.env.CONVEX_URL!); client.setAuth(getCookie('token')!); await client.mutation(api.add, data)`)}`,
      'given to it where there is one, by a helper': `${convex}${connect}${tokenOfRequest}${handler(`const client = connect(await tokenOf()); await client.mutation(api.add, data)`)}`,
      'made out by the session, which an anonymous caller does not have': `import { fetchSession } from '@convex-dev/better-auth'; ${convex}${handler(`const { session } = await fetchSession(); const client = new ConvexHttpClient(process.env.CONVEX_URL!); if (session) client.setAuth(session.token); await client.mutation(api.add, data)`)}`,
      'among the options of the call': `${convex}${handler(`await fetchMutation(api.add, data, { token: getCookie('token') })`)}`,
    },
  )
  unverifiable({
    'is given none': `${convex}${handler(`await new ConvexHttpClient(process.env.CONVEX_URL!).mutation(api.add, data)`)}`,
    "is given the server's own token": `${convex}${handler(`const client = new ConvexHttpClient(process.env.CONVEX_URL!); client.setAuth(process.env.JOBS_TOKEN!); await client.mutation(api.add, data)`)}`,
    "is given the caller's token or else the server's": `${convex}${handler(`const client = new ConvexHttpClient(process.env.CONVEX_URL!); const token = getCookie('token'); if (token) client.setAuth(token); else client.setAuth(process.env.JOBS_TOKEN!); await client.mutation(api.add, data)`)}`,
    'has lost it again': `${convex}${handler(`const client = new ConvexHttpClient(process.env.CONVEX_URL!); client.setAuth(getCookie('token')!); client.clearAuth(); await client.mutation(api.add, data)`)}`,
    'is given a cookie as an argument of the call, which proves nothing': `${convex}${handler(`await fetchMutation(api.add, { theme: getCookie('theme') })`)}`,
  })
  unguarded({
    'and an administrator beside': `${convex}${handler(`const client = new ConvexHttpClient(process.env.CONVEX_URL!) as any; client.setAuth(getCookie('token')!); client.setAdminAuth(process.env.ADMIN_KEY!); await client.mutation(api.add, data)`)}`,
  })
})

describe("a request that shows the caller's own token", () => {
  cases(
    { verdict: 'guarded', how: ['delegated'] },
    {
      'in the authorization header': handler(
        `await fetch('https://api.example.com/trial', { method: 'POST', headers: { Authorization: \`Bearer \${getCookie('token')}\` } })`,
      ),
      'put together with a plus': handler(
        `await fetch('https://api.example.com/trial', { method: 'POST', headers: { authorization: 'Bearer ' + getCookie('token') } })`,
      ),
      'as the cookie that came in': handler(
        `await fetch(process.env.API_URL + '/trial', { method: 'POST', headers: { cookie: getRequestHeader('cookie') ?? '' } })`,
      ),
      'with all headers that came in': handler(
        `await fetch('https://api.example.com/trial', { method: 'POST', headers: getRequestHeaders() })`,
      ),
      'in headers that were filled one by one': handler(
        `const headers = new Headers(); headers.set('accept', 'application/json'); headers.set('authorization', getRequestHeader('authorization') ?? ''); await fetch('https://api.example.com/trial', { method: 'POST', headers })`,
      ),
      'by a client that was made with it': `function client(options: any) { return { post: (path: string, body: any) => fetch(options.base + path, { method: 'POST', headers: { accept: 'json', ...options.headers }, body: JSON.stringify(body) }) } }\n${handler(`const token = getCookie('token'); if (!token) throw new Error(); await client({ base: process.env.API_URL, headers: { Authorization: \`Bearer \${token}\` } }).post('/trial', data)`)}`,
    },
  )
  notSafe({
    "beside a secret of the server's": handler(
      `await fetch('https://api.example.com/trial', { method: 'POST', headers: { cookie: getRequestHeader('cookie') ?? '', 'x-api-key': process.env.API_KEY! } })`,
    ),
  })
  unguarded({
    'is a secret of the server': handler(
      `await fetch('https://api.example.com/trial', { method: 'POST', headers: { authorization: \`Bearer \${process.env.API_KEY}\` } })`,
    ),
    'is the token of a row that the caller chose': handler(
      `const [key] = await db.select().from(apiKeys).where(eq(apiKeys.id, data.id)); await fetch('https://api.example.com/trial', { method: 'POST', headers: { authorization: \`Bearer \${key!.keyHash}\` } })`,
    ),
    'carries a header that tells nothing of the caller': handler(
      `const headers = new Headers(); headers.set('accept-language', getRequestHeader('accept-language') ?? ''); await fetch('https://api.example.com/trial', { method: 'POST', headers })`,
    ),
  })
})

describe('an answer of such a service that is tested', () => {
  unverifiable({
    'rows under row-level security, then work with more rights': `${supabase}${handler(`const { data: own } = await ofCaller().from('teams').select('id').eq('id', data.id).single(); if (!own) throw new Error('not found'); await service.from('invoices').insert(data)`)}`,
    'an error under row-level security': `${supabase}${handler(`const { error } = await ofCaller().from('teams').update({ name: data.name }).eq('id', data.id); if (error) throw error; ${work}`)}`,
    'in a helper': `${supabase}async function access(id: string) { const { data: own, error } = await ofCaller().rpc('team', { id }); if (error || !own) throw new Error('denied'); return own }\n${handler(`await access(data.id); ${work}`)}`,
    "the caller's profile at the service": `${convex}${connect}${tokenOfRequest}${handler(`const profile = await connect(await tokenOf()).query(api.me, {}); if (!profile) throw redirect({ to: '/login' }); ${work}`)}`,
    'the answer to a request': handler(
      `const answer = await fetch('https://api.example.com/me', { headers: { cookie: getRequestHeader('cookie') ?? '' } }); if (!answer.ok) throw new Error(); ${work}`,
    ),
  })
  cases(
    { verdict: 'guarded', how: ['delegated'] },
    {
      'and the same service decides what comes next': `${supabase}${handler(`const client = ofCaller(); const { data: own } = await client.from('teams').select('id').eq('id', data.id).single(); if (!own) throw new Error('not found'); await client.from('invoices').insert(data)`)}`,
    },
  )
  unguarded({
    'but stops nobody': `${supabase}${handler(`const { data: own } = await ofCaller().from('teams').select('id').eq('id', data.id).single(); if (!own) console.warn('not found'); ${work}`)}`,
    'of a client that is nobody in particular': `${supabase}${handler(`const { data: post } = await anybodys.from('posts').select('id').eq('id', data.id).single(); if (!post) throw new Error('not found'); await service.from('invoices').insert(data)`)}`,
    'and nothing was tested': `${supabase}${handler(`await ofCaller().from('teams').select('id'); ${work}`)}`,
  })
})
