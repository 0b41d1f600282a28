/** Which functions a suggestion may call in a handler, best first (design.md, "Which guard to insert"). */
import path from 'node:path'
import { evaluate } from '../analysis/code/expressions.ts'
import { exportedValue } from '../analysis/code/module-exports.ts'
import { atModuleLevel, moduleBinding } from '../analysis/code/module-values.ts'
import { Machine } from '../analysis/machine.ts'
import type { Value } from '../analysis/values/value.ts'
import type { World } from '../analysis/world.ts'
import { callGuard, membershipGuard, type CallGuard } from '../entry-points/call-guard.ts'
import { isOneSided, mayHoldGuards } from '../entry-points/mentions.ts'
import { importedAs } from '../export-origin.ts'
import {
  candidateFrom,
  declaredCandidate,
  firstFound,
  inFront,
  localName,
  type FoundGuard,
  type GuardCandidate,
} from './candidate.ts'
import { literals } from './guard-index.ts'
import { walk } from '../entry-points/walk.ts'
import type { GuardsRequest } from './guards-for.ts'
import { does } from './wanted.ts'
import type { Project } from '../project/project.ts'
import type { SharedWorld } from '../workspace/shared-world.ts'

interface Found extends FoundGuard {
  readonly proofs: readonly string[]
}

/** What is asked of a function. */
interface Sort {
  readonly name: string
  readonly is: (world: World, value: Value, args?: readonly Value[]) => CallGuard | undefined
}

const refusing: Sort = { name: 'call', is: callGuard }
const asking: Sort = { name: 'membership', is: (world, value) => membershipGuard(world, value) }

/** Those that are called with nothing. */
export const callGuardsFor = (request: GuardsRequest): readonly GuardCandidate[] =>
  inFront(
    // of the policy's own choice it is not known what it does
    declaredCandidate(request, request.wanted ? undefined : request.policy.insert.call, () => 'call'),
    guardsOf(refusing, request),
  )

/** Those that are called with the id of a tenant. */
export const membershipGuardsFor = (request: GuardsRequest): readonly GuardCandidate[] => guardsOf(asking, request)

function guardsOf(sort: Sort, request: GuardsRequest): readonly GuardCandidate[] {
  const { shared, project, root, file, wanted } = request
  return firstFound(
    [
      () => (wanted?.as === undefined ? [] : guardsCalledIn(sort, shared, wanted.as, file)),
      () => guardsAtHand(sort, shared, file),
      () => nearest(sort, shared, project, siblingsOf(shared, project, file), file),
      () => nearest(sort, shared, project, guardFiles(shared, project, root), file),
    ].map((look) => () => look().filter(({ proofs }) => does(wanted, { proofs, writes: [] }))),
  ).map((guard) => candidateFrom(request, guard, 'call'))
}

const machine = (shared: SharedWorld): Machine =>
  new Machine(shared.world, { kind: 'anonymous', environment: 'production' })

/** What the file imports or declares itself; those that are asked least of everybody come first. */
const guardsAtHand = ({ name, is }: Sort, shared: SharedWorld, file: string): readonly Found[] =>
  shared.ask(`${name} at hand\0${file}`, () => {
    const form = shared.graph.module(file)
    const served = new Set(form.exports.map(({ binding }) => binding))
    return form.bindings
      .flatMap((binding, id): Found[] => {
        // what the file hands out is more likely to be an entry point itself
        if (binding.owner !== 0 || served.has(id) || !/^(?:import|const|function)$/.test(binding.kind)) return []
        const imported = binding.kind === 'import' ? importedAs(shared.graph, file, id) : undefined
        if (binding.kind === 'import' && !imported) return []
        const guard = is(shared.world, moduleBinding(machine(shared), file, id))
        if (!guard) return []
        return imported
          ? [{ ...guard, ...imported, local: binding.name }]
          : [{ ...guard, name: binding.name, file, local: binding.name }]
      })
      .toSorted((a, b) => a.proofs.length - b.proofs.length)
  })

/** What another file calls, with what it gives them; those that are asked most come first, as that file is behind all of them. */
const guardsCalledIn = ({ name, is }: Sort, shared: SharedWorld, at: string, file: string): readonly Found[] =>
  shared.ask(`${name} called\0${at}\0${file}`, () => {
    const found: Found[] = []
    const m = machine(shared)
    walk(shared.graph.module(at), (e) => {
      if (e.t !== 'call' || e.construct || e.callee.t !== 'name') return
      const { binding } = e.callee
      const imported = importedAs(shared.graph, at, binding)
      const args = imported && literals(e.args)
      if (!args) return
      const values = atModuleLevel(m, at, (inner) =>
        e.args.flatMap((arg) => (arg.t === 'spread' ? [] : [evaluate(inner, arg)])),
      )
      const guard = is(shared.world, moduleBinding(m, at, binding), values)
      if (!guard) return
      const local = localName({ shared, file }, imported.file, imported.name)
      found.push({
        ...guard,
        name: imported.name,
        file: imported.file,
        ...(imported.specifier.startsWith('.') ? {} : { specifier: imported.specifier }),
        ...(local === undefined ? {} : { local }),
        ...(args.length > 0 ? { args } : {}),
      })
    })
    return found.toSorted((a, b) => b.proofs.length - a.proofs.length)
  })

/** Modules that the file imports, and those of its folder. */
function siblingsOf({ graph }: SharedWorld, project: Project, file: string): readonly string[] {
  const imported = graph.module(file).imports.flatMap(({ from }) => {
    const found = graph.resolve(from, file)
    return found.kind === 'module' ? [found.file] : []
  })
  const folder = path.dirname(file)
  const beside = project.list(folder).map((name) => path.join(folder, name))
  return [...new Set([...imported, ...beside.filter((at) => /\.[cm]?[jt]sx?$/.test(at) && project.isFile(at))])]
}

const guardFiles = (shared: SharedWorld, project: Project, root: string): readonly string[] =>
  shared.askLoosely(`call guards\0${root}`, () => [...project.sources(root)].filter((at) => mayHold(project, at)))

const mayHold = (project: Project, file: string): boolean =>
  project.scan('call guards', file, (text) => mayHoldGuards(text) && !isOneSided(text)) === true

function nearest(
  sort: Sort,
  shared: SharedWorld,
  project: Project,
  files: readonly string[],
  file: string,
): readonly Found[] {
  const steps = ({ file: at }: Found): number =>
    path.relative(path.dirname(file), path.dirname(at)).split(path.sep).length
  return files
    .filter((at) => at !== file && mayHold(project, at))
    .flatMap((at) => exportedGuards(sort, shared, at))
    .toSorted(
      (a, b) =>
        steps(a) - steps(b) || a.proofs.length - b.proofs.length || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0),
    )
}

const exportedGuards = ({ name, is }: Sort, shared: SharedWorld, file: string): readonly Found[] =>
  shared.ask(`${name} guards of\0${file}`, () => {
    const m = machine(shared)
    return shared.graph.module(file).exports.flatMap((e): Found[] => {
      if (e.typeOnly || e.exported === '*' || e.exported === 'default' || e.from !== undefined) return []
      const guard = is(shared.world, exportedValue(m, file, e.exported, { file, range: e.range }))
      return guard ? [{ ...guard, name: e.exported, file }] : []
    })
  })
