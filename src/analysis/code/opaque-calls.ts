/** Calls of what nobody can see: it may be the guard, it may do protected work, and it may run the functions that it is given. */
import { changingMethod } from '../../catalog/names.ts'
import type { CallOptions } from './calls.ts'
import { callDataMethod } from '../language/data-methods.ts'
import { listMethod, methodOfData } from '../language/lists.ts'
import { functionsIn, madeAtModuleLevel, maybeCall } from './given-functions.ts'
import { callOwnMethod } from '../library/documents.ts'
import { tenantsHeldBy } from '../library/handed.ts'
import type { Machine } from '../machine.ts'
import { addOpaque, addDoubt } from '../caller/doubts.ts'
import { askedBy, passOnWho } from '../caller/judges.ts'
import { addEffect } from '../effects.ts'
import { handedOver } from '../queries/queries.ts'
import {
  callerChosen,
  From,
  hasSource,
  isSameForAll,
  merge,
  noOrigins,
  origins,
  type OpaqueRef,
  type Origins,
  type Site,
} from '../values/origins.ts'
import {
  alternatives,
  undefinedValue,
  union,
  unknown,
  withOrigins,
  type UnknownValue,
  type Value,
} from '../values/value.ts'

/** Calls something of which nothing is known but where it comes from. */
export function callUnknown(
  m: Machine,
  callee: UnknownValue,
  given: readonly Value[],
  site: Site,
  options: CallOptions,
): Value {
  const args = handedOver(m, given)
  const { origins: own, key } = callee
  const data = key === undefined || callee.lost ? [] : alternatives(options.self ?? undefinedValue)
  const methods = data.flatMap((part) => (part.t === 'unknown' ? (methodOfData(part, key!) ?? []) : []))
  if (methods.length > 0) return union(methods.map((method) => method.call(m, args, site, false)))
  const opaque = own.refs.filter((ref): ref is OpaqueRef => ref.t === 'opaque' && !ref.delegated)
  const [first] = opaque
  if (first) {
    const { name = first.name, awaited } = options
    const items = awaited ? undefined : itemsOf(m, callee, args, site, options.self)
    if (items) return items
    const kept = opaque.every((ref) => ref.kept)
    return withOrigins(
      opaqueCall(m, { name, reason: first.reason, site, of: own, ...(kept ? { kept } : {}) }, args, awaited),
      rowsOf(own),
    )
  }
  if ((own.flags & From.context) !== 0) {
    const { name = 'a function', awaited } = options
    return opaqueCall(m, { name, reason: 'it comes from a context that nothing in sight sets', site }, args, awaited)
  }
  if (callee.lost || callee.later) return callLost(m, own, args, site, options)
  const ofSchema = callOwnMethod(m, options.self, callee.key, args, site, options.awaited)
  if (ofSchema) return ofSchema
  const from = merge(own, m.heap.originsOfAll(args))
  const made = options.self ? undefined : madeAtModuleLevel(m, args, from)
  return made ?? callDataMethod(m, options.self, callee, args, from, site)
}

/** A method of a list that is the same whoever calls: it runs the function that it is given on its items. */
function itemsOf(
  m: Machine,
  { key = '' }: UnknownValue,
  args: readonly Value[],
  site: Site,
  self: Value | undefined,
): Value | undefined {
  if (self?.t !== 'unknown' || args[0]?.t !== 'function') return undefined
  if (!self.origins.refs.every((ref) => ref.t === 'opaque' && ref.shared === 'data')) return undefined
  return listMethod(self, key)?.call(m, args, site, false)
}

/** What it was given to keep, its methods may give. */
function rowsOf({ refs }: Origins): Origins {
  const reads = refs.filter((ref) => ref.t === 'read' && !ref.hint)
  return reads.length > 0 ? origins(From.row, ...reads) : noOrigins
}

/** What is absent cannot be called: something that is out of sight has put it there. */
export function callLost(m: Machine, from: Origins, args: readonly Value[], site: Site, options: CallOptions): Value {
  const { name = 'a function', awaited } = options
  const about = { name, reason: 'nothing in sight puts it there', site, kept: true }
  return withOrigins(opaqueCall(m, about, handedOver(m, args), awaited), from)
}

/** What is called, and why it could not be read. */
export interface OpaqueCall {
  readonly name: string
  readonly reason: string
  readonly site: Site
  /** It is something that the project keeps: calling it is no guard by itself. */
  readonly kept?: boolean
  /** Where it comes from. */
  readonly of?: Origins
}

/**
 * A call of something that could not be read (a package that is not in the catalogue, a module that is not there).
 *
 * It may be the guard when it receives the request, headers, cookies, or nothing at all and is awaited (design.md,
 * "Verdicts"); a test of what it gives is doubted where the test stands.
 */
export function opaqueCall(
  m: Machine,
  { of = noOrigins, ...about }: OpaqueCall,
  args: readonly Value[],
  awaited = false,
): Value {
  const given = m.heap.originsOfAll(args)
  const mayBeEffect = awaited || (given.flags & callerChosen) !== 0
  // what is waited for may have been asked of the request at hand; while a module is set up there is none
  const isMade = (!awaited || m.atModuleLevel) && isMadeOfSettings(given)
  const shared = isMade ? { shared: 'object' as const } : {}
  const asked = askedBy(m, of, args)
  const ref = m.world.same<OpaqueRef>({ t: 'opaque', ...about, mayBeEffect, ...shared, ...asked })
  const known = m.log.opaque.find(
    (other) =>
      other.name === ref.name &&
      other.site.file === ref.site.file &&
      other.site.range[0] === ref.site.range[0] &&
      other.told === ref.told &&
      other.about?.join() === ref.about?.join(),
  )
  const used = known ?? ref
  addOpaque(m, ref)
  passOnWho(m, used)
  const seesCaller = isShownCaller(given, awaited)
  const read = ref.mayBeEffect
    ? addEffect(
        m,
        {
          what: `calls \`${about.name}\`, which could not be followed`,
          kind: 'unknown',
          write: false,
          site: about.site,
          mayChange:
            ((given.flags & callerChosen) !== 0 && (given.flags & From.request) === 0) ||
            (awaited && changingMethod.test(about.name.slice(about.name.lastIndexOf('.') + 1))),
        },
        args,
      )
    : undefined
  const functions = args.flatMap((arg) => functionsIn(m, arg))
  if (m.tracing) m.log.tenantsHanded.push(...functions.flatMap((fn) => tenantsHeldBy(m, fn)))
  const from = origins(given.flags | From.opaque, ...given.refs, used, ...(read ? [read] : []))
  if (!about.kept && ((awaited && args.length === 0) || seesCaller)) addDoubt(m, used)
  if (functions.length === 0) return unknown(from)
  // it decides whether the functions run at all
  const before = m.state.doubts
  addDoubt(m, used)
  const results = functions.map((fn) => maybeCall(m, fn, [unknown(from)], about.site))
  if (!seesCaller) m.state.doubts = before
  return union([unknown(from), ...results.filter((value) => value.t !== 'const')])
}

/** It is given what the server is set to, and nothing of a request: what it makes of that is the same whoever calls. */
const isMadeOfSettings = (given: Origins): boolean =>
  (given.flags & (From.env | From.setting | From.secret)) !== 0 && isSameForAll(given)

/** It is given what tells who is calling. */
const isShownCaller = (given: Origins, awaited: boolean): boolean =>
  (given.flags & (From.request | From.principal)) !== 0 ||
  (awaited && (given.flags & (From.header | From.cookie | From.context)) !== 0) ||
  hasSource(given)
