/** The inventory of a project: reports of files in lines instead of ranges, and what there is besides entry points. */
import path from 'node:path'
import type { Catalog } from '../catalog/index.ts'
import { lineAt } from '../model/lines.ts'
import type { ModuleForm } from '../model/form.ts'
import type { EntryPoint, Inventory } from '../model/inventory.ts'
import type { EntryPointReport, FileReport, Place, ScopeReport } from '../model/report.ts'

export const relativeTo = (root: string, file: string): string => path.relative(root, file).split(path.sep).join('/')

type ScopeOf = (entry: EntryPointReport) => ScopeReport | undefined

export function inventoryEntry(
  root: string,
  form: ModuleForm,
  entry: EntryPointReport,
  scope: ScopeReport | undefined,
): EntryPoint {
  const line = lineAt(form, entry.range[0])
  const at = (place: Place): { file: string; line: number } => ({
    file: relativeTo(root, place.file),
    line: place.line,
  })
  return {
    file: relativeTo(root, form.file),
    line,
    column: entry.range[0] - (form.lineStarts[line - 1] ?? 0) + 1,
    name: entry.name,
    kind: entry.kind,
    framework: entry.framework,
    ...(entry.method ? { method: entry.method } : {}),
    verdict: entry.verdict,
    ...(entry.cause ? { cause: entry.cause } : {}),
    ...(entry.reason ? { reason: entry.reason } : {}),
    ...(entry.reasonAt ? { reasonAt: at(entry.reasonAt) } : {}),
    proofs: [...entry.proofs],
    guards: entry.guards.map(({ name, place, how, trust, through }) => ({
      name,
      ...at(place),
      how,
      trust,
      ...(through ? { through: [...through] } : {}),
    })),
    effects: entry.effects.map((effect) => ({ what: effect.what, ...at(effect.place), write: effect.write })),
    ...(entry.lacks?.length ? { lacks: [...entry.lacks] } : {}),
    ...(entry.strangers?.length ? { unknownPermissions: entry.strangers.map(({ name }) => name) } : {}),
    evidence: entry.evidence.map((step) => ({ ...at(step.place), what: step.what })),
    ...(entry.exposure ? { exposure: entry.exposure } : {}),
    tenant: scope?.tenant ?? null,
    ...(scope?.delegatedTo.length ? { delegatedTo: [...scope.delegatedTo] } : {}),
    object: scope?.object ?? null,
  }
}

/** What libraries a project uses, by what the catalogue calls them. */
export class Detected {
  readonly #catalog: Catalog
  readonly #found = { framework: new Set<string>(), auth: new Set<string>(), data: new Set<string>() }

  constructor(catalog: Catalog) {
    this.#catalog = catalog
  }

  add(packageName: string): void {
    const library = this.#catalog.libraryOf(packageName)
    const group = this.#found[library?.category as 'framework' | 'auth' | 'data'] as Set<string> | undefined
    if (library?.detects !== undefined) group?.add(library.detects)
  }

  get all(): Inventory['detected'] {
    const { framework, auth, data } = this.#found
    return { frameworks: [...framework].sort(), auth: [...auth].sort(), data: [...data].sort() }
  }
}

/** Collects the reports of the files of a project. */
export class InventoryDraft {
  readonly #root: string
  readonly #entryPoints: EntryPoint[] = []
  readonly #notAnalysed = new Map<string, Inventory['notAnalysed'][number]>()
  readonly #problems = new Map<string, Inventory['problems'][number]>()
  /** By file: it is written like an entry point and nobody serves it, unless a file that is served takes it from there. */
  readonly #strays = new Map<string, string>()
  readonly #taken = new Set<string>()
  readonly detected: Detected

  constructor(root: string, catalog: Catalog) {
    this.#root = root
    this.detected = new Detected(catalog)
  }

  add(form: ModuleForm, report: FileReport, scopeOf: ScopeOf): void {
    for (const entry of report.entryPoints)
      this.#entryPoints.push(inventoryEntry(this.#root, form, entry, scopeOf(entry)))
    for (const { what, file } of report.notAnalysed) this.leftOut(what, file)
    for (const { file, message, stray } of report.problems)
      if (stray) this.#strays.set(file, message)
      else this.problem(file, message)
  }

  /** A file with entry points takes something from these files. */
  takesFrom(files: Iterable<string>): void {
    for (const file of files) this.#taken.add(file)
  }

  leftOut(what: string, file?: string): void {
    const at = file === undefined ? {} : { file: relativeTo(this.#root, file) }
    this.#notAnalysed.set(`${what}\0${at.file ?? ''}`, { what, ...at })
  }

  problem(file: string, message: string): void {
    this.#problems.set(`${file}\0${message}`, { file: relativeTo(this.#root, file), message })
  }

  get inventory(): Inventory {
    for (const [file, message] of this.#strays) if (!this.#taken.has(file)) this.problem(file, message)
    return {
      version: 1,
      root: this.#root,
      detected: this.detected.all,
      entryPoints: this.#entryPoints,
      notAnalysed: [...this.#notAnalysed.values()],
      problems: [...this.#problems.values()],
    }
  }
}
