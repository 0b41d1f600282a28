/** In which function a suggestion may wrap a handler or an action: those that its siblings are wrapped in, best first. */
import path from 'node:path'
import { Machine } from '../analysis/machine.ts'
import { moduleBinding } from '../analysis/code/module-values.ts'
import { mayBeWrapped, wrapperGuard, type Around } from '../entry-points/next/wrapper.ts'
import { importedAs } from '../export-origin.ts'
import { candidateFrom, declaredCandidate, firstFound, type FoundGuard, type GuardCandidate } from './candidate.ts'
import type { GuardsRequest } from './guards-for.ts'
import type { BindingId, Expr } from '../model/form.ts'
import type { Project } from '../project/project.ts'
import type { SharedWorld } from '../workspace/shared-world.ts'

/** Siblings of other files that are looked at: the nearest say what is usual here. */
const maxSiblings = 12

export function wrappersFor(request: GuardsRequest, around: Around): readonly GuardCandidate[] {
  const { shared, project, root, file, policy } = request
  const declared = declaredCandidate(request, policy.insert.wrapper, () => 'wrapper')
  if (declared) return [declared]
  const own = wrappersIn(shared, file, around)
  const found = own.length > 0 ? own : ofSiblings(shared, siblingFiles(shared, project, root, around), file, around)
  return found.map((guard) => candidateFrom(request, guard, 'wrapper'))
}

/** The wrappers of the nearest file that has some, of those that can be imported. */
function ofSiblings(
  shared: SharedWorld,
  files: readonly string[],
  file: string,
  around: Around,
): readonly FoundGuard[] {
  const nearest = files
    .filter((at) => at !== file)
    .toSorted((a, b) => steps(file, a) - steps(file, b) || (a < b ? -1 : 1))
    .slice(0, maxSiblings)
  return firstFound(
    nearest.map(
      (at) => () =>
        wrappersIn(shared, at, around)
          .filter(({ name, file: from }) => name !== 'default' && from !== at)
          .map(({ name, file: from, passes }) => ({ name, file: from, ...(passes === undefined ? {} : { passes }) })),
    ),
  )
}

const steps = (from: string, to: string): number => path.relative(path.dirname(from), to).split(path.sep).length

/** Where something is exported that is made by a call. */
const siblingFiles = (shared: SharedWorld, project: Project, root: string, around: Around): readonly string[] =>
  shared.askLoosely(`wrapped ${around}\0${root}`, () =>
    [...project.sources(root)].filter(
      (at) =>
        mayBeWrapped[around].file(at) &&
        project.scan(`wrapped ${around}`, at, (text) => mayBeWrapped[around].text(text)),
    ),
  )

/** The functions that handlers of a file are wrapped in, given nothing else, and that refuse callers: the most used first. */
const wrappersIn = (shared: SharedWorld, file: string, around: Around): readonly FoundGuard[] =>
  shared.ask(`wrappers ${around}\0${file}`, () => {
    const form = shared.graph.module(file)
    const uses = new Map<BindingId, number>()
    for (const s of form.functions[0]?.body ?? [])
      if (s.t === 'declare' && s.init)
        for (const binding of wrappersAround(s.init)) uses.set(binding, (uses.get(binding) ?? 0) + 1)
    return [...uses]
      .toSorted(([, a], [, b]) => b - a)
      .flatMap(([binding]): FoundGuard[] => {
        const m = new Machine(shared.world, { kind: 'anonymous', environment: 'production' })
        const guard = wrapperGuard(shared.world, moduleBinding(m, file, binding), around)
        const local = form.bindings[binding]?.name
        if (!guard || local === undefined) return []
        const imported = importedAs(shared.graph, file, binding)
        return [{ ...(imported ?? { name: local, file }), local, passes: guard.passes }]
      })
  })

/** What a function is given to and nothing else is, and what that is given to: the names in `withTiming(withUser(fn))`. */
function wrappersAround(e: Expr | undefined): readonly BindingId[] {
  if (e?.t !== 'call' || e.callee.t !== 'name' || e.args.length !== 1) return []
  const [given] = e.args
  if (given?.t === 'function') return [e.callee.binding]
  const within = given?.t === 'call' ? wrappersAround(given) : []
  return within.length > 0 ? [...within, e.callee.binding] : []
}
