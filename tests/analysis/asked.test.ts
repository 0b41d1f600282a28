/** A proof counts only where not having it refuses. */
import { describe, expect, it } from 'vitest'
import { answerTo, cases, handler, requireUser, session, verdicts, type Case } from './harness.ts'

const secret = `if (getRequestHeader('x-key') !== process.env.CRON_SECRET) throw new Error('no')\n`
const load = `const load = async () => auth.api.getSession({ headers: getRequestHeaders() })\n`
const greet = `
${load}
async function greet() {
  const session = await load()
  if (!session) return 'hello'
  const [me] = await db.select().from(users).where(eq(users.id, session.user.id))
  return 'hello ' + me?.email
}
`
const proofsOf = (given: Case): readonly string[] => [...answerTo(given).proofs].sort()

describe('what callers have to show', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'not the session that a helper looks up and does without',
      greet + handler(`const hello = await greet(); ${secret} await db.delete(sessions); return hello`),
      ['secret'],
    ],
    [
      'nor one whose denial is swallowed',
      requireUser + handler(`try { await requireUser() } catch {} ${secret} await db.delete(sessions)`),
      ['secret'],
    ],
    [
      'a session behind a secret as well',
      requireUser + handler(`${secret} await requireUser(); await db.delete(sessions)`),
      ['authenticated', 'secret'],
    ],
    [
      'a secret behind a session as well',
      requireUser + handler(`await requireUser(); ${secret} await db.delete(sessions)`),
      ['authenticated', 'secret'],
    ],
    [
      'either of two, where one of them will do',
      handler(
        `${session} if (!session && getRequestHeader('x-key') !== process.env.CRON_SECRET) throw new Error('no'); await db.delete(sessions)`,
      ),
      ['authenticated|secret'],
    ],
    [
      'either of two, where each has its own way in',
      handler(`${session} if (session) { await db.delete(lines); return } ${secret} await db.delete(sessions)`),
      ['authenticated|secret'],
    ],
    [
      'not either of two that are asked for besides what both need',
      `import { createHmac } from 'node:crypto'\n` +
        handler(
          `${secret} ${session} const mac = createHmac('sha256', process.env.HOOK_SECRET!).update(data.body).digest('hex'); if (!session && mac !== getRequestHeader('x-signature')) throw new Error('no'); await db.delete(sessions)`,
        ),
      ['secret'],
    ],
    [
      'no more than the first, where there is work before the second',
      requireUser + handler(`await requireUser(); await db.delete(lines); ${secret} await db.delete(sessions)`),
      ['authenticated'],
    ],
    [
      'both, where what is noted of a refusal is no work',
      requireUser +
        handler(
          `await requireUser(); if (getRequestHeader('x-key') !== process.env.CRON_SECRET) { await db.insert(logs).values({ what: 'refused' }); throw new Error('no') } await db.delete(sessions)`,
        ),
      ['authenticated', 'secret'],
    ],
    [
      'both, where the first does what it needs before it refuses',
      `async function requireUser() { const expired = await db.delete(sessions); ${session} if (!session) throw new Error('no'); return session.user }` +
        handler(`await requireUser(); ${secret} await db.delete(lines)`),
      ['authenticated', 'secret'],
    ],
    [
      'no owner, where only the row of the user was found',
      handler(
        `${session} if (!session) throw new Error('no'); const [me] = await db.select().from(users).where(eq(users.id, session.user.id)); if (!me) throw new Error('no'); await db.delete(lines).where(eq(lines.id, data.id))`,
      ),
      ['authenticated'],
    ],
    [
      'no session that is done without where the application is developed',
      greet +
        handler(
          `if (process.env.NODE_ENV !== 'development') throw new Error('no'); const hello = await greet(); await db.delete(lines); return hello`,
        ),
      ['env-gate'],
    ],
    [
      'the tenant, where it was found by who belongs to it',
      handler(
        `${session} if (!session) throw new Error('no'); const team = await prisma.organizations.findFirst({ where: { name: data.name, members: { some: { userId: session.user.id } } } }); if (!team) throw new Error('no'); await db.delete(invoices).where(eq(invoices.organizationId, team.id))`,
      ),
      ['authenticated', 'tenant'],
    ],
  ])('%s', (_, given, proofs) => {
    expect(proofsOf(given)).toEqual(proofs)
  })

  it('is told of each effect', () => {
    const { judgement } = answerTo(
      requireUser + handler(`await requireUser(); await db.delete(lines); ${secret} await db.delete(sessions)`),
    )
    const by = [...(judgement.proofsBy ?? [])].map(([{ what }, proofs]) => [what, [...proofs].sort()])
    expect(by).toEqual([
      ['writes `lines`', ['authenticated']],
      ['writes `sessions`', ['authenticated', 'secret']],
    ])
  })

  it('is told of what only those reach who lack something else', () => {
    const { judgement, effects } = answerTo(
      handler(`${session} if (session) { await db.delete(lines); return } ${secret} await db.delete(sessions)`),
    )
    expect(effects).toEqual(['writes `lines`', 'writes `sessions`'])
    expect([...(judgement.proofsBy ?? [])].map(([{ what }, proofs]) => [what, proofs])).toEqual([
      ['writes `lines`', ['authenticated']],
      ['writes `sessions`', ['secret']],
    ])
  })
})

