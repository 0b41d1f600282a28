import { redirect } from '@tanstack/react-router'
import { createServerFn } from '@tanstack/react-start'
import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { recordAudit } from '~/server/audit'
import { auth } from '~/server/auth'
import { db } from '~/server/db'
import { invitation, member, organization, session, user } from '~/server/db/schema'
import { authedFn, orgFn } from '~/server/functions'
import { mayInvite, requireMembership } from '~/server/guards'
import { HttpError } from '~/server/http-error'
import { orgRoleMiddleware } from '~/server/middleware'

export const listMembers = orgFn().handler(({ context }) => {
  return db
    .select({ id: member.id, role: member.role, name: user.name, email: user.email })
    .from(member)
    .innerJoin(user, eq(user.id, member.userId))
    .where(eq(member.organizationId, context.organizationId))
})

export const changeMemberRole = createServerFn({ method: 'POST' })
  .middleware([orgRoleMiddleware('owner', 'admin')])
  .validator(z.object({ memberId: z.string(), role: z.enum(['admin', 'member']) }))
  .handler(async ({ data, context }) => {
    const changed = await db
      .update(member)
      .set({ role: data.role })
      .where(and(eq(member.id, data.memberId), eq(member.organizationId, context.organizationId)))
      .returning({ id: member.id })
    if (changed.length === 0) throw new HttpError(404, 'No such member')
    await recordAudit({
      organizationId: context.organizationId,
      actorId: context.user.id,
      action: 'member.role-changed',
      subject: data.memberId,
    })
  })

export const inviteMember = orgFn({ method: 'POST' })
  .validator(z.object({ email: z.email() }))
  .handler(async ({ data, context }) => {
    await mayInvite(context.organizationId)
    await db.insert(invitation).values({
      id: crypto.randomUUID(),
      organizationId: context.organizationId,
      email: data.email,
      role: 'member',
      expiresAt: new Date(Date.now() + 7 * 24 * 60 * 60 * 1000),
      inviterId: context.user.id,
    })
  })

export const removeMember = orgFn({ method: 'POST' })
  .validator(z.object({ memberId: z.string() }))
  .handler(async ({ data, context }) => {
    if (context.orgRole !== 'owner') redirect({ to: '/members' })
    await db.delete(member).where(and(eq(member.id, data.memberId), eq(member.organizationId, context.organizationId)))
  })

export const leaveOrganization = orgFn().handler(async ({ context }) => {
  await db
    .delete(member)
    .where(and(eq(member.userId, context.user.id), eq(member.organizationId, context.organizationId)))
})

export const setMemberRole = orgFn({ method: 'POST' })
  .validator(z.object({ memberId: z.string(), role: z.enum(['admin', 'member']) }))
  .handler(async ({ data, context }) => {
    await db
      .update(member)
      .set({ role: data.role })
      .where(and(eq(member.id, data.memberId), eq(member.organizationId, context.organizationId)))
  })

export const addMember = orgFn({ method: 'POST' })
  .validator(z.object({ userId: z.string(), organizationId: z.string() }))
  .handler(async ({ data, context }) => {
    await auth.api.addMember({ body: { userId: data.userId, organizationId: data.organizationId, role: 'member' } })
    console.info('member added', context.user.id)
  })

/** What to call an organisation that one may switch to. */
export const getOrganization = authedFn()
  .validator(z.object({ organizationId: z.string() }))
  .handler(async ({ data }) => {
    await requireMembership(data.organizationId)
    return db.query.organization.findFirst({
      columns: { name: true, slug: true },
      where: eq(organization.id, data.organizationId),
    })
  })

export const switchOrganization = authedFn({ method: 'POST' })
  .validator(z.object({ organizationId: z.string() }))
  .handler(async ({ data, context }) => {
    await db
      .update(session)
      .set({ activeOrganizationId: data.organizationId, updatedAt: new Date() })
      .where(eq(session.userId, context.user.id))
  })
