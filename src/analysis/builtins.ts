/** What the language itself gives: methods of strings, lists, promises and maps; `Object`, `Promise`, `JSON` and their like. */
import { callValue } from './calls.ts'
import { equal } from './conditions.ts'
import { iterate, member } from './members.ts'
import { siteKey, type Machine } from './machine.ts'
import { callerChosen, From, merge, noOrigins, type Origins, type Site } from './origins.ts'
import { settleAwaited } from './queries.ts'
import {
  alternatives,
  constant,
  native,
  stableNative,
  truth,
  undefinedValue,
  union,
  unknown,
  type ArrayCell,
  type ConstValue,
  type ObjectValue,
  type PromiseValue,
  type Value,
} from './value.ts'

const all = (m: Machine, values: readonly Value[]): Origins =>
  values.map((value) => m.originsOf(value)).reduce(merge, noOrigins)

/** A member that the language defines; an unknown without origins when it defines none. */
export function builtinMember(m: Machine, object: Value, key: string): Value {
  switch (object.t) {
    case 'const':
      return typeof object.value === 'string' ? stringMember(m, object, key) : unknown(object.origins)
    case 'promise':
      return promiseMember(m, object, key)
    case 'function':
      if (key === 'call' || key === 'apply' || key === 'bind') return object
      return key === 'name' ? unknown() : unknown(noOrigins, { key })
    case 'object': {
      const cell = m.cell(object)
      if (cell.t === 'array') return arrayMember(m, object, cell, key)
      if (cell.is === 'map') return mapMember(m, object, key)
      if (cell.is === 'response') return responseMember(m, object, key)
      if (key === 'hasOwnProperty') return native(key, () => unknown(noOrigins, { nullish: 'no' }))
      if (key === 'toString') return native(key, (machine) => unknown(machine.originsOf(object), { nullish: 'no' }))
      return unknown()
    }
    case 'unknown':
      return unknownMethod(m, object, key)
    case 'native':
      return (
        (namespaces.has(object.name) ? builtinGlobal(`${object.name}.${key}`) : undefined) ??
        unknown(noOrigins, { key })
      )
    default:
      return unknown()
  }
}

const textMethods = new Set([
  'toLowerCase',
  'toUpperCase',
  'trim',
  'startsWith',
  'endsWith',
  'includes',
  'replace',
  'replaceAll',
  'slice',
  'substring',
  'concat',
  'toString',
  'indexOf',
  'padStart',
  'repeat',
  'at',
  'charAt',
])

function stringMember(m: Machine, object: ConstValue, key: string): Value {
  const text = object.value as string
  if (key === 'length') return constant(text.length, object.origins)
  if (key === 'split') {
    return native(key, (machine, args) => {
      const by = args[0]
      if (by?.t === 'const' && typeof by.value === 'string')
        return machine.newArray(
          text
            .split(by.value)
            .slice(0, 12)
            .map((part) => constant(part)),
        )
      return machine.newArray([], unknown(object.origins, { nullish: 'no' }))
    })
  }
  if (textMethods.has(key)) {
    return native(key, (machine, args) => {
      const given = all(machine, args)
      if (args.every((arg) => arg.t === 'const')) {
        try {
          const method = (text as unknown as Record<string, (...values: unknown[]) => unknown>)[key]!
          const result = method.apply(
            text,
            args.map((arg) => arg.value),
          )
          if (typeof result === 'string' || typeof result === 'number' || typeof result === 'boolean')
            return constant(result, merge(object.origins, given))
        } catch {
          // a wrong argument throws at run time as well: unknown is enough
        }
      }
      return unknown(merge(object.origins, given), { nullish: 'no' })
    })
  }
  return m.world.catalog
    ? native(key, (machine, args) => unknown(merge(object.origins, all(machine, args))))
    : unknown()
}

