import { boolean, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

const id = () =>
  text()
    .primaryKey()
    .$defaultFn(() => crypto.randomUUID())
const createdAt = () => timestamp().notNull().defaultNow()

// Accounts (Better Auth)

export const user = pgTable('user', {
  id: id(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: boolean().notNull().default(false),
  image: text(),
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

// Clubs, and what belongs to them

export const clubs = pgTable('clubs', {
  id: id(),
  name: text().notNull(),
})

export const members = pgTable('members', {
  id: id(),
  organizationId: text()
    .notNull()
    .references(() => clubs.id, { onDelete: 'cascade' }),
  userId: text()
    .notNull()
    .references(() => user.id, { onDelete: 'cascade' }),
  role: text({ enum: ['owner', 'member'] }).notNull(),
})

export const rooms = pgTable('rooms', {
  id: id(),
  organizationId: text()
    .notNull()
    .references(() => clubs.id, { onDelete: 'cascade' }),
  name: text().notNull(),
  hourlyCents: integer().notNull(),
})

export const bookings = pgTable('bookings', {
  id: id(),
  organizationId: text()
    .notNull()
    .references(() => clubs.id, { onDelete: 'cascade' }),
  roomId: text()
    .notNull()
    .references(() => rooms.id, { onDelete: 'cascade' }),
  userId: text()
    .notNull()
    .references(() => user.id, { onDelete: 'cascade' }),
  title: text().notNull(),
  startsAt: timestamp().notNull(),
  paid: boolean().notNull().default(false),
})

export const messages = pgTable('messages', {
  id: id(),
  email: text().notNull(),
  body: text().notNull(),
})
