/** Abstract values. They are immutable; objects and arrays are references to cells in the state's store. */
import type { Operation } from './graphql.ts'
import type { Meaning, Proof, QueryMeaning } from '../../catalog/meaning.ts'
import type { ClassId, FunctionId } from '../../model/form.ts'
import { From, merge, noOrigins, type Origins, type Site } from './origins.ts'
import { isBound, meet, type Term } from '../caller/ties.ts'
import type { Machine } from '../machine.ts'
import type { Shape } from './shapes.ts'
import type { Doubt } from '../caller/doubts.ts'

export type Primitive = string | number | boolean | null | undefined

/** An activation of a function (or a module body): tells the bindings of one call from those of the next. */
export interface Env {
  readonly id: number
  readonly file: string
  readonly fn: FunctionId
  readonly parent: Env | undefined
  readonly self: Value | undefined
  /** A function value holds on to it after its function returned. */
  captured?: boolean
  /** Its function does not run: bindings get their values from their declarations and assignments when they are read. */
  readonly lazy?: boolean
}

export type Value =
  | ConstValue
  | ObjectValue
  | FunctionValue
  | ClassValue
  | LibraryValue
  | NativeValue
  | PromiseValue
  | QueryValue
  | BuilderValue
  | TableValue
  | ConditionValue
  | UnionValue
  | UnknownValue

export interface ConstValue {
  readonly t: 'const'
  readonly value: Primitive
  readonly origins: Origins
  /** What was proved where this was returned, when it is one of several answers. */
  readonly given?: readonly Proof[]
}

export interface ObjectValue {
  readonly t: 'object'
  /** Key of its cell in the store. */
  readonly cell: number
  readonly origins: Origins
  readonly given?: readonly Proof[]
}

export interface FunctionValue {
  readonly t: 'function'
  readonly file: string
  readonly fn: FunctionId
  readonly env: Env | undefined
  readonly self?: Value
}

export interface ClassValue {
  readonly t: 'class'
  readonly file: string
  readonly cls: ClassId
  readonly env: Env | undefined
  /** What was written to properties of the class itself. */
  readonly statics?: ObjectValue
}

/** Something a package exports, or a member of something it handed out. */
export interface LibraryValue {
  readonly t: 'library'
  readonly base:
    | { readonly package: string }
    | { readonly instance: string; readonly site: Site; readonly config?: readonly Value[] }
  readonly path: readonly string[]
  readonly origins: Origins
  /** Set when the catalogue gives a meaning that does not hang on a path (`{ fn: … }`). */
  readonly meaning?: Meaning
}

/** A function that the analysis itself supplies: a continuation, `Promise.all`, an array method bound to its array. */
export interface NativeValue {
  readonly t: 'native'
  readonly name: string
  readonly call: (machine: Machine, args: readonly Value[], site: Site, awaited: boolean) => Value
  readonly origins: Origins
  /** It holds nothing of a run, and its name says all that it does. */
  readonly stable?: boolean
  /** Properties of it that do the same. */
  readonly likewise?: readonly string[]
}

export interface PromiseValue {
  readonly t: 'promise'
  /** What it gives when it is fulfilled; undefined when it never is. */
  readonly value: Value | undefined
  readonly error: Value | undefined
  /** What the calling path knows once it was awaited. */
  readonly proofs: readonly Proof[]
  /** What may have refused the caller before it was fulfilled. */
  readonly doubts?: readonly Doubt[]
  /** The name of what was called, for messages. */
  readonly name: string
  readonly site: Site
  /** Awaiting it can refuse the caller. */
  readonly denies: boolean
  /** An asynchronous function or a session lookup gave it: a promise and nothing more. */
  readonly made?: true
  /** A generator gave it, which makes the list that is its value for whoever iterates: what it gives in the end. */
  readonly last?: Value
  /** Older releases of the library give the value itself. */
  readonly plainBefore?: true
}

export interface QueryCall {
  readonly method: string
  readonly args: readonly Value[]
}

