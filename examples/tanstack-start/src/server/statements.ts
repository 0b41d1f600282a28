import { and, eq, gte, lt } from 'drizzle-orm'
import { db } from './db'
import { invoices, member } from './db/schema'
import { requireUser } from './guards'
import { HttpError } from './http-error'

export async function renderStatement(year: number) {
  const user = await requireUser()
  const membership = await db.query.member.findFirst({ where: eq(member.userId, user.id) })
  if (!membership) throw new HttpError(403, 'You are not a member of an organisation')

  const rows = await db.query.invoices.findMany({
    where: and(
      eq(invoices.organizationId, membership.organizationId),
      gte(invoices.dueAt, new Date(Date.UTC(year, 0))),
      lt(invoices.dueAt, new Date(Date.UTC(year + 1, 0))),
    ),
  })
  return rows.map((row) => `${row.number}\t${row.customer}\t${(row.amountCents / 100).toFixed(2)}`).join('\n')
}
