/** Which guards a suggestion may insert into a file, best first (design.md, "Which guard to insert"). */
import { exportedValue } from '../analysis/code/module-exports.ts'
import { Machine } from '../analysis/machine.ts'
import { callGuardsFor, membershipGuardsFor } from './call-guards.ts'
import { candidateFrom, declaredCandidate, firstFound, inFront, type GuardCandidate } from './candidate.ts'
import { verifiedGuard } from '../entry-points/tanstack-start/guard-middleware.ts'
import { guardsAtHand, guardsInProject, guardsMadeNearby, guardsNearby } from './guard-index.ts'
import type { Policy } from '../policy.ts'
import type { Project } from '../project/project.ts'
import type { SharedWorld } from '../workspace/shared-world.ts'
import { does, type Wanted } from './wanted.ts'
import { wrappersFor } from './wrapper-guards.ts'

export type { GuardCandidate, Literal } from './candidate.ts'
export type { Wanted } from './wanted.ts'

/**
 * What it is to stand in front of: `call` for what has no middleware, `membership` for what a caller does in a tenant of their
 * choice, `wrapped-…` for what its siblings are wrapped in.
 */
export type GuardedKind = 'server-fn' | 'server-route' | 'call' | 'membership' | 'wrapped-handler' | 'wrapped-action'

export interface GuardsRequest {
  readonly shared: SharedWorld
  readonly project: Project
  readonly policy: Policy
  /** The application's root: the project's index is its. */
  readonly root: string
  readonly file: string
  readonly kind: GuardedKind
  readonly wanted?: Wanted | undefined
}

export function guardsFor(request: GuardsRequest): readonly GuardCandidate[] {
  if (request.kind === 'call') return callGuardsFor(request)
  if (request.kind === 'membership') return membershipGuardsFor(request)
  if (request.kind === 'wrapped-handler') return wrappersFor(request, 'handler')
  if (request.kind === 'wrapped-action') return wrappersFor(request, 'action')
  const { shared, project, root, file, kind, wanted } = request
  const fits = (guard: { readonly type: GuardCandidate['type'] }): boolean =>
    kind === 'server-fn' || guard.type === 'request'
  const found = firstFound(
    [
      () => guardsAtHand(shared, file),
      () => guardsNearby(shared, project, file),
      () => guardsMadeNearby(shared, project, file),
      () => guardsInProject(shared, project, root, file),
    ].map((look) => () => look().filter((guard) => fits(guard) && does(wanted, guard))),
  )
  const { middleware } = request.policy.insert
  // of the policy's own choice it is not known what it does
  const declared = declaredCandidate(request, wanted ? undefined : middleware, (at) =>
    at === undefined || !middleware ? 'request' : typeOf(shared, at, middleware.name),
  )
  return inFront(
    declared && fits(declared) ? declared : undefined,
    found.map((guard) => candidateFrom(request, guard, guard.type)),
  )
}

function typeOf(shared: SharedWorld, file: string, name: string): 'request' | 'function' {
  const m = new Machine(shared.world, { kind: 'anonymous', environment: 'production' })
  const value = exportedValue(m, file, name, { file, range: [0, 0] })
  return verifiedGuard(shared.world, value)?.type ?? 'request'
}
