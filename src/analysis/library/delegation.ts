/** Services that decide by a token that they are told: whether that is the caller's own, or the server's. */
import type { EffectMeaning } from '../../catalog/meaning.ts'
import { argumentAt } from './arguments.ts'
import type { Machine } from '../machine.ts'
import { From, merge, noOrigins, type Origins } from '../values/origins.ts'
import { instanceOrigins } from './results.ts'
import { alternatives, shallowOrigins, undefinedValue, type LibraryValue, type Value } from '../values/value.ts'

/** Why what the effect does is not known. */
export const byToken = 'the service behind it decides by the token that it is given'

/** Who decides over the effect, when a service behind it does so by a token, and whether that is the caller's. */
export function delegation(
  m: Machine,
  effect: EffectMeaning,
  callee: LibraryValue,
  args: readonly Value[],
  given: Origins,
): { readonly delegated: true; readonly carriesCaller: boolean } | undefined {
  if (effect.kind === 'http') {
    const sent = tokenSent(m, args, given)
    return sent && { delegated: true, carriesCaller: sent === 'callers' }
  }
  if (!effect.delegated) return undefined
  if (effect.delegated === 'caller') return { delegated: true, carriesCaller: true }
  const token = effect.token ? m.heap.originsOf(argumentAt(m, effect.token, args) ?? undefinedValue) : noOrigins
  return {
    delegated: true,
    carriesCaller: carriesCaller([callee.origins, token, tokenKept(m, callee)].reduce(merge)) && !isServers(m, callee),
  }
}

/** What the client was given to send along, when that is the caller's own. */
export function tokenKept(m: Machine, value: Value): Origins {
  const kept = value.t === 'library' && 'instance' in value.base ? m.heap.keptAt('token', value.base.site) : undefined
  return kept && isCallersToken(m, kept) ? instanceOrigins(m.heap.originsOf(kept)) : noOrigins
}

/** The client was given something of the server's own to send along. */
export function isServers(m: Machine, value: LibraryValue): boolean {
  const kept = 'instance' in value.base ? m.heap.keptAt('token', value.base.site) : undefined
  return kept !== undefined && (m.heap.originsOf(kept).flags & From.secret) !== 0
}

/** Every token that it can be is the caller's or none. */
const isCallersToken = (m: Machine, value: Value): boolean => {
  const tokens = alternatives(value).filter((part) => part.t !== 'const')
  const from = tokens.map((part) => m.heap.originsOf(part))
  return from.length > 0 && from.every((each) => carriesCaller(each) && (each.flags & From.secret) === 0)
}

/** A request shows the caller's own token, alone or beside a secret of the server's; or none. */
function tokenSent(m: Machine, args: readonly Value[], given: Origins): 'callers' | 'both' | undefined {
  const headers = argumentAt(m, [1, 'headers'], args)
  const whole = headers ? shallowOrigins(headers).flags : 0
  const named = alternatives(headers ?? undefinedValue).some((part) => {
    const held = [...(m.heap.object(part)?.props ?? [])].filter(([name]) => /^(authorization|cookie)$/i.test(name))
    return held.some(([, value]) => carriesCaller(m.heap.originsOf(value)))
  })
  if ((given.flags & From.token) === 0 && (whole & From.request) === 0 && !named) return undefined
  const shown = headers ? m.heap.originsOf(headers) : given
  return (shown.flags & From.secret) === 0 ? 'callers' : 'both'
}

/** Cookies, headers or a token of the caller are in it. */
export const carriesCaller = (from: Origins): boolean =>
  (from.flags & (From.cookie | From.header | From.request | From.principal)) !== 0
