import { relations } from 'drizzle-orm'
import { boolean, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

const id = () => text().primaryKey()
const createdAt = () => timestamp().notNull().defaultNow()

// Accounts and organisations (Better Auth)

export const user = pgTable('user', {
  id: id(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: boolean().notNull().default(false),
  image: text(),
  role: text().notNull().default('user'),
  grants: text().array().notNull().default([]),
  createdAt: createdAt(),
  updatedAt: timestamp().notNull().defaultNow(),
})

export const session = pgTable('session', {
  id: id(),
  userId: text()
    .notNull()
    .references(() => user.id, { onDelete: 'cascade' }),
  token: text().notNull().unique(),
  expiresAt: timestamp().notNull(),
  ipAddress: text(),
  userAgent: text(),
  activeOrganizationId: text(),
  createdAt: createdAt(),
  updatedAt: timestamp().notNull().defaultNow(),
})

export const account = pgTable('account', {
  id: id(),
  userId: text()
    .notNull()
    .references(() => user.id, { onDelete: 'cascade' }),
  accountId: text().notNull(),
  providerId: text().notNull(),
  accessToken: text(),
  refreshToken: text(),
  idToken: text(),
  accessTokenExpiresAt: timestamp(),
  refreshTokenExpiresAt: timestamp(),
  scope: text(),
  password: text(),
  createdAt: createdAt(),
  updatedAt: timestamp().notNull().defaultNow(),
})

export const verification = pgTable('verification', {
  id: id(),
  identifier: text().notNull(),
  value: text().notNull(),
  expiresAt: timestamp().notNull(),
  createdAt: createdAt(),
  updatedAt: timestamp().notNull().defaultNow(),
})

export const organization = pgTable('organization', {
  id: id(),
  name: text().notNull(),
  slug: text().notNull().unique(),
  logo: text(),
  metadata: text(),
  createdAt: createdAt(),
})

export const member = pgTable('member', {
  id: id(),
  organizationId: text()
    .notNull()
    .references(() => organization.id, { onDelete: 'cascade' }),
  userId: text()
    .notNull()
    .references(() => user.id, { onDelete: 'cascade' }),
  role: text().notNull().default('member'),
  createdAt: createdAt(),
})

export const invitation = pgTable('invitation', {
  id: id(),
  organizationId: text()
    .notNull()
    .references(() => organization.id, { onDelete: 'cascade' }),
  email: text().notNull(),
  role: text(),
  status: text().notNull().default('pending'),
  expiresAt: timestamp().notNull(),
  inviterId: text()
    .notNull()
    .references(() => user.id, { onDelete: 'cascade' }),
  createdAt: createdAt(),
})

// What belongs to an organisation

export const invoices = pgTable('invoices', {
  id: id(),
  organizationId: text()
    .notNull()
    .references(() => organization.id, { onDelete: 'cascade' }),
  number: text().notNull(),
  customer: text().notNull(),
  amountCents: integer().notNull(),
  status: text({ enum: ['open', 'paid', 'overdue', 'void'] })
    .notNull()
    .default('open'),
  dueAt: timestamp().notNull(),
  remindedAt: timestamp(),
  createdBy: text().references(() => user.id),
  createdAt: createdAt(),
})

export const invoiceLines = pgTable('invoice_lines', {
  id: id(),
  invoiceId: text()
    .notNull()
    .references(() => invoices.id, { onDelete: 'cascade' }),
  text: text().notNull(),
  amountCents: integer().notNull(),
})

export const auditLog = pgTable('audit_log', {
  id: id(),
  organizationId: text().references(() => organization.id, { onDelete: 'cascade' }),
  actorId: text().references(() => user.id),
  action: text().notNull(),
  subject: text().notNull(),
  createdAt: createdAt(),
})

// What belongs to a person

export const profiles = pgTable('profiles', {
  userId: text()
    .primaryKey()
    .references(() => user.id, { onDelete: 'cascade' }),
  displayName: text().notNull(),
  timezone: text().notNull().default('UTC'),
})

export const notes = pgTable('notes', {
  id: id(),
  // Notes imported from the old system have no owner.
  ownerId: text().references(() => user.id, { onDelete: 'cascade' }),
  body: text().notNull(),
  createdAt: createdAt(),
})

// The roadmap board, shared by all customers

export const featureRequests = pgTable('feature_requests', {
  id: id(),
  requestedBy: text()
    .notNull()
    .references(() => user.id, { onDelete: 'cascade' }),
  title: text().notNull(),
  votes: integer().notNull().default(0),
  createdAt: createdAt(),
})

export const comments = pgTable('comments', {
  id: id(),
  featureRequestId: text()
    .notNull()
    .references(() => featureRequests.id, { onDelete: 'cascade' }),
  authorId: text().references(() => user.id, { onDelete: 'set null' }),
  body: text().notNull(),
  createdAt: createdAt(),
})

// What belongs to nobody

export const prices = pgTable('prices', {
  id: id(),
  plan: text().notNull(),
  monthlyCents: integer().notNull(),
})

export const announcements = pgTable('announcements', {
  id: id(),
  title: text().notNull(),
  body: text().notNull(),
  publishedAt: timestamp().notNull().defaultNow(),
})

export const leads = pgTable('leads', {
  id: id(),
  email: text().notNull(),
  company: text().notNull(),
  createdAt: createdAt(),
})

export const invoicesRelations = relations(invoices, ({ one }) => ({
  organization: one(organization, { fields: [invoices.organizationId], references: [organization.id] }),
}))

export const memberRelations = relations(member, ({ one }) => ({
  organization: one(organization, { fields: [member.organizationId], references: [organization.id] }),
  user: one(user, { fields: [member.userId], references: [user.id] }),
}))

export const featureRequestsRelations = relations(featureRequests, ({ many }) => ({
  comments: many(comments),
}))

export const commentsRelations = relations(comments, ({ one }) => ({
  featureRequest: one(featureRequests, { fields: [comments.featureRequestId], references: [featureRequests.id] }),
}))
