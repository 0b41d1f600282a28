/**
 * Who somebody is or what they may do, by the caller's own word: written into a row, or asked of the request and believed.
 */
import type { Proof, WherePlace } from '../../catalog/meaning.ts'
import {
  activeTenantColumn,
  invitationModel,
  ledgerColumn,
  membershipModel,
  privilegeFlag,
  privilegedWord,
  roleColumn,
  snake,
  taskColumn,
  userModel,
  roleOfFlag,
} from '../../catalog/names.ts'
import { isPrivilegeProof } from '../../model/proofs.ts'
import type { Machine } from '../machine.ts'
import type { Effect } from '../effects.ts'
import { callerChosen, From, type Site } from '../values/origins.ts'
import type { ReachedColumn } from '../queries/reach.ts'
import type { Whose } from '../queries/schema.ts'
import { everything, isBound, judgementsOf, rightHeld } from './ties.ts'
import type { Value } from '../values/value.ts'

export interface Claim {
  /**
   * - actor: whose a new row is
   * - role: what a user may do
   * - tenant: in which tenant the caller works from now on
   * - input: all of it, by writing everything that was sent
   * - asked: a test of what the caller says decides that the work is done
   */
  readonly kind: 'actor' | 'role' | 'tenant' | 'input' | 'asked'
  readonly what: string
  /** The column, or what was asked for. */
  readonly column: string
  readonly model: string
  /** An expression in reach that holds the caller's own. */
  readonly proved?: string
  /** Of all that was sent, into a row that is there: the columns to name instead, and where in the query it stands. */
  readonly columns?: readonly string[]
  readonly written?: readonly WherePlace[]
  /** The caller says to whom the row belongs from now on. */
  readonly gives?: readonly ('tenant' | 'owner')[]
  /** Of what is asked: the role that it should be asked of the session instead. */
  readonly role?: string
  readonly site: Site
  readonly write: boolean
}

/** @param whose undefined when the schema does not have the model */
export function claimsIn(effect: Effect, whose: Whose | undefined): readonly Claim[] {
  if (effect.proofs.some((proof) => proof === everything || proof === rightHeld || isPrivilegeProof(proof))) return []
  const asked = effect.proofs.flatMap((proof): Claim[] => {
    const claim = askedFor(proof, effect.proofs)
    const { what, write, model } = effect
    return claim ? [{ kind: 'asked', what, write, model: model?.name ?? '', ...claim }] : []
  })
  return asked.length > 0 ? asked : writtenIn(effect, whose)
}

function writtenIn({ what, write, site, reach, model, proofs }: Effect, whose: Whose | undefined): readonly Claim[] {
  if (!reach || !model || (reach.verb !== 'insert' && reach.verb !== 'update' && reach.verb !== 'upsert')) return []
  const name = snake(model.name)
  const isUsers = userModel.test(name)
  const chosen = reach.values.filter(({ standing }) => standing === 'chosen')
  // whose the row is stands in another column: this one names somebody else
  const isTheirs = reach.values.some(({ column, standing }) => standing === 'proved' && whose?.owner.includes(column))
  const claim = (kind: Claim['kind'], column: string, gives: Claim['gives'] = []): Claim => ({
    kind,
    what,
    column,
    model: model.name,
    gives,
    site,
    write,
  })
  const isSaid = (key: string): boolean =>
    reach.values.some(({ column, standing }) => column === key && standing === 'proved')
  const open = (['tenant', 'owner'] as const).filter((kind) => whose?.[kind].some((key) => !isSaid(key)))
  return chosen.flatMap((column): Claim[] => {
    if (column.column === '*')
      return column.unchecked && (isUsers || membershipModel.test(name) || isOwned(whose))
        ? [claim('input', '*', open)]
        : []
    const named = snake(column.column)
    if (isUsers || membershipModel.test(name)) {
      // who owns the row that is asked about may say who else has which role
      const isRight = roleColumn.test(named) || privilegeFlag.test(named)
      if (isRight && !proofs.includes('owner') && !isBound(judgementsOf(proofs), reach.rows))
        return [claim('role', column.column)]
    }
    if ((isUsers || model.session) && activeTenantColumn.test(named)) return [claim('tenant', column.column)]
    return reach.verb === 'insert' && !isTheirs && isActor(column, name, whose)
      ? [claim('actor', column.column, ['owner'])]
      : []
  })
}

const isOwned = (whose: Whose | undefined): boolean =>
  whose !== undefined && whose.tenant.length + whose.owner.length > 0

/** Members and invited ones are somebody else, and so is who was given something to do. */
const isActor = ({ column }: ReachedColumn, model: string, whose: Whose | undefined): boolean =>
  whose?.owner.includes(column) === true &&
  !taskColumn.test(column) &&
  !ledgerColumn.test(snake(column)) &&
  !membershipModel.test(model) &&
  !invitationModel.test(model) &&
  !userModel.test(model)

const prefix = 'asked:'
/** Beside that, since any of several roles may be asked for. */
const wanted = 'wanted:'

/** `data.role === 'admin'`, `data.isAdmin`: what is proved by that is only what the caller says. */
export function askedOf(m: Machine, value: Value, site: Site, literal?: string): readonly Proof[] {
  if (!m.tracing || value.t !== 'unknown' || value.key === undefined) return []
  const { flags } = value.origins
  if ((flags & callerChosen) === 0 || (flags & (From.row | From.principal | From.secret | From.opaque)) !== 0) return []
  const key = snake(value.key)
  const isOne =
    literal === undefined ? privilegeFlag.test(key) : /(^|_|-)roles?$/.test(key) && privilegedWord.test(snake(literal))
  if (!isOne) return []
  const place = `${String(site.range[0])} ${String(site.range[1])} ${site.file}`
  return [`${prefix}${value.key} ${place}`, `${wanted}${literal ?? roleOfFlag(key)} ${place}`]
}

function askedFor(proof: Proof, proofs: readonly Proof[]): Pick<Claim, 'column' | 'role' | 'site'> | undefined {
  if (!proof.startsWith(prefix)) return undefined
  const [column, ...place] = proof.slice(prefix.length).split(' ')
  const [start, end, ...file] = place
  const roles = proofs.filter((other) => other.startsWith(wanted) && other.endsWith(` ${place.join(' ')}`))
  const role = roles[0]?.slice(wanted.length, -place.join(' ').length - 1)
  const site: Site = { file: file.join(' '), range: [Number(start), Number(end)] }
  return { column: column!, ...(role === undefined ? {} : { role }), site }
}
