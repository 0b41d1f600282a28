import { createServerFn } from '@tanstack/react-start'
import { authMiddleware, orgMiddleware } from './middleware'

export const authedFn = createServerFn().middleware([authMiddleware])
export const orgFn = createServerFn().middleware([orgMiddleware])
