import { describe, expect, it } from 'vitest'
import type { EntryPoint } from '../../src/model/inventory.ts'
import { causeInWords, isFinding, renderText, summary } from '../../src/cli/text.ts'
import { entryPoint, guarded, inventory, open, openRead, publicOne, unverifiable } from './inventories.ts'

const times = <T>(n: number, value: T) => Array.from({ length: n }, () => value)

describe('summary', () => {
  it('is the line of the design where nothing is open', () => {
    const signedIn = entryPoint({ verdict: 'guarded', proofs: ['authenticated'] })
    const entries = [
      ...times(607, signedIn),
      ...times(48, guarded),
      ...times(21, publicOne),
      ...times(24, unverifiable),
    ]

    expect(summary(inventory(entries, { notAnalysed: times(3, { what: 'a mounted router' }) }))).toBe(
      '700 entry points: 655 refuse anonymous callers, 48 of these check a permission, 21 public, 24 not verifiable; 3 surfaces not analysed',
    )
  })

  it('says first what is open', () => {
    expect(summary(inventory([open, openRead, guarded, guarded, publicOne]))).toBe(
      '5 entry points: 2 open, 2 refuse anonymous callers, 2 of these check a permission, 1 public, 0 not verifiable; 0 surfaces not analysed',
    )
  })

  it('does not count a role as a permission', () => {
    const role = entryPoint({ verdict: 'guarded', proofs: ['authenticated', 'role:admin'] })
    const both = entryPoint({ verdict: 'guarded', proofs: ['role:admin', 'permission:billing:write'] })

    expect(summary(inventory([role, role, both]))).toBe(
      '3 entry points: 3 refuse anonymous callers, 1 of these checks a permission, 2 only a role, 0 public, 0 not verifiable; 0 surfaces not analysed',
    )
  })

  it('does not speak of permissions where nothing refuses, nor count those of an open entry point', () => {
    expect(summary(inventory([{ ...open, proofs: ['permission:a:b'] }]))).toBe(
      '1 entry point: 1 open, 0 refuse anonymous callers, 0 public, 0 not verifiable; 0 surfaces not analysed',
    )
  })

  it('knows the singular', () => {
    expect(summary(inventory([guarded], { notAnalysed: [{ what: 'a mounted router' }] }))).toBe(
      '1 entry point: 1 refuses anonymous callers, 1 of these checks a permission, 0 public, 0 not verifiable; 1 surface not analysed',
    )
  })
})

