/** Whom a run plays: what is known of the caller beforehand, and of the place where the application runs. */
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
  /** It is asked what is done on the way of a refusal: each call is run, none replayed, and noted. */
  readonly recording?: true
}

/** Module values and summaries are kept for each environment apart. */
export const environmentOf = ({ environment, variables, insistence }: Persona): string =>
  environment === 'production' && variables === undefined
    ? ''
    : `${environment}/${variables ?? ''}${insistence ? String(insistence.id) : ''}\0`
