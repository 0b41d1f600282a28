import { createHmac, timingSafeEqual } from 'node:crypto'
import { env } from './env'

export function isSignedByPayments(body: string, signature: string | null) {
  if (!signature) return false
  const expected = createHmac('sha256', env.paymentsWebhookSecret).update(body).digest()
  const received = Buffer.from(signature, 'hex')
  return received.length === expected.length && timingSafeEqual(received, expected)
}
