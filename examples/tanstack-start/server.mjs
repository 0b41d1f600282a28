import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { serve } from 'srvx'
import { staticMiddleware } from 'srvx/static'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

if (existsSync(here('.env'))) process.loadEnvFile(here('.env'))

process.on('unhandledRejection', (reason) => console.error('unhandled rejection', reason))

const { default: app } = await import('./dist/server/server.js')

export const server = serve({
  port: process.env.PORT ?? 3000,
  hostname: process.env.HOST ?? 'localhost',
  middleware: [staticMiddleware({ dir: here('./dist/client') })],
  fetch: (request) => app.fetch(request),
})

await server.ready()
