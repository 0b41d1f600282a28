/** In which function a suggestion may wrap a handler or an action: those that its siblings are wrapped in, best first. */
import path from 'node:path'
import { Machine } from './analysis/machine.ts'
import { moduleBinding } from './analysis/module-values.ts'
import { wrapperGuard } from './entry-points/next/wrapper.ts'
import { importedAs } from './export-origin.ts'
import type { GuardCandidate, GuardsRequest } from './guards-for.ts'
import { specifierFor } from './import-style.ts'
import type { BindingId, Expr } from './model/form.ts'
import { resolveReference } from './policy.ts'
import type { Project } from './project/project.ts'
import type { SharedWorld } from './shared-world.ts'

type Around = 'handler' | 'action'

/** Siblings of other files that are looked at: the nearest say what is usual here. */
const maxSiblings = 12

export function wrappersFor(request: GuardsRequest, around: Around): readonly GuardCandidate[] {
  const { shared, project, root, file } = request
  const declared = policyWrapper(request)
  if (declared) return [declared]
  const own = wrappersIn(shared, file, around)
  if (own.length > 0) return own
  const siblings = siblingFiles(shared, project, root, around)
    .filter((at) => at !== file)
    .toSorted((a, b) => steps(file, a) - steps(file, b) || (a < b ? -1 : 1))
  for (const at of siblings.slice(0, maxSiblings)) {
    const theirs = wrappersIn(shared, at, around).filter(({ name, file: from }) => name !== 'default' && from !== at)
    if (theirs.length > 0)
      return theirs.map(({ name, file: from, passes }) => ({
        name,
        file: from,
        specifier: from === file ? '' : specifierFor(shared.graph, file, from, [from]),
        type: 'wrapper',
        ...(passes === undefined ? {} : { passes }),
      }))
  }
  return []
}

/** The policy's own choice; it is taken at its word. */
function policyWrapper({ shared, policy, file }: GuardsRequest): GuardCandidate | undefined {
  const reference = policy.insert.wrapper
  if (!reference) return undefined
  const found = resolveReference(reference, shared.graph, file)
  const from = found.kind === 'module' ? found.file : reference.from
  const specifier = found.kind !== 'module' ? from : from === file ? '' : specifierFor(shared.graph, file, from, [from])
  return { name: reference.name, file: from, specifier, type: 'wrapper' }
}

const steps = (from: string, to: string): number => path.relative(path.dirname(from), to).split(path.sep).length

/** Where something is exported that is made by a call. */
const siblingFiles = (shared: SharedWorld, project: Project, root: string, around: Around): readonly string[] =>
  shared.askLoosely(`wrapped ${around}\0${root}`, () =>
    [...project.sources(root)].filter((at) => {
      if (around === 'handler' && !/[\\/]route\.[jt]sx?$/.test(at)) return false
      return project.scan(
        `wrapped ${around}`,
        at,
        (text) =>
          /^export const \w+ = \w+\(/m.test(text) && (around === 'handler' || /^['"]use server['"]/m.test(text)),
      )
    }),
  )

/** The functions that handlers of a file are wrapped in, given nothing else, and that refuse callers: the most used first. */
const wrappersIn = (shared: SharedWorld, file: string, around: Around): readonly GuardCandidate[] =>
  shared.ask(`wrappers ${around}\0${file}`, () => {
    const form = shared.graph.module(file)
    const uses = new Map<BindingId, number>()
    for (const s of form.functions[0]?.body ?? [])
      if (s.t === 'declare' && s.init)
        for (const binding of wrappersAround(s.init)) uses.set(binding, (uses.get(binding) ?? 0) + 1)
    return [...uses]
      .toSorted(([, a], [, b]) => b - a)
      .flatMap(([binding]): GuardCandidate[] => {
        const m = new Machine(shared.world, { kind: 'anonymous', environment: 'production' })
        const guard = wrapperGuard(shared.world, moduleBinding(m, file, binding), around)
        const local = form.bindings[binding]?.name
        if (!guard || local === undefined) return []
        const imported = importedAs(shared.graph, file, binding)
        const from = imported ?? { name: local, file, specifier: '' }
        return [{ ...from, local, type: 'wrapper', passes: guard.passes }]
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
