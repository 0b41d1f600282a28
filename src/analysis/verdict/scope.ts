/** Whose rows an entry point touches for a caller who is signed in: the run that traces values from the check to the query. */
import type { Proof } from '../../catalog/meaning.ts'
import { identityName, membershipModel, snake, staffRole, tenantColumn, userColumn } from '../../catalog/names.ts'
import { claimsIn, type Claim } from '../caller/claims.ts'
import { performSignedIn, type EntryRun } from './runs.ts'
import type { Machine } from '../machine.ts'
import type { Effect } from '../effects.ts'
import type { Handed, Subject } from '../library/handed.ts'
import { From, type Site, type Source } from '../values/origins.ts'
import { isNarrowed, otherSides, type Reach, type ReachedColumn } from '../queries/reach.ts'
import type { Schema, Whose } from '../queries/schema.ts'
import { bound, everything, isBound, roleHeldEverywhere, withJudgements } from '../caller/ties.ts'
import { readsIn } from '../caller/shown.ts'
import type { Value } from '../values/value.ts'
import type { World } from '../world.ts'

export type TenantScope = 'scoped' | 'unscoped' | 'client-chosen' | 'delegated'

/** A query whose rows may be somebody else's. */
export interface LooseQuery {
  /** Whose rows they are; 'service': no rows, what a service keeps under an id. */
  readonly kind: 'tenant' | 'owner' | 'parent' | 'service'
  /** Nothing names the column; the caller chooses it; it may be left out; one side of an `or` names it and another does not. */
  readonly problem: 'missing' | 'chosen' | 'mayBeMissing' | 'otherSide'
  readonly what: string
  readonly model: string
  /** The column that should be bound. */
  readonly column: string
  /** An expression in reach that holds the caller's own. */
  readonly proved?: string
  /** Of a service: what the caller sends that says it, where that has a name. */
  readonly sent?: string
  readonly site: Site
  readonly write: boolean
}

export interface Scope {
  readonly tenant: TenantScope | null
  readonly object: 'bound' | 'unbound' | null
  /** Who decides instead of the code, in words. */
  readonly delegatedTo: readonly string[]
  /** The loosest first. */
  readonly loose: readonly LooseQuery[]
  /** Who somebody is, or what they may do, by the caller's own word. */
  readonly claims: readonly Claim[]
  /** Queries on a tenant's rows that a role decides which the user has everywhere. */
  readonly wide: readonly WideQuery[]
}

export interface WideQuery {
  readonly role: string
  readonly what: string
  /** The tenant's column. */
  readonly column: string
  /** The caller says which tenant. */
  readonly chosen: boolean
  /** An expression in reach that holds the caller's own. */
  readonly proved?: string
  readonly site: Site
  readonly write: boolean
}

/** Something else than the code decides whose rows they are. */
interface Delegated {
  readonly delegatedTo: string
}

/** Whose rows they are. */
type RowKind = Exclude<LooseQuery['kind'], 'service'>

type Answer = 'bound' | 'unknown' | Delegated | LooseQuery

interface Answered {
  readonly kind: LooseQuery['kind']
  readonly answer: Answer
}

export function scopeOf(world: World, run: EntryRun): Scope {
  let machine: Machine | undefined
  let answer: Value | undefined
  const { reached } = performSignedIn(world, { kind: 'signed-in', environment: 'production', tracing: true }, (m) => {
    machine = m
    return (answer = run(m))
  })
  // a cron job or a webhook that shows a secret is no user: there is nobody whose rows they could be
  const { identified, sources } = machine!.log
  const isNobody =
    identified === 0 &&
    sources.some(isShown) &&
    sources.every((source) => isShown(source) || source.proof === 'env-gate')
  const bySystem = (effect: Effect): boolean =>
    isNobody || (identified === 0 && effect.proofs.some((proof) => proof === 'secret' || proof === 'signature'))
  const shown = shownReads(machine!, answer!)
  const decided = membershipKeys(machine!.log.effects)
  const answers = reached.flatMap((effect): readonly Answered[] => {
    if (bySystem(effect)) return []
    if (effect.handed && effect.kind !== 'db') return ofService(world, effect, effect.handed, shown.get(effect) ?? [])
    if (!effect.write && !shown.has(effect)) return []
    return judged(world.schemaFor(effect.site.file), effect, shown.get(effect) ?? [], decided, identified > 0)
  })
  const [handed] = machine!.log.tenantsHanded
  if (handed !== undefined && reached.some((effect) => effect.kind === 'unknown' && !bySystem(effect)))
    if (!answers.some(({ kind }) => kind === 'tenant')) answers.push(heldFor(handed))
  const seen = reached.filter((effect) => !bySystem(effect) && (effect.write || shown.has(effect)))
  const claims = seen.flatMap((effect) =>
    claimsIn(effect, whoseOf(world, effect)).map((claim) => withBetter(world, effect, claim)),
  )
  const wide = seen.flatMap((effect) => wideIn(world, effect, whoseOf(world, effect)))
  const scope = summary(
    answers.length === 0 && !reached.some(bySystem) && isOwn(machine!, answer!)
      ? [{ kind: 'owner', answer: 'bound' }]
      : answers,
    claims,
  )
  return {
    ...scope,
    claims: claims.filter(
      (claim, i) =>
        claims.findIndex((other) => isSame(claim.site, other.site)) === i &&
        // whose row it is comes before what is written to it
        !(isOfContent(claim) && scope.loose.some(({ site }) => isSame(claim.site, site))),
    ),
    wide,
  }
}

