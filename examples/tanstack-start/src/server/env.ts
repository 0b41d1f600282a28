function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set, see .env.example`)
  return value
}

export const env = {
  baseUrl: process.env.BETTER_AUTH_URL,
  databaseDir: process.env.DATABASE_DIR,
  authSecret: required('BETTER_AUTH_SECRET'),
  paymentsWebhookSecret: required('PAYMENTS_WEBHOOK_SECRET'),
  cronSecret: required('CRON_SECRET'),
  seedPassword: required('SEED_PASSWORD'),
}
