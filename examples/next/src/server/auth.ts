import 'server-only'
import { betterAuth } from 'better-auth'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { nextCookies } from 'better-auth/next-js'
import { db } from './db'
import * as schema from './db/schema'

export const auth = betterAuth({
  appName: 'Clubhouse',
  telemetry: { enabled: false },
  database: drizzleAdapter(db, { provider: 'pg', schema }),
  emailAndPassword: { enabled: true },
  databaseHooks: {
    user: {
      create: {
        after: async (user) => {
          const [club] = await db
            .insert(schema.clubs)
            .values({ name: `${user.name}'s club` })
            .returning()
          await db.insert(schema.members).values({ organizationId: club.id, userId: user.id, role: 'owner' })
        },
      },
    },
  },
  plugins: [nextCookies()],
})
