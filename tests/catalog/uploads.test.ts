/** Uploads: who may begin one is decided in a middleware of each route, and what comes after it runs for those alone. */
import { describe, expect, it } from 'vitest'
import { cases, verdicts, type Case, type Files } from '../analysis/harness.ts'

const imports = `// as it is
import { createFileRoute } from '@tanstack/react-router'
import { getRequestHeaders } from '@tanstack/react-start/server'
import { eq } from 'drizzle-orm'
import { auth } from '~/auth'
import { db } from '~/db'
import { users } from '~/schema'
`
const uploadthing = `import { createRouteHandler, createUploadthing, UploadThingError } from 'uploadthing/server'
const f = createUploadthing()
`
const open = `.middleware(async ({ req }) => ({ userId: req.headers.get('x-user')! }))`
const closed = `.middleware(async ({ req }) => {
  const session = await auth.api.getSession({ headers: req.headers })
  if (!session) throw new UploadThingError('Unauthorized')
  return { userId: session.user.id }
})`
const soft = `.middleware(async ({ req }) => {
  const session = await auth.api.getSession({ headers: req.headers })
  return { userId: session?.user.id ?? null }
})`
const saved = `.onUploadComplete(async ({ metadata, file }) => { await db.update(users).set({ image: file.ufsUrl }).where(eq(users.id, metadata.userId)) })`
const logged = `.onUploadComplete(({ file }) => { console.log(file.key) })`

const route = (handlers: string): string =>
  `export const Route = createFileRoute('/api/uploadthing')({ server: { handlers: { ${handlers} } } })`
const post = route('POST: ({ request }) => handlers(request)')
const mounted = (router: string, serve = post): Files => ({
  'src/routes/api/uploadthing.ts': `${imports}${uploadthing}const router = { ${router} }\nconst handlers = createRouteHandler({ router })\n${serve}`,
})

const answers = (expected: object, table: Readonly<Record<string, Files>>, name = 'POST'): void => {
  for (const [title, files] of Object.entries(table))
    it(title, () => {
      const answer = verdicts(files)[name]!
      const { verdict, cause, exposure, reason, guards, effects } = answer
      const said = { verdict, cause, exposure, reason, guards, effects: [...effects].sort() }
      expect(said, JSON.stringify(said)).toMatchObject(expected)
    })
}