describe('renderText', () => {
  it('shows what was detected, what is open, what could not be decided and what was left out', () => {
    const text = renderText(
      inventory([unverifiable, guarded, open, publicOne, openRead], {
        notAnalysed: [
          { what: 'a custom server entry', file: 'src/server.ts' },
          { what: 'server functions of `@acme/ui`' },
        ],
        problems: [{ file: 'src/broken.ts', message: 'syntax error in line 3' }],
      }),
    )

    expect(text).toBe(`Frameworks  tanstack-start
Auth        better-auth
Data        drizzle

Open to anonymous callers: 2, of which \`recommended\` reports 1
  src/server/catalogue.ts:12:14 listProducts — nothing on the way looks at the caller — reads \`products\` (only \`strict\` reports this read)

  src/server/invoices.ts:12:14 createInvoice — the check is asynchronous and not awaited — writes \`invoices\`, reads \`customers\`

Not verifiable: 1
  src/server/invoices.ts:50:14 exportInvoices — \`@acme/rpc\` could not be read (src/server/rpc.ts:8)

Surfaces not analysed: 2
  a custom server entry (src/server.ts)
  server functions of \`@acme/ui\`

Problems: 1
  src/broken.ts: syntax error in line 3

The steps to a verdict: npx eslint-plugin-authz explain <file>:<line>
What refuses anonymous callers, and by which guard; what is public, and why: npx eslint-plugin-authz audit --verbose

5 entry points: 2 open, 1 refuses anonymous callers, 1 of these checks a permission, 1 public, 1 not verifiable; 2 surfaces not analysed, 1 problem
`)
  })

  it('adds guarded and public ones and the evidence of open ones on request', () => {
    const text = renderText(inventory([open, guarded, publicOne]), { verbose: true })

    expect(text).toContain('      src/server/invoices.ts:14 calls `requireUser` and does not await it\n')
    expect(text).toContain(
      'Refuse anonymous callers: 1\n  src/server/invoices.ts:30:14 deleteInvoice — refused by requireUser — proves authenticated, permission:invoices:delete — writes `invoices`\n',
    )
    expect(text).toContain('Public: 1\n  src/routes/api/health.ts:4:7 GET — no protected effect\n')
    expect(text).not.toContain('--verbose')
  })

  it('names a guard as the entry point names it, down to what refuses, and what rests on less than that', () => {
    const [guard] = guarded.guards
    const by = (more: Partial<EntryPoint['guards'][number]>) =>
      / — refused by (.*?) — proves /.exec(
        renderText(inventory([{ ...guarded, guards: [{ ...guard!, ...more }] }]), { verbose: true }),
      )?.[1]

    expect(by({ through: ['requireRole', 'orgMiddleware'] })).toBe('requireRole → orgMiddleware → requireUser')
    expect(by({ name: 'CRON_SECRET', how: 'inline' })).toBe('a test of CRON_SECRET')
    expect(by({ how: 'declared', trust: 'declared' })).toBe('requireUser, as the policy file declares')

    const both = [...guarded.guards, { ...guard!, how: 'inline' as const }]
    expect(renderText(inventory([{ ...guarded, guards: both }]), { verbose: true })).toContain(
      ' — refused by requireUser — ',
    )
  })

  it('orders by file and line, whatever the order of the inventory', () => {
    const entries = [
      { ...open, file: 'b.ts', line: 1 },
      { ...open, file: 'a.ts', line: 10 },
      { ...open, file: 'a.ts', line: 9 },
    ]

    expect(renderText(inventory(entries)).match(/[ab]\.ts:\d+/g)).toEqual(['a.ts:9', 'a.ts:10', 'b.ts:1'])
  })

  it('shortens a long list of effects, and counts what it leaves out', () => {
    const effects = ['a', 'b', 'c', 'd', 'e'].map((table) => ({
      what: `reads \`${table}\``,
      file: 'x.ts',
      line: 1,
      write: false,
    }))

    expect(renderText(inventory([{ ...open, effects }]))).toContain('reads `a`, reads `b`, reads `c`, and 2 more\n')
  })

  it('names the method where the name does not', () => {
    const entries = [entryPoint({ name: 'default', method: 'POST' }), entryPoint({ name: 'get', method: 'GET' })]
    const text = renderText(inventory(entries))

    expect(text).toContain(' default (POST) — ')
    expect(text).toContain(' get — ')
  })

  it('says what rests on the policy file alone', () => {
    const declared = { ...guarded, guards: guarded.guards.map((guard) => ({ ...guard, trust: 'declared' as const })) }

    expect(renderText(inventory([guarded, declared]))).toContain(
      '\n1 entry point refuses anonymous callers only as the policy file declares.\n',
    )
    expect(renderText(inventory([guarded]))).not.toContain('policy file')
  })

  it('says clearly that there is nothing', () => {
    const empty = { detected: { frameworks: [], auth: [], data: [] } }

    expect(renderText(inventory([], empty))).toBe(`Frameworks  none recognised
Auth        none recognised
Data        none recognised

No server entry point of TanStack Start or Next.js was found below /app.
`)
    expect(renderText(inventory([]))).toContain(
      '\ntanstack-start is used below /app, but no entry point was found there.\n',
    )
  })

  it('says, where nothing was found, that something was not understood', () => {
    const problems = [{ file: 'src/a.ts', message: 'syntax error in line 3: Unexpected token' }]
    const text = renderText(inventory([], { problems }))

    expect(text).toContain('  src/a.ts: syntax error in line 3: Unexpected token\n')
    expect(text).toMatch(/no entry point was found there\. Not everything was understood: 1 problem, see above\.\n$/)
  })

  it('counts the problems in its last line', () => {
    const problems = ['src/a.ts', 'src/b.ts'].map((file) => ({ file, message: 'larger than 1 MB' }))

    expect(summary(inventory([guarded], { problems }))).toMatch(/; 0 surfaces not analysed, 2 problems$/)
  })

  it('lets no text of the audited code command the terminal or break the line', () => {
    const text = renderText(
      inventory([
        { ...publicOne, verdict: 'unverifiable', reason: 'a\u001B[2J\u202Eb\n  c', file: 'src/two  spaces\u0007.ts' },
      ]),
    )

    expect(text).toContain('  src/two  spaces\\u{7}.ts:4:7 GET — a\\u{1b}[2J\\u{202e}b c\n')
  })

  it('never says that something is secure, and colours only when told to', () => {
    const text = renderText(inventory([guarded, publicOne]), { verbose: true })

    expect(text).not.toMatch(/\bsecure|\bsafe\b/i)
    expect(text).not.toContain('\u001B')
    expect(renderText(inventory([open]), { paint: (style, word) => `<${style}>${word}</${style}>` })).toContain(
      '<bold><red>Open to anonymous callers: 1</red></bold>',
    )
  })
})

it('takes as a finding what recommended reports: every open one but plain reads', () => {
  expect([open, openRead, guarded, publicOne, unverifiable, entryPoint()].map(isFinding)).toEqual([
    true,
    false,
    false,
    false,
    false,
    true,
  ])
})

it('shows a cause that it has no words for as it is', () => {
  expect(causeInWords('somethingNew')).toBe('somethingNew')
  expect(causeInWords('toString')).toBe('toString')
})
