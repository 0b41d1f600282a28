/** Single facts about libraries, each in a handler as people write it. */
import { describe } from 'vitest'
import { cases, guarded, handler, session, unguarded, unverifiable, work, type Case } from '../analysis/harness.ts'

const with_ = (imports: string, body: string): Case => `${imports}\n${handler(body)}`

describe('i18next', () => {
  const texts = `import { createInstance } from 'i18next'; import resourcesToBackend from 'i18next-resources-to-backend'`
  cases('public', {
    'reads texts from files, for the language that the caller asks for': with_(
      texts,
      `const i18n = createInstance().use(resourcesToBackend((l: string, n: string) => import(l + n))); await i18n.init({ lng: data.lng }); return i18n.t('hello')`,
    ),
    'hands them to a callback': with_(
      texts,
      `const i18n = createInstance().use(resourcesToBackend(async (l: string, n: string, callback: any) => { callback(null, { ...(await import(l + n)), asked: data.lng }) })); await i18n.init({ lng: data.lng }); return i18n.t('hello')`,
    ),
  })
  unguarded({
    'refuses nobody': with_(
      texts,
      `const i18n = createInstance().use(resourcesToBackend((l: string, n: string) => import(l + n))); await i18n.init({ lng: getRequestHeader('x-locale') }); ${work}`,
    ),
  })
})

describe('node-cron', () => {
  const cron = `import cron, { validate, schedule } from 'node-cron'`
  cases('public', {
    'looks whether a text is a time': with_(cron, `return [validate(data.at), cron.validate(data.at)]`),
    'is told what to do later, which is nothing': with_(cron, `schedule('* * * * *', () => { console.log('tick') })`),
  })
  unguarded({
    'does the work later': with_(cron, `schedule(data.at, async () => { ${work} })`),
    'is no guard': with_(cron, `if (!validate(data.at)) throw new Error('no'); ${work}`),
  })
})

describe('CopilotKit', () => {
  const sdk = `import { CopilotRuntime, OpenAIAdapter, copilotRuntimeNodeHttpEndpoint, copilotRuntimeNestEndpoint, copilotRuntimeNodeExpressEndpoint, copilotRuntimeNextJSAppRouterEndpoint } from '@copilotkit/runtime'\nconst runtime = new CopilotRuntime()`
  unguarded({
    'runs an agent for whoever asks, by a Node endpoint': with_(
      sdk,
      `return copilotRuntimeNodeHttpEndpoint({ runtime, serviceAdapter: new OpenAIAdapter() })(getRequest())`,
    ),
    'by an Express endpoint': with_(sdk, `return copilotRuntimeNodeExpressEndpoint({ runtime })(getRequest())`),
    'by a Nest endpoint': with_(sdk, `return copilotRuntimeNestEndpoint({ runtime })(getRequest())`),
    'by an endpoint of Next': with_(
      sdk,
      `const { handleRequest } = copilotRuntimeNextJSAppRouterEndpoint({ runtime }); return handleRequest(getRequest())`,
    ),
    'by a handler of release 2': with_(
      `import { CopilotRuntime, createCopilotRuntimeHandler } from '@copilotkit/runtime/v2'\nconst run = createCopilotRuntimeHandler({ runtime: new CopilotRuntime({ agents: {} }) })`,
      `return run(getRequest())`,
    ),
  })
  unverifiable({
    'asks a hook first': with_(
      `import { CopilotRuntime, copilotRuntimeNodeHttpEndpoint } from '@copilotkit/runtime'\nconst runtime = new CopilotRuntime({ beforeRequestMiddleware: async ({ request }) => { await check(request) } })`,
      `return copilotRuntimeNodeHttpEndpoint({ runtime })(getRequest())`,
    ),
  })
})

