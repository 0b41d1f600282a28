/** The context that middleware hands on to what comes behind it. */
import type { Machine } from '../analysis/machine.ts'
import { From, origins } from '../analysis/values/origins.ts'
import { alternatives, union, unknown, type Value } from '../analysis/values/value.ts'

/** What a middleware adds to the context; keys that are not written stay as they were. */
export function extend(m: Machine, context: Value, added: Value): Value {
  const parts = alternatives(added).filter((part) => part.t !== 'const')
  if (parts.length === 0) return context
  const results = parts.map((part): Value => {
    const before = m.heap.object(context)
    const more = m.heap.object(part)
    if (!before) return context
    const props = new Map(before.props)
    for (const [key, value] of more?.props ?? []) props.set(key, asSet(value))
    const rest = more ? more.rest : unknown(m.heap.originsOf(part))
    return m.heap.newObject(props, {
      ...(rest ? { rest: before.rest ? union([before.rest, rest]) : rest } : before.rest ? { rest: before.rest } : {}),
    })
  })
  return union(results)
}

/** What the server has written is no longer what the caller may send under that name, whatever it was made of. */
function asSet(value: Value): Value {
  switch (value.t) {
    case 'union':
      return { t: 'union', of: value.of.map(asSet) }
    case 'const':
    case 'unknown':
      return (value.origins.flags & From.context) === 0
        ? value
        : { ...value, origins: origins(value.origins.flags & ~From.context, ...value.origins.refs) }
    default:
      return value
  }
}
