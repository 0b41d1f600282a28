/**
 * Describes calls in words, so that equal words mean equal outcomes, in whatever run.
 *
 * What a run creates (objects, reads) has other numbers in every run. It is named by the order in which it is met: in what
 * the call was given, or when it came within reach of a module or of the store of the request. What those hold is told by
 * the version of the state, which grows from version to version in the same words.
 */
import { environmentOf, type Machine } from './machine.ts'
import type { Origins } from './origins.ts'
import { moduleForm } from './module-values.ts'
import { bindingKey, type State } from './state.ts'
import { isTie } from './ties.ts'
import { heldBy, isValue, type Cell, type FunctionValue, type UnknownValue, type Value } from './value.ts'

/** An object, by its cell; or a read, by its effect. */
type Thing = number | object

/** Names for what a run has created. */
export class Names {
  private readonly things: Thing[] = []
  private readonly at = new Map<Thing, number>()
  private readonly outer: Names | undefined
  private readonly start: number

  /** @param outer whose names go before: those it has now */
  constructor(outer?: Names) {
    this.outer = outer
    this.start = outer ? outer.count : 0
  }

  get count(): number {
    return this.start + this.things.length
  }

  of(thing: Thing): number | undefined {
    const own = this.at.get(thing)
    if (own !== undefined) return this.start + own
    const name = this.outer?.of(thing)
    return name !== undefined && name < this.start ? name : undefined
  }

  add(thing: Thing): number {
    this.at.set(thing, this.things.length)
    return this.start + this.things.push(thing) - 1
  }

  named(name: number): Thing | undefined {
    return name < this.start ? this.outer?.named(name) : this.things[name - this.start]
  }
}

export interface DescribedCall {
  readonly key: string
  readonly names: Names
}

interface Words {
  readonly names: Names
  left: number
}

/** Undefined when the call cannot be described: what it is given holds on to an activation, or is too large. */
export function describeCall(
  m: Machine,
  fn: FunctionValue,
  args: readonly Value[],
  self: Value | undefined,
): DescribedCall | undefined {
  if (fn.env && fn.env.fn !== 0) return undefined
  const words: Words = { names: new Names(m.shared), left: 60 }
  const { kind, privileges = '' } = m.persona
  const parts: string[] = [
    kind,
    privileges,
    environmentOf(m.persona),
    fn.file,
    String(fn.fn),
    String(m.state.version),
    String(m.state.sameLength),
  ]
  // what a query gives hangs on what is tied to the caller by then
  if (m.tracing) parts.push(`tracing ${m.state.proofs.filter(isTie).sort().join()}`)
  for (const value of self ? [...args, self] : args) {
    const described = describe(m, value, 4, words)
    if (described === undefined) return undefined
    parts.push(described)
  }
  return { key: parts.join('|'), names: words.names }
}

/**
 * The words for a change of what modules or request stores hold. What comes within their reach is named from then on, and
 * told by one number where it cannot be described: no other run has the like.
 */
export function describeChange(m: Machine, state: State, key: number, value: Value | Cell): string {
  const words: Words = { names: m.shared, left: 400 }
  const parts = isValue(value) ? [value] : heldBy(value)
  const told = parts.map((part) => {
    const described = describe(m, part, 20, words, state)
    if (described !== undefined) return described
    reach(m, state, part)
    return `@${String(m.world.refId(part))}`
  })
  const name = m.shared.of(key)
  return `${name === undefined ? String(key) : `#${String(name)}`}=${isValue(value) ? '' : about(value)}${told.join()}`
}

/** Names every object that a value leads to, and notes the activations that it holds on to: what changes there counts. */
function reach(m: Machine, state: State, value: Value): void {
  const each = (parts: readonly (Value | undefined)[]): void => {
    for (const part of parts) if (part) reach(m, state, part)
  }
  switch (value.t) {
    case 'object': {
      if (m.world.heap.has(value.cell)) return
      const known = m.shared.of(value.cell) !== undefined
      if (known && m.reached.has(value.cell)) return
      if (!known) m.shared.add(value.cell)
      m.reached.add(value.cell)
      const cell = (state.get(value.cell) as Cell | undefined) ?? m.cell(value)
      each(heldBy(cell))
      if (cell.t === 'object') for (const { get, set } of cell.accessors?.values() ?? []) each([get, set])
      return
    }
    case 'function':
    case 'class': {
      if (value.t === 'function') each([value.self])
      for (let env = value.env; env && env.fn !== 0; env = env.parent) {
        if (m.reached.has(env.id)) return
        m.reached.add(env.id)
        each([env.self])
        moduleForm(m, env.file).bindings.forEach((binding, id) => {
          const held = binding.owner === env?.fn ? state.get(bindingKey(env.id, id)) : undefined
          if (held && isValue(held)) reach(m, state, held)
        })
      }
      return
    }
    case 'union':
      each(value.of)
      return
    case 'promise':
      each([value.value, value.error])
      return
    case 'condition':
      each([...value.pairs.map((pair) => pair.value), ...(value.parts ?? [])])
      return
    case 'query':
      each([...value.args, ...value.calls.flatMap((call) => call.args)])
      return
    case 'builder':
      each(value.calls.flatMap((call) => call.args))
      return
    case 'library':
      if (!('package' in value.base)) each(value.base.config ?? [])
      return
    default:
      return
  }
}

