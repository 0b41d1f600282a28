'use server'

import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { auth } from '~/server/auth'

const credentials = z.object({ email: z.email(), password: z.string().min(8) })

export async function signIn(form: FormData) {
  await auth.api.signInEmail({ body: credentials.parse(Object.fromEntries(form)), headers: await headers() })
  redirect('/bookings')
}

export async function signUp(form: FormData) {
  const body = credentials.extend({ name: z.string().min(1) }).parse(Object.fromEntries(form))
  await auth.api.signUpEmail({ body, headers: await headers() })
  redirect('/bookings')
}

export async function signOut() {
  await auth.api.signOut({ headers: await headers() })
  redirect('/')
}
