/** Where a value comes from. Every value carries this, through assignments, calls, templates and operators. */
import { isPrivilegeProof } from '../../model/proofs.ts'
import type { EffectMeaning, Proof, QueryMeaning } from '../../catalog/meaning.ts'
import type { Range } from '../../model/form.ts'
import type { Value } from './value.ts'

/** A place in the code. */
export interface Site {
  readonly file: string
  readonly range: Range
}

/** Words for a place. */
export const siteKey = (site: Site): string => `${site.file}:${String(site.range[0])}-${String(site.range[1])}`

/** Flags; a derived value has the flags of all it was made of. */
export const From = {
  nothing: 0,
  /** Chosen by the caller: data, params, query, body, an unset `context` key. */
  input: 1,
  /** A header's value. */
  header: 2,
  /** A cookie's value. */
  cookie: 4,
  /** Known to the server only. */
  secret: 8,
  /** The environment. */
  env: 16,
  /** A verified identity, or its absence. */
  principal: 32,
  /** What a query gave. */
  row: 64,
  /** Handed out by code that could not be read. */
  opaque: 128,
  /** The request object or parts of it, as a whole. */
  request: 256,
  /** A key of the server function's `context` that nothing on the server has set. */
  context: 512,
  /** A variable of the environment of which nothing says whether it is a secret. */
  setting: 1024,
  /** The error of a denial that was caught. */
  failure: 2048,
  /** What a service takes for a proof of who calls: `Bearer …` with what the caller sent or what was made out for them. */
  token: 4096,
  /** Kept in a row, and known to its owner only: a token, a hash of one. */
  stored: 8192,
  /** Of a session that is handed to callers who proved nothing. */
  guest: 16384,
  /** Made of something by a function that nobody can turn round. */
  digest: 32768,
  /** Of the row that is the same for every caller: what the installation is set to. */
  installation: 65536,
  /** What an identity is in one tenant, and in no other. */
  membership: 131072,
  /** Of what the caller's own role, or a row of their rights, leads to; kept while tracing. */
  right: 262144,
} as const

/** What the caller would have to know and does not. */
export const kept: number = From.secret | From.stored

/** What the caller can send: flags that make a value the caller's choice. */
export const callerChosen: number = From.input | From.header | From.cookie

/** A place that tells callers apart: a session lookup, a signature check, a compare with a secret, an environment switch. */
export interface Source {
  readonly t: 'source'
  readonly proof: Proof
  /** `auth.api.getSession`, `CRON_SECRET`. */
  readonly name: string
  readonly site: Site
  readonly trust: 'verified' | 'catalogue' | 'declared'
  /** Of a signature: over something that was sent along (a link, a body), and not over what a browser keeps for its user. */
  readonly ofLink?: true
}

export type EffectKind = EffectMeaning['kind'] | 'unknown'

/** What is said there, the caller is known by: of a signed link, nobody is. */
export const isOwn = ({ flags, refs }: Origins): boolean => {
  if ((flags & From.principal) === 0) return false
  const sources = refs.filter((ref): ref is Source => ref.t === 'source')
  return sources.length === 0 || sources.some((source) => source.ofLink !== true)
}

/** It tells what the caller may do. */
export const isPrivilege = ({ proof }: Source): boolean => isPrivilegeProof(proof)

/** It tells who the caller is or what they may do, and not only that they hold some secret, or any session. */
export const isAboutCaller = (source: Source): boolean => source.proof === 'authenticated' || isPrivilege(source)

/** A read whose rows are in the value. */
export interface ReadRef {
  readonly t: 'read'
  readonly effect: {
    readonly kind: EffectKind
    readonly verb?: QueryMeaning['verb']
    readonly model?: { readonly name: string }
    readonly conditions?: readonly { readonly value: Value }[]
    exposed: 'no' | 'hinted' | 'shown'
    shownColumns?: Set<string> | undefined
    decides?: boolean
  }
  /** Only whether something holds of the rows is known, not what is in them. */
  readonly hint: boolean
}

/** A call that could not be followed. */
export interface OpaqueRef {
  readonly t: 'opaque'
  readonly name: string
  readonly reason: string
  readonly site: Site
  /** It touches something that might need protection, as far as can be seen. */
  readonly mayBeEffect: boolean
  /** It answered, as it saw fit for the token that it was given: what it gave is data, and a test of it may be the guard. */
  readonly delegated?: boolean
  /** Something that the project keeps and hands around (a client): calling it is no guard by itself, its answer may be. */
  readonly kept?: boolean
  /** Of rows that an anonymous user may have or not: what it would be that refuses the caller. */
  readonly asks?: Source
  /** It was there before anybody called, the same for all: see `SharedBy`. */
  readonly shared?: SharedBy
  /** Names of the rows and ids that it was given and that nothing ties to the caller; kept while tracing. */
  readonly about?: readonly string[]
  /** It was told who asks as well; kept while tracing. */
  readonly told?: true
}

