/** Calls as the code writes them, and of values: what a call does is found by what is called. */
import type { Expr } from '../../model/form.ts'
import { instantiate, superCall } from './classes.ts'
import { evaluate, evaluateArgs, isUntraced, keyOf, nameOf, unlessNullish } from './expressions.ts'
import { callFunction } from './function-calls.ts'
import { keepGiven } from '../library/keeping.ts'
import { handOver } from '../library/outlets.ts'
import { callLibrary } from '../library/library.ts'
import type { Machine } from '../machine.ts'
import { member } from './members.ts'
import { bindingName, isOwnCache, moduleForm } from './module-values.ts'
import { callLost, callUnknown } from './opaque-calls.ts'
import { callerChosen, From, hasSource, type Site } from '../values/origins.ts'
import { callQuery } from '../queries/queries.ts'
import { recorded } from '../values/recorded.ts'
import type { StackEntry } from './frame.ts'
import { addAftermath } from '../caller/aftermath.ts'
import {
  alternatives,
  isNullish,
  shallowOrigins,
  undefinedValue,
  union,
  unknown,
  type BuilderValue,
  type Value,
} from '../values/value.ts'

/** How something is called, apart from what it is given. */
export interface CallOptions {
  /** Whoever calls it waits for its promise. */
  readonly awaited?: boolean
  /** By what name; empty where it has none. */
  readonly name?: string
  /** What `this` is in there. */
  readonly self?: Value
  /** As what it runs: unless said otherwise, as a function that the code calls. */
  readonly how?: StackEntry['how']
  /** The function was handed in to be run behind what its caller checks. */
  readonly continuation?: boolean
}

/** A call as the code writes it. */
export function call(m: Machine, e: Extract<Expr, { t: 'call' }>, awaited: boolean): Value {
  const target = e.callee.t === 'chain' ? e.callee.expr : e.callee
  if (target.t === 'super') return superCall(m, e)
  const name = nameOf(e.callee, (id) => bindingName(m, id))
  const site = m.site(e.range)
  let callee: Value | undefined
  let self: Value | undefined
  if (target.t === 'member') {
    const receiver = target.object.t === 'super' ? m.frame?.self : evaluate(m, target.object)
    if (!m.state.alive || m.chain?.stopped) return undefinedValue
    self = receiver && target.optional ? unlessNullish(m, receiver) : receiver
    if (!self) return undefinedValue
    const key = keyOf(m, target.key)
    if (typeof key === 'string') {
      const args = evaluateArgs(m, e.args)
      if (!m.state.alive) return undefinedValue
      if (e.optional && self.t !== 'query' && self.t !== 'builder') {
        const method = unlessNullish(m, member(m, self, key, site))
        return method ? callValue(m, method, args, site, { awaited, name, self }) : undefinedValue
      }
      const value = callMethod(m, self, key, args, site, { awaited, name })
      if (m.state.alive) {
        keepGiven(m, e, self, args)
        handOver(m, e, self, args)
      }
      return key === 'get' && isUntraced(value) && isOwnCache(m, target) ? undefinedValue : value
    }
    callee = member(m, self, key, m.site(target.keyRange))
  } else {
    callee = evaluate(m, target)
  }
  if (!m.state.alive || m.chain?.stopped) return undefinedValue
  if (e.optional) callee = unlessNullish(m, callee)
  if (!callee) return undefinedValue
  const args = evaluateArgs(m, e.args)
  if (!m.state.alive) return undefinedValue
  const continuation =
    target.t === 'name' &&
    callee.t === 'function' &&
    moduleForm(m, m.frame?.file ?? '').bindings[target.binding]?.kind === 'parameter'
  const value = callValue(m, callee, args, site, {
    awaited,
    name,
    ...(self ? { self } : {}),
    ...(continuation ? { continuation } : {}),
  })
  if (m.state.alive) {
    keepGiven(m, e, callee, args)
    handOver(m, e, callee, args)
  }
  return value
}

/** Calls the method of each that the receiver may be. */
function callMethod(
  m: Machine,
  receiver: Value,
  key: string,
  args: readonly Value[],
  site: Site,
  options: CallOptions,
): Value {
  const run = (self: Value): Value => callMethodOf(m, self, key, args, site, { ...options, self })
  const parts = receivers(m, receiver)
  // of what nobody can see nothing tells that it is not all of them
  const hidden = parts.filter((part) => part.t === 'unknown')
  const known = parts.filter((part) => part.t !== 'unknown')
  const results = hidden.map(run)
  // it is one of them: where one throws, or refuses, another one need not
  const ways = [...(hidden.length > 0 ? [() => union(results)] : []), ...known.map((part) => () => run(part))]
  return ways.length === 1 ? ways[0]!() : m.split(ways)
}

