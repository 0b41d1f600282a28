import { hashPassword } from 'better-auth/crypto'
import { env } from '../env'
import type { Database } from '.'
import * as schema from './schema'

// Ada and Cleo have been managers since before there were organisations. Some grants go by a name of the pilot: `leads:read`
// is `lead:read` now, and `beta` showed everything to those who took part.
const people = [
  {
    id: 'usr_ada',
    name: 'Ada Lindqvist',
    email: 'ada@acme.test',
    role: 'manager',
    grants: ['beta', 'leads:read', 'announcement:read', 'lead:read'],
  },
  { id: 'usr_ben', name: 'Ben Okafor', email: 'ben@acme.test', role: 'user', grants: ['beta', 'leads:read'] },
  {
    id: 'usr_cleo',
    name: 'Cleo Marchetti',
    email: 'cleo@globex.test',
    role: 'manager',
    grants: ['beta', 'leads:read'],
  },
  { id: 'usr_dora', name: 'Dora Weiss', email: 'dora@example.test', role: 'user', grants: [] },
  { id: 'usr_sam', name: 'Sam Whitfield', email: 'sam@tallybook.test', role: 'admin', grants: [] },
]

export async function seed(db: Database) {
  const existing = await db.query.user.findFirst()
  if (existing) return

  const password = await hashPassword(env.seedPassword)

  await db.insert(schema.user).values(people.map((person) => ({ ...person, emailVerified: true })))
  await db.insert(schema.account).values(
    people.map((person) => ({
      id: `acc_${person.id}`,
      userId: person.id,
      accountId: person.id,
      providerId: 'credential',
      password,
    })),
  )
  // Dora has just signed up: she has no profile yet, and is in no organisation.
  await db
    .insert(schema.profiles)
    .values(
      people
        .filter((person) => person.id !== 'usr_dora')
        .map((person) => ({ userId: person.id, displayName: person.name, timezone: 'Europe/Stockholm' })),
    )

  await db.insert(schema.organization).values([
    { id: 'org_acme', name: 'Acme', slug: 'acme' },
    { id: 'org_globex', name: 'Globex', slug: 'globex' },
  ])
  await db.insert(schema.member).values([
    { id: 'mem_ada', organizationId: 'org_acme', userId: 'usr_ada', role: 'owner' },
    { id: 'mem_ben', organizationId: 'org_acme', userId: 'usr_ben', role: 'member' },
    { id: 'mem_cleo', organizationId: 'org_globex', userId: 'usr_cleo', role: 'owner' },
  ])

  const dueAt = new Date('2026-01-31T00:00:00Z')
  await db
    .insert(schema.invoices)
    .values([
      invoice('inv_acme_1', 'org_acme', 'A-1001', 'Northwind', 125_000, dueAt),
      invoice('inv_acme_2', 'org_acme', 'A-1002', 'Initech', 89_900, dueAt),
      { ...invoice('inv_acme_3', 'org_acme', 'A-1003', 'Umbrella', 420_000, dueAt), status: 'overdue' },
      invoice('inv_globex_1', 'org_globex', 'G-2001', 'Soylent', 310_000, dueAt),
      invoice('inv_globex_2', 'org_globex', 'G-2002', 'Hooli', 64_500, dueAt),
    ])

  await db.insert(schema.invoiceLines).values([
    { id: 'line_acme_1', invoiceId: 'inv_acme_1', text: 'Retainer for January', amountCents: 100_000 },
    { id: 'line_acme_2', invoiceId: 'inv_acme_1', text: 'Travel', amountCents: 25_000 },
    { id: 'line_globex_1', invoiceId: 'inv_globex_1', text: 'Audit', amountCents: 310_000 },
  ])
  await db.insert(schema.auditLog).values([
    {
      id: 'log_acme_1',
      organizationId: 'org_acme',
      actorId: 'usr_ada',
      action: 'member.role-changed',
      subject: 'mem_ben',
    },
  ])

  await db.insert(schema.notes).values([
    { id: 'note_ada_1', ownerId: 'usr_ada', body: 'Northwind asked for net 60' },
    { id: 'note_ada_2', ownerId: 'usr_ada', body: 'Raise the retainer in spring' },
    { id: 'note_cleo_1', ownerId: 'usr_cleo', body: 'Hooli is about to be acquired' },
  ])

  await db.insert(schema.featureRequests).values([
    { id: 'req_credit_notes', requestedBy: 'usr_ada', title: 'Credit notes', votes: 12 },
    { id: 'req_sepa', requestedBy: 'usr_cleo', title: 'SEPA direct debit', votes: 7 },
  ])
  await db
    .insert(schema.comments)
    .values([{ id: 'com_1', featureRequestId: 'req_credit_notes', authorId: 'usr_ben', body: 'Yes please' }])

  await db.insert(schema.prices).values([
    { id: 'price_solo', plan: 'Solo', monthlyCents: 900 },
    { id: 'price_team', plan: 'Team', monthlyCents: 4_900 },
  ])
  await db.insert(schema.announcements).values([
    { id: 'ann_maintenance', title: 'Maintenance on Sunday', body: 'Tallybook is read-only from 06:00 to 07:00 UTC.' },
    { id: 'ann_reminders', title: 'Reminders', body: 'Send a reminder from the invoice itself.' },
  ])
  await db.insert(schema.leads).values([{ id: 'lead_1', email: 'cfo@vandelay.test', company: 'Vandelay Industries' }])
}

function invoice(
  id: string,
  organizationId: string,
  number: string,
  customer: string,
  amountCents: number,
  dueAt: Date,
) {
  return { id, organizationId, number, customer, amountCents, dueAt, createdBy: null }
}
