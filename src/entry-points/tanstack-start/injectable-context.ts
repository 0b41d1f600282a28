/**
 * Keys of `context` that a middleware writes on some paths only. The server merges what the caller sends as `context` below
 * its own (claims.md 1), so where it writes nothing, the caller's value is what the next one reads.
 */
import { Machine } from '../../analysis/machine.ts'
import type { Persona } from '../../analysis/caller/persona.ts'
import { From, siteKey, type Site } from '../../analysis/values/origins.ts'
import { alternatives, constant, type Value } from '../../analysis/values/value.ts'
import type { Finding } from '../../model/report.ts'
import type { FindingsRequest } from '../entry-point.ts'
import { middlewareOf } from './chain.ts'
import { anonymous, declaredMiddleware, signedIn, type DeclaredMiddleware } from './declared-middleware.ts'
import { runAlone, typeOf } from './guard-middleware.ts'

/** One way through a call of `next()`. */
interface Passage {
  readonly site: Site
  readonly written: ReadonlySet<string>
  /** Written with something that says who the caller is, or what the caller may do. */
  readonly telling: readonly string[]
}

export function unsetKeys(request: FindingsRequest): Finding[] {
  return declaredMiddleware(request.world, request.file).flatMap((declared) => {
    const passages = [anonymous, signedIn].flatMap((persona) => passagesOf(request, declared, persona))
    const keys = new Set(passages.flatMap(({ telling }) => telling))
    const found = [...keys].flatMap((key): Finding[] => {
      const passage = passages.find(({ written, site }) => !written.has(key) && site.file === request.file)
      return passage ? [finding(declared, key, passage.site)] : []
    })
    return found.length > 0 && isMetByCallers(request, declared) ? found : []
  })
}

const finding = ({ name }: DeclaredMiddleware, key: string, { range }: Site): Finding => ({
  rule: 'no-injectable-context',
  problem: 'sometimesUnset',
  range,
  data: { name, key },
})

/** Only server functions merge what the caller sends; a request middleware may stand in front of routes alone. */
function isMetByCallers({ world, usersOf }: FindingsRequest, { name, builder }: DeclaredMiddleware): boolean {
  const m = new Machine(world, anonymous)
  if (typeOf(m, builder) === 'function') return true
  const site = middlewareOf(m, builder, 'middleware').at(-1)?.site ?? builder.site
  return usersOf(name, site).length > 0
}

function passagesOf({ world }: FindingsRequest, { builder }: DeclaredMiddleware, persona: Persona): Passage[] {
  const m = new Machine(world, persona)
  const chain = middlewareOf(m, builder, 'middleware')
  const own = chain.at(-1)
  if (!own?.server) return []
  const found = new Map<string, Passage>()
  const onNext = (machine: Machine, added: Value | undefined, before: Value, site: Site): void => {
    const known = [...(machine.heap.object(before)?.props.keys() ?? [])]
    for (const part of added ? alternatives(added) : [constant(undefined)]) {
      const props = machine.heap.object(part)?.props ?? new Map<string, Value>()
      // a spread of something unknown may bring any key
      if (part.t !== 'const' && machine.heap.object(part)?.rest !== undefined) continue
      if (part.t !== 'const' && !machine.heap.object(part)) continue
      const telling = [...props].filter(([, value]) => isTelling(machine, value)).map(([key]) => key)
      const passage = { site, written: new Set([...known, ...props.keys()]), telling }
      found.set(`${siteKey(site)} ${[...passage.written].join()}`, passage)
    }
  }
  runAlone(m, [...chain.slice(0, -1), { ...own, onNext }], builder.site)
  return [...found.values()]
}

const isTelling = (m: Machine, value: Value): boolean => (m.heap.originsOf(value).flags & From.principal) !== 0
