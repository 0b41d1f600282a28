/** Whom a run plays: what is known of the caller beforehand, and of the place where the application runs. */
import { isPrivilegeProof } from '../../model/proofs.ts'
import type { Proof } from '../../catalog/meaning.ts'
import type { Trial } from '../queries/trial.ts'
import type { Insistence } from './insistence.ts'

/** Whom the machine plays. */
export interface Persona {
  readonly kind: 'anonymous' | 'signed-in'
  /** `NODE_ENV` and its like; code that runs in development only is not an entry point's answer. */
  readonly environment: 'production' | 'development'
  /** Other environment variables, and what the installation is set to: there or not (both paths are taken), all there, or none. */
  readonly variables?: 'set' | 'unset'
  /** Where none is set: those that have to be. */
  readonly insistence?: Insistence
  /** It asks whose rows are touched: values keep their names (`ties.ts`). */
  readonly tracing?: boolean
  /** Signed in, and without any role or permission that is asked for. */
  readonly privileges?: 'none'
  /** Signed in, with all that is asked for but these: does not having them refuse? */
  readonly lacks?: readonly Proof[]
  /** Anonymous sign-in has just let them in: of what is kept of users, nothing is of this one but what the sign-in has made. */
  readonly fresh?: true
  /** It is asked what is done on the way of a refusal: each call is run, none replayed, and noted. */
  readonly recording?: true
  /** A function is tried: see `trial.ts`. */
  readonly trial?: Trial
}

/** Somebody like this cannot show it. Nobody has a role, a tenant or rows without being somebody. */
export function cannotShow({ kind, privileges, lacks = [] }: Persona, proof: Proof): boolean {
  if (kind === 'anonymous' || lacks.includes(proof)) return true
  return (isPrivilegeProof(proof) && privileges === 'none') || (lacks.includes('authenticated') && !isOfAnybody(proof))
}

/** Whoever holds it need not be signed in. */
export const isOfAnybody = (proof: Proof): boolean =>
  proof === 'secret' || proof === 'signature' || proof === 'capability' || proof === 'env-gate'

/** Words for whom the machine plays, wherever the application runs. */
export const whoIs = ({ kind, privileges, lacks = [], fresh }: Persona): string =>
  `${kind}${fresh ? ' fresh' : ''}/${privileges ?? ''}/${lacks.join()}`

/** Module values and summaries are kept for each environment apart. */
export const environmentOf = ({ environment, variables, insistence }: Persona): string =>
  environment === 'production' && variables === undefined
    ? ''
    : `${environment}/${variables ?? ''}${insistence ? String(insistence.id) : ''}\0`