function promiseMember(m: Machine, promise: PromiseValue, key: string): Value {
  if (key === 'then') {
    return native(key, (machine, args, site) => {
      const [fulfilled, rejected] = args
      if (!promise.value)
        return rejected && rejected.t !== 'const'
          ? resolved(callValue(machine, rejected, [promise.error ?? unknown()], site, { awaited: true }), site)
          : promise
      const value =
        fulfilled && fulfilled.t !== 'const'
          ? callValue(machine, fulfilled, [promise.value], site, { awaited: true })
          : promise.value
      if (!machine.state.alive) return undefinedValue
      return { ...promise, value }
    })
  }
  if (key === 'catch') {
    return native(key, (machine, args, site) => {
      const handler = args[0]
      const before = machine.state
      const caught = attempt(machine, () =>
        handler && handler.t !== 'const'
          ? callValue(machine, handler, [promise.error ?? unknown(noOrigins, { nullish: 'no' })], site, {
              awaited: true,
            })
          : undefinedValue,
      )
      if (promise.value) {
        // it was not rejected; what the handler does, it does for others
        machine.state = before.fork()
        if (promise.denies && caught)
          return { ...promise, value: union([promise.value, caught]), error: undefined, denies: false, proofs: [] }
        return { ...promise, error: undefined }
      }
      // the handler throws again: it stays rejected
      if (!caught) {
        machine.state = before.fork()
        return promise
      }
      if (promise.denies) machine.note('swallowed', promise.name, site)
      return { ...promise, value: caught, error: undefined, denies: false, proofs: [] }
    })
  }
  if (key === 'finally') {
    return native(key, (machine, args, site) => {
      if (args[0]) callValue(machine, args[0], [], site, { awaited: true })
      return promise
    })
  }
  // `require(…)` is written like an import, and gives the module itself
  return promise.value ? member(m, promise.value, key, promise.site) : unknown()
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

export const resolved = (value: Value, site: Site, name = ''): PromiseValue => ({
  t: 'promise',
  value,
  error: undefined,
  proofs: [],
  name,
  site,
  denies: false,
})

const listResult = (machine: Machine, from: Origins, item?: Value): Value =>
  machine.newArray([], item ?? unknown(from, { nullish: 'no' }), from)

/** A callback runs for so many items one by one, and once for all others together. */
const maxItems = 5

/** Runs a callback for the items of a list; for a list of unknown length, for an item that stands for all, or not at all. */
function each(
  m: Machine,
  items: readonly Value[],
  rest: Value | undefined,
  fn: Value | undefined,
  site: Site,
): { readonly items: Value[]; readonly rest?: Value } {
  const given = fn ?? undefinedValue
  const results = items
    .slice(0, maxItems)
    .map((item, i) => (m.state.alive ? callValue(m, given, [item, constant(i)], site, {}) : undefinedValue))
  const more = items.length > maxItems ? union([...items.slice(maxItems), ...(rest ? [rest] : [])]) : rest
  if (!more || !m.state.alive) return { items: results }
  return { items: results, rest: maybeResult(m, given, [more, unknown()], site) }
}

function maybeResult(m: Machine, fn: Value, args: readonly Value[], site: Site): Value {
  let result: Value = undefinedValue
  m.split([
    () => {
      result = callValue(m, fn, args, site, {})
      return result
    },
    () => undefinedValue,
  ])
  return result
}

function arrayMember(m: Machine, object: ObjectValue, cell: ArrayCell, key: string): Value {
  const from = object.origins
  const itemsOf = (machine: Machine): ArrayCell => machine.array(object) ?? cell
  const any = (machine: Machine): Value => {
    const now = itemsOf(machine)
    return now.items.length > 0 || now.rest
      ? union([...now.items, ...(now.rest ? [now.rest] : [])])
      : constant(undefined, from)
  }
  if (key === 'length')
    return cell.rest
      ? unknown(merge(from, m.originsOf(cell.rest)), { nullish: 'no' })
      : constant(cell.items.length, from)
  if (/^\d+$/.test(key)) {
    const item = cell.items[Number(key)]
    if (item) return item
    return cell.rest ? optional(cell.rest) : constant(undefined, from)
  }
  switch (key) {
    case 'map':
    case 'flatMap':
      return native(key, (machine, args, at) => {
        const now = itemsOf(machine)
        const done = each(machine, now.items, now.rest, args[0], at)
        return machine.newArray(done.items, done.rest, from)
      })
    case 'forEach':
      return native(key, (machine, args, at) => {
        const now = itemsOf(machine)
        each(machine, now.items, now.rest, args[0], at)
        return undefinedValue
      })
    case 'filter':
    case 'sort':
    case 'slice':
    case 'reverse':
    case 'toSorted':
    case 'toReversed':
    case 'splice':
      return native(key, (machine, args, at) => {
        const now = itemsOf(machine)
        if (args[0]?.t === 'function') each(machine, now.items, now.rest, args[0], at)
        if (now.items.length === 0 && !now.rest) return machine.newArray([], undefined, from)
        return machine.newArray([], any(machine), from)
      })
    case 'find':
    case 'findLast':
      return native(key, (machine, args, at) => {
        const now = itemsOf(machine)
        if (args[0]) each(machine, now.items, now.rest, args[0], at)
        if (now.items.length === 0 && !now.rest) return constant(undefined, from)
        return union([any(machine), constant(undefined, from)])
      })
    case 'at':
    case 'pop':
    case 'shift':
      return native(key, (machine) => {
        const now = itemsOf(machine)
        return now.items.length === 0 && !now.rest
          ? constant(undefined, from)
          : now.rest
            ? optional(any(machine))
            : any(machine)
      })
    case 'some':
    case 'every':
      return native(key, (machine, args, at) => {
        const now = itemsOf(machine)
        const answers = args[0] ? each(machine, now.items, now.rest, args[0], at) : { items: [] }
        if (!now.rest && answers.items.every((answer) => truth(answer) === (key === 'every')))
          return constant(key === 'every', merge(from, all(machine, answers.items)))
        if (key === 'some' && answers.items.some((answer) => truth(answer) === true))
          return constant(true, merge(from, all(machine, answers.items)))
        const proofs =
          answers.items.length === 1 && answers.items[0]?.t === 'unknown' ? { whenTrue: answers.items[0].whenTrue } : {}
        return unknown(
          merge(from, merge(all(machine, answers.items), answers.rest ? machine.originsOf(answers.rest) : noOrigins)),
          { nullish: 'no', ...(proofs.whenTrue ? { whenTrue: proofs.whenTrue } : {}) },
        )
      })
    case 'includes':
    case 'indexOf':
      return native(key, (machine, args, at) => {
        const now = itemsOf(machine)
        const wanted = args[0] ?? undefinedValue
        const answers = now.items.map((item) => equal(machine, item, wanted, false, at))
        const given = merge(from, merge(machine.originsOf(wanted), all(machine, answers)))
        if (key === 'includes' && !now.rest) {
          if (answers.every((answer) => truth(answer) === false)) return constant(false, given)
          if (answers.some((answer) => truth(answer) === true)) return constant(true, given)
          const proofs = answers.length === 1 && answers[0]?.t === 'unknown' ? answers[0].whenTrue : commonRole(answers)
          return unknown(given, { nullish: 'no', ...(proofs ? { whenTrue: proofs } : {}) })
        }
        return unknown(given, { nullish: 'no' })
      })
    case 'push':
    case 'unshift':
      return native(key, (machine, args) => {
        const now = itemsOf(machine)
        if (now.rest || now.items.length + args.length > 24)
          machine.setCell(object, { ...now, rest: union([...args, ...(now.rest ? [now.rest] : [])]) })
        else
          machine.setCell(object, { ...now, items: key === 'push' ? [...now.items, ...args] : [...args, ...now.items] })
        return unknown(noOrigins, { nullish: 'no' })
      })
    case 'concat':
    case 'flat':
      return native(key, (machine, args) => {
        const lists = [object as Value, ...args].map(
          (arg) => machine.array(arg) ?? { t: 'array' as const, items: [arg] },
        )
        const items = lists.flatMap((list) =>
          key === 'flat' ? list.items.flatMap((item) => machine.array(item)?.items ?? [item]) : list.items,
        )
        const rest = lists.flatMap((list) => (list.rest ? [list.rest] : []))
        return machine.newArray(items, rest.length ? union(rest) : undefined, from)
      })
    case 'reduce':
    case 'reduceRight':
      return native(key, (machine, args, at) => {
        const now = itemsOf(machine)
        let state = args[1] ?? now.items[0] ?? unknown(from)
        for (const item of now.items.slice(0, 12))
          if (machine.state.alive) state = callValue(machine, args[0] ?? undefinedValue, [state, item], at, {})
        if (now.rest) state = union([state, maybeResult(machine, args[0] ?? undefinedValue, [state, now.rest], at)])
        return state
      })
    case 'join':
      return native(key, (machine) => unknown(machine.originsOf(object), { nullish: 'no' }))
    case 'entries':
      return native(key, (machine) => listResult(machine, from, machine.newArray([unknown(), any(machine)])))
    case 'values':
    case 'keys':
      return native(key, () => object)
    default:
      return native(key, (machine, args, at) => {
        const now = itemsOf(machine)
        if (args[0]?.t === 'function') each(machine, now.items, now.rest, args[0], at)
        return unknown(machine.originsOf(object), { nullish: 'no' })
      })
  }
}

function commonRole(answers: readonly Value[]): readonly [] | undefined | readonly `role:${string}`[] {
  const roles = answers.map((answer) => (answer.t === 'unknown' ? answer.whenTrue?.[0] : undefined))
  if (roles.length === 0 || !roles.every((role) => role?.startsWith('role:'))) return undefined
  return [`role:${roles.map((role) => role!.slice(5)).join('|')}`]
}

const optional = (value: Value): Value =>
  value.t === 'unknown' ? { ...value, nullish: 'maybe' } : union([value, undefinedValue])

function mapMember(m: Machine, object: ObjectValue, key: string): Value {
  const rest = (machine: Machine): Value => machine.object(object)?.rest ?? constant(undefined, object.origins)
  switch (key) {
    case 'get':
      return native(key, (machine, args) =>
        union([rest(machine), constant(undefined, args[0] ? machine.originsOf(args[0]) : noOrigins)]),
      )
    case 'has':
      return native(key, (machine, args) => {
        const cell = machine.object(object)
        const known = cell?.props
        const wanted = args[0]
        if (known && wanted?.t === 'const' && !cell.rest)
          return constant(known.has(String(wanted.value)), merge(object.origins, wanted.origins))
        return unknown(all(machine, [object, ...args]), { nullish: 'no' })
      })
    case 'set':
    case 'add':
      return native(key, (machine, args) => {
        const cell = machine.object(object)
        const value = args[key === 'set' ? 1 : 0] ?? undefinedValue
        if (cell) machine.setCell(object, { ...cell, rest: cell.rest ? union([cell.rest, value]) : value })
        return object
      })
    case 'size':
      return unknown(m.originsOf(object), { nullish: 'no' })
    case 'forEach':
      return native(
        key,
        (machine, args, at) => (
          maybeResult(machine, args[0] ?? undefinedValue, [rest(machine), unknown()], at),
          undefinedValue
        ),
      )
    default:
      return native(key, (machine) =>
        listResult(
          machine,
          machine.originsOf(object),
          key === 'entries' ? machine.newArray([unknown(), rest(machine)]) : rest(machine),
        ),
      )
  }
}

function responseMember(m: Machine, object: ObjectValue, key: string): Value {
  const cell = m.object(object)
  if (key === 'status' && cell?.status !== undefined) return constant(cell.status)
  if (key === 'ok' && cell?.status !== undefined) return constant(cell.status < 400)
  if (key === 'headers') return native('headers', () => unknown())
  if (key === 'json' || key === 'text')
    return native(key, (machine, _args, site) => resolved(unknown(machine.originsOf(object)), site))
  return unknown(m.originsOf(object))
}

const listMethods = new Set([
  'map',
  'filter',
  'forEach',
  'find',
  'some',
  'every',
  'flatMap',
  'reduce',
  'sort',
  'findIndex',
  'findLast',
])

/** A method of data that nothing is known of: the callback runs on an item, or not. */
function unknownMethod(m: Machine, object: Extract<Value, { t: 'unknown' }>, key: string): Value {
  if (listMethods.has(key) && object.origins.refs.every((ref) => ref.t !== 'opaque')) {
    return native(key, (machine, args, at) => {
      const item = iterate(machine, object)
      const fn = args[0]
      const given = key === 'reduce' ? [args[1] ?? unknown(object.origins), item] : [item, unknown()]
      const result = fn && fn.t !== 'const' ? maybeResult(machine, fn, given, at) : undefinedValue
      const from = merge(object.origins, machine.originsOf(result))
      if (key === 'map' || key === 'flatMap')
        return machine.newArray([], result.t === 'const' ? unknown(from) : result, object.origins)
      if (key === 'filter' || key === 'sort') return { ...object, origins: from, list: true, nullish: 'no' }
      if (key === 'find' || key === 'findLast')
        return unknown(object.origins, { ...(object.table !== undefined ? { table: object.table } : {}) })
      if (key === 'some') {
        const proofs = result.t === 'unknown' ? result.whenTrue : undefined
        return unknown(from, { nullish: 'no', ...(proofs ? { whenTrue: proofs } : {}) })
      }
      return unknown(from)
    })
  }
  // a length is no secret, and is nobody's choice that decides anything
  if (key === 'length')
    return unknown(
      { flags: object.origins.flags & ~(From.secret | callerChosen), refs: object.origins.refs },
      { nullish: 'no' },
    )
  return unknown()
}

/** `Object.keys`, `Promise.all`, `JSON.parse` …; undefined when the name is not the language's. */
export function builtinGlobal(path: string): Value | undefined {
  const made = Object.hasOwn(globals, path) ? globals[path] : undefined
  if (made) return stableNative(path, made)
  const root = path.split('.')[0]!
  if (namespaces.has(path)) return { t: 'library', base: { package: 'global' }, path: [path], origins: noOrigins }
  if (namespaces.has(root) && path.includes('.'))
    return stableNative(path, (machine, args) => unknown(all(machine, args), { nullish: 'no' }))
  return undefined
}

export const namespaces: ReadonlySet<string> = new Set([
  'Object',
  'Array',
  'JSON',
  'Promise',
  'Math',
  'Number',
  'String',
  'Boolean',
  'Date',
  'Reflect',
  'Symbol',
  'Intl',
  'BigInt',
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'RegExp',
  'Error',
  'Uint8Array',
  'ArrayBuffer',
  'Proxy',
])

type Call = (machine: Machine, args: readonly Value[], site: Site, awaited: boolean) => Value

const computes: Call = (machine, args) => unknown(all(machine, args), { nullish: 'no' })

/** What an item of `Promise.all` gives, whichever of its alternatives it is. */
export const fulfilled = (machine: Machine, item: Value): Value =>
  union(
    alternatives(item).map((part) =>
      part.t === 'query' ? settleAwaited(machine, part) : part.t === 'promise' ? (part.value ?? undefinedValue) : part,
    ),
  )

function promiseAll(machine: Machine, args: readonly Value[], site: Site): Value {
  const list = machine.array(args[0] ?? undefinedValue)
  if (!list) return resolved(unknown(all(machine, args)), site, 'Promise.all')
  const promises = list.items
    .flatMap((item) => alternatives(item))
    .filter((item): item is PromiseValue => item.t === 'promise')
  const proofs = list.items.flatMap((item) => (item.t === 'promise' ? item.proofs : []))
  for (const promise of promises) machine.log.unawaited.delete(siteKey(promise.site))
  const failing = list.items.find((item): item is PromiseValue => item.t === 'promise' && !item.value)
  const denies = promises.some((item) => item.denies)
  const values = list.items.map((item) => fulfilled(machine, item))
  const rest = list.rest ? fulfilled(machine, list.rest) : undefined
  if (failing)
    return { t: 'promise', value: undefined, error: failing.error, proofs: [], name: failing.name, site, denies: true }
  return {
    t: 'promise',
    value: machine.newArray(values, rest),
    error: undefined,
    proofs,
    name: 'Promise.all',
    site,
    denies,
  }
}

const keysOf: Call = (machine, args) => {
  const cell = machine.object(args[0] ?? undefinedValue)
  if (cell && !cell.rest) return machine.newArray([...cell.props.keys()].slice(0, 24).map((key) => constant(key)))
  return machine.newArray([], unknown(all(machine, args), { nullish: 'no' }))
}

const makeMap: Call = (machine, args) => {
  const list = machine.array(args[0] ?? undefinedValue)
  if (list && !list.rest && list.items.every((item) => item.t === 'const')) {
    return machine.newObject(new Map(list.items.map((item) => [String(item.value), item])), {
      is: 'map',
    })
  }
  const inner = args[0] ? iterate(machine, args[0]) : undefined
  const pair = inner ? machine.array(inner) : undefined
  const rest = pair?.items[1] ?? (inner && args[0]?.t !== 'const' ? inner : undefined)
  return machine.newObject({}, { is: 'map', ...(rest ? { rest } : {}) })
}

const makeError: Call = (machine, args) =>
  machine.newObject({}, { is: 'error', ...(args[0] ? { rest: unknown(machine.originsOf(args[0])) } : {}) })

const globals: Readonly<Record<string, Call>> = {
  'Promise.all': promiseAll,
  'Promise.allSettled': (machine, args, site) => {
    const list = machine.array(args[0] ?? undefinedValue)
    for (const item of list?.items ?? [])
      if (item.t === 'promise' && item.denies) machine.note('swallowed', item.name, item.site)
    const items = (list?.items ?? []).map((item) => {
      const value = item.t === 'promise' ? item.value : fulfilled(machine, item)
      return machine.newObject({
        status: value ? unknown() : constant('rejected'),
        value: value ?? undefinedValue,
        reason: unknown(),
      })
    })
    const rest = list?.rest
      ? machine.newObject({ status: unknown(), value: fulfilled(machine, list.rest), reason: unknown() })
      : undefined
    return resolved(machine.newArray(items, rest), site)
  },
  'Promise.race': (machine, args, site) => {
    const list = machine.array(args[0] ?? undefinedValue)
    const values = [...(list?.items ?? []), ...(list?.rest ? [list.rest] : [])].map((item) => fulfilled(machine, item))
    return resolved(values.length ? union(values) : unknown(all(machine, args)), site)
  },
  'Promise.resolve': (_machine, args, site) =>
    args[0]?.t === 'promise' ? args[0] : resolved(args[0] ?? undefinedValue, site),
  'Promise.reject': (_machine, args, site) => ({
    t: 'promise',
    value: undefined,
    error: args[0] ?? undefinedValue,
    proofs: [],
    name: 'Promise.reject',
    site,
    denies: false,
  }),
  Promise: (machine, args, site) => {
    let given: Value = unknown()
    const resolve = native('resolve', (_m, values) => ((given = values[0] ?? undefinedValue), undefinedValue))
    const reject = native('reject', () => undefinedValue)
    if (args[0]) callValue(machine, args[0], [resolve, reject], site, {})
    return resolved(given, site)
  },
  'Object.keys': keysOf,
  'Object.values': (machine, args) => {
    const cell = machine.object(args[0] ?? undefinedValue)
    return cell
      ? machine.newArray([...cell.props.values()], cell.rest)
      : machine.newArray([], unknown(all(machine, args)))
  },
  'Object.entries': (machine, args) => {
    const cell = machine.object(args[0] ?? undefinedValue)
    const rest =
      cell && !cell.rest
        ? undefined
        : machine.newArray([unknown(all(machine, args), { nullish: 'no' }), cell?.rest ?? unknown(all(machine, args))])
    return machine.newArray(
      cell ? [...cell.props].slice(0, 24).map(([key, value]) => machine.newArray([constant(key), value])) : [],
      rest,
    )
  },
  'Object.assign': (machine, args) => {
    const [target, ...sources] = args
    if (target?.t === 'object') {
      for (const source of sources) {
        const cell = machine.object(target)
        const from = machine.object(source)
        if (!cell) break
        const rest = from ? from.rest : unknown(machine.originsOf(source))
        machine.setCell(target, {
          ...cell,
          props: new Map([...cell.props, ...(from?.props ?? [])]),
          ...(rest ? { rest: cell.rest ? union([cell.rest, rest]) : rest } : {}),
        })
      }
    }
    return target ?? undefinedValue
  },
  'Object.freeze': (_machine, args) => args[0] ?? undefinedValue,
  'Object.fromEntries': (machine, args) => machine.newObject({}, { rest: unknown(all(machine, args)) }),
  'Object.defineProperty': (_machine, args) => args[0] ?? undefinedValue,
  'Array.isArray': (machine, args) => {
    const parts = alternatives(args[0] ?? undefinedValue)
    const answers = parts.map((part) =>
      part.t === 'unknown' ? (part.list ? true : undefined) : machine.array(part) !== undefined,
    )
    return answers.every((answer) => answer !== undefined && answer === answers[0])
      ? constant(answers[0], all(machine, args))
      : unknown(all(machine, args), { nullish: 'no' })
  },
  'Array.from': (machine, args, site) => {
    const list = args[0] ?? undefinedValue
    const item = iterate(machine, list)
    const known = machine.array(list)
    if (args[1] && args[1].t !== 'const')
      return machine.newArray([], maybeResult(machine, args[1], [item, unknown()], site))
    return known ? machine.newArray(known.items, known.rest) : machine.newArray([], item)
  },
  'Array.of': (machine, args) => machine.newArray(args),
  Array: (machine, args) => machine.newArray([], unknown(all(machine, args))),
  'JSON.parse': (machine, args) => unknown(all(machine, args)),
  'JSON.stringify': computes,
  Boolean: (machine, args) => {
    const given = args[0] ?? undefinedValue
    const known = truth(given)
    if (known !== undefined) return constant(known, machine.originsOf(given, 1))
    return given.t === 'unknown' ? { ...given, nullish: 'no' } : unknown(machine.originsOf(given), { nullish: 'no' })
  },
  String: (machine, args) =>
    args[0]?.t === 'const'
      ? constant(String(args[0].value), args[0].origins)
      : unknown(all(machine, args), { nullish: 'no' }),
  Number: computes,
  BigInt: computes,
  Date: computes,
  Symbol: computes,
  RegExp: computes,
  parseInt: computes,
  parseFloat: computes,
  isNaN: computes,
  Map: makeMap,
  Set: makeMap,
  WeakMap: makeMap,
  WeakSet: makeMap,
  Error: makeError,
  TypeError: makeError,
  RangeError: makeError,
  SyntaxError: makeError,
  AggregateError: makeError,
  // each property is what the handler's trap says
  Proxy: (machine, args) =>
    machine.newObject({ target: args[0] ?? undefinedValue, handler: args[1] ?? undefinedValue }, { is: 'proxy' }),
  'Reflect.get': (machine, args, site) => {
    const key = args[1]
    return member(
      machine,
      args[0] ?? undefinedValue,
      key?.t === 'const' ? String(key.value) : (key ?? undefinedValue),
      site,
    )
  },
  'Reflect.has': computes,
  'Reflect.apply': (machine, args, site, awaited) =>
    callValue(machine, args[0] ?? undefinedValue, machine.array(args[2] ?? undefinedValue)?.items ?? [], site, {
      awaited,
      ...(args[1] ? { self: args[1] } : {}),
    }),
}
