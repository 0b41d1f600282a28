import { createServerFn } from '@tanstack/react-start'
import { asc, desc } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '~/server/db'
import { announcements, leads, prices } from '~/server/db/schema'

export const listPrices = createServerFn().handler(() => db.select().from(prices).orderBy(asc(prices.monthlyCents)))

// authz: public -- the contact form of the marketing site
export const requestDemo = createServerFn({ method: 'POST' })
  .validator(z.object({ email: z.email(), company: z.string().min(1) }))
  .handler(async ({ data }) => {
    await db.insert(leads).values({ id: crypto.randomUUID(), email: data.email, company: data.company })
  })

// authz: public
export const subscribe = createServerFn({ method: 'POST' })
  .validator(z.object({ email: z.email() }))
  .handler(async ({ data }) => {
    await db.insert(leads).values({ id: crypto.randomUUID(), email: data.email, company: '' })
  })

export const requestCallback = createServerFn({ method: 'POST' })
  .validator(z.object({ email: z.email(), phone: z.string().min(5) }))
  .handler(async ({ data }) => {
    await db.insert(leads).values({ id: crypto.randomUUID(), email: data.email, company: data.phone })
  })

// authz: pubilc -- the news on the home page
export const listNews = createServerFn().handler(() =>
  db.select().from(announcements).orderBy(desc(announcements.publishedAt)),
)

// authz: public -- the pages of the marketing site
export const marketingPages = ['/', '/signup', '/login']
