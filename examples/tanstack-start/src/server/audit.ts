import { db } from './db'
import { auditLog } from './db/schema'

interface AuditEntry {
  organizationId?: string
  actorId: string
  action: string
  subject: string
}

export async function recordAudit(entry: AuditEntry) {
  await db.insert(auditLog).values({ id: crypto.randomUUID(), ...entry })
}