describe('who refuses', () => {
  const evidence = (given: Case): readonly string[] => answerTo(given).judgement.evidence.map(({ what }) => what)

  cases(
    { verdict: 'guarded', guards: ['CRON_SECRET'] },
    {
      'is no helper that goes on for anybody':
        greet + handler(`const hello = await greet(); ${secret} await db.delete(sessions); return hello`),
    },
  )
  cases(
    { verdict: 'guarded', guards: ['requireUser'], proofs: ['authenticated'] },
    {
      'is no helper that goes on and asks for the same':
        greet +
        requireUser +
        handler(`const hello = await greet(); await requireUser(); await db.delete(lines); return hello`),
    },
  )
  cases(
    { verdict: 'guarded', guards: ['currentUser'] },
    {
      'is the helper whose answer is tested': `
        const currentUser = async () => { const session = await load(); if (!session) return null; return session.user }
        ${greet}
        ${handler(`await greet(); const user = await currentUser(); if (!user) throw new Error('no'); await db.delete(lines)`)}`,
      'is the helper that says no': `
        async function currentUser() { ${session} if (!session) return { ok: false as const }; return { ok: true as const } }
        ${greet}
        ${handler(`await greet(); const found = await currentUser(); if (!found.ok) return new Response(null, { status: 401 }); await db.delete(lines); return new Response('ok')`)}`,
      'is the helper whose refusal comes first': `
        async function currentUser() { ${session} if (!session) return new Response(null, { status: 401 }); return undefined }
        async function work() { await db.delete(lines); return new Response('ok') }
        ${greet}
        ${handler(`await greet(); return (await currentUser()) ?? (await work())`)}`,
      'is the helper whose refusal is returned': `
        async function currentUser() { ${session} if (!session) return new Response(null, { status: 401 }); return undefined }
        ${greet}
        ${handler(`await greet(); const denied = await currentUser(); if (denied) return denied; await db.delete(lines); return new Response('ok')`)}`,
    },
  )
  cases(
    { verdict: 'guarded', guards: ['requireAuth'] },
    {
      'is the middleware that throws, and not the one that looks for somebody': `
        const sessionOf = createServerFn().handler(async () => {
          const cookie = getCookie('s')
          if (!cookie) return null
          try { const s = await unsealData<any>(cookie, { password: process.env.PW! }); console.log(s.user.email); return s } catch { return null }
        })
        const authMiddleware = createMiddleware().server(async ({ next }) => next({ context: { session: await sessionOf() } }))
        const requireAuth = createMiddleware().middleware([authMiddleware]).server(async ({ next, context }) => {
          if (!context.session) throw new Error('Unauthorized')
          return next({ context: { session: context.session } })
        })
        import { unsealData } from 'iron-session'
        export const act = createServerFn().middleware([requireAuth]).handler(async () => { await db.delete(lines) })`,
    },
  )

  it('is shown where it does', () => {
    const given = `
      async function load() { ${session} if (!session) throw new Error('no'); return session.user }
      const upload = async () => { const user = await load(); await db.insert(lines).values({ id: user.id }) }
      ${handler('await upload()')}`
    expect(evidence(given)).toEqual([
      '`upload` refuses callers who prove nothing',
      'where it refuses: in `load`',
      'writes `lines`',
    ])
  })
})

describe('what stops nobody', () => {
  const imports = `
    import { headers } from 'next/headers'
    import { redirect } from 'next/navigation'
    import { eq } from 'drizzle-orm'
    import { auth } from '~/auth'
    import { db } from '~/db'
    import { users } from '~/schema'
    const getSession = async () => {
      const found = await auth.api.getSession({ headers: await headers() })
      if (!found?.user) return null
      const [me] = await db.select().from(users).where(eq(users.id, found.user.id))
      return me ? { user: me } : null
    };`
  it.each([
    [
      'a page that sends everybody somewhere',
      `${imports} export default async function Page() { const session = await getSession(); if (session && process.env.FIRST) return redirect('/a'); return redirect('/') }`,
    ],
  ])('%s', (_, text) => {
    expect(verdicts({ 'src/app/page.tsx': text }).default).toMatchObject({ verdict: 'public' })
  })
})
