import { createFileRoute } from '@tanstack/react-router'
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '~/server/db'
import { invoices } from '~/server/db/schema'
import { isSignedByPayments } from '~/server/signature'

const paymentEvent = z.object({ type: z.literal('invoice.paid'), invoiceId: z.string() })

export const Route = createFileRoute('/api/hooks/payments')({
  server: {
    handlers: {
      POST: async ({ request }) => {
        const body = await request.text()
        if (!isSignedByPayments(body, request.headers.get('x-payments-signature'))) {
          return Response.json({ error: 'Invalid signature' }, { status: 401 })
        }
        const event = paymentEvent.parse(JSON.parse(body))
        await db.update(invoices).set({ status: 'paid' }).where(eq(invoices.id, event.invoiceId))
        return Response.json({ received: true })
      },
    },
  },
})
