'use server'

import { z } from 'zod'
import { db } from '~/server/db'
import { messages } from '~/server/db/schema'

const message = z.object({ email: z.email(), body: z.string().min(1).max(2_000) })

// authz: public -- the contact form on the first page is for everybody
export async function sendMessage(form: FormData) {
  await db.insert(messages).values(message.parse(Object.fromEntries(form)))
}
