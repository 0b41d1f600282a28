import { createMiddleware, createStart } from '@tanstack/react-start'
import { requireUser } from './server/guards'

const openToAnybody = new Set([
  'src/features/auth/functions.ts:getSession',
  'src/features/auth/functions.ts:signIn',
  'src/features/auth/functions.ts:signUp',
  'src/features/auth/functions.ts:signOut',
  'src/features/marketing/functions.ts:listPrices',
  'src/features/marketing/functions.ts:requestDemo',
  'src/features/roadmap/functions.ts:voteForFeature',
])

const guardMiddleware = createMiddleware({ type: 'function' }).server(async ({ next, serverFnMeta }) => {
  if (openToAnybody.has(`${serverFnMeta.filename}:${serverFnMeta.name}`)) return next()
  await requireUser()
  return next()
})

export const startInstance = createStart(() => ({
  functionMiddleware: [guardMiddleware],
}))
