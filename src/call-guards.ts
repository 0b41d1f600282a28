/** Which functions a suggestion may call at the head of a handler, best first (design.md, "Which guard to insert"). */
import path from 'node:path'
import { exportedValue, moduleBinding } from './analysis/module-values.ts'
import { Machine } from './analysis/machine.ts'
import { callGuard } from './entry-points/call-guard.ts'
import { mayHoldGuards } from './entry-points/mentions.ts'
import { importedAs } from './export-origin.ts'
import type { GuardCandidate, GuardsRequest } from './guards-for.ts'
import { specifierFor } from './import-style.ts'
import { resolveReference } from './policy.ts'
import type { Project } from './project/project.ts'
import type { SharedWorld } from './shared-world.ts'

interface Found {
  readonly name: string
  readonly file: string
  readonly local?: string
  readonly specifier?: string
  readonly proofs: readonly string[]
}

export function callGuardsFor(request: GuardsRequest): readonly GuardCandidate[] {
  const { shared, project, root, file } = request
  const declared = policyCall(request)
  const found = [
    () => guardsAtHand(shared, file),
    () => nearest(shared, project, siblingsOf(shared, project, file), file),
    () => nearest(shared, project, guardFiles(shared, project, root), file),
  ].reduce<readonly Found[]>((known, look) => (known.length > 0 ? known : look()), [])
  const candidates = found.map((guard): GuardCandidate => ({
    name: guard.name,
    file: guard.file,
    ...(guard.local === undefined ? {} : { local: guard.local }),
    specifier:
      guard.file === file ? '' : (guard.specifier ?? specifierFor(shared.graph, file, guard.file, [guard.file])),
    type: 'call',
  }))
  return declared
    ? [declared, ...candidates.filter(({ name, file: at }) => name !== declared.name || at !== declared.file)]
    : candidates
}

/** The policy's own choice; it is taken at its word. */
function policyCall({ shared, policy, file }: GuardsRequest): GuardCandidate | undefined {
  const reference = policy.insert.call
  if (!reference) return undefined
  const found = resolveReference(reference, shared.graph, file)
  return found.kind === 'module'
    ? {
        name: reference.name,
        file: found.file,
        specifier: found.file === file ? '' : specifierFor(shared.graph, file, found.file, [found.file]),
        type: 'call',
      }
    : { name: reference.name, file: reference.from, specifier: reference.from, type: 'call' }
}

const machine = (shared: SharedWorld): Machine =>
  new Machine(shared.world, { kind: 'anonymous', environment: 'production' })

/** What the file imports or declares itself; those that are asked least of everybody come first. */
const guardsAtHand = (shared: SharedWorld, file: string): readonly Found[] =>
  shared.ask(`calls at hand\0${file}`, () => {
    const form = shared.graph.module(file)
    const served = new Set(form.exports.map(({ binding }) => binding))
    return form.bindings
      .flatMap((binding, id): Found[] => {
        // what the file hands out is more likely to be an entry point itself
        if (binding.owner !== 0 || served.has(id) || !/^(?:import|const|function)$/.test(binding.kind)) return []
        const imported = binding.kind === 'import' ? importedAs(shared.graph, file, id) : undefined
        if (binding.kind === 'import' && !imported) return []
        const guard = callGuard(shared.world, moduleBinding(machine(shared), file, id))
        if (!guard) return []
        return imported
          ? [{ ...guard, ...imported, local: binding.name }]
          : [{ ...guard, name: binding.name, file, local: binding.name }]
      })
      .toSorted((a, b) => a.proofs.length - b.proofs.length)
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
  project.scan(
    'call guards',
    file,
    (text) => mayHoldGuards(text) && !/^\s*['"]use (?:client|server)['"]/.test(text),
  ) === true

function nearest(shared: SharedWorld, project: Project, files: readonly string[], file: string): readonly Found[] {
  const steps = ({ file: at }: Found): number =>
    path.relative(path.dirname(file), path.dirname(at)).split(path.sep).length
  return files
    .filter((at) => at !== file && mayHold(project, at))
    .flatMap((at) => exportedGuards(shared, at))
    .toSorted(
      (a, b) =>
        steps(a) - steps(b) || a.proofs.length - b.proofs.length || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0),
    )
}

const exportedGuards = (shared: SharedWorld, file: string): readonly Found[] =>
  shared.ask(`call guards of\0${file}`, () => {
    const m = machine(shared)
    return shared.graph.module(file).exports.flatMap((e): Found[] => {
      if (e.typeOnly || e.exported === '*' || e.exported === 'default' || e.from !== undefined) return []
      const guard = callGuard(shared.world, exportedValue(m, file, e.exported, { file, range: e.range }))
      return guard ? [{ ...guard, name: e.exported, file }] : []
    })
  })
