/** How a value stands to the caller: proved to be tied to it, its own choice, or found on the way. */
import type { Proof } from '../../catalog/meaning.ts'
import {
  activeTenantColumn,
  closedWord,
  identityMember,
  openWord,
  privilege,
  privilegeFlag,
  snake,
  tenantColumn,
  userModel,
  visibilityColumn,
} from '../../catalog/names.ts'
import type { Machine } from '../machine.ts'
import type { Whose } from '../queries/schema.ts'
import { callerChosen, From } from '../values/origins.ts'
import { conditionsOf } from '../queries/query-conditions.ts'
import { bound, everything, everywhereAs, fixed, foundBy, isBound, tiesOf } from './ties.ts'
import { alternatives, type ConditionPair, type UnknownValue, type Value } from '../values/value.ts'

/**
 * - proved: of the identity, of rows that were found by it, or checked on this path
 * - fixed: the code or the server's settings say it
 * - unknown: nobody can tell
 * - found: of a row that nothing ties to the caller
 * - chosen: the caller's input
 */
export type Standing = 'proved' | 'fixed' | 'unknown' | 'found' | 'chosen'

/** `row?.email ?? ''` */
const absent: ReadonlySet<unknown> = new Set([undefined, null, ''])

const order: readonly Standing[] = ['proved', 'fixed', 'unknown', 'found', 'chosen']

export const worst = (standings: readonly Standing[]): Standing =>
  standings.reduce((a, b) => (order.indexOf(a) >= order.indexOf(b) ? a : b), 'proved')

export function standingOf(m: Machine, value: Value, depth = 4): Standing {
  if (depth === 0) return 'unknown'
  switch (value.t) {
    case 'const':
      return 'fixed'
    case 'unknown':
      return standingOfUnknown(m, value)
    case 'union': {
      // an absent alternative finds nothing, or is spoken of apart
      if (nameOfAll(value).some((name) => m.state.proofs.includes(bound(name)))) return 'proved'
      const there = value.of.filter((part) => part.t !== 'const' || !absent.has(part.value))
      return there.length === 0 ? 'fixed' : worst(there.map((part) => standingOf(m, part, depth)))
    }
    case 'object': {
      const cell = m.heap.cell(value)
      const inner = cell.t === 'array' ? cell.items : [...cell.props.values()]
      const all = [...inner, ...(cell.rest ? [cell.rest] : [])]
      return all.length === 0 ? 'fixed' : worst(all.map((part) => standingOf(m, part, depth - 1)))
    }
    case 'condition':
      return standingOfPairs(m, value.pairs, value.loose)
    case 'query': {
      const condition = conditionsOf(m, value, m.world.modelOf(m, value))
      return standingOfPairs(m, condition.pairs, condition.loose)
    }
    case 'promise':
      return value.value ? standingOf(m, value.value, depth - 1) : 'fixed'
    default:
      return 'unknown'
  }
}

/** What a query gives whose conditions are these. */
function standingOfPairs(m: Machine, pairs: readonly ConditionPair[], loose: boolean): Standing {
  const standings = pairs.map((pair) => standingOf(m, pair.value))
  if (standings.includes('proved')) return loose ? 'unknown' : 'proved'
  return standings.length === 0 ? 'unknown' : worst(standings)
}

function standingOfUnknown(m: Machine, value: UnknownValue): Standing {
  const { flags, refs } = value.origins
  if (value.mine) return 'proved'
  if (value.term && isBound(m.state.proofs, value.term)) return 'proved'
  if (value.term && m.state.proofs.includes(fixed(value.term.id))) return 'fixed'
  if ((flags & From.principal) !== 0) return 'proved'
  if ((flags & From.opaque) !== 0 || refs.some((ref) => ref.t === 'opaque')) return 'unknown'
  if (value.term?.row !== undefined) return value.term.unclear ? 'unknown' : 'found'
  // made or read with a secret of the server: nobody else can have written it
  if ((flags & callerChosen) !== 0 && (flags & From.secret) !== 0) return 'proved'
  if ((flags & callerChosen) !== 0) return (flags & From.row) !== 0 ? 'unknown' : 'chosen'
  if ((flags & (From.secret | From.env)) !== 0) return 'fixed'
  return 'unknown'
}

/** One of two equal values is tied to the caller, or named by the code: so is the other. */
export function tieProofs(m: Machine, a: Value, b: Value): readonly Proof[] {
  if (!m.tracing) return []
  for (const [known, other] of [
    [a, b],
    [b, a],
  ] as const) {
    if (known.t !== 'unknown' || other.t !== 'unknown' || !other.term) continue
    if (standingOf(m, known) === 'proved') return tiesOf(other.term)
  }
  if (namesAdministrator(m, a, b) || namesAdministrator(m, b, a)) return [everything]
  for (const [known, other] of [
    [a, b],
    [b, a],
  ] as const)
    if (other.t === 'unknown' && other.term && isNamed(known) && standingOf(m, other) !== 'proved')
      return [fixed(other.term.id)]
  return []
}

