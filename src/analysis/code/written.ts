/** What is written in a function that does not run, as far as it can be had by somebody who proves nothing. */
import type { Arg, Expr, FunctionId } from '../../model/form.ts'
import { callValue } from './calls.ts'
import type { Machine } from '../machine.ts'
import { member } from './members.ts'
import { visitCalls } from './module-index.ts'
import { atModuleLevel, moduleForm, valueWritten, type Given } from './module-values.ts'
import { From, merge, noOrigins, origins } from '../values/origins.ts'
import { callQuery } from '../queries/queries.ts'
import { undefinedValue, unknown, type Value } from '../values/value.ts'
import { wordingOf } from '../values/wording.ts'

/**
 * A part that cannot be had without signing in (`session.user.id`) is somebody's; the others are what they are: the rest of a
 * key, of a row, and the call that it is given to.
 */
export function valueInParts(m: Machine, file: string, fn: FunctionId, e: Arg, given?: Given): Value {
  if (e.t === 'spread') return undefinedValue
  const inParts = (part: Arg): Value => valueInParts(m, file, fn, part, given)
  const value = valueWritten(m, file, fn, e, given)
  if (value) return value
  switch (e.t) {
    case 'template': {
      const parts = e.exprs.map(inParts)
      const from = parts.map((part) => m.heap.originsOf(part)).reduce(merge, noOrigins)
      return unknown(from, wordingOf(e.strings.flatMap((text, i) => [text, ...parts.slice(i, i + 1)])))
    }
    case 'object': {
      const props = e.props.flatMap((prop): [string, Value][] =>
        prop.t === 'prop' && typeof prop.key === 'string' ? [[prop.key, inParts(prop.value)]] : [],
      )
      return m.heap.newObject(new Map(props), props.length < e.props.length ? { rest: somebodys } : {})
    }
    case 'array':
      return m.heap.newArray(e.items.flatMap((item) => (item ? [inParts(item)] : [])))
    case 'call':
      return callInParts(m, e, file, inParts)
    default:
      return somebodys
  }
}

const somebodys: Value = unknown(origins(From.principal))

function callInParts(m: Machine, e: Extract<Expr, { t: 'call' }>, file: string, inParts: (part: Arg) => Value): Value {
  const { callee } = e
  if (callee.t !== 'member' || typeof callee.key !== 'string') return somebodys
  const site = { file, range: e.range }
  const receiver = inParts(callee.object)
  const args = e.args.map(inParts)
  if (receiver.t === 'query') return callQuery(m, receiver, callee.key, args, site)
  return receiver.t === 'library' ? callValue(m, member(m, receiver, callee.key, site), args, site, {}) : somebodys
}

/** A call of a method, as it is written. */
export interface MethodCall {
  readonly call: Extract<Expr, { t: 'call' }>
  readonly object: Expr
  readonly key: string
}

/**
 * What is found at the calls of some methods that the functions of a module make, whenever they run: looked for once.
 *
 * @param known what was found in modules before
 * @param read what one of the calls gives, apart from any run
 */
export function atCallsOf<T>(
  m: Machine,
  file: string,
  known: Map<string, readonly T[]>,
  methods: ReadonlySet<string>,
  read: (inner: Machine, fn: FunctionId, made: MethodCall) => readonly T[],
): readonly T[] {
  const form = moduleForm(m, file)
  const before = known.get(file)
  if (before) return before
  known.set(file, [])
  const found = atModuleLevel(m, file, (inner) =>
    form.functions.flatMap((fn, id) => {
      const here: T[] = []
      visitCalls(fn.body, (call) => {
        const method = call.callee.t === 'chain' ? call.callee.expr : call.callee
        if (method.t !== 'member' || typeof method.key !== 'string' || !methods.has(method.key)) return
        here.push(...read(inner, id, { call, object: method.object, key: method.key }))
      })
      return here
    }),
  )
  known.set(file, found)
  return found
}
