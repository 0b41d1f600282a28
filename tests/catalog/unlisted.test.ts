/** What the catalogue does not list of a library that it knows: it may be an effect, unless all the rest is said to be harmless. */
import { describe, expect, it } from 'vitest'
import { catalog } from '../../src/catalog/index.ts'
import { cases, handler, unguarded, unverifiable, type Case } from '../analysis/harness.ts'

const with_ = (imports: string, body: string): Case => `${imports}\n${handler(body)}`

describe('what is not listed', () => {
  const everywhere =
    `ai openai hono inngest/next @trpc/server/adapters/fetch resend better-auth next-auth flags/next convex/nextjs
    @liveblocks/node svix drizzle-orm graphql-yoga @anthropic-ai/sdk stripe ioredis mongodb mongoose octokit ofetch axios bullmq
    @google-cloud/storage firebase-admin unstorage pg @vercel/queue node:fs node:net next/cache @copilotkit/runtime`.split(
      /\s+/,
    )

  unverifiable(
    Object.fromEntries(
      everywhere.map((name) => [
        `of ${name}`,
        with_(`import { makeXyz } from '${name}'`, `const run = makeXyz({ id: 1 }); return run(data)`),
      ]),
    ),
  )
  cases('public', {
    'of a library all of whose rest is harmless': with_(
      `import { makeXyz } from 'drizzle-orm/pg-core'; import { scryptXyz } from 'node:crypto'; import { addXyz } from 'date-fns'`,
      `makeXyz({ id: 1 }); return [scryptXyz(data), addXyz(data)]`,
    ),
  })

  it('is harmless only where all the rest of a library is, and it says why', () => {
    const unsaid = catalog.filter(
      ({ unlisted, category, because }) => unlisted === 'harmless' && category !== 'harmless' && because === undefined,
    )
    expect(unsaid.map(({ packages }) => packages[0])).toEqual([])
  })

  it('is harmless of an object only where that is made of what it was given, or does its work when it is sent', () => {
    const instances = catalog.flatMap((library) => Object.entries(library.instances ?? {}))
    const harmless = instances.filter(([, { unlisted }]) => unlisted === 'harmless').map(([name]) => name)
    expect(harmless.sort()).toEqual([
      'aws.reading-command',
      'better-auth.anonymous-plugin',
      'drizzle.schema',
      'node.verify',
      'opentelemetry.tracer',
      'password-hasher',
      'pocketbase.batch',
      'rate-limit',
      'runner',
      'tanstack-query.client',
    ])
  })
})

describe('a parser of code', () => {
  const acorn = `import * as acorn from 'acorn'; import * as walk from 'acorn-walk'`
  const parsed = `const tree = acorn.parse(data.code, { ecmaVersion: 'latest', sourceType: 'module', locations: true });`
  const found = (doing: string): Case =>
    with_(
      acorn,
      `${parsed} const names: string[] = []; walk.simple(tree, { Identifier(node: any) { ${doing} } }); return names`,
    )
  cases('public', { 'runs nothing of what it reads': found('names.push(node.name)') })
  cases(
    { verdict: 'unguarded', exposure: 'write' },
    {
      'calls a function for what it comes across': found('void db.insert(logs).values({ what: node.name }).execute()'),
      'and one for each comment': with_(
        acorn,
        `acorn.parse(data.code, { ecmaVersion: 6, onComment: () => { void db.delete(logs).execute() } }); return 1`,
      ),
    },
  )
})

describe('a client that is made of another', () => {
  unguarded({
    'the driver below mongoose': with_(
      `import mongoose from 'mongoose'`,
      `await mongoose.connection.getClient().db().collection('notes').insertOne({ data })`,
    ),
    'a connection of its own': with_(
      `import mongoose from 'mongoose'\nconst other = mongoose.createConnection('mongodb://x')`,
      `await other.collection('notes').insertOne({ data })`,
    ),
    'another database of a connection': with_(
      `import mongoose from 'mongoose'`,
      `await mongoose.connection.useDb('other').collection('notes').insertOne({ data })`,
    ),
    'a connection that was waited for': with_(
      `import mongoose from 'mongoose'`,
      `const other = await mongoose.createConnection('mongodb://x').asPromise(); await other.collection('notes').insertOne({ data })`,
    ),
    'what connecting gives': with_(
      `import mongoose from 'mongoose'`,
      `const m = await mongoose.connect('mongodb://x'); await m.connection.db!.collection('notes').insertOne({ data })`,
    ),
    'one of all connections': with_(
      `import mongoose from 'mongoose'`,
      `await mongoose.connections[0].collection('notes').insertOne({ data })`,
    ),
    'the client of a session': with_(
      `import mongoose from 'mongoose'`,
      `const session = await mongoose.startSession(); await session.client.db().collection('notes').insertOne({ data })`,
    ),
    'files in MongoDB': with_(
      `import { GridFSBucket, MongoClient, ObjectId } from 'mongodb'`,
      `await new GridFSBucket(new MongoClient('mongodb://x').db()).delete(new ObjectId(data.id))`,
    ),
    'a database command as administrator': with_(
      `import { MongoClient } from 'mongodb'`,
      `await new MongoClient('mongodb://x').db().admin().removeUser(data.name)`,
    ),
    'a file of a bucket': with_(
      `import { Storage } from '@google-cloud/storage'`,
      `await new Storage().bucket('b').file(data.name).delete()`,
    ),
    'GraphQL with other defaults': with_(
      `import { graphql } from '@octokit/graphql'\nconst ask = graphql.defaults({ headers: { authorization: process.env.TOKEN } })`,
      `await ask('mutation($x: X) { m }', { x: data })`,
    ),
    'a class with other defaults': with_(
      `import { Octokit } from '@octokit/core'\nconst Ours = Octokit.defaults({ auth: 'x' })\nconst octokit = new Ours()`,
      `await octokit.request('POST /x', { data })`,
    ),
    'a fetch with other defaults': with_(
      `import { $fetch } from 'ofetch'\nconst api = $fetch.create({ baseURL: 'https://x.example' })`,
      `await api('/x', { method: 'POST', body: data })`,
    ),
    'an app of Firebase': with_(
      `import admin from 'firebase-admin'\nconst app = admin.initializeApp()`,
      `await app.firestore().collection('notes').add({ data })`,
    ),
    'an adapter of Auth.js': with_(
      `import { PrismaAdapter } from '@auth/prisma-adapter'\nconst adapter = PrismaAdapter(prisma)`,
      `await adapter.updateUser({ id: data.id, email: data.email })`,
    ),
    'what signs requests to Google': with_(
      `import { GoogleAuth } from 'google-auth-library'`,
      `const client = await new GoogleAuth().getClient(); await client.request({ url: data.url, method: 'POST' })`,
    ),
  })
  unverifiable({
    'the driver below Drizzle': with_('', `await db.$client.unsafe(data.sql)`),
  })
})

describe('several queries in one', () => {
  unguarded({
    'read what each of them reads': with_(
      `import { union } from 'drizzle-orm/pg-core'`,
      `return await union(db.select().from(invoices), db.select().from(invoices))`,
    ),
  })
})
