import { createServerFn } from '@tanstack/react-start'
import { and, desc, eq, ilike } from 'drizzle-orm'
import { z } from 'zod'
import { recordAudit } from '~/server/audit'
import { db } from '~/server/db'
import { invoiceLines, invoices } from '~/server/db/schema'
import { authedFn, orgFn } from '~/server/functions'
import { requireInvoice, requirePermission } from '~/server/guards'
import { HttpError } from '~/server/http-error'
import { orgMiddleware } from '~/server/middleware'

const invoiceId = z.object({ invoiceId: z.string() })

export const listInvoices = createServerFn()
  .middleware([orgMiddleware])
  .handler(({ context }) => {
    return db.query.invoices.findMany({
      where: eq(invoices.organizationId, context.organizationId),
      orderBy: desc(invoices.number),
    })
  })

export const getInvoice = orgFn()
  .validator(invoiceId)
  .handler(async ({ data, context }) => {
    const invoice = await db.query.invoices.findFirst({
      where: and(eq(invoices.id, data.invoiceId), eq(invoices.organizationId, context.organizationId)),
    })
    if (!invoice) throw new HttpError(404, 'No such invoice')
    return invoice
  })

export const createInvoice = orgFn({ method: 'POST' })
  .validator(
    z.object({ number: z.string().min(1), customer: z.string().min(1), amountCents: z.number().int().positive() }),
  )
  .handler(async ({ data, context }) => {
    const id = crypto.randomUUID()
    await db.insert(invoices).values({
      id,
      organizationId: context.organizationId,
      number: data.number,
      customer: data.customer,
      amountCents: data.amountCents,
      dueAt: new Date(Date.now() + 30 * 24 * 60 * 60 * 1000),
      createdBy: context.user.id,
    })
    return { id }
  })

export const deleteInvoice = orgFn({ method: 'POST' })
  .validator(invoiceId)
  .handler(async ({ data, context }) => {
    await requirePermission(context.organizationId, 'delete')
    const deleted = await db
      .delete(invoices)
      .where(and(eq(invoices.id, data.invoiceId), eq(invoices.organizationId, context.organizationId)))
      .returning({ id: invoices.id })
    if (deleted.length === 0) throw new HttpError(404, 'No such invoice')
    await recordAudit({
      organizationId: context.organizationId,
      actorId: context.user.id,
      action: 'invoice.deleted',
      subject: data.invoiceId,
    })
  })

export const voidInvoice = createServerFn({ method: 'POST' })
  .validator(invoiceId)
  .handler(async ({ data }) => {
    requireInvoice(data.invoiceId, 'void')
    await db.update(invoices).set({ status: 'void' }).where(eq(invoices.id, data.invoiceId))
  })

export const sendReminder = createServerFn({ method: 'POST' })
  .validator(invoiceId)
  .handler(async ({ data }) => {
    try {
      await requireInvoice(data.invoiceId, 'remind')
    } catch (error) {
      console.warn('reminder without permission', data.invoiceId, error)
    }
    const remindedAt = new Date()
    await db.update(invoices).set({ remindedAt }).where(eq(invoices.id, data.invoiceId))
    return { remindedAt }
  })

export const downloadStatement = createServerFn()
  .validator(z.object({ year: z.number().int() }))
  .handler(async ({ data }) => {
    const { renderStatement } = await import('~/server/statements')
    return renderStatement(data.year)
  })

export const discountInvoice = orgFn({ method: 'POST' })
  .validator(invoiceId.extend({ amountCents: z.number().int().nonnegative() }))
  .handler(async ({ data, context }) => {
    try {
      await requirePermission(context.organizationId, 'void')
    } catch (error) {
      console.warn('discount without permission', data.invoiceId, error)
    }
    await db
      .update(invoices)
      .set({ amountCents: data.amountCents })
      .where(and(eq(invoices.id, data.invoiceId), eq(invoices.organizationId, context.organizationId)))
  })

export const writeOffInvoice = orgFn({ method: 'POST' })
  .validator(invoiceId)
  .handler(async ({ data, context }) => {
    await db
      .update(invoices)
      .set({ status: 'void' })
      .where(and(eq(invoices.id, data.invoiceId), eq(invoices.organizationId, context.organizationId)))
    await requirePermission(context.organizationId, 'void')
  })

export const approveInvoice = authedFn({ method: 'POST' })
  .validator(invoiceId)
  .handler(async ({ data, context }) => {
    // Whoever uses `orgFn` has it.
    const { orgRole } = context as { orgRole?: string }
    if (orgRole === 'member') throw new HttpError(403, 'Members may not approve invoices')
    await db
      .update(invoices)
      .set({ status: 'open' })
      .where(and(eq(invoices.id, data.invoiceId), eq(invoices.organizationId, context.activeOrganizationId ?? '')))
  })

export const markInvoicePaid = orgFn({ method: 'POST' })
  .validator(invoiceId)
  .handler(async ({ data, context }) => {
    await db.update(invoices).set({ status: 'paid' }).where(eq(invoices.id, data.invoiceId))
    await recordAudit({
      organizationId: context.organizationId,
      actorId: context.user.id,
      action: 'invoice.paid',
      subject: data.invoiceId,
    })
  })

export const searchInvoices = orgFn()
  .validator(z.object({ organizationId: z.string(), customer: z.string() }))
  .handler(({ data, context }) => {
    console.info('search', context.user.id)
    return db.query.invoices.findMany({
      where: and(eq(invoices.organizationId, data.organizationId), ilike(invoices.customer, `%${data.customer}%`)),
    })
  })

export const listOpenInvoices = authedFn().handler(async ({ context }) => {
  const { activeOrganizationId } = context
  return db.query.invoices.findMany({
    where: and(
      eq(invoices.status, 'open'),
      activeOrganizationId ? eq(invoices.organizationId, activeOrganizationId) : undefined,
    ),
  })
})

export const removeInvoiceLine = orgFn({ method: 'POST' })
  .validator(invoiceId.extend({ lineId: z.string() }))
  .handler(async ({ data, context }) => {
    const invoice = await db.query.invoices.findFirst({
      where: and(eq(invoices.id, data.invoiceId), eq(invoices.organizationId, context.organizationId)),
    })
    if (!invoice) throw new HttpError(404, 'No such invoice')
    await db.delete(invoiceLines).where(eq(invoiceLines.id, data.lineId))
  })

export const reopenInvoice = orgFn({ method: 'POST' })
  .validator(invoiceId)
  .handler(async ({ data, context }) => {
    if (context.user.role !== 'manager') throw new HttpError(403, 'Managers only')
    await db.update(invoices).set({ status: 'open', remindedAt: null }).where(eq(invoices.id, data.invoiceId))
  })