/**
 * Nothing is asked of what is not there, where something else may be; and where one of several is a client that is known,
 * nothing of data, which has no such methods; nor, while tracing, of those of which nothing is known.
 */
function receivers(m: Machine, receiver: Value): readonly Value[] {
  const all = alternatives(receiver)
  const there = all.filter((part) => !isAbsent(part))
  const parts = there.length > 0 ? there : all
  const isKnown = ({ t }: Value): boolean => t === 'library' || t === 'query'
  if (!parts.some(isKnown)) return parts
  const isHidden = (part: Value): boolean => isUntraced(part) || isNullish(part) === true || isOpaque(part)
  return parts.filter((part) => isKnown(part) || !(isData(part) || (m.tracing && isHidden(part))))
}

const isAbsent = (value: Value): boolean =>
  value.t === 'const' && isNullish(value) === true && !hasSource(value.origins)

const isOpaque = (value: Value): boolean => shallowOrigins(value).refs.some((ref) => ref.t === 'opaque')

const isData = (value: Value): boolean =>
  value.t === 'unknown' &&
  (value.origins.flags & (callerChosen | From.row)) !== 0 &&
  (value.origins.flags & (From.opaque | From.context)) === 0 &&
  !value.lost &&
  !value.later

function callMethodOf(
  m: Machine,
  receiver: Value,
  key: string,
  args: readonly Value[],
  site: Site,
  options: CallOptions,
): Value {
  if (!m.state.alive) return undefinedValue
  if (receiver.t === 'query') return callQuery(m, receiver, key, args, site, options.awaited)
  if (receiver.t === 'builder') return callBuilder(m, receiver, key, args, site)
  if (key === 'bind' && (receiver.t === 'function' || receiver.t === 'native' || receiver.t === 'library')) {
    return receiver.t === 'function' && args[0] && args[0].t !== 'const' ? { ...receiver, self: args[0] } : receiver
  }
  if (receiver.t === 'function' && (key === 'call' || key === 'apply')) {
    const list =
      key === 'apply' && args[1]
        ? (m.heap.array(args[1])?.items ?? [unknown(m.heap.originsOf(args[1]))])
        : args.slice(1)
    return callValue(m, receiver, list, site, { ...options, self: args[0] ?? undefinedValue })
  }
  const callee = member(m, receiver, key, site)
  if (!m.state.alive) return undefinedValue
  return callValue(m, callee, args, site, options)
}

function callBuilder(m: Machine, builder: BuilderValue, method: string, args: readonly Value[], site: Site): Value {
  const special = m.world.behaviours.get(builder.builder)?.methods?.[method]?.(m, builder, args, site)
  return special ?? recorded(m, builder, { method, args, site })
}

/** What a builder makes itself, or the builder with one call more. */
function runBuilder(m: Machine, builder: BuilderValue, args: readonly Value[], site: Site, awaited: boolean): Value {
  const run = m.world.behaviours.get(builder.builder)?.call
  if (!run) return recorded(m, builder, { method: '()', args, site })
  return m.running.within(() => run(m, builder, args, site, awaited)) ?? unknown(m.heap.originsOfAll(args))
}

/** Calls a value, whatever it is. */
export function callValue(m: Machine, callee: Value, args: readonly Value[], site: Site, options: CallOptions): Value {
  if (!m.state.alive) return undefinedValue
  const there = m.heap.now(callee)
  if (there !== callee) return callValue(m, there, args, site, options)
  addAftermath(m, { name: options.name ?? '', called: callee })
  switch (callee.t) {
    case 'function':
      return callFunction(m, callee, args, site, options)
    case 'native':
      return callee.call(m, args, site, options.awaited ?? false)
    case 'library':
      return callLibrary(m, callee, args, site, options)
    case 'builder':
      return runBuilder(m, callee, args, site, options.awaited ?? false)
    case 'class':
      return instantiate(m, callee, args, site)
    case 'union': {
      const able = receivers(m, callee).filter((part) => part.t !== 'const')
      return m.split(able.map((part) => () => callValue(m, part, args, site, options)))
    }
    case 'const':
      return isAbsent(callee) ? callLost(m, callee.origins, args, site, options) : unknown(callee.origins)
    case 'unknown':
      return callUnknown(m, callee, args, site, options)
    case 'query':
      return callQuery(m, callee, '()', args, site)
    default:
      return unknown(m.heap.originsOfAll(args))
  }
}
