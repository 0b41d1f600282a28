/** A session that the application signs itself says who calls; a signed link, or a service's signature, does not. */
import { describe, expect, it } from 'vitest'
import { answerTo, cases, handler, type Case } from './harness.ts'
import { scopes } from './scopes.ts'

const imports = `import { createHmac, timingSafeEqual } from 'node:crypto'\nimport jwt from 'jsonwebtoken'\n`
const byHmac = `
async function currentUser() {
  const cookie = getCookie('session')
  if (!cookie) return null
  const [payload, signature] = cookie.split('.')
  const mac = createHmac('sha256', process.env.SESSION_SECRET!).update(payload!).digest()
  if (!timingSafeEqual(mac, Buffer.from(signature!, 'base64url'))) return null
  const { userId } = JSON.parse(Buffer.from(payload!, 'base64url').toString())
  const [user] = await db.select().from(users).where(eq(users.id, userId))
  return user ?? null
}`
const byKey = byHmac
  .replace(
    /const mac = .*\n/,
    `const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(process.env.SESSION_SECRET!), 'HMAC', false, ['verify'])\n`,
  )
  .replace(
    /if \(!timingSafeEqual.*\n/,
    `if (!(await crypto.subtle.verify('HMAC', key, Buffer.from(signature!), new TextEncoder().encode(payload!)))) return null\n`,
  )
const byToken = `
async function currentUser() {
  const cookie = getCookie('session')
  if (!cookie) return null
  const { userId } = jwt.verify(cookie, process.env.SESSION_SECRET!) as any
  const [user] = await db.select().from(users).where(eq(users.id, userId))
  return user ?? null
}`
const act = (helper: string, work: string): Case => [
  imports + helper + handler(`const user = await currentUser(); if (!user) throw new Error('no'); ${work}`),
  {},
]

describe('a signed session', () => {
  cases(
    { verdict: 'guarded', proofs: ['authenticated'] },
    {
      'by an HMAC over the cookie': act(byHmac, 'await db.delete(lines)'),
      'by a key': act(byKey, 'await db.delete(lines)'),
      'by a token in the cookie': act(byToken, 'await db.delete(lines)'),
      'by a token that says whose the rows are': [
        imports +
          handler(
            `const { sub } = jwt.verify(getCookie('session')!, process.env.SECRET!) as any; await db.delete(invoices).where(eq(invoices.ownerId, sub))`,
          ),
        {},
      ],
    },
  )
  cases(
    { verdict: 'guarded', proofs: ['signature'] },
    {
      'but not the signature of a service over what it sends': [
        imports +
          handler(
            `const mac = createHmac('sha256', process.env.HOOK_SECRET!).update(data.body).digest('hex'); if (mac !== getRequestHeader('x-signature')) throw new Error('no'); const [user] = await db.select().from(users).where(eq(users.id, JSON.parse(data.body).userId)); if (!user) throw new Error('no'); await db.delete(lines)`,
          ),
        {},
      ],
      'nor a link that names somebody': [
        imports +
          handler(
            `const { userId } = jwt.verify(data.token, process.env.SECRET!) as any; const [user] = await db.select().from(users).where(eq(users.id, userId)); if (!user) throw new Error('no'); await db.delete(lines)`,
          ),
        {},
      ],
      'nor a cookie that is signed and names nobody': [
        imports +
          handler(
            `const { cart } = jwt.verify(getCookie('cart')!, process.env.SECRET!) as any; await db.delete(lines).where(eq(lines.id, cart))`,
          ),
        {},
      ],
    },
  )
  scopes(
    { tenant: 'scoped' },
    {
      'is whose the rows are': act(byHmac, 'await db.delete(invoices).where(eq(invoices.ownerId, user.id))'),
    },
  )
  scopes(
    { tenant: 'unscoped' },
    {
      'asks whose the rows are': act(byHmac, 'await db.delete(invoices).where(eq(invoices.id, data.id))'),
      'asks that of a token as well': act(byToken, 'await db.delete(invoices).where(eq(invoices.id, data.id))'),
    },
  )
})

describe('a signed link', () => {
  it('guards what it leads to: that is no look at the own session', () => {
    const { verdict, proofs, effects } = answerTo(
      imports +
        handler(
          `const { invoiceId } = jwt.verify(data.token, process.env.SECRET!) as any; const [invoice] = await db.select().from(invoices).where(eq(invoices.id, invoiceId)); return invoice?.total`,
        ),
    )
    expect({ verdict, proofs, effects }).toEqual({
      verdict: 'guarded',
      proofs: ['signature'],
      effects: ['reads `invoices`'],
    })
  })
})