describe('flags', () => {
  guarded({
    'are listed for whoever has the secret': with_(
      `import { createFlagsDiscoveryEndpoint } from 'flags/next'\nconst list = createFlagsDiscoveryEndpoint(async () => ({ definitions: await db.select().from(invoices) }))`,
      `return list(getRequest())`,
    ),
    'are listed where the secret is checked by hand': with_(
      `import { verifyAccess } from 'flags'`,
      `if (!(await verifyAccess(getRequestHeader('authorization')))) throw new Error('no'); ${work}`,
    ),
  })
  unguarded({
    'are listed, and nobody waits for the check': with_(
      `import { verifyAccess } from 'flags'`,
      `if (!verifyAccess(getRequestHeader('authorization'))) throw new Error('no'); ${work}`,
    ),
  })
})

describe('tRPC', () => {
  const router = `import { initTRPC } from '@trpc/server'; import { createServerSideHelpers } from '@trpc/react-query/server'
    const t = initTRPC.create()
    const appRouter = t.router({ remove: t.procedure.mutation(async ({ input }) => { await db.delete(invoices) }) })\n`
  unverifiable({
    'a helper on the server calls procedures': with_(
      router,
      `const helpers = createServerSideHelpers({ router: appRouter, ctx: {} }); return helpers.posts.get.fetch({ id: data.id })`,
    ),
    'a caller calls procedures': with_(router, `await appRouter.createCaller({}).remove()`),
    'a caller of a factory calls procedures': with_(
      `${router}const createCaller = t.createCallerFactory(appRouter)`,
      `const caller = createCaller({}); await caller.remove()`,
    ),
  })
  unguarded({
    'a helper is no guard': with_(
      router,
      `const helpers = createServerSideHelpers({ router: appRouter, ctx: { session: getRequestHeader('x') } }); const post = await helpers.posts.get.fetch({ id: data.id }); if (!post) throw new Error('no'); ${work}`,
    ),
  })
})

describe('oRPC', () => {
  const router = `import { os, call, createRouterClient } from '@orpc/server'\nconst remove = os.handler(async () => { await db.delete(invoices) })\n`
  unverifiable({
    'a client of a router calls procedures': with_(
      router,
      `await createRouterClient({ posts: { remove } }).posts.remove()`,
    ),
    'a procedure is called': with_(router, `await call(remove, {})`),
    'a procedure that can be called is': with_(`${router}const now = remove.callable()`, `await now({})`),
  })
})

describe('WorkOS', () => {
  const sdk = `import { WorkOS } from '@workos-inc/node'\nconst workos = new WorkOS(process.env.WORKOS_API_KEY)`
  cases('public', {
    'sends the code of a challenge': with_(
      sdk,
      `await workos.userManagement.sendRadarSmsChallenge({ userId: data.id, pendingAuthenticationToken: data.token, phoneNumber: data.phone })`,
    ),
    'signs in by the code of a challenge that was sent by text': with_(
      sdk,
      `return workos.userManagement.authenticateWithRadarSmsChallenge({ code: data.code, pendingAuthenticationToken: data.token })`,
    ),
    'signs in by the code of a challenge that was sent by mail': with_(
      sdk,
      `return workos.userManagement.authenticateWithRadarEmailChallenge({ code: data.code, pendingAuthenticationToken: data.token })`,
    ),
  })
})

describe('Jackson', () => {
  const sdk = `import jackson from '@boxyhq/saml-jackson'\nconst open = () => jackson({ externalUrl: 'https://x.example' })`
  cases(
    { verdict: 'public' },
    {
      'sends the caller to sign in': with_(
        sdk,
        `const { oauthController } = await open(); return oauthController.authorize(data)`,
      ),
      'takes an assertion': with_(
        sdk,
        `const { oauthController } = await open(); return oauthController.samlResponse(data)`,
      ),
      'hands out a token': with_(sdk, `const { oauthController } = await open(); return oauthController.token(data)`),
    },
  )
  guarded({
    'tells who a token is of': with_(
      sdk,
      `const { oauthController } = await open(); const user = await oauthController.userInfo(getRequestHeader('authorization')!); ${work} return user`,
    ),
  })
  unguarded({
    'changes connections for whoever asks': with_(
      sdk,
      `const { connectionAPIController } = await open(); await connectionAPIController.deleteConnections(data)`,
    ),
    'has answered a directory, and work follows': with_(
      sdk,
      `const { directorySyncController } = await open(); await directorySyncController.requests.handle(data); ${work}`,
    ),
  })
})

