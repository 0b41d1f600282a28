/** Clerk of the release that gives a promise, and of those before. */
import { describe, expect, it } from 'vitest'
import { answerTo, guarded, handler, unguarded, work } from '../analysis/harness.ts'

const clerk = `import { auth as clerk } from '@clerk/nextjs/server'\n`
const with_ = (body: string): string => clerk + handler(body)

describe('auth()', () => {
  guarded({
    'is awaited': with_(`const { userId } = await clerk(); if (!userId) throw new Error('no'); ${work}`),
    'gives the answer at once': with_(`const { userId } = clerk(); if (!userId) throw new Error('no'); ${work}`),
    'gives the answer at once, read by its member': with_(`if (!clerk().userId) throw new Error('no'); ${work}`),
    'gives the answer at once, and refuses by itself': with_(`clerk().protect(); ${work}`),
    'gives the answer at once, which is kept': with_(
      `const session = clerk(); if (!session.userId) throw new Error('no'); ${work}`,
    ),
  })
  unguarded({
    'gives the answer at once, and nobody looks at it': with_(`const { userId } = clerk(); ${work}`),
    'is taken for the user, and a promise is always something': with_(
      `const user = clerk(); if (!user) throw new Error('no'); ${work}`,
    ),
    'may give a promise, whose user is undefined and no condition': with_(
      `const { userId } = clerk(); return prisma.invoice.findMany({ where: { ownerId: userId } })`,
    ),
  })

  it('tells whose the rows are where it gives the answer at once', () => {
    const body = `const { userId } = clerk(); if (!userId) throw new Error('no'); await db.delete(invoices).where(and(eq(invoices.id, data.id), eq(invoices.ownerId, userId)))`
    expect(answerTo(with_(body)).scope()).toMatchObject({ tenant: 'scoped', loose: [] })
  })
})

describe('auth() of the releases before 5', () => {
  const before5 = (body: string): string =>
    `import { auth as clerk, redirectToSignIn } from '@clerk/nextjs'\n${handler(body)}`
  guarded({
    'gives the answer at once': before5(`const { userId } = clerk(); if (!userId) throw new Error('no'); ${work}`),
    'is awaited for nothing': before5(`const { userId } = await clerk(); if (!userId) throw new Error('no'); ${work}`),
  })
  unguarded({
    'asks, and does not return the way to the login': before5(
      `const { userId } = clerk(); if (!userId) redirectToSignIn(); ${work}`,
    ),
  })

  it('leaves nothing of what comes after it out of sight', () => {
    const body = `const { userId } = clerk(); if (!userId) throw new Error('no'); if (userId === 'blocked') throw new Error('no'); await db.delete(invoices).where(eq(invoices.id, data.id))`
    const answer = answerTo(before5(body))
    expect(answer).toMatchObject({ verdict: 'guarded', effects: ['writes `invoices`'] })
    expect(answer.judgement.lost ?? []).toEqual([])
    expect(answer.scope()).toMatchObject({ tenant: 'unscoped' })
  })
})