/** It says what is in a row, and in whose name, not whose row it is. */
const isOfContent = ({ kind }: Claim): boolean => kind === 'input' || kind === 'actor'

/** Something that only somebody else's machine knows. */
const isShown = ({ proof }: Source): boolean => proof === 'secret' || proof === 'signature'

const isSame = (a: Site, b: Site): boolean => a.file === b.file && a.range[0] === b.range[0]

const whoseOf = (world: World, { model, site }: Effect): Whose | undefined =>
  model && !model.session ? world.schemaFor(site.file)?.whose(model.name) : undefined

/** What could be written instead: who the caller is by what was proved, or the columns by their names. */
function withBetter(world: World, { reach, site }: Effect, claim: Claim): Claim {
  const schema = world.schemaFor(site.file)
  if (claim.kind === 'actor' && reach) return { ...claim, ...ownFor(schema, reach.inReach, 'owner', [claim.column]) }
  // what a new row cannot do without, nobody can tell here
  if (claim.kind === 'input' && reach?.verb === 'update' && schema)
    return { ...claim, columns: schema.fillable(claim.model), written: reach.written }
  return claim
}

/**
 * The caller picks one of a tenant's rows, and all that is asked for is a role in the row of the user, which is the same in
 * every tenant. Staff of the application is called by its name.
 */
function wideIn(
  world: World,
  { reach, proofs, what, site, write }: Effect,
  whose: Whose | undefined,
): readonly WideQuery[] {
  if (!reach || !whose || whose.tenant.length === 0 || reach.hidden || !proofs.includes(everything)) return []
  const role = roleHeldEverywhere(proofs)
  if (role === undefined || staffRole.test(role) || isNarrowed(reach) || isBound(proofs, reach.rows)) return []
  const columns = reach.verb === 'insert' ? reach.values : reach.ways.flat()
  if (!columns.some(isOthers)) return []
  const own = whose.isTenant ? {} : ownFor(world.schemaFor(site.file), reach.inReach, 'tenant', whose.tenant)
  const chosen = columns.some((column) => whose.tenant.includes(column.column) && isOthers(column))
  return [{ role, what, column: whose.tenant[0]!, chosen, ...own, site, write }]
}

const isOthers = ({ standing }: ReachedColumn): boolean => standing === 'chosen' || standing === 'found'

const byToken = 'the service behind it decides by the token that it is given'

/** What it answers with is of the caller's identity. */
const isOwn = (m: Machine, answer: Value): boolean => (m.heap.originsOf(answer, 8).flags & From.principal) !== 0

/** Work that a service does, or code that cannot be read: all that is seen of it is what it is given. */
function ofService(
  world: World,
  effect: Effect,
  handed: Handed,
  ways: readonly (readonly Proof[])[],
): readonly Answered[] {
  const delegatedTo =
    effect.asksItself !== undefined
      ? `\`${effect.asksItself}\` asks for the session by itself`
      : effect.delegated && effect.carriesCaller
        ? byToken
        : effect.kind === 'unknown' && handed.tenant !== undefined
          ? `code that could not be read is given \`${handed.tenant}\``
          : undefined
  if (delegatedTo !== undefined) return [{ kind: 'tenant', answer: { delegatedTo } }]
  if (effect.kind === 'unknown') return []
  const { subject, proved } = handed
  if (subject && (subject.standing === 'chosen' || subject.standing === 'found')) {
    if (subject.row && isBound(withJudgements(effect.proofs), subject.row)) return []
    // what was read and is not shown says nothing to anybody
    if (isPrivileged(effect, ways) || (!effect.write && ways.length === 0)) return []
    const later = !effect.write && ways.every((proofs) => subject.row !== undefined && isBound(proofs, subject.row))
    return later
      ? [{ kind: 'owner', answer: 'bound' }]
      : [{ kind: 'service', answer: chosenAt(world, effect, subject) }]
  }
  return proved ? [{ kind: 'owner', answer: 'bound' }] : []
}

