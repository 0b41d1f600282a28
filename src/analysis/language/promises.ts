/** Promises: their methods, and what comes of several. */
import { drives } from '../../catalog/names.ts'
import { withGiven } from '../values/answers.ts'
import { runAsync } from '../code/call-ends.ts'
import { callValue } from '../code/calls.ts'
import type { ThrowSink } from '../code/frame.ts'
import type { Machine } from '../machine.ts'
import { addDoubt } from '../caller/doubts.ts'
import { addNote } from '../caller/notes.ts'
import { prove } from '../caller/proving.ts'
import { awaitValue } from '../code/expressions.ts'
import { iterate, member } from '../code/members.ts'
import { moduleForm } from '../code/module-values.ts'
import { From, hasSource, isPrivilege, noOrigins, origins, siteKey, sourcesOf, type Site } from '../values/origins.ts'
import { settleAwaited } from '../queries/queries.ts'
import { State } from '../state/state.ts'
import {
  alternatives,
  constant,
  native,
  undefinedValue,
  union,
  unknown,
  withOrigins,
  type PromiseValue,
  type Value,
} from '../values/value.ts'

export function promiseMember(m: Machine, promise: PromiseValue, key: string): Value {
  if (key === 'then')
    return native(key, (machine, [fulfilled, rejected], site, awaited) =>
      goOn(machine, promise, { fulfilled, rejected }, site, awaited),
    )
  if (key === 'catch')
    return native(key, (machine, [rejected], site, awaited) => goOn(machine, promise, { rejected }, site, awaited))
  if (key === 'finally') {
    return native(key, (machine, args, site) => {
      if (args[0]) callValue(machine, args[0], [], site, { awaited: true })
      return promise
    })
  }
  // where it stops is not followed: what it would refuse behind that refuses nobody here
  if (promise.last && drives.test(key)) return native(key, (machine, _args, site) => stepOf(machine, promise, site))
  // nobody has waited: there is no such property, and whoever tests it tests nothing
  const answer = m.heap.originsOf(promise.value ?? promise.error ?? undefinedValue, 2)
  if (promise.plainBefore && promise.value) {
    const read = member(m, promise.value, key, promise.site)
    // nobody can tell the release: where it gives a promise, this is nothing
    return m.lacking && read.t === 'const' ? union([read, constant(undefined, answer)]) : read
  }
  if (promise.made) {
    if (promise.denies || hasSource(answer)) addNote(m, 'notAwaited', promise.name, promise.site, { forgotten: true })
    return constant(undefined, answer)
  }
  // `require(…)` is written like an import, and gives the module itself
  return promise.value ? member(m, promise.value, key, promise.site) : unknown()
}

/** What is to be called when it is fulfilled, or rejected; what is no function is as if it were not there. */
interface Handlers {
  readonly fulfilled?: Value | undefined
  readonly rejected?: Value | undefined
}

const isHandler = (value: Value | undefined): value is Value => value !== undefined && value.t !== 'const'

/** `then` and `catch`: the promise that they give. */
function goOn(
  m: Machine,
  promise: PromiseValue,
  { fulfilled, rejected }: Handlers,
  site: Site,
  awaited: boolean,
): Value {
  const handler = isHandler(rejected) ? rejected : undefined
  const before = m.state
  const caught = handler && attempt(m, () => handleRejection(m, promise, handler, site))
  if (handler) m.state = before.fork()
  // where the handler throws again, it stays rejected
  if (!caught?.value)
    return promise.value && isHandler(fulfilled) ? next(m, promise, promise.value, fulfilled, site, awaited) : promise
  if (handler && promise.denies) noteSwallowed(m, promise, site, keepsNothing(m, handler))
  // nobody is refused any more
  const open: PromiseValue = { ...promise, error: caught.error, denies: false }
  if (!promise.value) {
    m.state = caught.state
    return { ...open, value: caught.value, proofs: [], doubts: [] }
  }
  const settled = isHandler(fulfilled) ? next(m, open, promise.value, fulfilled, site, awaited) : open
  m.state = State.join([m.state, caught.state])
  if (settled.t !== 'promise') return { ...open, value: caught.value, proofs: [], doubts: [] }
  // what was shown, and what may have refused, holds where it was not caught
  const isRejectable = promise.denies || promise.error !== undefined || settled.proofs.length > 0
  const value = isRejectable ? orCaught(m, settled, caught.value) : settled.value
  return { ...settled, value, proofs: [], doubts: [] }
}

/** @param untold nothing but what is given instead tells of it */
export function noteSwallowed(m: Machine, { name, error }: PromiseValue, site: Site, untold: boolean): void {
  const privilege = error !== undefined && sourcesOf(m.heap.originsOf(error, 1)).some(isPrivilege)
  addNote(m, 'swallowed', name, site, { ...(untold ? { untold } : {}), ...(privilege ? { privilege } : {}) })
}

