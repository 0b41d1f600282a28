/** Backends that keep data and accounts: guarded where the client carries the caller's session, and where it is asked for. */
import { describe } from 'vitest'
import { type Case, cases, guarded, handler, notSafe, unguarded, unverifiable, work } from '../analysis/harness.ts'

const with_ = (imports: string, body: string): Case => `${imports}\n${handler(body)}`

describe('Appwrite', () => {
  const sdk = `import { Account, Client, Databases } from 'node-appwrite'; const open = () => new Client().setEndpoint('https://cloud.appwrite.io/v1').setProject('p')`
  guarded({
    'the account of the session': with_(
      sdk,
      `const account = new Account(open().setSession(getCookie('session')!)); const user = await account.get(); ${work} return user.$id`,
    ),
    'rows read with the session': with_(
      sdk,
      `return new Databases(open().setSession(getCookie('session')!)).listDocuments('db', 'notes')`,
    ),
    'the session set in a statement of its own': with_(
      sdk,
      `const client = open(); const session = getCookie('session'); if (!session) throw new Error('no'); client.setSession(session); await new Databases(client).createDocument('db', 'notes', 'unique()', data)`,
    ),
    'a helper that gives null without a session': with_(
      sdk,
      `const me = await (async () => { try { return await new Account(open().setSession(getCookie('session')!)).get() } catch { return null } })(); if (!me) throw redirect({ to: '/login' }); ${work}`,
    ),
  })
  unguarded({
    'rows read with the key of the server': with_(
      sdk,
      `return new Databases(open().setKey(process.env.APPWRITE_KEY!)).listDocuments('db', 'notes')`,
    ),
    'the session is only looked for': with_(
      sdk,
      `const session = getCookie('session'); if (!session) throw new Error('no'); ${work}`,
    ),
  })
  notSafe({
    "what the caller's cookie says, written by a client that sends nothing along": with_(
      sdk,
      `await new Databases(new Client().setProject('p')).createDocument('db', 'notes', 'n', { user: getCookie('user') })`,
    ),
  })
  unverifiable({
    'rows read without a session': with_(sdk, `return new Databases(open()).listDocuments('db', 'notes')`),
  })
})

describe('PocketBase', () => {
  const sdk = `import PocketBase from 'pocketbase'; const open = () => new PocketBase(process.env.PB_URL)`
  const loaded = `const pb = open(); pb.authStore.loadFromCookie(getRequestHeader('cookie') ?? '')`
  guarded({
    'the session is refreshed first': with_(
      sdk,
      `${loaded}; const { record } = await pb.collection('users').authRefresh(); ${work} return record.id`,
    ),
    'the refresh fails': with_(
      sdk,
      `${loaded}; try { await pb.collection('users').authRefresh() } catch { pb.authStore.clear(); throw redirect({ to: '/login' }) } ${work}`,
    ),
    'rows by the rules of the collection': with_(sdk, `${loaded}; return pb.collection('notes').getFullList()`),
  })
  unverifiable({ 'rows without a session': with_(sdk, `return open().collection('notes').getFullList()`) })
  unguarded({
    'the token is not asked after': with_(
      sdk,
      `${loaded}; if (!pb.authStore.isValid) throw redirect({ to: '/login' }); ${work}`,
    ),
  })
  notSafe({
    "what the caller's cookie says, written by another client": with_(
      sdk,
      `${loaded}; if (!pb.authStore.record?.id) throw new Error('no'); const admin = open(); await admin.admins.authWithPassword(process.env.PB_USER!, process.env.PB_PASSWORD!); await admin.collection('notes').create({ user: pb.authStore.record.id })`,
    ),
    'the server signs in itself': with_(
      sdk,
      `const pb = open(); await pb.collection('_superusers').authWithPassword(process.env.PB_USER!, process.env.PB_PASSWORD!); await pb.collection('notes').create(data)`,
    ),
  })
})

describe('Firebase as browsers have it', () => {
  const sdk = `import { createUserWithEmailAndPassword, getAuth, sendPasswordResetEmail, signInWithEmailAndPassword } from 'firebase/auth'
    import { collection, deleteDoc, doc, getDocs, getFirestore, query, where, writeBatch } from 'firebase/firestore'
    import { initializeApp } from 'firebase/app'
    const app = initializeApp({ projectId: 'p' }); const store = getFirestore(app); const keys = getAuth(app)`
  guarded({
    'the password is right': with_(
      sdk,
      `const { user } = await signInWithEmailAndPassword(keys, data.email, data.password); ${work} return user.uid`,
    ),
  })
  cases(
    { verdict: 'public', reason: 'credential endpoint' },
    {
      'a sign-up': with_(sdk, `await createUserWithEmailAndPassword(keys, data.email, data.password)`),
      'a new password is asked for': with_(sdk, `await sendPasswordResetEmail(keys, data.email)`),
    },
  )
  cases(
    { verdict: 'unverifiable', reason: 'the service behind it decides by the token that it is given' },
    {
      'the rules of the project decide over reads': with_(
        sdk,
        `return (await getDocs(query(collection(store, 'notes'), where('owner', '==', getCookie('user'))))).docs.map((one) => one.data())`,
      ),
      'and over writes': with_(sdk, `await deleteDoc(doc(store, 'notes', data.id))`),
      'and over many writes at once': with_(
        sdk,
        `const batch = writeBatch(store); batch.delete(doc(store, 'notes', data.id)); await batch.commit()`,
      ),
    },
  )
})

