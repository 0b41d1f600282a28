/** Whose a row is made by what is written into it. */
import { describe } from 'vitest'
import { handler, shared, type Case } from './harness.ts'
import { scopes, signedIn } from './scopes.ts'

const own = 'session.session.activeOrganizationId'
const picked = `const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); if (!row) throw new Error()\n`

describe('a new row', () => {
  scopes(
    { tenant: 'client-chosen', loose: ['tenant chosen: invoices.organizationId'] },
    {
      'of the tenant of a row that the caller picked': `${signedIn} ${picked} await db.insert(invoices).values({ organizationId: row.organizationId })`,
    },
  )
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'of the tenant of a row that was compared': `${signedIn} ${picked} if (row.organizationId !== ${own}) throw new Error(); await db.insert(invoices).values({ organizationId: row.organizationId })`,
      'that Prisma connects with the tenant of the session': `${signedIn} await prisma.invoice.create({ data: { organization: { connect: { id: ${own} } } } })`,
    },
  )
  scopes(
    { tenant: 'client-chosen', loose: ['tenant chosen: invoice.organizationId'] },
    {
      'that Prisma connects with the tenant that the caller names': `${signedIn} await prisma.invoice.create({ data: { organization: { connect: { id: data.organizationId } } } })`,
    },
  )
  scopes(
    { object: null, loose: [] },
    {
      'of the owner of a row that the caller picked, as a notice is': `${signedIn} const key = await db.query.apiKeys.findFirst({ where: eq(apiKeys.id, data.id) }); if (!key) throw new Error(); await db.insert(apiKeys).values({ ownerId: key.ownerId })`,
      'that hangs off one that the caller picked': `${signedIn} ${picked} await db.insert(lines).values({ invoiceId: row.id })`,
    },
  )
})

describe('a row of the caller’s tenant that is given to another', () => {
  const set = (to: string): string =>
    `${signedIn} await db.update(invoices).set({ organizationId: ${to} }).where(eq(invoices.organizationId, ${own}))`
  scopes(
    { tenant: 'client-chosen', loose: ['tenant chosen: invoices.organizationId'] },
    {
      'by its id': set('data.organizationId'),
      'that of a row that the caller picked': `${picked.replace(/^/, signedIn)} await db.update(invoices).set({ organizationId: row.organizationId }).where(eq(invoices.organizationId, ${own}))`,
    },
  )
  scopes(
    { tenant: 'client-chosen', loose: ['tenant chosen: invoice.organizationId'] },
    {
      'by connecting it': `${signedIn} await prisma.invoice.updateMany({ where: { organizationId: ${own} }, data: { organization: { connect: { id: data.organizationId } } } })`,
    },
  )
  scopes({ tenant: 'scoped', loose: [] }, { 'is none where it is the same': set(own) })
})

describe('the row whose secret the caller knows', () => {
  const compared = `import { compare } from 'bcryptjs'\n`
  const found =
    'const [row] = await db.select().from(invoices).innerJoin(users, eq(users.id, invoices.ownerId)).where(eq(users.email, data.email)); if (!row) throw new Error()\n'
  const kept = 'await db.insert(invoices).values({ organizationId: row.invoices.organizationId })'
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'is theirs':
        compared +
        handler(
          `${signedIn} ${found} if (!(await compare(data.password, row.users.passwordHash))) throw new Error(); ${kept}`,
        ),
    },
  )
  scopes(
    { tenant: 'client-chosen', loose: ['tenant chosen: invoices.organizationId'] },
    {
      'is not where it is not asked':
        compared + handler(`${signedIn} ${found} void compare(data.password, row.users.passwordHash); ${kept}`),
    },
  )
})

describe('a new row of a tenant that is found by what its members hand out', () => {
  const codes = `
export const teams = pgTable('teams', { id: text('id').primaryKey(), accessCode: text('access_code'), slug: text('slug') })
export const teamMembers = pgTable('team_members', { userId: text('user_id').references(() => users.id), teamId: text('team_id').references(() => teams.id), role: text('role') })
`
  const join = (by: string): Case => [
    `import { teamMembers, teams } from '~/schema'\n` +
      handler(
        `${signedIn} const team = await db.query.teams.findFirst({ where: eq(teams.${by}, data.given) }); if (!team) throw new Error(); await db.insert(teamMembers).values({ userId: me.id, teamId: team.id })`,
      ),
    { 'src/schema.ts': shared['src/schema.ts']! + codes },
  ]
  scopes({ tenant: 'scoped', loose: [] }, { 'is theirs': join('accessCode') })
  scopes(
    { tenant: 'client-chosen', loose: ['tenant chosen: team_members.teamId'] },
    { 'is not, where anybody knows that': join('slug') },
  )
})
