/** Binds patterns: declarations, parameters, assignments, loop items. */
import type { Pattern } from '../../model/form.ts'
import { assignTo, evaluate, keyOf } from './expressions.ts'
import { iterate, member } from './members.ts'
import { bindingKey } from '../state/keys.ts'
import type { Machine } from '../machine.ts'
import { noteKept } from '../caller/kept-for-others.ts'
import { bindingName, envOf, moduleBinding } from './module-values.ts'
import { callerChosen } from '../values/origins.ts'
import { rootTerm } from '../caller/ties.ts'
import { alternatives, isNullish, union, traceOf, unknown, type Value } from '../values/value.ts'
import { branchOn } from './conditions.ts'

export function bindPattern(m: Machine, pattern: Pattern, value: Value): void {
  if (!m.state.alive) return
  switch (pattern.t) {
    case 'bind': {
      const env = envOf(m, pattern.binding)
      if (!env) return
      const key = bindingKey(env.id, pattern.binding)
      const held = m.tracing ? named(m, value, pattern.binding) : value
      if (env.parent === undefined) {
        noteKept(m, () => bindingName(m, pattern.binding), value, m.site(pattern.range))
        keepFirst(m, key, env.file, pattern.binding)
        m.heap.setShared(key, held)
      } else m.heap.write(key, held)
      return
    }
    case 'target':
      assignTo(m, pattern.target, value)
      return
    case 'default': {
      const missing = value.t === 'const' ? value.value === undefined : isNullish(value) === false ? false : undefined
      if (missing === false) bindPattern(m, pattern.pattern, value)
      else if (missing) bindPattern(m, pattern.pattern, evaluate(m, pattern.value))
      else {
        const given = alternatives(value).filter((part) => !(part.t === 'const' && part.value === undefined))
        const fallback = branchOn(m, () => evaluate(m, pattern.value))
        bindPattern(m, pattern.pattern, union([...given, fallback]))
      }
      return
    }
    case 'object': {
      const taken: string[] = []
      for (const prop of pattern.props) {
        const key = keyOf(m, prop.key)
        if (typeof key === 'string') taken.push(key)
        const site = m.site(prop.value.range)
        bindPattern(m, prop.value, member(m, value, key, site))
        if (!m.state.alive) return
      }
      if (pattern.props.length === 0) member(m, value, 'constructor', m.site(pattern.range))
      if (pattern.rest) bindPattern(m, pattern.rest, without(m, value, taken))
      return
    }
    case 'array': {
      pattern.items.forEach((item, i) => {
        if (item && m.state.alive) bindPattern(m, item, member(m, value, String(i), m.site(item.range)))
      })
      if (pattern.rest && m.state.alive) {
        const known = m.heap.array(value)
        const rest = known
          ? m.heap.newArray(known.items.slice(pattern.items.length), known.rest)
          : m.heap.newArray([], iterate(m, value))
        bindPattern(m, pattern.rest, rest)
      }
    }
  }
}

/** On the paths that do not write to a variable of a module it holds what it held before. */
function keepFirst(m: Machine, key: number, file: string, binding: number): void {
  const { heap } = m.world
  if (!m.atModuleLevel && !heap.has(key)) heap.set(key, moduleBinding(m, file, binding))
}

/** What the caller sends is called by the binding that first holds it. */
function named(m: Machine, value: Value, binding: number): Value {
  if (value.t !== 'unknown' || value.term || (value.origins.flags & callerChosen) === 0) return value
  return { ...value, term: rootTerm(`${bindingName(m, binding)}@${m.frame?.file ?? ''}:${String(binding)}`) }
}

function without(m: Machine, value: Value, keys: readonly string[]): Value {
  return union(
    alternatives(value).map((part) => {
      const cell = m.heap.object(part)
      if (!cell) {
        const checked = part.t === 'unknown' && part.shaped
        const shape = checked && part.shape ? { shape: part.shape } : {}
        return unknown(m.heap.originsOf(part), {
          nullish: 'no',
          ...traceOf(part),
          ...(checked ? { shaped: true, ...shape } : {}),
        })
      }
      const props = new Map([...cell.props].filter(([key]) => !keys.includes(key)))
      return m.heap.newObject(props, cell.rest ? { rest: cell.rest } : {})
    }),
  )
}
