import { redirect } from '@tanstack/react-router'
import { createServerFn } from '@tanstack/react-start'
import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { recordAudit } from '~/server/audit'
import { db } from '~/server/db'
import { invitation, member, user } from '~/server/db/schema'
import { orgFn } from '~/server/functions'
import { mayInvite } from '~/server/guards'
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
