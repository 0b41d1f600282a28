import { describe, expect, it } from 'vitest'
import { renderExplanation, select } from '../../src/cli/explain.ts'
import { guarded, inventory, open, openRead, publicOne, unverifiable } from './inventories.ts'

describe('select', () => {
  const all = inventory([unverifiable, open, guarded, openRead])
  const file = open.file

  it('takes all entry points of a file, in order', () => {
    expect(select(all, { file })).toEqual([open, guarded, unverifiable])
  })

  it('takes all of a name', () => {
    const twin = { ...open, line: 70 }

    expect(select(inventory([open, twin]), { file, name: 'createInvoice' })).toEqual([open, twin])
  })

  it('takes the one in a line, or the nearest above it', () => {
    expect(select(all, { file, line: 30 })).toEqual([guarded])
    expect(select(all, { file, line: 49 })).toEqual([guarded])
  })

  it('says what there is instead', () => {
    expect(() => select(all, { file, name: 'create' })).toThrow(
      'src/server/invoices.ts has no entry point "create"; it has createInvoice (line 12), deleteInvoice (line 30), exportInvoices (line 50).',
    )
    expect(() => select(all, { file, line: 11 })).toThrow(
      'src/server/invoices.ts has no entry point at or above line 11',
    )
    expect(() => select(all, { file: 'src/x.ts' })).toThrow('src/x.ts has no entry point: ')
  })
})

describe('renderExplanation', () => {
  it('shows the whole chain of an open one', () => {
    expect(renderExplanation(open)).toBe(`src/server/invoices.ts:12:14 createInvoice
server function, TanStack Start

Open to anonymous callers: the check is asynchronous and not awaited.

Evidence
  1. src/server/invoices.ts:14 calls \`requireUser\` and does not await it
  2. src/server/invoices.ts:16 writes \`invoices\`

Touches
  src/server/invoices.ts:15 reads \`customers\`
  src/server/invoices.ts:16 writes \`invoices\`
  src/server/invoices.ts:17 writes \`invoices\`
`)
  })

  it('shows what a guarded one proves, and what it does not', () => {
    expect(renderExplanation(guarded)).toBe(`src/server/invoices.ts:30:14 deleteInvoice
server function, TanStack Start

Refuses anonymous callers

Proved about the caller
  authenticated
  permission:invoices:delete

Guards
  src/server/auth.ts:3 requireUser (middleware, verified)

Touches
  src/server/invoices.ts:33 writes \`invoices\`

Tenant
  a query is bound to a tenant that the caller chose

Object
  the rows are not bound to the caller
`)
  })

  it('gives the reason and its place', () => {
    expect(renderExplanation(unverifiable)).toContain(
      'Not verifiable: `@acme/rpc` could not be read (src/server/rpc.ts:8)\n',
    )
    expect(renderExplanation(publicOne)).toContain('server route, TanStack Start\n\nPublic: no protected effect\n')
    expect(renderExplanation(openRead)).toContain('looks at the caller. Only `strict` reports this read.\n')
  })

  it('names a guard from what the entry point names down to what refuses', () => {
    const guards = guarded.guards.map((guard) => ({ ...guard, through: ['requireRole'] }))

    expect(renderExplanation({ ...guarded, guards })).toContain(
      '\nGuards\n  src/server/auth.ts:3 requireRole → requireUser (middleware, verified)\n',
    )
  })
})