export interface QueryValue {
  readonly t: 'query'
  readonly meaning: QueryMeaning
  readonly library: string
  readonly segments: readonly string[]
  readonly args: readonly Value[]
  readonly calls: readonly QueryCall[]
  readonly site: Site
  readonly name: string
  /** What the client was made with: `connect(client, { schema })`. */
  readonly config?: readonly Value[]
  /** The client carries what identifies the caller. */
  readonly carriesCaller?: boolean
  /** What was proved on the path that left it as it is. */
  readonly given?: readonly Proof[]
}

export interface BuilderCall {
  readonly method: string
  readonly args: readonly Value[]
  readonly site: Site
}

/** A fluent builder whose calls are recorded (`createServerFn().middleware([…])`). */
export interface BuilderValue {
  readonly t: 'builder'
  readonly builder: string
  readonly calls: readonly BuilderCall[]
  readonly site: Site
  /** The module binding that it was first assigned to. */
  readonly name?: string
  /** Where what it was given comes from. */
  readonly origins?: Origins
}

/** A model definition found by following the code (a table in code). */
export interface TableValue {
  readonly t: 'table'
  readonly name: string
  /** An object value: property name to column builder. */
  readonly columns: Value
  readonly site: Site
}

/** A query condition, as a list of the columns it compares. */
export interface ConditionValue {
  readonly t: 'condition'
  readonly pairs: readonly ConditionPair[]
  /** Some pair may not hold: it stands under `or` or `not`. */
  readonly loose: boolean
  /** The ways in which a row can meet it, each a list of what then holds: see `waysOf`. */
  readonly ways?: Ways
  readonly origins: Origins
  /** Part of it could not be read. */
  readonly hidden?: boolean
  /** Of `and(…)`: what is left out at times, so that it holds or not. */
  readonly optional?: readonly ConditionPair[]
  /** Of raw SQL: its text, with `?` for values, and those. */
  readonly text?: string
  readonly parts?: readonly Value[]
}

export type Ways = readonly (readonly ConditionPair[])[]

export interface ConditionPair {
  readonly column: string
  readonly table?: string
  readonly op: 'eq' | 'in' | 'compare'
  readonly value: Value
  /** The property of the condition that it stands below: a relation, or a key of several columns (`a_b: { a, b }`). */
  readonly below?: string
  /** One of the columns of such a key. */
  readonly inKey?: true
}

export interface UnionValue {
  readonly t: 'union'
  readonly of: readonly Value[]
}

export interface UnknownValue {
  readonly t: 'unknown'
  readonly origins: Origins
  /** Whether it can be null or undefined; 'no' when a test has excluded that. */
  readonly nullish: 'maybe' | 'no'
  /** What is known where it is truthy, and where it is falsy. */
  readonly whenTrue?: readonly Proof[]
  readonly whenFalse?: readonly Proof[]
  /** A count or a sum over rows. */
  readonly aggregate?: boolean
  /** A schema has checked its shape: its members are there, save for those that the schema lets be left out. */
  readonly shaped?: boolean
  /** Of what a schema has checked, or of the schema itself. */
  readonly shape?: Shape
  /** It is neither false, 0, '' nor absent. */
  readonly truthy?: boolean
  /** It is a list. */
  readonly list?: boolean
  /** It is a Response, or another thing that ends the request when it is returned. */
  readonly denial?: boolean
  /** A text: what it begins with. */
  readonly begins?: string
  /** A text with a GraphQL document in it: what that asks for. */
  readonly operation?: Operation
  /** A text: what is known of it, with a `hole` for what is not (`wording.ts`). */
  readonly wording?: string
  /** What stands in each of those holes. */
  readonly holes?: readonly Hole[]
  /** How it is made of the arguments of the function that is tried, where one is: the same name, the same value (`trial.ts`). */
  readonly made?: string | undefined
  /** So many bits of it were made by chance on the server: nobody foresees them (`wording.ts`). */
  readonly chance?: number
  /** Of that, what was drawn apart from each other: the bits of each draw, by its name. */
  readonly draws?: ReadonlyMap<string, number>
  /** A digest of what the caller sent, whatever else is in it: it is nothing that was there before. */
  readonly digested?: boolean
  /** It is the length of something: where that comes from. */
  readonly lengthOf?: number
  /** The last member name that led here: `role`, `token`. */
  readonly key?: string
  /** The model that it is a row of. */
  readonly table?: string
  /** It also has what this instance of the catalogue lists: methods that write what was read. */
  readonly document?: string
  /** It was met while it was being computed: what it is can be told when it is used. */
  readonly later?: Later
  /** A member of what is absent as far as can be seen: something out of sight must have put it there. */
  readonly lost?: boolean
  /** The catalogue knows its members: a variable that may be a binding of the platform. */
  readonly members?: LibraryValue
  readonly given?: readonly Proof[]
  /** What it is called, so that two places can be seen to speak of the same: see `ties.ts`. */
  readonly term?: Term
  /** A row, or part of one, that a query bound to the caller has found. */
  readonly mine?: boolean
  /** Relations of the row that were asked for as far as they are the caller's: one that is there ties the row. */
  readonly links?: readonly Link[]
}