describe('evlog', () => {
  const logged = (body: string, chain = ''): Case =>
    `import { evlogErrorHandler } from 'evlog/nitro/v3'\nconst logged = createMiddleware().server(evlogErrorHandler)\n${handler(body, `.middleware([logged${chain}])`)}`
  unguarded({ 'refuses nobody': logged(work) })
  guarded({
    'lets a guard behind it refuse': logged(
      `const session = await auth.api.getSession({ headers: getRequestHeaders() }); if (!session) throw new Error('no'); ${work}`,
    ),
  })
})

describe('a function of the database behind Supabase', () => {
  const rpc = (body: string): Case =>
    with_(
      `import { createClient } from '@supabase/supabase-js'\nconst admin = createClient(process.env.URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!)`,
      body,
    )
  cases(
    { verdict: 'unguarded', exposure: 'write' },
    {
      'may write, whatever it is called': rpc(
        `const { data: rows } = await admin.rpc('board', { id: data.id }); return rows`,
      ),
      'is called for what it does': rpc(`await admin.rpc('get_board', { id: data.id })`),
      'reads, and counts the reads': rpc(`const { data: rows } = await admin.rpc('get_and_increment'); return rows`),
    },
  )
  cases(
    { verdict: 'unguarded', exposure: 'owned-read' },
    {
      'says that it reads, and is called for its answer': rpc(
        `const { data: rows } = await admin.rpc('get_board', { id: data.id }); return rows`,
      ),
      'may not write': rpc(
        `const { data: rows } = await admin.rpc('board', { id: data.id }, { get: true }); return rows`,
      ),
    },
  )
})

describe('next-intl', () => {
  const intl = (how: string, body: string): Case =>
    with_(`import { ${how} } from 'next-intl/navigation'\nconst nav = ${how}({ locales: ['en'] })`, body)
  guarded({
    redirects: intl(
      'createNavigation',
      `${session} if (!session) nav.redirect({ href: '/login', locale: 'en' }); ${work}`,
    ),
    'redirects for good': intl(
      'createNavigation',
      `${session} if (!session) nav.permanentRedirect({ href: '/', locale: 'en' }); ${work}`,
    ),
    'redirects before release 4': intl(
      'createSharedPathnamesNavigation',
      `${session} if (!session) nav.redirect('/login'); ${work}`,
    ),
    'redirects to localised paths': intl(
      'createLocalizedPathnamesNavigation',
      `${session} if (!session) nav.redirect('/login'); ${work}`,
    ),
  })
  unguarded({
    'tells an address only': intl(
      'createNavigation',
      `${session} if (!session) nav.getPathname({ href: '/login', locale: 'en' }); ${work}`,
    ),
  })
})

describe('Privy', () => {
  const privy = (body: string): Case =>
    with_(
      `import { PrivyClient } from '@privy-io/node'\nconst privy = new PrivyClient({ appId: 'a', appSecret: process.env.SECRET! })`,
      body,
    )
  const old = (body: string): Case =>
    with_(
      `import { PrivyClient } from '@privy-io/server-auth'\nconst privy = new PrivyClient('a', process.env.SECRET!)`,
      body,
    )
  const token = `getCookie('privy-token')!`
  guarded({
    'verifies an access token, and throws': privy(`await privy.utils().auth().verifyAccessToken(${token}); ${work}`),
    'is asked in a try block': privy(
      `let id = null; try { id = (await privy.utils().auth().verifyAuthToken(${token})).user_id } catch {} if (!id) throw new Error(); ${work}`,
    ),
    'finds the user of an identity token': privy(
      `const user = await privy.users().get({ id_token: ${token} }); ${work}`,
    ),
    'verifies a token, in its first SDK': old(`await privy.verifyAuthToken(${token}); ${work}`),
    'finds the user of an identity token, in its first SDK': old(`await privy.getUser({ idToken: ${token} }); ${work}`),
  })
  unguarded({
    'finds whoever the caller names': old(
      `const user = await privy.getUser(data.id); if (!user) throw new Error(); ${work}`,
    ),
    'is not waited for': privy(`privy.utils().auth().verifyAccessToken(${token}).catch(() => {}); ${work}`),
    'moves coins': privy(`await privy.wallets().ethereum().sendTransaction(data.id, data.transaction)`),
  })
})

