import { createHmac, timingSafeEqual } from 'node:crypto'

export function isSignedByPayments(body: string, signature: string | null) {
  const secret = process.env.PAYMENTS_WEBHOOK_SECRET
  if (!secret || !signature) return false
  const expected = createHmac('sha256', secret).update(body).digest()
  const received = Buffer.from(signature, 'hex')
  return received.length === expected.length && timingSafeEqual(received, expected)
}
