/** What the language itself puts in reach: `Object`, `Promise`, `JSON`, `Map` and their like. */
import { callValue } from '../code/calls.ts'
import { operationIn } from '../values/graphql.ts'
import { chanceIn, chanceOfAll, isFilledByChance } from '../values/wording.ts'
import { madeOf } from '../values/made.ts'
import { maybeResult, numbers } from './lists.ts'
import type { Machine } from '../machine.ts'
import { iterate, member } from '../code/members.ts'
import { moduleForm } from '../code/module-values.ts'
import { underKey } from '../values/telling.ts'
import { promiseAndResolvers } from '../library/pipes.ts'
import { noOrigins, siteKey, type Site } from '../values/origins.ts'
import { resolved, fulfilled, iterated, noteSwallowed, promiseAll } from './promises.ts'
import {
  alternatives,
  constant,
  mayBeMissing,
  native,
  overwritten,
  stableNative,
  traceOf,
  truth,
  undefinedValue,
  union,
  unknown,
  type FunctionValue,
  type Value,
} from '../values/value.ts'

/** `Object.keys`, `Promise.all`, `JSON.parse` …; undefined when the name is not the language's. */
export function builtinGlobal(path: string): Value | undefined {
  const made = Object.hasOwn(globals, path) ? globals[path] : undefined
  if (made) return stableNative(path, made)
  const root = path.split('.')[0]!
  if (namespaces.has(path)) return { t: 'library', base: { package: 'global' }, path: [path], origins: noOrigins }
  if (namespaces.has(root) && path.includes('.'))
    return stableNative(path, (machine, args) =>
      unknown(machine.heap.originsOfAll(args), { nullish: 'no', ...madeOf(machine, path, args) }),
    )
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

/** A value made of one other stands for it: `Number(params.id)`. */
const computes: Call = (machine, args) =>
  unknown(machine.heap.originsOfAll(args), {
    nullish: 'no',
    ...traceOf(args[0]),
  })

/** A text of letters that stand for these numbers. */
const spelt: Call = (machine, args) => unknown(machine.heap.originsOfAll(args), { nullish: 'no', ...chanceOfAll(args) })

/** What is made of each property that an object has: of those behind one that it need not have, nobody knows the place. */
function listed(
  m: Machine,
  props: ReadonlyMap<string, Value>,
  rest: Value | undefined,
  made: (key: string, value: Value) => Value,
): Value {
  const all = [...props].slice(0, 24)
  const unsure = all.findIndex(([, value]) => mayBeMissing(value))
  const sure = unsure < 0 ? all : all.slice(0, unsure)
  const others = all.slice(sure.length).map(([key, value]) => made(key, value))
  return m.heap.newArray(
    sure.map(([key, value]) => made(key, value)),
    others.length > 0 || rest ? union([...others, ...(rest ? [rest] : [])]) : undefined,
  )
}

const keysOf: Call = (machine, args) => {
  const cell = machine.heap.object(args[0] ?? undefinedValue)
  if (cell && !cell.rest) return listed(machine, cell.props, undefined, (key) => constant(key))
  return machine.heap.newArray([], unknown(machine.heap.originsOfAll(args), { nullish: 'no' }))
}

/** What stands under each key, where all keys are known; else each of them may stand under any key, or nothing. */
const fromEntries: Call = (machine, args) => {
  const given = args[0] ?? undefinedValue
  const list = machine.heap.array(given)
  const entryOf = (part: Value): readonly Value[] => machine.heap.array(part)?.items ?? []
  const keys = list && !list.rest ? list.items.map((item) => entryOf(item)[0]) : [undefined]
  if (keys.every((key) => key?.t === 'const'))
    return machine.heap.newObject(
      new Map(list?.items.map((item, i) => [String(keys[i]!.value), entryOf(item)[1] ?? undefinedValue])),
    )
  const held = alternatives(iterate(machine, given)).flatMap((part) => {
    const [key, value] = entryOf(part)
    return key && value ? alternatives(underKey(machine, value, key)) : [undefinedValue]
  })
  // data is as good as unknown; what can be called or put into is kept
  const there = held.filter(({ t }) => t !== 'const' && t !== 'unknown')
  const data = unknown(machine.heap.originsOfAll(args))
  const others = there.length < held.length ? [data, undefinedValue] : [undefinedValue]
  return machine.heap.newObject({}, { rest: there.length > 0 ? union([...there, ...others]) : data })
}

const makeMap: Call = (machine, args) => {
  const list = machine.heap.array(args[0] ?? undefinedValue)
  if (list && !list.rest && list.items.every((item) => item.t === 'const')) {
    return machine.heap.newObject(new Map(list.items.map((item) => [String(item.value), item])), {
      is: 'map',
    })
  }
  const inner = args[0] ? iterate(machine, args[0]) : undefined
  const pair = inner ? machine.heap.array(inner) : undefined
  const rest = pair?.items[1]
    ? underKey(machine, pair.items[1], pair.items[0]!)
    : inner && args[0]?.t !== 'const'
      ? inner
      : undefined
  return machine.heap.newObject({}, { is: 'map', ...(pair ? { keyed: true } : {}), ...(rest ? { rest } : {}) })
}

const makeError: Call = (machine, args) =>
  machine.heap.newObject({}, { is: 'error', ...(args[0] ? { rest: unknown(machine.heap.originsOf(args[0])) } : {}) })

/** A key that no text equals; two symbols are one when they were made in one place, or registered under one name. */
function symbol(machine: Machine, [named]: readonly Value[], where: string): Value {
  if (named && named.t !== 'const') return unknown(machine.heap.originsOf(named), { nullish: 'no' })
  return constant(`Symbol(${String(named?.value ?? '')}) of ${where}`)
}

/** It goes through all that it is given. */
const iterating =
  (call: Call): Call =>
  (machine, [list, ...args], site, awaited) =>
    call(machine, list ? [iterated(machine, list, site), ...args] : [], site, awaited)

const globals: Readonly<Record<string, Call>> = {
  'Math.max': (machine, args) =>
    unknown(machine.heap.originsOfAll(args), {
      nullish: 'no',
      lengthOf: args.reduce((of, arg) => of | (arg.t === 'unknown' ? (arg.lengthOf ?? 0) : 0), 0),
    }),
  'Promise.all': iterating(promiseAll),
  'Promise.allSettled': iterating((machine, args, site) => {
    const list = machine.heap.array(args[0] ?? undefinedValue)
    for (const item of list?.items ?? [])
      if (item.t === 'promise' && item.denies) noteSwallowed(machine, item, site, true)
    waitFor(machine, list?.items ?? [])
    const items = (list?.items ?? []).map((item) => {
      const value = item.t === 'promise' ? item.value : fulfilled(machine, item)
      return machine.heap.newObject({
        status: value ? unknown() : constant('rejected'),
        value: value ?? undefinedValue,
        reason: unknown(),
      })
    })
    const rest = list?.rest
      ? machine.heap.newObject({ status: unknown(), value: fulfilled(machine, list.rest), reason: unknown() })
      : undefined
    return resolved(machine.heap.newArray(items, rest), site)
  }),
  'Promise.race': iterating((machine, args, site) => {
    const list = machine.heap.array(args[0] ?? undefinedValue)
    const items = [...(list?.items ?? []), ...(list?.rest ? [list.rest] : [])]
    // what never comes to an answer (a timeout) can only be the end of it
    const answering = items.filter((item) => item.t !== 'promise' || item.value !== undefined)
    const [only] = answering.length > 0 ? answering : items.filter((item) => item.t === 'promise' && item.denies)
    if (only?.t === 'promise' && answering.length < 2) {
      waitFor(machine, items)
      return only
    }
    const values = answering.map((item) => fulfilled(machine, item))
    return resolved(values.length ? union(values) : unknown(machine.heap.originsOfAll(args)), site)
  }),
  'Promise.resolve': (_machine, args, site) =>
    args[0]?.t === 'promise' ? args[0] : resolved(args[0] ?? undefinedValue, site),
  'Promise.withResolvers': promiseAndResolvers,
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
    const [executor] = args
    if (executor) callValue(machine, executor, [resolve, reject], site, {})
    const promise = resolved(given, site)
    return executor?.t === 'function' && !takesFirst(machine, executor)
      ? { ...promise, value: undefined, error: unknown() }
      : promise
  },
  'Object.keys': keysOf,
  'Object.values': (machine, args) => {
    const cell = machine.heap.object(args[0] ?? undefinedValue)
    return cell
      ? listed(machine, cell.props, cell.rest, (_key, value) => value)
      : machine.heap.newArray([], unknown(machine.heap.originsOfAll(args)))
  },
  'Object.entries': (machine, args) => {
    const cell = machine.heap.object(args[0] ?? undefinedValue)
    const rest =
      cell && !cell.rest
        ? undefined
        : machine.heap.newArray([
            unknown(machine.heap.originsOfAll(args), { nullish: 'no' }),
            cell?.rest ?? unknown(machine.heap.originsOfAll(args)),
          ])
    return listed(machine, cell?.props ?? new Map<string, Value>(), rest, (key, value) =>
      machine.heap.newArray([constant(key), value]),
    )
  },
  'Object.assign': (machine, args) => {
    const [target, ...sources] = args
    if (target?.t !== 'object') machine.heap.changedOthers = true
    else {
      for (const source of sources) {
        const cell = machine.heap.object(target)
        const from = machine.heap.object(source)
        if (!cell) break
        const rest = from ? from.rest : unknown(machine.heap.originsOf(source))
        machine.heap.setCell(target, {
          ...cell,
          props: overwritten(cell.props, from?.props ?? new Map<string, Value>()),
          ...(rest ? { rest: cell.rest ? union([cell.rest, rest]) : rest } : {}),
        })
      }
    }
    return target ?? undefinedValue
  },
  'Object.freeze': (_machine, args) => args[0] ?? undefinedValue,
  'Object.fromEntries': iterating(fromEntries),
  'Object.defineProperty': (machine, args) => {
    machine.heap.changedOthers = true
    return args[0] ?? undefinedValue
  },
  'Array.isArray': (machine, args) => {
    const parts = alternatives(args[0] ?? undefinedValue)
    const answers = parts.map((part) =>
      part.t !== 'unknown'
        ? machine.heap.array(part) !== undefined
        : part.shape?.single
          ? false
          : part.list
            ? true
            : undefined,
    )
    return answers.every((answer) => answer !== undefined && answer === answers[0])
      ? constant(answers[0], machine.heap.originsOfAll(args))
      : unknown(machine.heap.originsOfAll(args), { nullish: 'no' })
  },
  'Array.from': iterating((machine, args, site) => {
    const list = args[0] ?? undefinedValue
    const item = iterate(machine, list)
    const known = machine.heap.array(list)
    if (args[1] && known && isFilledByChance(known))
      return callValue(machine, member(machine, list, 'map', site), [args[1]], site, {})
    if (args[1] && args[1].t !== 'const')
      return machine.heap.newArray([], maybeResult(machine, args[1], [item, unknown()], site))
    return known ? machine.heap.newArray(known.items, known.rest) : machine.heap.newArray([], item)
  }),
  ...Object.fromEntries(
    ['Uint8Array', 'Uint8ClampedArray', 'Uint16Array', 'Uint32Array'].map((name): [string, Call] => [
      name,
      (machine, args, site) =>
        numbers(machine, args, site) ??
        unknown(machine.heap.originsOfAll(args), {
          nullish: 'no',
          ...chanceIn(machine, args[0]),
          ...madeOf(machine, name, args),
        }),
    ]),
  ),
  'String.fromCharCode': spelt,
  'String.fromCodePoint': spelt,
  'Array.of': (machine, args) => machine.heap.newArray(args),
  Array: (machine, args) => machine.heap.newArray([], unknown(machine.heap.originsOfAll(args))),
  'JSON.parse': (machine, args) => unknown(machine.heap.originsOfAll(args), traceOf(args[0])),
  'JSON.stringify': (machine, args, site, awaited) => {
    const text = computes(machine, args, site, awaited)
    const document = args[0] && machine.heap.object(args[0])?.props.get('query')
    const operation = document && operationIn(document, machine.heap.originsOf(document))
    return operation && text.t === 'unknown' ? { ...text, operation } : text
  },
  Boolean: (machine, args) => {
    const given = args[0] ?? undefinedValue
    const known = truth(given)
    if (known !== undefined) return constant(known, machine.heap.originsOf(given, 1))
    return given.t === 'unknown'
      ? { ...given, nullish: 'no' }
      : unknown(machine.heap.originsOf(given), { nullish: 'no' })
  },
  String: (machine, args) =>
    args[0]?.t === 'const'
      ? constant(String(args[0].value), args[0].origins)
      : unknown(machine.heap.originsOfAll(args), { nullish: 'no', ...traceOf(args[0]) }),
  Number: computes,
  BigInt: computes,
  Date: computes,
  Symbol: (machine, args, site) => symbol(machine, args, `${site.file}:${String(site.range[0])}`),
  'Symbol.for': (machine, args) => symbol(machine, args, 'shared'),
  RegExp: computes,
  parseInt: computes,
  parseFloat: computes,
  isNaN: computes,
  Map: iterating(makeMap),
  Set: iterating(makeMap),
  WeakMap: iterating(makeMap),
  WeakSet: iterating(makeMap),
  Error: makeError,
  TypeError: makeError,
  RangeError: makeError,
  SyntaxError: makeError,
  AggregateError: makeError,
  // each property is what the handler's trap says
  Proxy: (machine, args) =>
    machine.heap.newObject({ target: args[0] ?? undefinedValue, handler: args[1] ?? undefinedValue }, { is: 'proxy' }),
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
  'Reflect.construct': (machine, args, site) =>
    callValue(machine, args[0] ?? undefinedValue, machine.heap.array(args[1] ?? undefinedValue)?.items ?? [], site, {}),
  'Reflect.apply': (machine, args, site, awaited) =>
    callValue(machine, args[0] ?? undefinedValue, machine.heap.array(args[2] ?? undefinedValue)?.items ?? [], site, {
      awaited,
      ...(args[1] ? { self: args[1] } : {}),
    }),
}

function waitFor(m: Machine, items: readonly Value[]): void {
  for (const item of items) if (item.t === 'promise') m.log.unawaited.delete(siteKey(item.site))
}

/** The body of the function has a use for its first parameter: `new Promise((_, reject) => …)` never comes to an answer. */
function takesFirst(m: Machine, { file, fn }: FunctionValue): boolean {
  const form = moduleForm(m, file)
  const body = form.functions[fn]
  const first = body?.params[0]
  if (!body || !first) return body?.kind !== 'arrow'
  if (first.rest || first.pattern.t !== 'bind') return true
  const { binding } = first.pattern
  const [start, end] = body.range
  const within = form.functions.filter(({ range }) => start <= range[0] && range[1] <= end)
  return within.some((inner) => mentions(inner.body, binding))
}

function mentions(node: unknown, binding: number): boolean {
  if (typeof node !== 'object' || node === null) return false
  if (Array.isArray(node)) return node.some((inner) => mentions(inner, binding))
  if ((node as { readonly binding?: unknown }).binding === binding) return true
  return Object.values(node).some((inner) => mentions(inner, binding))
}
