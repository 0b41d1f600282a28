import { createServerFn } from '@tanstack/react-start'
import { asc } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '~/server/db'
import { leads, prices } from '~/server/db/schema'

export const listPrices = createServerFn().handler(() => db.select().from(prices).orderBy(asc(prices.monthlyCents)))

// authz: public -- the contact form of the marketing site
export const requestDemo = createServerFn({ method: 'POST' })
  .validator(z.object({ email: z.email(), company: z.string().min(1) }))
  .handler(async ({ data }) => {
    await db.insert(leads).values({ id: crypto.randomUUID(), email: data.email, company: data.company })
  })