/** All that is seen of the work is that it is given something that works for the caller's tenant. */
const heldFor = (name: string): Answered => ({
  kind: 'tenant',
  answer: { delegatedTo: `code that could not be read is given a function that holds \`${name}\`` },
})

function chosenAt(
  world: World,
  { what, site, write, inReach = [] }: Effect,
  { name: column, sent }: Subject,
): LooseQuery {
  const own = ownFor(world.schemaFor(site.file), inReach, userColumn.test(snake(column)) ? 'owner' : 'tenant', [column])
  return { ...own, kind: 'service', problem: 'chosen', what, model: '', column, ...(sent ? { sent } : {}), site, write }
}

function summary(answers: readonly Answered[], claims: readonly Claim[]): Omit<Scope, 'claims' | 'wide'> {
  const all = answers.flatMap(({ answer }) => (typeof answer === 'object' && 'problem' in answer ? [answer] : []))
  const delegatedTo = [
    ...new Set(
      answers.flatMap(({ answer }) =>
        typeof answer === 'object' && 'delegatedTo' in answer ? [answer.delegatedTo] : [],
      ),
    ),
  ]
  const loose = all.filter(
    (query, i) =>
      all.findIndex((other) => other.site.file === query.site.file && other.site.range[0] === query.site.range[0]) ===
      i,
  )
  loose.sort((a, b) => looseness(b) - looseness(a))
  const isBoundFor = (kinds: readonly LooseQuery['kind'][]): boolean =>
    answers.some(({ kind, answer }) => kinds.includes(kind) && answer === 'bound')
  const open = loose.find((query) => query.kind === 'tenant')
  const unbound = loose.some((query) => query.kind !== 'tenant')
  const givesTo = (whom: 'tenant' | 'owner'): boolean => claims.some(({ gives }) => gives?.includes(whom))
  const object = unbound || givesTo('owner') ? 'unbound' : isBoundFor(['owner', 'parent']) ? 'bound' : null
  const known = !answers.some(({ answer }) => answer === 'unknown') && !unbound && !givesTo('tenant')
  // who says whose a row is says to which tenant it belongs, where nothing else does
  const bearers: readonly LooseQuery['kind'][] = givesTo('owner') ? ['tenant'] : ['tenant', 'owner', 'parent']
  const tenant = (): TenantScope | null => {
    if (open) return open.problem === 'chosen' ? 'client-chosen' : 'unscoped'
    if (claims.some(({ kind }) => kind === 'tenant')) return 'client-chosen'
    if (!known) return null
    return delegatedTo.length > 0 ? 'delegated' : isBoundFor(bearers) ? 'scoped' : null
  }
  return { tenant: tenant(), object, delegatedTo, loose }
}

const looseness = ({ kind, problem, write }: LooseQuery): number =>
  (kind === 'tenant' ? 8 : 0) + (problem === 'chosen' ? 4 : 0) + (problem === 'mayBeMissing' ? 2 : 0) + (write ? 1 : 0)

/** Reads whose rows are in the answer, each with what was proved on the ways that answer with them. */
function shownReads(m: Machine, answer: Value): Map<Effect, (readonly Proof[])[]> {
  const found = new Map<Effect, (readonly Proof[])[]>()
  const rendered = new Set<Effect>()
  for (const { effect, proofs } of m.log.rendered) {
    rendered.add(effect as Effect)
    found.set(effect as Effect, [...(found.get(effect as Effect) ?? []), proofs])
  }
  for (const { effect, proofs } of readsIn(m, answer))
    if (!rendered.has(effect as Effect)) found.set(effect as Effect, [...(found.get(effect as Effect) ?? []), proofs])
  return found
}

