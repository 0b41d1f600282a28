import { createServerFn } from '@tanstack/react-start'
import { getRequestHeaders } from '@tanstack/react-start/server'
import { z } from 'zod'
import { auth } from '~/server/auth'

const credentials = z.object({ email: z.email(), password: z.string().min(8) })

export const getSession = createServerFn().handler(async () => {
  const session = await auth.api.getSession({ headers: getRequestHeaders() })
  return session ? { user: session.user, organizationId: session.session.activeOrganizationId ?? null } : null
})

export const signIn = createServerFn({ method: 'POST' })
  .validator(credentials)
  .handler(async ({ data }) => {
    const { user } = await auth.api.signInEmail({ body: data, headers: getRequestHeaders() })
    return { userId: user.id }
  })

export const signUp = createServerFn({ method: 'POST' })
  .validator(credentials.extend({ name: z.string().min(1) }))
  .handler(async ({ data }) => {
    const { user } = await auth.api.signUpEmail({ body: data, headers: getRequestHeaders() })
    return { userId: user.id }
  })

export const signOut = createServerFn({ method: 'POST' }).handler(async () => {
  await auth.api.signOut({ headers: getRequestHeaders() })
})
