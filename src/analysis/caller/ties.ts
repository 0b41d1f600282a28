/**
 * What ties rows to the caller.
 *
 * A value gets a name (`data.teamId`, `teams(id=data.teamId).ownerId`), so that a check in one place and a use in another
 * can be seen to speak of the same thing. A check that ties what it names to the caller (the membership row of the caller
 * and that team was found, the owner of the row is the caller) proves `bound:<name>` on its path, and is carried along like
 * any other proof: through `&&` and `!`, helpers, promises and summaries. Only the run that asks whose rows an entry point
 * touches keeps names.
 */
import type { Proof } from '../../catalog/meaning.ts'

export interface Term {
  readonly id: string
  /** Names that are the caller's as soon as this is known to be: the row that it stands in, and by what the row was found. */
  readonly ties: readonly string[]
  /** The row that it is part of. */
  readonly row?: string
  /** Nobody can tell by what that row was found. */
  readonly unclear?: boolean
  /** By what that row was found: any one of these, known to be the caller's, makes the row theirs. */
  readonly by?: readonly string[]
}

/** Whatever it is, this caller may: a role that holds everywhere was asked for. */
export const everything: Proof = 'bound:*'

/** The same, by a role that the user has everywhere. */
export const everywhereAs = (role: string): Proof => `${everything} ${role}`

export const roleHeldEverywhere = (proofs: readonly Proof[]): string | undefined =>
  proofs.find((proof) => proof.startsWith(`${everything} `))?.slice(everything.length + 1)

export const isTie = (proof: Proof): boolean => proof.startsWith('bound:')

export const bound = (name: string): Proof => `bound:${name}`

/** It is what the code itself names: nobody chooses it. */
export const fixed = (name: string): Proof => `bound:=${name}`

/** Code that cannot be read was asked about it, and refused others: whether it is the caller's, nobody can tell. */
export const judged = (name: string): Proof => `${judgement}${name}`

const judgement = 'bound:? '

/** What would be bound if that code asked what it should. */
export const judgementsOf = (proofs: readonly Proof[]): readonly Proof[] =>
  proofs.flatMap((proof) => (proof.startsWith(judgement) ? [bound(proof.slice(judgement.length))] : []))

export const withJudgements = (proofs: readonly Proof[]): readonly Proof[] => [...proofs, ...judgementsOf(proofs)]

/** What stands at this place, and cannot be read, was told who asks. */
export const toldWho = (place: string): Proof => `bound:~ ${place}`

/** What the caller may do was looked up by their own role, and allows it; which right that is, nobody has to know here. */
export const rightHeld: Proof = 'bound:~right'

export const tiesOf = (term: Term): Proof[] => term.ties.map(bound)

/** What is proved on both of two paths. Whoever may do everything on one of them has all ties of the other. */
export function meet(a: readonly Proof[], b: readonly Proof[]): readonly Proof[] {
  if (a === b) return a
  const shared = a.filter((proof) => b.includes(proof))
  if (b.includes(everything)) shared.push(...a.filter((proof) => isTie(proof) && !shared.includes(proof)))
  if (a.includes(everything)) shared.push(...b.filter((proof) => isTie(proof) && !shared.includes(proof)))
  const met = a.includes(everything) && b.includes(everything) ? shared : shared.filter((proof) => proof !== everything)
  return met.length === a.length && met.every((proof, i) => proof === a[i]) ? a : met
}

export const isBound = (proofs: readonly Proof[], { id, row, by = [] }: Term): boolean =>
  proofs.includes(bound(id)) ||
  (row !== undefined && proofs.includes(bound(row))) ||
  by.some((name) => proofs.includes(bound(name)))

export const rootTerm = (name: string): Term => ({ id: name, ties: [name] })

export function memberTerm(term: Term, key: string): Term {
  const id = short(`${term.id}.${key}`)
  return term.row === undefined ? { id, ties: [id] } : { ...term, id, ties: [...term.ties, id] }
}

/** A row: by its model and what it was found by. */
export function rowTerm(
  model: string,
  keys: readonly {
    readonly column: string
    readonly name: string
    readonly ties: readonly string[]
    readonly by: readonly string[]
  }[],
  unclear = false,
): Term {
  const id = short(`${model}(${keys.map(({ column, name }) => `${column}=${name}`).join()})`)
  const by = [...new Set(keys.flatMap((key) => key.by))].slice(0, 16)
  return {
    id,
    ties: [id, ...keys.flatMap(({ ties }) => ties)],
    row: id,
    ...(unclear ? { unclear } : {}),
    ...(by.length > 0 ? { by } : {}),
  }
}

/** What makes a row the caller's that was found by something of this name. */
export const foundBy = ({ id, row, by = [] }: Term): readonly string[] => [
  id,
  ...(row === undefined ? [] : [row]),
  ...by,
]

const longest = 160

/** Long names are told apart by a number. */
function short(name: string): string {
  if (name.length <= longest) return name
  let hash = 5381
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 33) ^ name.charCodeAt(i)) >>> 0
  return `${name.slice(0, 40)}~${hash.toString(36)}~${name.slice(-40)}`
}