/** A relation that was asked for by conditions: that one of its rows is there says something. */
export interface Link {
  /** `members`, `team.members`. */
  readonly path: string
  /** What the row that it hangs off ties once it is the caller's; undefined: it is what makes that row theirs. */
  readonly names?: readonly string[]
}

/** A part of a text of which nothing is known but where it comes from. */
export interface Hole {
  readonly flags: number
  readonly made?: string
}

export interface Later {
  readonly key: string
  readonly read: (machine: Machine) => Value | undefined
}

export type Cell = ObjectCell | ArrayCell

/** Everything that an object or a list holds; accessors apart. */
export const heldBy = (cell: Cell): Value[] => [
  ...(cell.t === 'array' ? cell.items : cell.props.values()),
  ...(cell.rest ? [cell.rest] : []),
]

/** It holds on to variables of a call, or to something of a run: it cannot be kept for another one. */
export const isBoundToCall = (value: FunctionValue | ClassValue | NativeValue): boolean =>
  value.t === 'native' ? value.stable !== true : value.env !== undefined && value.env.fn !== 0

export const isValue = (value: Value | Cell): value is Value =>
  value.t !== 'array' && !(value.t === 'object' && 'props' in value)

export interface ObjectCell {
  readonly t: 'object'
  readonly props: ReadonlyMap<string, Value>
  /** What any other property is; absent: undefined. */
  readonly rest?: Value
  readonly cls?: ClassValue
  /** Functions that run where a property is read or written. */
  readonly accessors?: ReadonlyMap<string, Accessor>
  /** Errors and responses deny when thrown or returned. */
  /** Of a map: what it holds is found by keys, and says nothing of these. */
  readonly keyed?: true
  readonly is?: 'error' | 'request' | 'headers' | 'response' | 'map' | 'denial' | 'proxy' | 'env' | 'element'
  readonly status?: number
  /** Of the environment: what is read was tested to be there. */
  readonly checked?: boolean
}

export interface Accessor {
  readonly get?: Value
  readonly set?: Value
}

export interface ArrayCell {
  readonly t: 'array'
  readonly items: readonly Value[]
  /** What further items are, when the length is not known. */
  readonly rest?: Value
}

/**
 * Lists that are put together of lists, and texts of texts, are not known item by item and letter by letter beyond this: to
 * double one forty times is soon written.
 */
export const MAX_JOINED = 1_000
export const MAX_TEXT = 10_000

export const constant = (value: Primitive, from: Origins = noOrigins): ConstValue => ({
  t: 'const',
  value,
  origins: from,
})

export const undefinedValue: ConstValue = constant(undefined)
export const nullValue: ConstValue = constant(null)
export const trueValue: ConstValue = constant(true)
export const falseValue: ConstValue = constant(false)

