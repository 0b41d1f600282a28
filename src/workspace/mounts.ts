/** Routers that a route hands its requests to. Each of their procedures decides for itself, and none of them is analysed. */
import type { CallMeaning, Library, Meaning, Result } from '../catalog/meaning.ts'

const what = 'hands the request to procedures that decide one by one'

export const isMount = (reason: string | undefined): boolean => reason?.includes(what) ?? false

/** The catalogue with such calls as an effect that nothing is known about. */
export function mountsAsEffects(libraries: readonly Library[]): readonly Library[] {
  return libraries.map((library) => ({
    ...library,
    exports: mapValues(library.exports, meaning),
    ...(library.instances && {
      instances: mapValues(library.instances, (instance) => ({
        ...instance,
        members: mapValues(instance.members, meaning),
        ...(instance.call && { call: meaning(instance.call) }),
      })),
    }),
  }))
}

function meaning(one: Meaning): Meaning {
  return one.kind === 'call' ? call(one) : one.kind === 'value' ? { ...one, is: result(one.is) } : one
}

function call(one: CallMeaning): CallMeaning {
  const returns = one.returns === undefined ? {} : { returns: result(one.returns) }
  // what `unknown` effects are is the analysis' own word, not the catalogue's
  const effect = { effect: { kind: 'unknown' as never, write: true, what } }
  return {
    ...one,
    ...returns,
    ...(one.variants && { variants: one.variants.map(({ when, then }) => ({ when, then: call(then) })) }),
    ...(one.mounts === 'procedures' && one.effect === undefined && !hasFunctions(one.returns) ? effect : {}),
  }
}

/** `mounts` of a call that makes handlers speaks about these. */
const hasFunctions = (returns: Result | undefined): boolean =>
  typeof returns === 'object' &&
  ('fn' in returns ||
    ('object' in returns && Object.values(returns.object).some((inner) => typeof inner === 'object' && 'fn' in inner)))

function result(one: Result): Result {
  if (typeof one !== 'object') return one
  if ('fn' in one) return { fn: call(one.fn) }
  if ('object' in one) return { ...one, object: mapValues(one.object, result) }
  if ('maybe' in one) return { ...one, maybe: result(one.maybe) }
  if ('list' in one) return { list: result(one.list) }
  return one
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
