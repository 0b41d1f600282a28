import { createServerFn } from '@tanstack/react-start'
import { desc, eq, sum } from 'drizzle-orm'
import { z } from 'zod'
import { recordAudit } from '~/server/audit'
import { db } from '~/server/db'
import { announcements, auditLog, invoices, leads, organization, prices } from '~/server/db/schema'
import { currentSession, requireGrant, requireStaff } from '~/server/guards'
import { HttpError } from '~/server/http-error'
import { authMiddleware, requireStaffMiddleware, staffMiddleware, supportMiddleware } from '~/server/middleware'

export const listLeads = createServerFn()
  .middleware([staffMiddleware])
  .handler(() => db.select().from(leads).orderBy(desc(leads.createdAt)))

export const deleteLead = createServerFn({ method: 'POST' })
  .middleware([authMiddleware])
  .validator(z.object({ leadId: z.string() }))
  .handler(async ({ data }) => {
    requireStaff()
    await db.delete(leads).where(eq(leads.id, data.leadId))
  })

export const getRevenueReport = createServerFn().handler(() => {
  return db
    .select({ organization: organization.name, totalCents: sum(invoices.amountCents).mapWith(Number) })
    .from(invoices)
    .innerJoin(organization, eq(organization.id, invoices.organizationId))
    .groupBy(organization.name)
})

export const updatePrice = createServerFn({ method: 'POST' })
  .middleware([staffMiddleware])
  .validator(z.object({ priceId: z.string(), monthlyCents: z.number().int().nonnegative() }))
  .handler(async ({ data }) => {
    await db.update(prices).set({ monthlyCents: data.monthlyCents }).where(eq(prices.id, data.priceId))
  })

export const listAnnouncements = createServerFn()
  .middleware([staffMiddleware])
  .handler(() => db.select().from(announcements).orderBy(desc(announcements.publishedAt)))

export const publishAnnouncement = createServerFn({ method: 'POST' })
  .validator(z.object({ title: z.string().min(1), body: z.string() }))
  .handler(async ({ data }) => {
    const id = crypto.randomUUID()
    await db.insert(announcements).values({ id, title: data.title, body: data.body })
    const staff = await requireStaff()
    await recordAudit({ actorId: staff.id, action: 'announcement.published', subject: id })
    return { id }
  })

export const retractAnnouncement = createServerFn({ method: 'POST' })
  .validator(z.object({ announcementId: z.string() }))
  .handler(async ({ data }) => {
    const session = await currentSession()
    if (session && session.user.role !== 'admin') throw new HttpError(403, 'Staff only')
    await db.delete(announcements).where(eq(announcements.id, data.announcementId))
  })

export const editAnnouncement = createServerFn({ method: 'POST' })
  .middleware([authMiddleware])
  .validator(z.object({ announcementId: z.string(), body: z.string() }))
  .handler(async ({ data }) => {
    await db.update(announcements).set({ body: data.body }).where(eq(announcements.id, data.announcementId))
  })

export const listAuditLog = createServerFn()
  .middleware([requireStaffMiddleware])
  .handler(() => db.select().from(auditLog).orderBy(desc(auditLog.createdAt)))

export const findLead = createServerFn()
  .middleware([supportMiddleware])
  .validator(z.object({ email: z.string() }))
  .handler(({ data }) => db.select().from(leads).where(eq(leads.email, data.email)))

// authz: public -- the prices are on the home page anyway
export const addPrice = createServerFn({ method: 'POST' })
  .middleware([staffMiddleware])
  .validator(z.object({ plan: z.string().min(1), monthlyCents: z.number().int().nonnegative() }))
  .handler(async ({ data }) => {
    await db.insert(prices).values({ id: crypto.randomUUID(), ...data })
  })

export const exportLeads = createServerFn({ method: 'POST' })
  .middleware([authMiddleware])
  .validator(z.object({ role: z.string() }))
  .handler(({ data, context }) => {
    if (data.role !== 'admin') throw new HttpError(403, 'Staff only')
    console.info('leads exported', context.user.id)
    return db.select().from(leads)
  })

/** Partners call on leads too. */
export const listLeadsForPartners = createServerFn().handler(async () => {
  await requireGrant('leads:read')
  return db.select().from(leads)
})

export const previewAnnouncements = createServerFn().handler(async () => {
  await requireGrant('beta')
  return db.select().from(announcements)
})
