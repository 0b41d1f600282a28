import { getRequestHeaders } from '@tanstack/react-start/server'
import { eq } from 'drizzle-orm'
import { auth } from '../auth'
import { db } from '../db'
import { invoices } from '../db/schema'
import { HttpError } from '../http-error'
import type { InvoicePermission } from '../permissions'
import { requireUser } from './session'

export async function requirePermission(organizationId: string, permission: InvoicePermission) {
  await requireUser()
  const { success } = await auth.api.hasPermission({
    headers: getRequestHeaders(),
    body: { organizationId, permissions: { invoice: [permission] } },
  })
  if (!success) throw new HttpError(403, `Your role does not allow to ${permission} invoices`)
}

export async function mayInvite(organizationId: string) {
  const { success } = await auth.api.hasPermission({
    headers: getRequestHeaders(),
    body: { organizationId, permissions: { invitation: ['create'] } },
  })
  return success
}

export async function requireInvoice(invoiceId: string, permission: InvoicePermission) {
  await requireUser()
  const invoice = await db.query.invoices.findFirst({ where: eq(invoices.id, invoiceId) })
  if (!invoice) throw new HttpError(404, 'No such invoice')
  await requirePermission(invoice.organizationId, permission)
  return invoice
}
