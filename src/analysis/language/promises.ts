/** Promises: their methods, and what comes of several. */
import { drives } from '../../catalog/names.ts'
import { withGiven } from '../values/answers.ts'
import { runAsync } from '../code/call-ends.ts'
import { callValue } from '../code/calls.ts'
import type { Machine } from '../machine.ts'
import { addNote } from '../caller/notes.ts'
import { awaitValue } from '../code/expressions.ts'
import { iterate, member } from '../code/members.ts'
import { From, hasSource, noOrigins, origins, siteKey, type Site } from '../values/origins.ts'
import { settleAwaited } from '../queries/queries.ts'
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
  if (key === 'then') {
    return native(key, (machine, args, site, awaited) => {
      const [fulfilled, rejected] = args
      if (!promise.value)
        return rejected && rejected.t !== 'const'
          ? resolved(callValue(machine, rejected, [promise.error ?? unknown()], site, { awaited: true }), site)
          : promise
      if (!fulfilled || fulfilled.t === 'const') return promise
      return goOn(machine, promise, promise.value, fulfilled, site, awaited)
    })
  }
  if (key === 'catch') {
    return native(key, (machine, args, site) => {
      const handler = args[0]
      const before = machine.state
      const caught = attempt(machine, () =>
        handler && handler.t !== 'const' ? handleRejection(machine, promise, handler, site) : undefinedValue,
      )
      if (promise.value) {
        // it was not rejected; what the handler does, it does for others
        machine.state = before.fork()
        const { doubts, ...rest } = promise
        const settled: PromiseValue = { ...rest, ...(doubts && !caught ? { doubts } : {}), error: undefined }
        if (promise.denies && caught)
          return { ...settled, value: orCaught(machine, promise, caught), denies: false, proofs: [] }
        if (machine.tracing && caught && promise.error)
          return { ...settled, value: orCaught(machine, promise, caught), proofs: [] }
        return settled
      }
      // the handler throws again: it stays rejected
      if (!caught) {
        machine.state = before.fork()
        return promise
      }
      if (promise.denies) addNote(machine, 'swallowed', promise.name, site)
      return { ...promise, value: caught, error: undefined, denies: false, proofs: [] }
    })
  }
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

/** What a callback throws rejects the promise that `then` gives: that stops nobody who does not wait for it. */
function goOn(m: Machine, promise: PromiseValue, given: Value, then: Value, site: Site, awaited: boolean): Value {
  const { name } = promise
  const value = runAsync(m, { name, site, awaited, body: site }, () =>
    callValue(m, then, [given], site, { awaited: true }),
  )
  if (!m.state.alive) return undefinedValue
  if (awaited || value.t !== 'promise') return { ...promise, value }
  return {
    ...value,
    proofs: [...promise.proofs, ...value.proofs],
    doubts: [...(promise.doubts ?? []), ...(value.doubts ?? [])],
    denies: promise.denies || value.denies,
    error: value.error ?? promise.error,
  }
}

/** What it gives, or what the handler gives: what it proves holds where it was not caught. */
function orCaught(m: Machine, { value, proofs }: PromiseValue, caught: Value): Value {
  const given = value ?? undefinedValue
  return union([m.tracing ? withGiven(given, proofs) : given, caught])
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

/** Runs something that may throw; undefined when it always does. What it throws goes nowhere. */
function attempt(m: Machine, run: () => Value): Value | undefined {
  const sink = m.sink
  m.sink = { thrown: [] }
  m.state = m.state.fork()
  const value = run()
  m.sink = sink
  return m.state.alive ? value : undefined
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
