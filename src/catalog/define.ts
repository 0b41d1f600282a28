/** Small constructors that keep the library files short. */
import type {
  BuilderMeaning,
  CallMeaning,
  EffectMeaning,
  Meaning,
  QueryMeaning,
  Result,
  ValueMeaning,
} from './meaning.ts'

type Call = Omit<CallMeaning, 'kind'>

export const call = (facts: Call = {}): CallMeaning => ({ kind: 'call', ...facts })

/** Computes from its arguments only. */
export const pure: CallMeaning = call()
export const asyncPure: CallMeaning = call({ async: true })

export const gives = (returns: Result, facts: Call = {}): CallMeaning => call({ returns, ...facts })
export const asyncGives = (returns: Result, facts: Call = {}): CallMeaning => call({ async: true, returns, ...facts })

/** Writes its first argument in another way: `btoa(text)`. */
export const spells: CallMeaning = call({ spells: true })

/** Gives back its first argument: `cache(fn)`. */
export const passes: CallMeaning = gives({ arg: 0 })

export const value = (is: Result): ValueMeaning => ({ kind: 'value', is })

export const builder = (name: string): BuilderMeaning => ({ kind: 'builder', builder: name })

/** Asks who the caller is: `anonymous` is what somebody without a session gets. */
export const session = (anonymous: Result, returns: Result, facts: Call = {}): CallMeaning =>
  call({ async: true, proves: 'authenticated', anonymous, returns, ...facts })

/** Checks a signature (or another secret, by `facts.proves`): throws for everybody who cannot make one. */
export const verifies = (returns: Result, facts: Call = {}): CallMeaning =>
  call({ proves: 'signature', anonymous: 'throws', returns, ...facts })

/** Signs in, up or out, resets or verifies: the caller's own credentials. */
export const credential = (facts: Call = {}): CallMeaning => call({ async: true, credential: true, ...facts })

/** Signs in with something an anonymous caller does not have. */
export const signsIn = (anonymous: Result, returns: Result, facts: Call = {}): CallMeaning =>
  session(anonymous, returns, { credential: true, ...facts })

export const effect = (
  kind: EffectMeaning['kind'],
  mode: 'read' | 'write',
  what: string,
  facts: Call & Pick<EffectMeaning, 'privileged' | 'delegated' | 'token' | 'subject' | 'byKey' | 'keyed'> = {},
): CallMeaning => {
  const { privileged, delegated, token, subject, byKey, keyed, ...rest } = facts
  return call({
    async: true,
    effect: {
      kind,
      write: mode === 'write',
      what,
      ...(privileged && { privileged }),
      ...(delegated && { delegated }),
      ...(token && { token }),
      ...(subject && { subject }),
      ...(byKey && { byKey }),
      ...(keyed && { keyed }),
    },
    ...rest,
  })
}

export const query = (
  verb: QueryMeaning['verb'],
  facts: Pick<QueryMeaning, 'model' | 'returns'> & Partial<Omit<QueryMeaning, 'kind' | 'verb'>>,
): QueryMeaning => ({
  kind: 'query',
  verb,
  write:
    verb === 'insert' ||
    verb === 'update' ||
    verb === 'delete' ||
    verb === 'upsert' ||
    verb === 'raw' ||
    verb === 'call',
  lazy: true,
  ...facts,
})

/** The same meaning under several names. */
export const all = <M extends Meaning>(names: string, meaning: M): Record<string, M> =>
  Object.fromEntries(
    names
      .split(/\s+/)
      .filter(Boolean)
      .map((name) => [name, meaning]),
  )

/** A function that is a property of a returned object. */
export const fn = (meaning: CallMeaning): Result => ({ fn: meaning })

/** Something truthy without known members. */
export const something: Result = { object: {}, rest: 'unknown' }