export const unknown = (from: Origins = noOrigins, extra: Partial<UnknownValue> = {}): UnknownValue => ({
  t: 'unknown',
  origins: from,
  nullish: 'maybe',
  ...extra,
})

export const native = (name: string, call: NativeValue['call'], from: Origins = noOrigins): NativeValue => ({
  t: 'native',
  name,
  call,
  origins: from,
})

/** A native that holds nothing of the run that made it. */
export const stableNative = (name: string, call: NativeValue['call']): NativeValue => ({
  ...native(name, call),
  stable: true,
})

const maxAlternatives = 12

/** The alternatives of a value: itself, unless it is a union. */
export const alternatives = (value: Value): readonly Value[] => (value.t === 'union' ? value.of : [value])

/** They are the same thing; of what is not known, nobody can tell. */
export const isSame = (a: Value, b: Value): boolean => {
  if (a === b) return true
  if (a.t === 'const' && b.t === 'const') return Object.is(a.value, b.value)
  if (a.t === 'object' && b.t === 'object') return a.cell === b.cell
  if (a.t === 'function' && b.t === 'function') return a.file === b.file && a.fn === b.fn && a.env === b.env
  if (a.t === 'library' && b.t === 'library')
    return a.path.join('.') === b.path.join('.') && a.base === b.base && a.meaning === b.meaning
  return false
}

/** One value that stands for all of them. Constants and unknowns of the same kind are merged, so that it stays small. */
export function union(values: readonly Value[]): Value {
  const kept: Value[] = []
  for (const value of values) {
    for (const part of alternatives(value)) {
      const at = kept.findIndex(
        (k) =>
          isSame(k, part) ||
          (k.t === 'unknown' &&
            part.t === 'unknown' &&
            !k.denial &&
            !part.denial &&
            hasSameMembers(k, part) &&
            k.term?.id === part.term?.id &&
            k.later?.key === part.later?.key),
      )
      if (at < 0) kept.push(part)
      else kept[at] = mergeSame(kept[at]!, part)
    }
  }
  if (kept.length === 0) return undefinedValue
  if (kept.length === 1) return kept[0]!
  if (kept.length > maxAlternatives) {
    const rest = kept.slice(maxAlternatives - 1)
    const merged = unknown(rest.map(shallowOrigins).reduce(merge, noOrigins))
    return { t: 'union', of: [...kept.slice(0, maxAlternatives - 1), merged] }
  }
  return values.find((value) => isUnionOf(value, kept)) ?? { t: 'union', of: kept }
}

/** What a library gives with members of its own (`env.CACHE`) is one thing; what else is unknown has none of them. */
const hasSameMembers = (a: UnknownValue, b: UnknownValue): boolean =>
  a.members === b.members || (a.members !== undefined && b.members !== undefined && isSame(a.members, b.members))

/** The others add nothing to it: it stays what it is, so that whoever knew it knows this one. */
const isUnionOf = (value: Value, parts: readonly Value[]): boolean =>
  value.t === 'union' && value.of.length === parts.length && parts.every((part) => value.of.includes(part))

function linksOfBoth({ links: a }: UnknownValue, { links: b }: UnknownValue): { readonly links?: readonly Link[] } {
  const both = a === b ? a : a?.filter((one) => b?.some((other) => isSameLink(one, other)))
  return both?.length ? { links: both } : {}
}

const isSameLink = (a: Link, b: Link): boolean => a.path === b.path && a.names?.join() === b.names?.join()

