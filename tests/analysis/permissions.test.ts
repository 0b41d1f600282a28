/** Which permission a helper asks for is told by what it is given. */
import { describe, expect, it } from 'vitest'
import { answerTo, handler, session } from './harness.ts'

const byRole = `
const permissions: Record<string, readonly string[]> = { admin: ['billing:write', 'billing:read'], member: ['billing:read'] }
const may = (role: string, permission: string) => permissions[role]?.includes(permission) ?? false
`
const asking = (test: string): string => `
async function requirePermission(permission: string) {
  ${session} if (!session) throw new Error('Unauthorized')
  ${test}
}
`
const work = (call: string): string => handler(`${call}; await db.delete(invoices)`)
const proofsOf = (code: string): readonly string[] => answerTo(code).proofs

describe('a permission that a helper asks for', () => {
  it.each([
    [
      'in what the role of the user may do',
      byRole +
        asking(`if (!may(session.user.role, permission)) throw new Error('Forbidden')`) +
        work(`await requirePermission('billing:write')`),
    ],
    [
      'in the list of the user',
      asking(`if (!session.user.permissions.includes(permission)) throw new Error('Forbidden')`) +
        work(`await requirePermission('billing:write')`),
    ],
    [
      'among what the user was granted',
      asking(`if (!session.user.grants.includes(permission)) throw new Error('Forbidden')`) +
        work(`await requirePermission('billing:write')`),
    ],
    [
      'in a set of what the user may do',
      asking(`if (!new Set(session.user.permissions).has(permission)) throw new Error('Forbidden')`) +
        work(`await requirePermission('billing:write')`),
    ],
    [
      'in one after the other',
      asking(`if (!session.user.permissions.some((one: string) => one === permission)) throw new Error('Forbidden')`) +
        work(`await requirePermission('billing:write')`),
    ],
    [
      'by cases',
      asking(
        `switch (session.user.permission) { case 'billing:write': break; default: throw new Error('Forbidden') }`,
      ) + work(`await requirePermission('billing:write')`),
    ],
    [
      'of Better Auth, by the session',
      `async function requirePermission(permissions: Record<string, string[]>) { const { success } = await auth.api.hasPermission({ headers: getRequestHeaders(), body: { permissions } }); if (!success) throw new Error() }\n` +
        work(`await requirePermission({ billing: ['write'] })`),
    ],
    [
      'of Better Auth, by the id of the user',
      asking(
        `const { success } = await auth.api.userHasPermission({ body: { userId: session.user.id, permissions: { billing: ['write'] } } }); if (!success) throw new Error('Forbidden')`,
      ) + work(`await requirePermission('billing:write')`),
    ],
  ])('%s', (_, code) => {
    expect(proofsOf(code)).toContain('permission:billing:write')
  })

  it('is none of the states of a thing that is applied for', () => {
    const state = `if (session.user.grantApplication !== 'pending') throw new Error()`
    expect(proofsOf(asking(state) + work(`await requirePermission('a:b')`))).toEqual(['authenticated'])
  })

  it('is none of several cases', () => {
    const either = `switch (session.user.permission) { case 'a:b': case 'c:d': break; default: throw new Error() }`
    expect(proofsOf(asking(either) + work(`await requirePermission('a:b')`))).toEqual(['authenticated'])
  })

  it.each([
    [
      'whose answer nobody looks at',
      byRole + asking('may(session.user.role, permission)') + work(`await requirePermission('billing:write')`),
    ],
    [
      'for whomever the caller names',
      asking(
        `const { success } = await auth.api.userHasPermission({ body: { userId: 'x', permissions: { billing: ['write'] } } }); if (!success) throw new Error()`,
      ) + work(`await requirePermission('billing:write')`),
    ],
  ])('is not proved: %s', (_, code) => {
    expect(proofsOf(code)).toEqual(['authenticated'])
  })

  it('refuses nobody when it is asked for a user that the caller names, and for nothing else', () => {
    const answer = answerTo(
      `const { success } = await auth.api.userHasPermission({ body: { userId: data.userId, permissions: { billing: ['write'] } } }); if (!success) throw new Error(); await db.delete(invoices)`,
    )
    expect(answer.verdict).not.toBe('guarded')
  })
})
