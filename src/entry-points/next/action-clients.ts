/**
 * Actions that a client makes: its middleware, or its procedures, run before the action and hand it a context. What they
 * throw reaches the caller as an error in the answer.
 */
import { runAsync } from '../../analysis/code/call-ends.ts'
import { callValue } from '../../analysis/code/calls.ts'
import type { Machine } from '../../analysis/machine.ts'
import type { ThrowSink } from '../../analysis/code/frame.ts'
import { moduleForm } from '../../analysis/code/module-values.ts'
import { From, origins, type OpaqueRef, type Site } from '../../analysis/values/origins.ts'
import { checkedBy } from '../../analysis/values/shapes.ts'
import { State } from '../../analysis/state/state.ts'
import { rootTerm } from '../../analysis/caller/ties.ts'
import {
  alternatives,
  undefinedValue,
  union,
  unknown,
  withOrigins,
  type BuilderCall,
  type BuilderValue,
  type UnknownValue,
  type Value,
} from '../../analysis/values/value.ts'
import type { BuilderBehaviour } from '../../analysis/world.ts'

/** How one library's clients run what was given to them. */
export interface ActionLibrary {
  readonly builders: readonly string[]
  /** Runs a finished action as the framework does; undefined for a client that makes actions. */
  readonly actionOf: (builder: BuilderValue) => ((m: Machine) => Value) | undefined
  /** What the answer is to those who call it: with what it gave, or with an error. */
  readonly answer: (m: Machine, given: { readonly data: Value } | { readonly error: Value }) => Value
}

/** Run by other code of the server, an action answers with an error instead of throwing it. */
export const behaviourOf = (library: ActionLibrary): BuilderBehaviour => ({
  call: (m, builder, args, site, awaited) => {
    const action = library.actionOf(builder)
    if (!action) return { ...builder, calls: [...builder.calls, { method: '()', args, site }] }
    const name = builder.name ?? 'action'
    return runAsync(m, { name, site, awaited, body: builder.site }, () => answered(m, library, action))
  },
})

function answered(m: Machine, library: ActionLibrary, action: (m: Machine) => Value): Value {
  const outer = m.sink
  const sink: ThrowSink = { thrown: [] }
  const before = m.state
  m.sink = sink
  m.state = before.fork()
  const data = action(m)
  m.sink = outer
  const ways: { readonly state: State; readonly value: Value }[] = []
  if (m.state.alive) ways.push({ state: m.state, value: library.answer(m, { data }) })
  for (const { state, value } of sink.thrown) {
    if (!state.alive) continue
    m.state = state
    const refusing = state.decisions.slice(before.decisions.length).flatMap(({ sources }) => sources)
    const error = withOrigins(library.answer(m, { error: value }), origins(0, ...refusing))
    ways.push({ state: m.state, value: error })
  }
  m.state = State.join(ways.map(({ state }) => state))
  return ways.length > 0 ? union(ways.map(({ value }) => value)) : undefinedValue
}

/** What the client sent, once a schema has seen it. */
export const checkedInput = (schema?: Value): Value => checkedBy(schema, sentInput())

/** What the client sends to an action: each step that is given it speaks of the same. */
export const sentInput = (): UnknownValue => unknown(origins(From.input), { term: rootTerm('the input') })

/** Runs what is given to a client, under the name of the variable that it is written in. */
export function runStep(
  m: Machine,
  step: BuilderCall,
  given: Value,
  how: 'middleware' | 'handler',
  beside: Value = m.heap.newObject({}, { rest: unknown() }),
): Value {
  const name = nameAt(m, step.site)
  return callValue(m, step.args.at(-1) ?? undefinedValue, [given, beside], step.site, {
    awaited: true,
    how,
    name,
  })
}

/** Something that could not be followed: it may be the guard. */
export const opaqueIn = (value: Value | undefined): OpaqueRef | undefined => {
  for (const part of value ? alternatives(value) : [])
    if (part.t === 'unknown') {
      const ref = part.origins.refs.find((each): each is OpaqueRef => each.t === 'opaque')
      if (ref) return ref
    }
  return undefined
}

function nameAt(m: Machine, { file, range }: Site): string {
  const form = moduleForm(m, file)
  for (const s of form.functions[0]?.body ?? []) {
    if (s.t === 'declare' && s.pattern.t === 'bind' && s.range[0] <= range[0] && range[1] <= s.range[1])
      return form.bindings[s.pattern.binding]?.name ?? ''
  }
  return ''
}
