/** Checks of a role that are lost in a function which its session guards: they prove nothing, and are said to be lost. */
import { describe, expect, it } from 'vitest'
import { act, guarded, handler, middleware, requireUser, session, unguarded, type Answer } from './harness.ts'

const authMiddleware = middleware(
  'authMiddleware',
  `${session}; if (!session) throw new Error('Unauthorized'); return next({ context: { user: session.user } })`,
)
const helpers = `${authMiddleware}${requireUser}
async function requireAdmin() { ${session}; if (!session || session.user.role !== 'admin') throw new Error('Forbidden') }
async function requireOwnAdmin() { const user = await requireUser(); if (user.role !== 'admin') throw new Error('Forbidden'); return user }
async function isAdmin() { ${session}; return session?.user.role === 'admin' }
async function clear() { await requireOwnAdmin(); await db.delete(invoices) }
`
const clears = 'await db.delete(invoices)'

/** The answer for a body below a middleware that asks for a session. */
const within = (body: string): Answer => act(`${helpers}${handler(body, '.middleware([authMiddleware])')}`)

const lostIn = ({ judgement }: Answer): readonly string[] =>
  (judgement.lost ?? []).map(({ cause, name }) => `${cause} ${name}`)

describe('a role whose denial is caught', () => {
  it.each([
    'await A().catch(() => {})',
    'await A().catch(() => null)',
    'await A().catch(noop)',
    'await A().then(() => {}, () => {})',
    'await A().then(() => true).catch(() => false)',
    'A().catch(() => {})',
    'void A().catch(() => {})',
    'await Promise.allSettled([A()])',
    'try { await A() } catch {}',
  ])('is not proved, and the check is lost: %s', (check) => {
    for (const name of ['requireAdmin', 'requireOwnAdmin']) {
      const answer = within(`const noop = () => {}; ${check.replace('A', name)}; ${clears}`)
      expect(answer).toMatchObject({ verdict: 'guarded', proofs: ['authenticated'] })
      expect(lostIn(answer)).toEqual([`swallowed ${name}`])
    }
  })

  it.each([
    'await Promise.all([requireAdmin().catch(() => null)])',
    'const ok = await requireAdmin().then(() => true).catch(() => false)',
    'let ok = true; await requireAdmin().catch(() => { ok = false })',
  ])('is not proved where nobody looks at what is given instead: %s', (check) => {
    expect(within(`${check}; ${clears}`).proofs).toEqual(['authenticated'])
  })

  it.each([
    'await A().catch((e) => { throw e })',
    'await A().catch(() => { throw redirect({ to: "/" }) })',
    'await A().then(() => {}, (e) => { throw e })',
    'const ok = await A().then(() => true).catch(() => false); if (!ok) throw new Error()',
    'const ok = await A().then(() => true, () => false); if (!ok) throw new Error()',
  ])('is proved where the caller is refused all the same: %s', (check) => {
    for (const name of ['requireAdmin', 'requireOwnAdmin']) {
      const answer = within(`${check.replace('A', name)}; ${clears}`)
      expect(answer.proofs).toEqual(['authenticated', 'role:admin'])
      expect(lostIn(answer)).toEqual([])
    }
  })

  it.each([
    'await clear().catch(() => {})',
    'await requireOwnAdmin().then(() => db.delete(invoices)).catch(() => {})',
    'await requireOwnAdmin().then(() => db.delete(invoices), () => {})',
    'try { await requireOwnAdmin(); await db.delete(invoices) } catch {}',
  ])('is proved for what stands behind the check in there: %s', (body) => {
    const answer = within(body)
    expect(answer.proofs).toEqual(['authenticated', 'role:admin'])
    expect(lostIn(answer)).toEqual([])
  })

  it.each([
    'let ok = false; await requireOwnAdmin().then(() => { ok = true }, () => {}); if (!ok) throw new Error()',
    'let ok = true; await requireOwnAdmin().catch(() => { ok = false }); if (!ok) throw new Error()',
  ])('is not lost where a variable tells: %s', (check) => {
    expect(lostIn(within(`${check}; ${clears}`))).toEqual([])
  })
})

describe('a handler of a rejection may be called', () => {
  const check = 'async function check(given: any) { if (given.bad) throw new Error(); return 1 }\n'
  unguarded({
    'what it sets lets everybody through': `${check}${handler(`let open = false; await check(data).catch(() => { open = true }); if (!open) throw new Error(); ${clears}`)}`,
    'as the second of `then`': `${check}${handler(`let open = false; await check(data).then(() => {}, () => { open = true }); if (!open) throw new Error(); ${clears}`)}`,
    'what it gives lets everybody through': `${requireUser}${handler(`const user = await requireUser().then((x) => x, () => ({ id: 'guest' })); if (!user) throw new Error(); ${clears}`)}`,
  })
  guarded({
    'what it gives refuses': `${requireUser}${handler(`const user = await requireUser().then((x) => x, () => null); if (!user) throw new Error(); ${clears}`)}`,
    'what is done when it was fulfilled is done behind the check': `${requireUser}${handler('return requireUser().then(() => db.select().from(invoices), () => [])')}`,
  })
})

describe('a promise of a role that is tested', () => {
  it.each([
    `if (!isAdmin()) throw new Error(); ${clears}`,
    `const ok = isAdmin(); if (!ok) throw new Error(); ${clears}`,
    `if (isAdmin()) { ${clears}; return } throw new Error()`,
    `if (isAdmin() === false) throw new Error(); ${clears}`,
    `const can = isAdmin() || context.user.id === data.id; if (!can) throw new Error(); ${clears}`,
  ])('is true for everybody: %s', (body) => {
    const answer = within(body)
    expect(answer).toMatchObject({ verdict: 'guarded', proofs: ['authenticated'] })
    expect(lostIn(answer)).toEqual(['notAwaited isAdmin'])
  })

  it.each(['if (!(await isAdmin())) throw new Error()', 'const ok = isAdmin(); if (!(await ok)) throw new Error()'])(
    'proves the role where it is awaited: %s',
    (check) => {
      const answer = within(`${check}; ${clears}`)
      expect(answer.proofs).toEqual(['authenticated', 'role:admin'])
      expect(lostIn(answer)).toEqual([])
    },
  )

  unguarded({ 'equals nothing': `${helpers}${handler(`if (isAdmin() === false) throw new Error(); ${clears}`)}` })
})