describe('fumadocs', () => {
  const docs = (body: string): Case =>
    with_(
      `import { loader } from 'fumadocs-core/source'\nimport { map } from '~/generated/nowhere'\nconst docs = loader({ baseUrl: '/docs', source: map })`,
      body,
    )
  cases('public', {
    'shows a page, whatever it was compiled from': docs(
      `const page = docs.getPage(data.slug); if (!page) throw notFound(); return page.data.title`,
    ),
    'looks texts up': docs(
      `const { createFromSource } = await import('fumadocs-core/search/server'); return createFromSource(docs).GET(getRequest())`,
    ),
  })
  unguarded({ 'guards nothing': docs(`if (!docs.getPage(data.slug)) throw notFound(); ${work}`) })
})

describe('logging at Google', () => {
  const logging = (body: string): Case =>
    with_(
      `import { Logging } from '@google-cloud/logging'\nconst log = async (text: string) => { const at = new Logging({ projectId: 'a' }).log('app'); await at.write(at.entry({}, text)) }`,
      body,
    )
  guarded({
    'stands before a guard': logging(`${session} await log(data.id); if (!session) throw new Error(); ${work}`),
  })
  unguarded({ 'is no guard': logging(`await log(data.id); ${work}`) })
})

describe('a logger that sends its lines elsewhere', () => {
  const logger = (body: string): Case =>
    with_(
      `import winston from 'winston'
      import { Logtail } from '@logtail/node'
      import { LogtailTransport } from '@logtail/winston'
      const logger = winston.createLogger({ level: 'info', transports: [new LogtailTransport(new Logtail(process.env.LOGTAIL_TOKEN!))] })`,
      body,
    )
  guarded({
    'stands before a guard, and is told of a header': logger(
      `logger.info('asked', getRequestHeader('x-event')); ${session} if (!session) throw new Error(); ${work}`,
    ),
  })
  unguarded({ 'is no guard': logger(`logger.info('asked', data.id); ${work}`) })
})

describe('what comes out of a stream', () => {
  unguarded({
    'is what was sent': with_(
      `import { buffer, text } from 'node:stream/consumers'`,
      `const body = await text(getRequest().body as any); if (!body) throw new Error(); ${work}`,
    ),
  })
})

describe('tests of errors that Next has inside', () => {
  guarded({
    'let a redirect through': with_(
      `import { isRedirectError } from 'next/dist/client/components/redirect-error'`,
      `try { ${session} if (!session) throw redirect({ to: '/login' }); ${work} } catch (e) { if (isRedirectError(e)) throw e; return { error: 'no' } }`,
    ),
  })
})

describe('transactions of SQLite', () => {
  const sqlite = `import Database from 'better-sqlite3'\nconst sqlite = new Database('app.db')\nconst remove = (id: string) => { sqlite.prepare('DELETE FROM notes WHERE id = ?').run(id) }\n`
  unguarded({
    'run what they were made of': with_(sqlite, `sqlite.transaction(remove)(data)`),
    'run it at once with a lock': with_(sqlite, `sqlite.transaction(remove).immediate(data)`),
    'run it with a lock of its own': with_(sqlite, `const run = sqlite.transaction(remove); run.exclusive(data)`),
    'run it deferred': with_(sqlite, `const { deferred } = sqlite.transaction(remove) as any; deferred(data)`),
  })
  guarded({
    'behind a guard': with_(
      sqlite,
      `${session} if (!session) throw new Error('401'); sqlite.transaction(remove).immediate(data)`,
    ),
  })
})