/** Columns of memberships that the caller's own were looked for by, beside the one that names the caller. */
function membershipKeys(effects: readonly Effect[]): ReadonlySet<string> {
  const columns = effects.flatMap(({ model, reach, write }) => {
    if (write || !model || !reach || !isNarrowed(reach) || !membershipModel.test(snake(model.name))) return []
    return reach.ways.flat().map(({ column }) => column)
  })
  return new Set(columns.filter((column) => tenantColumn.test(snake(column))))
}

function judged(
  schema: Schema | undefined,
  effect: Effect,
  ways: readonly (readonly Proof[])[],
  decided: ReadonlySet<string>,
  isUser: boolean,
): readonly Answered[] {
  if (effect.rowLevel || effect.delegated)
    return effect.carriesCaller
      ? [{ kind: 'tenant', answer: { delegatedTo: effect.rowLevel ? 'row-level security' : byToken } }]
      : []
  const { model, reach } = effect
  if (effect.apart !== undefined && !(reach && isNarrowed(reach)))
    return [{ kind: 'tenant', answer: { delegatedTo: effect.apart } }]
  // what a text that is put together elsewhere does with what it is given, nobody can see here
  if (effect.verb === 'raw' && reach?.hidden && effect.handed?.proved && !effect.handed.chosen)
    return [
      { kind: 'tenant', answer: { delegatedTo: 'SQL that could not be read is given only what is the caller’s' } },
    ]
  const columns = reach ? [...reach.ways.flat(), ...reach.values].map(({ column }) => column) : []
  const whose =
    model && !model.session ? (schema?.whose(model.name) ?? schema?.guess(model.name, columns, decided)) : undefined
  if (!model || !reach || !whose) return reach && isNarrowed(reach) ? [{ kind: 'owner', answer: 'bound' }] : []
  const kind =
    whose.tenant.length > 0 ? 'tenant' : whose.parent.length > 0 || whose.owner.length === 0 ? 'parent' : 'owner'
  const keys = whose[kind]
  if (keys.length === 0) return isNarrowed(reach) ? [{ kind: 'owner', answer: 'bound' }] : []
  const answer = answerTo(schema!, effect, reach, whose, kind, ways, isUser)
  if (!answer) return []
  const isLoose = typeof answer === 'object' && 'problem' in answer
  return [{ kind, answer: isLoose && isPrivileged(effect, ways) ? 'unknown' : answer }]
}

function answerTo(
  schema: Schema,
  effect: Effect,
  reach: Reach,
  whose: Whose,
  kind: RowKind,
  ways: readonly (readonly Proof[])[],
  isUser: boolean,
): Answer | undefined {
  const keys = whose[kind]
  const query = (problem: LooseQuery['problem']): LooseQuery => {
    // what may be absent is no condition to write; to refuse where it is makes it one
    const own =
      problem === 'mayBeMissing'
        ? proving(provedFor(schema, reach.inReach, kind, keys))
        : ownFor(schema, reach.inReach, kind, keys)
    return {
      ...own,
      kind,
      problem,
      what: effect.what,
      model: effect.model!.name,
      column: keys[0]!,
      site: effect.site,
      write: effect.write,
    }
  }
  const isKey = ({ column, table }: ReachedColumn): boolean =>
    keys.some((key) => snake(key) === snake(column)) && (table === undefined || table === effect.model!.name)
  if (reach.verb === 'insert' || (reach.verb === 'upsert' && reach.ways.every((columns) => columns.length === 0)))
    return whose.isTenant ? undefined : ofNewRow(effect, reach, kind, isUser, isKey, query)
  // into whose hands a row is given counts beside whose it was
  if (
    kind === 'tenant' &&
    !whose.isTenant &&
    effect.write &&
    reach.values.some((column) => isKey(column) && isOthers(column))
  )
    return query('chosen')
  if (isNarrowed(reach) || isBound(effect.proofs, reach.rows) || boundLater(effect, reach, ways)) return 'bound'
  if (isJudged(effect, reach, ways)) return 'unknown'
  const columns = [...reach.ways.flat(), ...reach.unsure]
  if (reach.ways.every((way) => way.some((column) => isKey(column) && column.standing === 'fixed'))) return 'bound'
  const others = otherSides(reach)
  const hidden =
    reach.hidden ||
    others === 'unknown' ||
    columns.some((column) => column.standing === 'unknown') ||
    (reach.loose && others === undefined && columns.some((column) => column.standing === 'proved'))
  if (hidden) return 'unknown'
  if (others === 'picked') return query('otherSide')
  const ties = (column: ReachedColumn): boolean => isKey(column) && column.standing === 'proved'
  if (
    columns.some((column) => column.standing === 'proved' && column.mayBeMissing) ||
    [...columns, ...reach.optional].some(ties)
  )
    return query('mayBeMissing')
  if (columns.some((column) => isKey(column) && (column.standing === 'chosen' || column.standing === 'found')))
    return query('chosen')
  // rows of users and what hangs off them: only what the caller picks is somebody else's
  if (kind !== 'tenant' && !columns.some((column) => column.standing === 'chosen' || column.standing === 'found'))
    return undefined
  return query('missing')
}

