import type { EntryPoint, Inventory } from '../../src/model/inventory.ts'

export function inventory(entryPoints: readonly EntryPoint[], more: Partial<Inventory> = {}): Inventory {
  return {
    version: 1,
    root: '/app',
    detected: { frameworks: ['tanstack-start'], auth: ['better-auth'], data: ['drizzle'] },
    entryPoints: [...entryPoints],
    notAnalysed: [],
    problems: [],
    ...more,
  }
}

export function entryPoint(more: Partial<EntryPoint> = {}): EntryPoint {
  return {
    file: 'src/server/invoices.ts',
    line: 12,
    column: 14,
    name: 'createInvoice',
    kind: 'server-fn',
    framework: 'tanstack-start',
    verdict: 'unguarded',
    proofs: [],
    guards: [],
    effects: [],
    evidence: [],
    ...more,
  }
}

const guard = {
  name: 'requireUser',
  file: 'src/server/auth.ts',
  line: 3,
  how: 'middleware',
  trust: 'verified',
} as const

export const open = entryPoint({
  cause: 'notAwaited',
  exposure: 'write',
  effects: [
    { what: 'reads `customers`', file: 'src/server/invoices.ts', line: 15, write: false },
    { what: 'writes `invoices`', file: 'src/server/invoices.ts', line: 16, write: true },
    { what: 'writes `invoices`', file: 'src/server/invoices.ts', line: 17, write: true },
  ],
  evidence: [
    { file: 'src/server/invoices.ts', line: 14, what: 'calls `requireUser` and does not await it' },
    { file: 'src/server/invoices.ts', line: 16, what: 'writes `invoices`' },
  ],
})

export const openRead = entryPoint({
  file: 'src/server/catalogue.ts',
  name: 'listProducts',
  cause: 'noGuard',
  exposure: 'read',
  effects: [{ what: 'reads `products`', file: 'src/server/catalogue.ts', line: 13, write: false }],
})

export const guarded = entryPoint({
  line: 30,
  name: 'deleteInvoice',
  verdict: 'guarded',
  proofs: ['authenticated', 'permission:invoices:delete'],
  guards: [guard],
  effects: [{ what: 'writes `invoices`', file: 'src/server/invoices.ts', line: 33, write: true }],
  tenant: 'client-chosen',
  object: 'unbound',
})

export const publicOne = entryPoint({
  file: 'src/routes/api/health.ts',
  line: 4,
  column: 7,
  name: 'GET',
  kind: 'server-route',
  method: 'GET',
  verdict: 'public',
  reason: 'no protected effect',
})

export const unverifiable = entryPoint({
  line: 50,
  name: 'exportInvoices',
  verdict: 'unverifiable',
  reason: '`@acme/rpc` could not be read',
  reasonAt: { file: 'src/server/rpc.ts', line: 8 },
})
