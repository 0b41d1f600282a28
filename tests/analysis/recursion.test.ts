/** Functions that call themselves: on data they are told by what they are given, all others are followed. */
import { describe } from 'vitest'
import { guarded, handler, session, unguarded, unverifiable, work } from './harness.ts'

/** Hides what must not be logged, however deep it is. */
const redact = `
  const hidden = new Set(['token', 'password'])
  function redact(value: any, depth = 0): any {
    if (depth > 10 || value === null || value === undefined) return value
    if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1))
    if (typeof value !== 'object') return value
    const shown: Record<string, unknown> = {}
    for (const [key, inner] of Object.entries(value)) {
      const name = key.toLowerCase().replace('_', '')
      if (hidden.has(name)) shown[key] = Boolean(inner)
      else if (name === 'email' && typeof inner === 'string' && process.env.NODE_ENV === 'production') shown[key] = inner.slice(1)
      else if (name === 'body' && !process.env.DEBUG_LOGS) shown[key] = '…'
      else if (typeof inner === 'object') shown[key] = redact(inner, depth + 1)
      else shown[key] = inner
    }
    return shown
  }
`
const about = (step: string): string =>
  `{ step: ${step}, a: { step: ${step}, b: data.b, c: data.c }, d: { step: ${step}, e: data.e, f: [data.f, { step: ${step}, g: data.g }] } }`
const logged = Array.from(
  { length: 200 },
  (_, i) => `console.log(redact({ at: ${about(String(i))}, to: ${about(`'${String(i)}'`)}, body: data.body }))`,
).join('\n')

/** A tree with what is asked of the caller below it. */
const tree = (leaf: string): string => `{ ok: true, parts: [${leaf}] }`

describe('a recursion', () => {
  guarded({
    'that hides what is logged, in a large handler':
      redact + handler(`${session} ${logged}\n if (!session) throw new Error(); ${work}`),
    'that asks whether all rules hold': `function holds(rule: any): boolean { return rule.ok && (!rule.inner || holds(rule.inner)) }
      ${handler(`${session} if (!holds({ ok: true, inner: { ok: session !== null } })) throw new Error(); ${work}`)}`,
    'that collects what is wrong': `function collect(rule: any, wrong: string[]) { if (!rule.ok) wrong.push('no'); for (const part of rule.parts) collect(part, wrong) }
      ${handler(`${session} const wrong: string[] = []; collect({ ok: true, parts: [{ ok: Boolean(session), parts: [] }] }, wrong); if (wrong.length > 0) throw new Error(); ${work}`)}`,
  })
  unguarded({
    'that saves each part': `function save(data: any): any { for (const part of data.parts) save(part); if (data.last) void prisma.invoice.create({ data }).then(() => {}); return data }
      ${handler(`save(${tree('{ ok: data.ok, last: true, parts: [] }')})`)}`,
    'that calls what it is given': `function visit(value: any, each: any): any { if (value.last) each(value); else for (const part of value.parts) visit(part, each) }
      ${handler(`const all: any[] = []; visit({ parts: [{ last: true }] }, (one: any) => void prisma.invoice.create({ data: one }).then(() => {})); return all`)}`,
    'that throws for a part of what was sent': `function check(value: any): void { if (!value) throw new Error(); if (value.parts) check(value.parts) }
      ${handler(`check({ parts: data }); ${work}`)}`,
    'that counts in a module': `let depth = 0
      function count(value: any): number { depth += 1; return value.parts ? count(value.parts) : depth }
      ${handler(`count({ parts: { parts: data } }); if (depth === 1) throw new Error(); ${work}`)}`,
    'that fills what it is given': `function fill(into: any, from: any): any { into.open = from.open; if (from.inner) fill(into, from.inner); return into }
      ${handler(`${session} const options = fill({ open: false }, { open: false, inner: { open: true } }); if (!options.open && !session) throw new Error(); ${work}`)}`,
  })
})

/** What a helper is given first tells what it does, whatever runs it on the way. */
const within = `async function within(scope: string, act: () => Promise<unknown>): Promise<unknown> {
    if (scope === 'inner') { ${session} if (!session) throw new Error() }
    return act() }`

describe('no recursion is', () => {
  guarded({
    'a helper that runs a callback which calls the helper': `${within}
      ${handler(`await within('outer', () => within('inner', async () => { ${work} }))`)}`,
  })
  unguarded({
    'a helper that runs a callback which calls it for something else': `${within}
      ${handler(`await within('outer', () => within('other', async () => { ${work} }))`)}`,
  })
})

describe('a server function that leads to itself', () => {
  unverifiable({
    'through what a package makes of it': `import { rpc } from 'a-package-that-nobody-knows'
      const call = rpc({ id: '1' }, (opts: any) => act.__executeServer(opts))
      export const act = createServerFn().handler(call, () => prisma.invoice.findMany())`,
  })
})