describe('the endpoint of Inngest', () => {
  const inngest = (from: string): string => `import { Inngest } from 'inngest'; import { serve } from 'inngest/${from}'
    const inngest = new Inngest({ id: 'app' })
    const purge = inngest.createFunction({ id: 'purge' }, { event: 'purge' }, async () => { await db.delete(invoices) })
    const endpoint: any = serve({ client: inngest, functions: [purge] })`
  guarded({
    'is a function that checks the signature': with_(inngest('edge'), 'return endpoint(getRequest())'),
    'is one for each method': with_(inngest('next'), 'return endpoint.POST(getRequest())'),
  })
})

describe('the endpoint of Upstash Workflow', () => {
  guarded({
    'checks the signature where no framework is named': with_(
      `import { serve } from '@upstash/workflow'
      const { handler } = serve(async (context: any) => { await context.run('a', async () => { await db.delete(invoices) }) })`,
      'return handler(getRequest())',
    ),
  })
})

describe('requests by a function of an address and options', () => {
  const axios = `import axios from 'axios'\nconst client = axios.create({ baseURL: 'https://api.example.com' })\n`
  const exposureOf = (exposure: string, bodies: Readonly<Record<string, string>>): void =>
    cases(
      { verdict: 'unguarded', exposure },
      Object.fromEntries(Object.entries(bodies).map(([name, body]) => [name, with_(axios, body)])),
    )
  exposureOf('read', {
    'read where no method is said': `const { data: found } = await axios(\`https://api.example.com/v0/\${process.env.BASE}\`, { headers: { Authorization: \`Bearer \${process.env.API_TOKEN}\` } }); return found`,
    'read from an address that nobody can see': `const { data: found } = await axios(data.url, { headers: { Authorization: process.env.API_TOKEN } }); return found`,
    'read by a client': `const { data: found } = await client(\`/v0/\${process.env.BASE}\`); return found`,
  })
  exposureOf('write', {
    'write where the method says so': `await axios(\`https://api.example.com/\${data.id}\`, { method: 'DELETE' })`,
    'write where the options alone say so': `await client({ url: '/a', method: 'POST' })`,
    'may write where nobody can see the options': `await axios(data.options)`,
  })
})

describe('what is made ready and stays as it is', () => {
  const files = `import fs from 'node:fs'\n`
  const mongo = `import { MongoClient } from 'mongodb'\nconst client = new MongoClient(process.env.MONGODB_URI!)\n`
  cases('public', {
    'a folder': with_(files, `fs.mkdirSync('./data', { recursive: true }); return { ok: 1 }`),
    'a folder of the settings': with_(files, `await fs.promises.mkdir(process.env.DATA_DIR!, { recursive: true })`),
    'an index': with_(mongo, `await client.db().collection('users').createIndex({ email: 1 }, { unique: true })`),
  })
  unguarded({
    'not a folder that the caller names': with_(files, `fs.mkdirSync('./data/' + data.name)`),
    'not an index that the caller names': with_(mongo, `await client.db().collection('users').createIndex(data)`),
    'nor a file': with_(files, `fs.writeFileSync('./data/a', 'a')`),
  })
  guarded({
    'which may come before the guard': with_(
      files,
      `if (!fs.existsSync('./data')) fs.mkdirSync('./data'); ${session} if (!session) throw new Error('401'); ${work}`,
    ),
  })
})

describe('a key that browsers get', () => {
  const header = `const token = getRequestHeader('authorization') ?? ''\n`
  const jwt = `import jwt from 'jsonwebtoken'; import { jwtVerify } from 'jose'\n`
  unguarded({
    'verifies nothing': with_(jwt, `${header} jwt.verify(token, process.env.NEXT_PUBLIC_JWT_SECRET!); ${work}`),
    'verifies nothing as bytes': with_(
      jwt,
      `${header} await jwtVerify(token, new TextEncoder().encode(process.env.VITE_JWT_SECRET)); ${work}`,
    ),
  })
  guarded({
    'verifies where it is one that signs nothing': with_(
      jwt,
      `${header} jwt.verify(token, process.env.NEXT_PUBLIC_JWT_PUBLIC_KEY!); ${work}`,
    ),
    'is none where the server keeps it': with_(jwt, `${header} jwt.verify(token, process.env.JWT_SECRET!); ${work}`),
  })
})