function mergeSame(a: Value, b: Value): Value {
  if (a === b) return a
  if (a.t === 'const' && b.t === 'const')
    return unlessEqual(a, { ...constant(a.value, merge(a.origins, b.origins)), ...givenByBoth(a, b) })
  if (a.t === 'object' && b.t === 'object')
    return unlessEqual(a, {
      t: 'object',
      cell: a.cell,
      origins: merge(a.origins, b.origins),
      ...givenByBoth(a, b),
    })
  if (a.t === 'unknown' && b.t === 'unknown') {
    const merged = unknown(merge(a.origins, b.origins), {
      nullish: a.nullish === 'no' && b.nullish === 'no' ? 'no' : 'maybe',
      ...knownOfBoth('whenTrue', a, b),
      ...knownOfBoth('whenFalse', a, b),
      ...givenByBoth(a, b),
      ...(a.term && b.term ? { term: a.term } : {}),
      ...(a.mine && b.mine ? { mine: true } : {}),
      ...linksOfBoth(a, b),
      ...(a.list && b.list ? { list: true } : {}),
      ...(a.shaped && b.shaped ? { shaped: true } : {}),
      ...(a.shape && a.shape.text === b.shape?.text ? { shape: a.shape } : {}),
      ...(a.truthy && b.truthy ? { truthy: true } : {}),
      ...keyOfBoth(a, b),
      ...(a.wording !== undefined && a.wording === b.wording ? { wording: a.wording, ...holesOfBoth(a, b) } : {}),
      ...(a.made !== undefined && a.made === b.made ? { made: a.made } : {}),
      ...(a.chance && b.chance ? { chance: Math.min(a.chance, b.chance) } : {}),
      ...(a.draws && a.draws === b.draws ? { draws: a.draws } : {}),
      ...(a.digested && b.digested ? { digested: true } : {}),
      ...(a.later ? { later: a.later } : {}),
      ...(a.members ? { members: a.members } : {}),
      ...(a.table !== undefined && a.table === b.table ? { table: a.table } : {}),
      // what may be a document may be written
      ...((a.document ?? b.document) ? { document: a.document ?? b.document } : {}),
    })
    return unlessEqual(a, merged)
  }
  return a
}

/** The same value where a new one says the same. */
function unlessEqual<T extends Value>(known: T, made: T): T {
  const keys = Object.keys(made) as (keyof T)[]
  return keys.length === Object.keys(known).length && keys.every((key) => made[key] === known[key]) ? known : made
}

/** Two variables of the environment, one of which is taken: both names are kept. */
function keyOfBoth(a: UnknownValue, b: UnknownValue): Partial<UnknownValue> {
  if (a.key === undefined || b.key === undefined) return {}
  if (a.key === b.key) return { key: a.key }
  return (a.origins.flags & b.origins.flags & From.env) !== 0 ? { key: `${a.key}|${b.key}` } : {}
}

function holesOfBoth({ holes: a = [] }: UnknownValue, { holes: b = [] }: UnknownValue): Partial<UnknownValue> {
  if (a === b) return a.length > 0 ? { holes: a } : {}
  const holes = a.map(({ flags, made }, i): Hole => ({
    flags: flags | (b[i]?.flags ?? 0),
    ...(made !== undefined && made === b[i]?.made ? { made } : {}),
  }))
  return { holes }
}

function knownOfBoth(field: 'whenTrue' | 'whenFalse', a: UnknownValue, b: UnknownValue): Partial<UnknownValue> {
  const known = meet(a[field] ?? [], b[field] ?? [])
  return known.length ? { [field]: known } : {}
}

type Given = Pick<UnknownValue, 'given'>

function givenByBoth(a: Given, b: Given): Given {
  const given = a.given && b.given ? meet(a.given, b.given) : []
  return given.length ? { given } : {}
}

/** What was proved where this value was returned. */
export const givenWith = (value: Value): readonly Proof[] =>
  value.t === 'const' || value.t === 'object' || value.t === 'unknown' ? (value.given ?? []) : []

/** The value as it leaves a path on which these ties were proved, for others that know nothing of them. */
export function asProved(value: Value, proofs: readonly Proof[]): Value {
  if (value.t === 'union') return { t: 'union', of: value.of.map((part) => asProved(part, proofs)) }
  if (value.t === 'query') return { ...value, given: [...(value.given ?? []), ...proofs] }
  return value.t === 'unknown' && value.term && !value.mine && isBound(proofs, value.term)
    ? { ...value, mine: true }
    : value
}