describe('a router of uploadthing', () => {
  answers(
    { verdict: 'unguarded', exposure: 'write', effects: ['stores a file', 'writes `users`'] },
    {
      'a middleware that believes a header': mounted(`open: f({ image: {} })${open}${saved}`),
      'no middleware': mounted(`open: f({ image: {} })${saved}`),
      'one of several routes': mounted(`closed: f(['pdf'])${closed}${logged}, open: f({ image: {} })${open}${saved}`),
      'what is checked once the file is there': mounted(
        `late: f({ image: {} }).onUploadComplete(async ({ metadata }) => { const session = await auth.api.getSession({ headers: getRequestHeaders() }); if (session) throw new Error(); await db.update(users).set({ image: 'x' }) })`,
      ),
    },
  )
  answers(
    { verdict: 'unguarded', cause: 'passesNull', effects: ['stores a file'] },
    { 'a middleware that lets everybody through': mounted(`open: f({ image: {} })${soft}${saved}`) },
  )
  answers({ verdict: 'unguarded', cause: 'noGuard', effects: ['stores a file'] }, {
    'anybody may store files, whatever is done with them': mounted(`open: f({ image: {} })${logged}`),
    'the routes with a middleware that refuses do no work for others': mounted(
      `closed: f(['pdf'])${closed}${saved}, open: f({ image: {} })${logged}`,
    ),
    'a check in what is called once the file is there': mounted(
      `late: f({ image: {} }).onUploadComplete(async () => { const session = await auth.api.getSession({ headers: getRequestHeaders() }); if (!session) throw new Error(); await db.delete(users) })`,
    ),
  } satisfies Record<string, Files>)
  answers(
    { verdict: 'guarded', effects: ['stores a file', 'writes `users`'] },
    {
      'a middleware that throws': mounted(`avatar: f({ image: {} })${closed}${saved}`),
      'in each of several routes': mounted(
        `avatar: f({ image: {} })${closed}${saved}, file: f(['pdf'])${closed}${logged}`,
      ),
      'with an input and routes that are read where they are needed': {
        'src/uploads.ts': `${imports}${uploadthing}import { z } from 'zod'
          const guarded = (at: any) => at.input(z.object({ id: z.string() }))${closed}
          export const uploads = { avatar: guarded(f({ image: {} }))${saved} } satisfies Record<string, unknown>`,
        'src/routes/api/uploadthing.ts': `${imports}import { createRouteHandler } from 'uploadthing/server'
          import { uploads } from '../../uploads'
          ${route('POST: async ({ request }) => { const handlers = createRouteHandler({ router: uploads }); return handlers(request) }')}`,
      },
      'handed over as it is': mounted(`avatar: f({ image: {} })${closed}${saved}`, route('POST: handlers')),
      'by an adapter of its own': {
        'src/routes/api/uploadthing.ts': `${imports}${uploadthing}import { makeAdapterHandler } from 'uploadthing/server'
          const handlers = makeAdapterHandler((req) => ({ req }), (req) => req, { router: { avatar: f({ image: {} })${closed}${saved} } })
          ${post}`,
      },
    },
  )
  answers(
    { verdict: 'unguarded', effects: ['stores a file'] },
    {
      'an adapter of its own': {
        'src/routes/api/uploadthing.ts': `${imports}${uploadthing}import { makeAdapterHandler } from 'uploadthing/server'
          const handlers = makeAdapterHandler((req) => ({ req }), (req) => req, { router: { file: f({ image: {} })${logged} } })
          ${post}`,
      },
    },
  )
  answers(
    { verdict: 'public', reason: 'no protected effect' },
    {
      'asked for what its routes accept': mounted(
        `open: f({ image: {} })${open}${saved}`,
        route('GET: ({ request }) => handlers(request)'),
      ),
    },
    'GET',
  )
  answers(
    { verdict: 'unverifiable' },
    {
      'that is not there': {
        'src/routes/api/uploadthing.ts': `${imports}import { createRouteHandler } from 'uploadthing/server'
          import { uploads } from './generated'
          const handlers = createRouteHandler({ router: uploads })
          ${post}`,
      },
    },
  )

  describe('in Next.js', () => {
    const next = (router: string): Files => ({
      'src/uploads.ts': `${imports}import { createUploadthing, type FileRouter } from 'uploadthing/next'
        const f = createUploadthing()
        export const uploads = { ${router} } satisfies FileRouter`,
      'src/app/api/uploadthing/route.ts': `import { createRouteHandler } from 'uploadthing/next'
        import { uploads } from '../../../uploads'
        export const { GET, POST } = createRouteHandler({ router: uploads, config: {} })`,
    })
    const guard = closed.replaceAll('UploadThingError', 'Error')
    answers(
      { verdict: 'unguarded', exposure: 'write' },
      { 'an open one': next(`open: f({ image: {} })${open}${saved}`) },
    )
    answers({ verdict: 'guarded' }, { 'a closed one': next(`closed: f({ image: {} })${guard}${saved}`) })
    answers({ verdict: 'public' }, { 'what the routes accept': next(`open: f({ image: {} })${open}${saved}`) }, 'GET')

    const legacy = (router: string): Files => ({
      'src/pages/api/uploadthing.ts': `${imports}import { createRouteHandler, createUploadthing } from 'uploadthing/next-legacy'
        const f = createUploadthing()
        export default createRouteHandler({ router: { ${router} } })`,
    })
    answers(
      { verdict: 'unguarded' },
      { 'an open one of pages': legacy(`open: f({ image: {} })${open}${saved}`) },
      'default',
    )
    answers(
      { verdict: 'guarded' },
      { 'a closed one of pages': legacy(`closed: f({ image: {} })${guard}${saved}`) },
      'default',
    )
  })
})

describe('a router of better-upload', () => {
  const routes = (before: string): Case =>
    `import { handleRequest, route } from '@better-upload/server'
    const router = { client: {}, bucketName: 'b', routes: { images: route({ fileTypes: ['image/*'], ${before} }) } }
    export const act = createServerFn({ method: 'POST' }).handler(async () => handleRequest(getRequest(), router as any))`
  cases('guarded', {
    'that throws before an upload': routes(
      `onBeforeUpload: async ({ req }) => { const session = await auth.api.getSession({ headers: req.headers }); if (!session) throw new Error() }`,
    ),
  })
  cases('unguarded', { 'that does not': routes('onBeforeUpload: async () => ({})'), 'without one': routes('') })
})
