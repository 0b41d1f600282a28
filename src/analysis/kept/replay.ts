/**
 * Does again what a call did whose outcome is known (`summaries.ts`): with objects and effects of this run, below this stack,
 * and on top of what this path knows.
 *
 * Nobody may be able to tell it from a run of the call: verdicts must not hang on what was looked at before.
 */
import type { Names } from './call-keys.ts'
import type { Machine } from '../machine.ts'
import { logEffect, type Effect } from '../effects.ts'
import { addNote } from '../caller/notes.ts'
import { prove } from '../caller/proving.ts'
import { addOpaque, comeToDoubt } from '../caller/doubts.ts'
import { hintOf, readOf, type Origins, type ReadRef, type Ref } from '../values/origins.ts'
import type { State } from '../state/state.ts'
import { activationOf, bindingKey, bindingOf } from '../state/keys.ts'
import type { Decision } from '../caller/decisions.ts'
import type { StackEntry } from '../code/frame.ts'
import type { Holdings, Outcome, Summary } from './summaries.ts'
import { isValue, type Cell, type Env, type Value } from '../values/value.ts'

/** Does again what the summarised call did, in the present state. */
export function replay(
  m: Machine,
  summary: Summary,
  names: Names,
  called: Pick<StackEntry, 'name' | 'calledAt' | 'how'>,
): Value {
  const log = m.log
  const before = m.state
  const deeper = m.stack.length - summary.depth
  const placed = new Map<readonly StackEntry[], readonly StackEntry[]>()
  const below = (stack: readonly StackEntry[]): readonly StackEntry[] => {
    let again = placed.get(stack)
    if (!again) {
      const own = stack.slice(summary.depth).map((entry, i) => ({
        ...entry,
        ...(entry.owner === undefined ? {} : { owner: Math.max(0, entry.owner + deeper) }),
        ...(i === 0 ? called : {}),
      }))
      placed.set(stack, (again = [...m.stack, ...own]))
    }
    return again
  }
  const moved = <T extends { readonly stack: readonly StackEntry[] }>(item: T): T => ({
    ...item,
    stack: below(item.stack),
  })
  const ids = new Map<number, number>()
  /** What was an effect of the call is one of this one. */
  const here = (id: number): number => ids.get(id) ?? -1
  const after = (lastWrite: number | undefined): number | undefined =>
    lastWrite === undefined || lastWrite < summary.effectsBefore ? m.state.lastWrite : here(lastWrite)
  const effects = new Map<object, Effect>()
  const { doubts: doubted, proofs: proved } = before
  for (const { effect, doubts, proofs, denying, forClient } of summary.effects) {
    const done = logEffect(m, {
      ...moved(effect),
      id: log.effects.length,
      exposed: 'no',
      shownColumns: undefined,
      forClient,
      doubts: doubts.length === 0 ? doubted : [...doubted, ...doubts],
      proofs: proofs.length === 0 ? proved : [...proved, ...proofs],
      denying: before.denying === 'no' ? denying : before.denying,
      proved: before.proved || effect.proved,
    })
    ids.set(effect.id, done.id)
    effects.set(effect, done)
  }
  const decided = new Map<Decision, Decision>()
  const again = (decision: Decision): Decision => {
    let made = decided.get(decision)
    if (!made) {
      const lastWrite = decision.passing ? undefined : after(decision.lastWrite)
      const { asked, stack } = decision
      const isOurs = asked !== undefined && asked[summary.depth] === stack[summary.depth]
      decided.set(decision, (made = { ...moved(decision), lastWrite, asked: isOurs ? below(asked) : undefined }))
    }
    return made
  }
  for (const { source, stack: at } of summary.sources) {
    const stack = below(at)
    m.commons.met.addSource(source, stack)
    log.lately.set(source, stack)
    if (log.sources.includes(source)) continue
    log.sources.push(source)
    log.stacks.set(source, stack)
  }
  for (const source of summary.decided) log.decided.add(source)
  log.decisions.push(...summary.decisions.map(again))
  for (const decision of summary.beside) log.beside.add(again(decision))
  for (const decision of summary.refusals) log.refusals.add(again(decision))
  for (const denial of summary.denials) {
    log.denials.push(again(denial))
    if (summary.stops.has(denial)) log.stops.add(again(denial))
  }
  m.world.lessons.learn(summary.insists)
  for (const { of, property } of summary.looked) {
    const key = typeof of === 'number' ? of : (m.commons.named(of) as number)
    if (property === undefined) m.commons.look(key)
    else m.commons.lookAt(key, property)
  }
  for (const note of summary.notes) addNote(m, note.cause, note.name, note.site, note)
  log.credentials.push(...summary.credentials)
  log.switches.push(...summary.switches)
  log.tenantsHanded.push(...summary.tenantsHanded)
  log.privileges += summary.privileges
  log.identified += summary.identified
  for (const [site, check] of summary.unawaited) log.unawaited.set(site, check)
  for (const ref of summary.opaque) addOpaque(m, ref)
  for (const proof of summary.proofsAgain) m.commons.met.addProofAgain(proof)
  for (const ref of summary.doubtsAgain) m.commons.met.addDoubtAgain(ref)

  const copies: Copies = { things: new Map(), activations: new Map() }
  /** What had this name when the summary was taken, and has it now. */
  const renamed = <T extends number | object>(thing: T): T | undefined => {
    const name = summary.names.of(thing)
    return name === undefined ? undefined : (names.named(name) as T)
  }
  const enter = (state: State, outcome: Outcome): Value => {
    const attach = attacher(state, outcome.holds, effects, copies, renamed)
    prove(m, outcome.proofs, state)
    comeToDoubt(m, outcome.doubts, state)
    if (outcome.decisions.length > 0) state.decisions = [...state.decisions, ...outcome.decisions.map(again)]
    /** What is there, with the properties that the call has changed. */
    const changed = (
      before: Value | Cell | undefined,
      to: Cell,
      properties: readonly string[] | undefined,
    ): Cell | undefined => {
      if (!before || !properties || isValue(before) || before.t !== 'object' || to.t !== 'object') return undefined
      const props = new Map(before.props)
      for (const property of properties) {
        const value = to.props.get(property)
        if (value) props.set(property, attach(value))
        else props.delete(property)
      }
      return { ...before, props }
    }
    if (outcome.proved) state.proved = true
    state.lastWrite = outcome.lastWrite === undefined ? before.lastWrite : here(outcome.lastWrite)
    if (before.denying === 'no') {
      state.denying = outcome.denying
      state.denialEffects = [...before.denialEffects, ...outcome.denialEffects.map(here)]
    }
    for (const { of, to, properties } of outcome.changes) {
      const key = 'module' in of ? of.module : (names.named(of.named) as number)
      const before = properties && (state.get(key) ?? m.world.heap.get(key))
      const held = isValue(to) ? attach(to) : (changed(before, to, properties) ?? copyOf(to, attach))
      if ('module' in of) m.heap.setShared(key, held, state)
      else m.heap.write(key, held, state)
    }
    return attach(outcome.value)
  }
  const { returned, thrown } = summary
  for (const failure of thrown) {
    const failing = before.fork()
    m.sink.thrown.push({ state: failing, value: enter(failing, failure) })
  }
  if (thrown.length > 0) m.state = before.fork()
  if (returned) return enter(m.state, returned)
  m.state = m.state.ended()
  return { t: 'const', value: undefined, origins: { flags: 0, refs: [] } }
}