/**
 * What could not be read, and cannot know who calls either: nothing of a request has come to it.
 * - data: of a module that is not there, or is no code; its members are data as well
 * - object: made of what the server is set to; its members may ask who calls when they are read
 */
export type SharedBy = 'data' | 'object'

const reads = new WeakMap<object, ReadRef>()
const hints = new WeakMap<object, ReadRef>()

/** The reference of all that was read. */
export function readOf(effect: ReadRef['effect']): ReadRef {
  let read = reads.get(effect)
  if (!read) reads.set(effect, (read = { t: 'read', effect, hint: false }))
  return read
}

/** The reference of a yes or no about the rows. */
export function hintOf(ref: ReadRef): ReadRef {
  if (ref.hint) return ref
  let hint = hints.get(ref.effect)
  if (!hint) hints.set(ref.effect, (hint = { t: 'read', effect: ref.effect, hint: true }))
  return hint
}

export type Ref = Source | ReadRef | OpaqueRef

/** They tell of the same places. */
export const isSameOrigin = (a: Origins, b: Origins): boolean =>
  a.flags === b.flags && a.refs.length === b.refs.length && a.refs.every((ref) => b.refs.includes(ref))

export interface Origins {
  readonly flags: number
  readonly refs: readonly Ref[]
}

export const noOrigins: Origins = { flags: 0, refs: [] }

const flagsOnly = new Map<number, Origins>()

export function origins(flags: number, ...refs: readonly Ref[]): Origins {
  if (refs.length > 0) return { flags, refs }
  let known = flagsOnly.get(flags)
  if (!known) flagsOnly.set(flags, (known = { flags, refs: [] }))
  return known
}

/** More reads than this behind one value tell nobody anything, and cost. What may have told callers apart stays. */
const maxReads = 24

export function merge(a: Origins, b: Origins): Origins {
  if (a === b || (b.flags === 0 && b.refs.length === 0)) return a
  if (a.flags === 0 && a.refs.length === 0) return b
  const flags = a.flags | b.flags
  if (b.refs.length === 0) return flags === a.flags ? a : { flags, refs: a.refs }
  if (a.refs.length === 0) return flags === b.flags ? b : { flags, refs: b.refs }
  const missing = b.refs.filter((ref) => !a.refs.includes(ref))
  if (missing.length === 0 && flags === a.flags) return a
  const refs = [...a.refs, ...missing]
  if (refs.length <= maxReads) return { flags, refs }
  let reads = 0
  return { flags, refs: refs.filter((ref) => ref.t !== 'read' || ++reads <= maxReads) }
}

/**
 * It is the same whoever calls: of the environment, or of what was there before anybody called. A test of it may fail
 * everybody, and cannot tell callers apart.
 */
export const isSameForAll = ({ flags, refs }: Origins): boolean => (flags & ~sameForAll) === 0 && refs.every(isOfNobody)

function isOfNobody(ref: Ref): boolean {
  switch (ref.t) {
    case 'opaque':
      return ref.shared !== undefined
    case 'source':
      return ref.proof === 'env-gate'
    case 'read':
      // by a call that could not be followed, which speaks for itself
      return ref.effect.kind === 'unknown'
  }
}

const sameForAll = From.env | From.setting | From.secret | From.installation | From.opaque

/**
 * The same of something that may have asked who calls on the way.
 *
 * @param same gives one object for what is equal
 * @param what all of it, or objects only: their members may look at a request, data cannot
 */
export function asIfAsked(
  from: Origins,
  same: (ref: OpaqueRef) => OpaqueRef,
  what: 'all' | 'objects' = 'all',
): Origins {
  const isAsked = (ref: Ref): ref is OpaqueRef =>
    ref.t === 'opaque' && ref.shared !== undefined && (what === 'all' || ref.shared === 'object')
  if (!from.refs.some(isAsked)) return from
  return { flags: from.flags, refs: from.refs.map((ref) => (isAsked(ref) ? alone(ref, same) : ref)) }
}

const alone = ({ shared: _, ...ref }: OpaqueRef, same: (ref: OpaqueRef) => OpaqueRef): OpaqueRef => same(ref)

export const sourcesOf = (o: Origins): Source[] => o.refs.filter((ref): ref is Source => ref.t === 'source')

export const hasSource = (o: Origins): boolean => o.refs.some((ref) => ref.t === 'source')
