/** Sessions and tokens that are made of what the caller says of themselves. */
import { describe } from 'vitest'
import { handler, isPublic, unguarded } from './harness.ts'

const password = '{ password: process.env.SESSION_SECRET! }'
const ironSession = `import { getIronSession, sealData } from 'iron-session'\nimport { cookies } from 'next/headers'\n`
const jwt = `import jwt from 'jsonwebtoken'\n`
const jose = `import { SignJWT } from 'jose'\n`
const bcrypt = `import bcrypt from 'bcryptjs'\n`
const opened = `const session = await useSession<any>(${password})\n`
const user = `const [user] = await db.select().from(users).where(eq(users.email, data.email))\n`

describe('a session of whoever the caller says they are', () => {
  unguarded({
    'is sealed': ironSession + handler(`return sealData({ user: data.user, groups: data.groups }, ${password})`),
    'is saved':
      ironSession +
      handler(
        `const session: any = await getIronSession(await cookies(), { password: process.env.SESSION_SECRET!, cookieName: 's' }); session.user = { name: data.name }; await session.save()`,
      ),
    'is updated': handler(`${opened} await session.update({ userId: data.userId })`),
    'is updated by the function of the framework': `import { updateSession } from '@tanstack/react-start/server'\n${handler(`await updateSession(${password}, { userId: data.userId })`)}`,
    'is a token that is signed':
      jwt + handler(`return jwt.sign({ sub: data.id, role: data.role }, process.env.SECRET!)`),
    'is a token that is built and signed':
      jose +
      handler(
        `return new SignJWT({ sub: data.id }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(process.env.SECRET!))`,
      ),
    'is made by a helper': handler(`await signIn(data.userId); return { ok: true }`).concat(
      `\nasync function signIn(userId: string) { ${opened} await session.update({ userId }) }`,
    ),
  })
  isPublic({
    'behind a password':
      bcrypt +
      handler(
        `${user} if (!user || !(await bcrypt.compare(data.password, (user as any).passwordHash))) throw new Error('401'); ${opened} await session.update({ userId: user.id, userEmail: data.email })`,
      ),
    'behind a secret': handler(
      `if (data.password !== process.env.ADMIN_PASSWORD) throw new Error('401'); ${opened} await session.update({ user: data.name })`,
    ),
    'that says nothing of who they are': handler(`${opened} await session.update({ theme: data.theme })`),
    'that is of a row':
      bcrypt +
      handler(
        `${user} if (!(await bcrypt.compare(data.password, (user as any).passwordHash))) throw new Error('401'); ${opened} await session.update({ userId: user!.id })`,
      ),
  })
})
