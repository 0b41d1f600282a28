import { betterAuth } from 'better-auth'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { organization } from 'better-auth/plugins/organization'
import { tanstackStartCookies } from 'better-auth/tanstack-start'
import { eq } from 'drizzle-orm'
import { db } from './db'
import * as schema from './db/schema'
import { env } from './env'
import { accessControl, roles } from './permissions'

export const auth = betterAuth({
  appName: 'Tallybook',
  baseURL: env.baseUrl,
  secret: env.authSecret,
  telemetry: { enabled: false },
  database: drizzleAdapter(db, { provider: 'pg', schema }),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: true, customRules: { '/sign-in/email': { window: 10, max: 30 } } },
  user: {
    additionalFields: {
      role: { type: 'string', required: true, defaultValue: 'user', input: false },
      grants: { type: 'string[]', required: true, defaultValue: [], input: false },
    },
  },
  databaseHooks: {
    session: {
      create: {
        before: async (session) => {
          const membership = await db.query.member.findFirst({ where: eq(schema.member.userId, session.userId) })
          return { data: { ...session, activeOrganizationId: membership?.organizationId ?? null } }
        },
      },
    },
  },
  plugins: [organization({ ac: accessControl, roles }), tanstackStartCookies()],
})
