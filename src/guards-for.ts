/** Which guards a suggestion may insert into a file, best first (design.md, "Which guard to insert"). */
import { exportedValue } from './analysis/module-values.ts'
import { Machine } from './analysis/machine.ts'
import { callGuardsFor } from './call-guards.ts'
import { verifiedGuard } from './entry-points/tanstack-start/guard-middleware.ts'
import { guardsAtHand, guardsInProject, guardsNearby, type IndexedGuard } from './guard-index.ts'
import { specifierFor } from './import-style.ts'
import { resolveReference, type Policy } from './policy.ts'
import type { Project } from './project/project.ts'
import type { SharedWorld } from './shared-world.ts'
import { wrappersFor } from './wrapper-guards.ts'

export interface GuardCandidate {
  /** Exported name of the guard middleware. */
  readonly name: string
  /** Absolute path of the file that exports it, or the linted file itself. */
  readonly file: string
  /** How the linted file already imports it (local name), when it does. */
  readonly local?: string
  /** The specifier to import it by from the linted file, in the style that file uses (alias or relative). */
  readonly specifier: string
  /** Middleware that may be attached to server routes as well as to server functions, or not; a function to call, or to wrap in. */
  readonly type: 'request' | 'function' | 'call' | 'wrapper'
  /** Of a wrapper: how many of its first arguments a handler gets as before. */
  readonly passes?: number
}

/** What it must do beyond refusing strangers. */
export interface Wanted {
  readonly proofs?: readonly string[]
  /** Keys of the context. */
  readonly writes?: readonly string[]
}

/** What it is to stand in front of: `call` for what has no middleware, `wrapped-…` for what its siblings are wrapped in. */
export type GuardedKind = 'server-fn' | 'server-route' | 'call' | 'wrapped-handler' | 'wrapped-action'

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
  if (request.kind === 'wrapped-handler') return wrappersFor(request, 'handler')
  if (request.kind === 'wrapped-action') return wrappersFor(request, 'action')
  const { shared, project, root, file, kind, wanted } = request
  const fits = (guard: { readonly type: GuardCandidate['type'] }): boolean =>
    kind === 'server-fn' || guard.type === 'request'
  const does = ({ proofs, writes }: IndexedGuard): boolean =>
    (wanted?.proofs ?? []).every((proof) => proofs.includes(proof)) &&
    (wanted?.writes ?? []).every((key) => writes.includes(key))
  // of the policy's own choice it is not known what it does
  const declared = wanted ? undefined : policyGuard(request)
  const found: IndexedGuard[] = []
  // each place is only looked at when the ones before it have nothing
  for (const look of [
    () => guardsAtHand(shared, file),
    () => guardsNearby(shared, project, file),
    () => guardsInProject(shared, project, root, file),
  ]) {
    if (found.length > 0) break
    found.push(...look().filter((guard) => fits(guard) && does(guard)))
  }
  const candidates = found.map((guard): GuardCandidate => ({
    name: guard.name,
    file: guard.file,
    ...(guard.local === undefined ? {} : { local: guard.local }),
    specifier:
      guard.file === file ? '' : (guard.specifier ?? specifierFor(shared.graph, file, guard.file, [guard.file])),
    type: guard.type,
  }))
  const first = declared && fits(declared) ? [declared] : []
  return [
    ...first,
    ...candidates.filter(({ name, file: at }) => !first.some((one) => one.name === name && one.file === at)),
  ]
}

/** The policy's own choice; it is taken at its word. */
function policyGuard({ shared, policy, file }: GuardsRequest): GuardCandidate | undefined {
  const reference = policy.insert.middleware
  if (!reference) return undefined
  const found = resolveReference(reference, shared.graph, file)
  if (found.kind !== 'module')
    return { name: reference.name, file: reference.from, specifier: reference.from, type: 'request' }
  const local = localName(shared, file, found.file, reference.name)
  return {
    name: reference.name,
    file: found.file,
    ...(local === undefined ? {} : { local }),
    specifier: found.file === file ? '' : aliasOr(shared, file, found.file, reference.from),
    type: typeOf(shared, found.file, reference.name),
  }
}

function aliasOr({ graph }: SharedWorld, file: string, target: string, written: string): string {
  if (written.startsWith('.')) return specifierFor(graph, file, target, [target])
  const found = graph.resolve(written, file)
  return found.kind === 'module' && found.file === target ? written : specifierFor(graph, file, target, [target])
}

function typeOf(shared: SharedWorld, file: string, name: string): 'request' | 'function' {
  const m = new Machine(shared.world, { kind: 'anonymous', environment: 'production' })
  const value = exportedValue(m, file, name, { file, range: [0, 0] })
  return verifiedGuard(shared.world, value)?.type ?? 'request'
}

function localName({ graph }: SharedWorld, file: string, target: string, name: string): string | undefined {
  const form = graph.module(file)
  const binding = form.bindings.find(({ import: at }) => {
    const imported = at === undefined ? undefined : form.imports[at]
    if (imported?.imported !== name || imported.typeOnly) return false
    const found = graph.resolve(imported.from, file)
    return found.kind === 'module' && found.file === target
  })
  return binding?.name
}