/** `user.id === ADMIN_ID` of the environment: the one user whom the server's settings name runs the application. */
const namesAdministrator = (m: Machine, identity: Value, named: Value): boolean =>
  identity.t === 'unknown' &&
  isOfIdentity(m, identity) &&
  identityMember.test(identity.key ?? '') &&
  named.t === 'unknown' &&
  (named.origins.flags & ~From.setting) === From.env

/** Written in the code, or set where it runs. */
export const isNamed = (value: Value): boolean =>
  value.t === 'const'
    ? (typeof value.value === 'string' && value.value !== '') || typeof value.value === 'number'
    : value.t === 'unknown' && (value.origins.flags & ~From.setting) === From.env

/** `membership?.role === 'admin'`: a row that was looked for by the caller's identity is there. */
export const foundProofs = (m: Machine, value: Value): readonly Proof[] =>
  m.tracing && value.t === 'unknown' && value.mine && value.term?.row !== undefined ? tiesOf(value.term) : []

/** `row.isPublic`, `row.visibility === 'public'`: the row itself says that everybody may see it. */
export function openRow(
  m: Machine,
  value: Value,
  literal?: string,
): { whenTrue?: readonly Proof[]; whenFalse?: readonly Proof[] } {
  if (!m.tracing || value.t !== 'unknown' || value.term?.row === undefined || value.key === undefined) return {}
  const said = literal ?? snake(value.key)
  if (literal !== undefined && !visibilityColumn.test(snake(value.key))) return {}
  const ties = tiesOf(value.term)
  return closedWord.test(said) ? { whenFalse: ties } : openWord.test(said) ? { whenTrue: ties } : {}
}

/**
 * A role, or another mark of staff, that the identity has everywhere and not in one tenant: nothing is closed to it. Nor is
 * it to the members of the one tenant that the code itself names.
 */
export function privilegeOf(m: Machine, value: UnknownValue, literal = ''): readonly Proof[] {
  if (!m.tracing || value.key === undefined) return []
  const key = snake(value.key)
  if (literal !== '' && namesOwnTenant(m, value, key)) return [everything]
  if (!privilege.test(key) || !isOfIdentity(m, value)) return []
  return literal !== '' && key.includes('role') ? [everything, everywhereAs(literal)] : [everything]
}

function namesOwnTenant(m: Machine, value: UnknownValue, key: string): boolean {
  const model = value.table === undefined ? undefined : whoseOf(m, value.table)
  const isName = model?.tenant.includes(value.key ?? '') ?? (tenantColumn.test(key) || activeTenantColumn.test(key))
  return isName && standingOf(m, value) === 'proved'
}

const whoseOf = (m: Machine, table: string): Whose | undefined => m.world.schemaFor(m.frame?.file ?? '')?.whose(table)

/** `user.isAdmin`: true for staff only. */
export const flagsPrivilege = (m: Machine, value: UnknownValue): readonly Proof[] =>
  m.tracing && value.key !== undefined && privilegeFlag.test(snake(value.key)) && isOfIdentity(m, value)
    ? [everything]
    : []

function isOfIdentity(m: Machine, value: UnknownValue): boolean {
  const { flags } = value.origins
  if ((flags & From.membership) !== 0) return false
  if ((flags & From.row) === 0) return (flags & From.principal) !== 0
  if (value.mine !== true || value.table === undefined) return false
  return whoseOf(m, value.table)?.isPeople ?? userModel.test(snake(value.table))
}

/** The names of the values that conditions compare for equality. */
export function namesIn(value: Value): readonly string[] {
  return alternatives(value).flatMap((part) => (part.t === 'unknown' && part.term ? [part.term.id] : []))
}

/** One of several, whichever it is: it is called by all of them. */
function nameOfAll(value: Value): readonly string[] {
  const there = alternatives(value).filter((part) => part.t !== 'const')
  const names = namesIn(value)
  return there.length > 1 && names.length === there.length ? [names.join('|')] : []
}

/** What ties a row to the caller that was found by this value. */
export function foundByIn(value: Value): readonly string[] {
  if (value.t === 'union') return nameOfAll(value)
  return value.t === 'unknown' && value.term ? foundBy(value.term) : []
}

/** What is tied to the caller once this value is; of one of several, what every one of them ties. An absent one names nothing. */
export function tiesIn(value: Value): readonly string[] {
  const [first, ...others] = alternatives(value).filter((part) => part.t !== 'const')
  const tied = (part: Value | undefined): readonly string[] => (part?.t === 'unknown' ? (part.term?.ties ?? []) : [])
  const all = tied(first).filter((name) => others.every((other) => tied(other).includes(name)))
  return [...all, ...nameOfAll(value)]
}