/** What stands here for what a summary holds. */
interface Copies {
  /** Of each object and each variable of a closure: its key, and what it holds on the way out that came first. */
  readonly things: Map<number, { readonly key: number; readonly holds: Value | Cell }>
  readonly activations: Map<Env, Env>
}

function attacher(
  state: State,
  holds: Holdings,
  effects: ReadonlyMap<object, Effect>,
  copies: Copies,
  renamed: <T extends number | object>(thing: T) => T | undefined,
): (value: Value) => Value {
  const origins = (from: Origins): Origins => {
    if (!from.refs.some((ref) => ref.t === 'read')) return from
    return {
      flags: from.flags,
      refs: [...new Set(from.refs.flatMap((ref) => (ref.t === 'read' ? again(ref) : [ref])))],
    }
  }
  /** What the call was given may be what it has done as well. */
  const again = (ref: ReadRef): readonly Ref[] => {
    const known = [effects.get(ref.effect), renamed(ref.effect)].filter((effect) => effect !== undefined)
    if (known.length === 0) return [ref]
    return known.map((effect) => (ref.hint ? hintOf(readOf(effect)) : readOf(effect)))
  }
  const list = (values: readonly Value[]): Value[] => values.map(attach)
  const placed = new Set<number>()
  /** The same thing on all ways out, which may hold something else on each. */
  const place = (of: number, create: () => number): number | undefined => {
    const held = holds.get(of)
    const known = copies.things.get(of)
    if (!held || placed.has(of)) return known?.key
    placed.add(of)
    const key = known?.key ?? create()
    if (!known) copies.things.set(of, { key, holds: held })
    const copy = isValue(held) ? attach(held) : copyOf(held, attach)
    if (!known) state.set(key, copy)
    else if (known.holds !== held) state.change(key, copy)
    return key
  }
  const copied = (of: number): number | undefined => place(of, () => -state.memory.create())
  let variables: ReadonlyMap<number, readonly number[]> | undefined
  /** An activation that ended in the call: another one, with the variables that closures hold on to. */
  const activation = (env: Env | undefined): Env | undefined => {
    if (!env || env.fn === 0) return env
    const known = renamed(env)
    if (known) return known
    let made = copies.activations.get(env)
    if (!made) {
      const { file, fn } = env
      made = { id: state.memory.create(), file, fn, parent: activation(env.parent), self: undefined, captured: true }
      copies.activations.set(env, made)
    }
    variables ??= byActivation(holds)
    const { id } = made
    for (const key of variables.get(env.id) ?? []) place(key, () => bindingKey(id, bindingOf(key)))
    return made
  }
  const attach = (value: Value): Value => {
    switch (value.t) {
      case 'object': {
        const cell = copied(value.cell) ?? renamed(value.cell)
        return cell === undefined ? value : { ...value, cell, origins: origins(value.origins) }
      }
      case 'function': {
        const self = value.self && attach(value.self)
        const env = activation(value.env)
        return env === value.env && self === value.self ? value : { ...value, env, ...(self ? { self } : {}) }
      }
      case 'const':
      case 'unknown': {
        const from = origins(value.origins)
        return from === value.origins ? value : { ...value, origins: from }
      }
      case 'union':
        return { t: 'union', of: list(value.of) }
      case 'promise':
        return {
          ...value,
          value: value.value && attach(value.value),
          error: value.error && attach(value.error),
          ...(value.last ? { last: attach(value.last) } : {}),
        }
      case 'condition':
        return {
          ...value,
          origins: origins(value.origins),
          pairs: value.pairs.map((pair) => ({ ...pair, value: attach(pair.value) })),
          ...(value.parts ? { parts: list(value.parts) } : {}),
        }
      case 'query':
        return {
          ...value,
          args: list(value.args),
          calls: value.calls.map((call) => ({ ...call, args: list(call.args) })),
        }
      case 'builder':
        return {
          ...value,
          ...(value.origins ? { origins: origins(value.origins) } : {}),
          calls: value.calls.map((call) => ({ ...call, args: list(call.args) })),
        }
      case 'library': {
        const { base } = value
        if ('package' in base || !base.config) return value
        const config = list(base.config)
        return config.every((part, i) => part === base.config?.[i]) ? value : { ...value, base: { ...base, config } }
      }
      default:
        return value
    }
  }
  return attach
}

function byActivation(holds: Holdings): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>()
  for (const key of holds.keys()) {
    if (key < 0) continue
    const of = activationOf(key)
    found.set(of, [...(found.get(of) ?? []), key])
  }
  return found
}

const copyOf = (cell: Cell, attach: (value: Value) => Value): Cell => ({
  ...(cell.t === 'array'
    ? { t: 'array', items: cell.items.map(attach) }
    : { ...cell, props: new Map([...cell.props].map(([key, inner]) => [key, attach(inner)])) }),
  ...(cell.rest ? { rest: attach(cell.rest) } : {}),
})