/** What can be written for a column, and is there. */
function ownFor(
  schema: Schema | undefined,
  inReach: Reach['inReach'],
  kind: RowKind,
  keys: readonly string[],
): { readonly proved?: string } {
  return proving(
    provedFor(
      schema,
      inReach.filter(({ absent }) => !absent),
      kind,
      keys,
    ),
  )
}

const proving = (proved: string | undefined): { readonly proved?: string } => (proved === undefined ? {} : { proved })

/** What stands there and is called like one of the columns; the id of the user for the owner. */
function provedFor(
  schema: Schema | undefined,
  inReach: Reach['inReach'],
  kind: RowKind,
  keys: readonly string[],
): string | undefined {
  const named = (name: string): boolean =>
    keys.some((key) => name === key || name.toLowerCase() === `active${key.toLowerCase()}`)
  const exact = inReach.find(({ key }) => keys.includes(key)) ?? inReach.find(({ key }) => named(key))
  if (exact) return exact.text
  const [column] = keys
  if (column === undefined) return undefined
  if (kind === 'parent') {
    const parent = inReach.find(({ key, members }) => members?.table !== undefined && keys.includes(`${key}Id`))
    return parent && `${parent.text}.id`
  }
  const ofRow = inReach.find(
    ({ members }) => members?.table !== undefined && schema?.whose(members.table)?.[kind].includes(column) === true,
  )
  if (ofRow) return `${ofRow.text}.${column}`
  const user = inReach.find(({ key, members }) => members && members.table === undefined && identityName.test(key))
  return kind === 'owner' && user ? `${user.text}.id` : undefined
}

/** A new row says itself whose it is. */
function ofNewRow(
  { proofs }: Effect,
  reach: Reach,
  kind: RowKind,
  isUser: boolean,
  isKey: (column: ReachedColumn) => boolean,
  query: (problem: LooseQuery['problem']) => LooseQuery,
): Answer | undefined {
  // whose it is by the caller's own word is said of the claim
  const own = reach.values.filter(isKey)
  if (own.length === 0 || (kind === 'owner' && own.some((column) => column.standing === 'chosen'))) return undefined
  // a row that the caller picked says no better whose it is; to somebody else's notice or entry it leads all the same
  const known = withJudgements(proofs)
  const picked = own.filter(isOthers)
  if (picked.some(({ names, by }) => ![...names, ...by].some((name) => known.includes(bound(name))))) {
    // a guest, who was let in by a code and is no user, leaves traces with those whose page it is
    const isAsked = isUser || picked.some(({ standing }) => standing === 'chosen')
    return kind === 'tenant' && isAsked ? query('chosen') : undefined
  }
  if (picked.length > 0) return 'unknown'
  return own.some((column) => column.standing === 'unknown') ? 'unknown' : 'bound'
}

/** The rows, or what they were found by, are checked after they were read and before they are shown. */
function boundLater(effect: Effect, reach: Reach, ways: readonly (readonly Proof[])[]): boolean {
  if (effect.write || ways.length === 0) return false
  const names = [
    reach.rows.id,
    ...(reach.ways.length === 1 && !reach.loose ? reach.ways[0]!.flatMap((c) => c.names) : []),
  ]
  return ways.every((proofs) => names.some((name) => proofs.includes(bound(name))))
}

/** Code that cannot be read has let the caller go on to these rows. */
const isJudged = (effect: Effect, reach: Reach, ways: readonly (readonly Proof[])[]): boolean =>
  isBound(withJudgements(effect.proofs), reach.rows) || boundLater(effect, reach, ways.map(withJudgements))

const isPrivileged = (effect: Effect, ways: readonly (readonly Proof[])[]): boolean =>
  effect.proofs.includes(everything) || (ways.length > 0 && ways.every((proofs) => proofs.includes(everything)))