const about = (cell: Cell): string =>
  cell.t === 'array'
    ? '[]'
    : `${cell.is ?? ''}${String(cell.status ?? '')}${cell.cls ? `${cell.cls.file}#${String(cell.cls.cls)}` : ''}${[...cell.props.keys()].join()}`

function describe(m: Machine, value: Value, depth: number, words: Words, state: State = m.state): string | undefined {
  if (--words.left < 0) return undefined
  const inner = (part: Value): string | undefined => describe(m, part, depth - 1, words, state)
  switch (value.t) {
    case 'const':
      return `${typeof value.value}:${String(value.value)}${(value.given ?? []).join()}${origin(m, value.origins, words)}`
    case 'unknown':
      return `?${value.nullish}${value.truthy ? 't' : ''}${value.shaped ? 's' : ''}${value.shape?.text ?? ''}${value.key ?? ''}${value.table ?? ''}${value.later?.key ?? ''}${value.lost ? 'x' : ''}${value.list ? 'l' : ''}${value.begins ?? ''}${value.lengthOf === undefined ? '' : `#${String(value.lengthOf)}`}${(value.whenTrue ?? []).join()}/${(value.whenFalse ?? []).join()}${traced(value)}${origin(m, value.origins, words)}`
    case 'function':
    case 'class': {
      if (value.env && value.env.fn !== 0) return undefined
      const self = value.t === 'function' && value.self ? inner(value.self) : ''
      if (self === undefined) return undefined
      return `${value.t}${value.file}#${String(value.t === 'function' ? value.fn : value.cls)}${self}`
    }
    case 'native':
      return value.stable ? `n${value.name}` : undefined
    case 'library': {
      if ('package' in value.base) return `p${value.base.package}.${value.path.join('.')}`
      // what a command was made with is what it acts on
      const made = m.tracing ? (value.base.config ?? []).map(inner) : []
      if (made.includes(undefined)) return undefined
      return `i${value.base.instance}@${value.base.site.file}${String(value.base.site.range[0])}.${value.path.join('.')}${made.join()}${origin(m, value.origins, words)}`
    }
    case 'table':
      return `t${value.site.file}${String(value.site.range[0])}`
    case 'promise': {
      const held = [value.value, value.error].map((part) => (part ? inner(part) : ''))
      if (held.includes(undefined)) return undefined
      return `P${held.join()}${value.proofs.join()}${(value.doubts ?? []).map((doubt) => m.world.refId(doubt.ref)).join()}${String(value.denies)}${value.name}${value.site.file}${String(value.site.range[0])}`
    }
    case 'object': {
      const from = `${(value.given ?? []).join()}${origin(m, value.origins, words)}`
      if (m.world.heap.has(value.cell)) return `h${String(value.cell)}${from}`
      const known = words.names.of(value.cell)
      if (known !== undefined) return `#${String(known)}${from}`
      if (depth === 0) return undefined
      const cell = (state.get(value.cell) as Cell | undefined) ?? m.cell(value)
      if (cell.t === 'object' && cell.accessors) return undefined
      words.names.add(value.cell)
      const parts = heldBy(cell).map(inner)
      return parts.includes(undefined) ? undefined : `{${about(cell)}:${parts.join()}${cell.rest ? '…' : ''}}${from}`
    }
    case 'union': {
      const parts = value.of.map(inner)
      return parts.includes(undefined) ? undefined : `<${parts.join('|')}>`
    }
    default:
      return undefined
  }
}

const traced = ({ term, mine, given }: UnknownValue): string =>
  term || mine || given ? `#${term?.id ?? ''}${mine ? '!' : ''}${(given ?? []).join()}` : ''

function origin(m: Machine, from: Origins, words: Words): string {
  if (from.refs.length === 0) return from.flags === 0 ? '' : `^${String(from.flags)}`
  const refs = from.refs.map((ref) => {
    if (ref.t !== 'read') return String(m.world.refId(ref))
    return `#${String(words.names.of(ref.effect) ?? words.names.add(ref.effect))}${ref.hint ? '?' : ''}`
  })
  return `^${String(from.flags)}:${refs.join('.')}`
}