/** What a callback throws rejects the promise that `then` gives: that stops nobody who does not wait for it. */
function next(m: Machine, promise: PromiseValue, given: Value, then: Value, site: Site, awaited: boolean): Value {
  const { name, proofs, doubts = [] } = promise
  const value = runAsync(m, { name, site, awaited, body: site }, () => {
    prove(m, proofs)
    for (const { ref } of doubts) addDoubt(m, ref)
    return callValue(m, then, [given], site, { awaited: true })
  })
  if (!m.state.alive) return undefinedValue
  if (awaited || value.t !== 'promise') return { ...promise, value }
  return {
    ...value,
    proofs: [...proofs, ...value.proofs],
    doubts: [...doubts, ...(value.doubts ?? [])],
    denies: promise.denies || value.denies,
    error: value.error ?? promise.error,
  }
}

/** What it gives, or what the handler gives: what it proves holds where it was not caught. */
function orCaught(m: Machine, { value, proofs }: PromiseValue, caught: Value): Value {
  if (!value) return caught
  return union([m.anonymous && !m.tracing ? value : withGiven(value, proofs), caught])
}

/** What the handler does about a denial belongs to the denial, unless it answers with something. */
function handleRejection(m: Machine, promise: PromiseValue, handler: Value, site: Site): Value {
  const denial = promise.denies && m.lacking
  const was = m.state.denying
  if (denial) m.state.denying = 'caught'
  const error = promise.error ?? unknown(noOrigins, { nullish: 'no' })
  const value = callValue(m, handler, [denial ? withOrigins(error, origins(From.failure)) : error], site, {
    awaited: true,
  })
  if (m.state.alive) m.state.denying = was
  return value
}

/** What came of something that may throw. */
interface Attempt {
  /** Undefined when it always does. */
  readonly value: Value | undefined
  readonly error: Value | undefined
  readonly state: State
}

/** Runs something that may throw. What it throws goes nowhere. */
function attempt(m: Machine, run: () => Value): Attempt {
  const { sink } = m
  const inner: ThrowSink = { thrown: [] }
  m.sink = inner
  m.state = m.state.fork()
  const value = run()
  m.sink = sink
  const error = inner.thrown.length > 0 ? union(inner.thrown.map((thrown) => thrown.value)) : undefined
  return { value: m.state.alive ? value : undefined, error, state: m.state }
}

/** A handler after which nothing but what it gives tells that it was called. */
function keepsNothing(m: Machine, handler: Value): boolean {
  if (handler.t !== 'function') return handler.t === 'native' || handler.t === 'library'
  const { body = [] } = moduleForm(m, handler.file).functions[handler.fn] ?? {}
  return body.every((s) => (s.t === 'expr' || s.t === 'return') && s.expr?.t !== 'assign')
}

/** What a generator gives when it is asked for the next one, at once or by a promise: one of those, or what it returns. */
function stepOf(m: Machine, { value, last }: PromiseValue, site: Site): Value {
  const given = [...(value ? [iterate(m, value)] : []), ...(last ? [last] : [])]
  return resolved(m.heap.newObject({ value: union(given), done: unknown(noOrigins, { nullish: 'no' }) }), site)
}

/** The list that a generator makes for somebody who iterates all of it. */
export const iterated = (m: Machine, value: Value, { range }: Site): Value =>
  alternatives(value).some((part) => part.t === 'promise' && part.last)
    ? awaitValue(m, value, { t: 'undefined', range })
    : value

export const resolved = (value: Value, site: Site, name = ''): PromiseValue => ({
  t: 'promise',
  value,
  error: undefined,
  proofs: [],
  name,
  site,
  denies: false,
})

/** What an item of `Promise.all` gives, whichever of its alternatives it is. */
export const fulfilled = (machine: Machine, item: Value): Value =>
  union(
    alternatives(item).map((part) =>
      part.t === 'query' ? settleAwaited(machine, part) : part.t === 'promise' ? (part.value ?? undefinedValue) : part,
    ),
  )

export function promiseAll(machine: Machine, args: readonly Value[], site: Site): Value {
  const list = machine.heap.array(args[0] ?? undefinedValue)
  if (!list) return resolved(unknown(machine.heap.originsOfAll(args)), site, 'Promise.all')
  const promises = list.items
    .flatMap((item) => alternatives(item))
    .filter((item): item is PromiseValue => item.t === 'promise')
  const proofs = list.items.flatMap((item) => (item.t === 'promise' ? item.proofs : []))
  const doubts = list.items.flatMap((item) => (item.t === 'promise' ? (item.doubts ?? []) : []))
  for (const promise of promises) machine.log.unawaited.delete(siteKey(promise.site))
  const failing = list.items.find((item): item is PromiseValue => item.t === 'promise' && !item.value)
  const denies = promises.some((item) => item.denies)
  const values = list.items.map((item) => fulfilled(machine, item))
  const rest = list.rest ? fulfilled(machine, list.rest) : undefined
  if (failing)
    return { t: 'promise', value: undefined, error: failing.error, proofs: [], name: failing.name, site, denies: true }
  return {
    t: 'promise',
    value: machine.heap.newArray(values, rest),
    error: undefined,
    proofs,
    doubts,
    name: 'Promise.all',
    site,
    denies,
  }
}