describe('InstantDB', () => {
  const sdk = `import { init } from '@instantdb/admin'; const instant = init({ appId: 'a', adminToken: process.env.INSTANT_TOKEN! })`
  guarded({
    'a verified token': with_(
      sdk,
      `const user = await instant.auth.verifyToken(data.token); await instant.transact(instant.tx.notes![user.id]!.update(data))`,
    ),
    'rows as the caller': with_(sdk, `return instant.asUser({ token: getCookie('token')! }).query({ notes: {} })`),
  })
  unguarded({ everything: with_(sdk, `return instant.query({ notes: {} })`) })
})

describe('OpenAuth', () => {
  const sdk = `import { createClient } from '@openauthjs/openauth/client'; const client = createClient({ clientID: 'app', issuer: 'https://auth.example.com' }); const subjects = {} as any`
  guarded({
    'the error is tested': with_(
      sdk,
      `const verified = await client.verify(subjects, getCookie('access_token')!); if (verified.err) throw new Error('no'); ${work}`,
    ),
    'a helper gives false': with_(
      sdk,
      `const who = await (async () => { const token = getCookie('access_token'); if (!token) return false; const verified = await client.verify(subjects, token, { refresh: getCookie('refresh_token') }); if (verified.err) return false; return verified.subject })(); if (!who) throw redirect({ to: '/login' }); ${work}`,
    ),
  })
  unguarded({
    'the answer is not tested': with_(sdk, `await client.verify(subjects, getCookie('access_token')!); ${work}`),
  })
})

describe('Stack Auth', () => {
  const sdk = `import { StackServerApp } from '@stackframe/stack'; const app = new StackServerApp({ tokenStore: 'nextjs-cookie' })`
  guarded({
    'no user': with_(sdk, `const user = await app.getUser(); if (!user) throw new Error('no'); ${work}`),
    'or throws': with_(sdk, `await app.getUser({ or: 'throw' }); ${work}`),
    'or redirects': with_(sdk, `await app.getUser({ or: 'redirect', tokenStore: getRequest() }); ${work}`),
  })
  unguarded({
    'or anybody': with_(
      sdk,
      `const user = await app.getUser({ or: 'anonymous' }); if (!user) throw new Error('no'); ${work}`,
    ),
    'not tested': with_(sdk, `await app.getUser(); ${work}`),
    'the user of an id': with_(sdk, `const user = await app.getUser('u1'); if (!user) throw new Error('no'); ${work}`),
  })
})

describe('the server signs in with what it keeps itself', () => {
  const sdk = `import { createServerClient } from '@supabase/ssr'; const open = () => createServerClient(process.env.SUPABASE_URL!, process.env.ANON!, { cookies: {} as any })`
  notSafe({
    'and works with that': with_(
      sdk,
      `const supabase = open(); const { error } = await supabase.auth.signInWithPassword({ email: process.env.BOT_EMAIL!, password: process.env.BOT_PASSWORD! }); if (error) throw error; await supabase.from('notes').insert(data)`,
    ),
  })
  cases(
    { verdict: 'public' },
    {
      'with what the caller sends, it is a sign-in': with_(
        sdk,
        `const { error } = await open().auth.signInWithPassword({ email: data.email, password: data.password }); if (error) throw error; return { ok: true }`,
      ),
    },
  )
})

describe('other libraries of the server', () => {
  unguarded({
    'a model of TanStack AI is run': with_(
      `import { chat, toServerSentEventsResponse } from '@tanstack/ai'; import { openaiText } from '@tanstack/ai-openai'`,
      `return toServerSentEventsResponse(chat({ adapter: openaiText('m'), messages: data.messages }))`,
    ),
    "Nitro's storage is written": with_(
      `import { useStorage } from 'nitro/storage'`,
      `await useStorage('data').setItem(data.key, data.value)`,
    ),
    'a blob is read': with_(`import { getStore } from '@netlify/blobs'`, `return getStore('papers').get(data.key)`),
    'a cached read still reads': with_(
      `import { cachified } from '@epic-web/cachified'`,
      `return cachified({ key: 'k', cache: new Map() as any, getFreshValue: () => db.select().from(invoices) })`,
    ),
  })
  guarded({
    'an invariant refuses': with_(
      `import { invariant } from '@epic-web/invariant'`,
      `const session = await auth.api.getSession({ headers: getRequestHeaders() }); invariant(session, 'sign in'); ${work}`,
    ),
  })
  cases(
    { verdict: 'public' },
    {
      'a page that is cached': with_(
        `import { fetchWithCache } from '@netlify/cache'`,
        `return (await fetchWithCache('https://api.example.com/stars', {}, { ttl: 60 })).json()`,
      ),
      'generated posts': with_(
        `import { allPosts } from 'content-collections'`,
        `return allPosts.find((post: any) => post.slug === data.slug)`,
      ),
    },
  )
})