export const cellAsProved = (cell: Cell, proofs: readonly Proof[]): Cell =>
  cell.t === 'array'
    ? { ...cell, items: cell.items.map((item) => asProved(item, proofs)), ...restAsProved(cell, proofs) }
    : {
        ...cell,
        props: new Map([...cell.props].map(([key, inner]) => [key, asProved(inner, proofs)])),
        ...restAsProved(cell, proofs),
      }

const restAsProved = (cell: Cell, proofs: readonly Proof[]): { readonly rest?: Value } =>
  cell.rest ? { rest: asProved(cell.rest, proofs) } : {}

/** What the value is called, for something that is made of it and stands for it. */
export const traceOf = (value: Value | undefined): Pick<UnknownValue, 'term' | 'mine' | 'links'> =>
  value?.t === 'unknown'
    ? {
        ...(value.term ? { term: value.term } : {}),
        ...(value.mine ? { mine: value.mine } : {}),
        ...(value.links ? { links: value.links } : {}),
      }
    : {}

/** Origins of the value itself, not of what an object holds. */
export function shallowOrigins(value: Value): Origins {
  switch (value.t) {
    case 'const':
    case 'object':
    case 'library':
    case 'native':
    case 'condition':
    case 'unknown':
      return value.origins
    case 'union':
      return value.of.map(shallowOrigins).reduce(merge, noOrigins)
    case 'promise':
      return value.value ? shallowOrigins(value.value) : noOrigins
    case 'builder':
      return value.origins ?? noOrigins
    default:
      return noOrigins
  }
}

/** What else the value comes from. */
export function withOrigins(value: Value, from: Origins): Value {
  if (from === noOrigins || (from.flags === 0 && from.refs.length === 0)) return value
  switch (value.t) {
    case 'const':
    case 'object':
    case 'unknown':
    case 'condition':
      return { ...value, origins: merge(value.origins, from) }
    case 'union':
      return { t: 'union', of: value.of.map((part) => withOrigins(part, from)) }
    default:
      return value
  }
}

/** The name of the property that holds it, as far as it is known. */
export const keyName = (value: Value): string => (value.t === 'unknown' ? (value.key ?? '') : '')

/** A text that a secret was put into is known by the name of the secret. */
export function nameOfSecretIn(values: readonly Value[]): Partial<UnknownValue> {
  const secret = values.find((value) => value.t === 'unknown' && (value.origins.flags & From.secret) !== 0)
  return secret?.t === 'unknown' && secret.key !== undefined ? { key: secret.key } : {}
}

/** Of a property: what it is on paths that have not written it. There, the object need not have it at all. */
export const mayBeMissing = (value: Value): boolean =>
  alternatives(value).some((part) => part.t === 'const' && part.value === undefined)

/** Properties that others are written over, as far as those are there. */
export function overwritten(
  props: ReadonlyMap<string, Value>,
  by: ReadonlyMap<string, Value>,
): ReadonlyMap<string, Value> {
  const all = new Map(props)
  for (const [key, value] of by)
    all.set(key, mayBeMissing(value) ? union([value, all.get(key) ?? undefinedValue]) : value)
  return all
}

/** True, false, or undefined where either is possible. */
export function truth(value: Value): boolean | undefined {
  switch (value.t) {
    case 'const':
      return Boolean(value.value)
    case 'union': {
      const first = truth(value.of[0]!)
      return value.of.every((part) => truth(part) === first) ? first : undefined
    }
    case 'unknown':
      return value.truthy ? true : undefined
    default:
      return true
  }
}

/** Whether it is null or undefined. */
export function isNullish(value: Value): boolean | undefined {
  switch (value.t) {
    case 'const':
      return value.value === null || value.value === undefined
    case 'union': {
      const first = isNullish(value.of[0]!)
      return value.of.every((part) => isNullish(part) === first) ? first : undefined
    }
    case 'unknown':
      return value.nullish === 'no' ? false : undefined
    default:
      return false
  }
}
