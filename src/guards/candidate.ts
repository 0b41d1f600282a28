/** A guard that a suggestion may insert into a file: what it is called there, and how the file imports it. */
import { resolveReference, type Reference } from '../policy.ts'
import { specifierFor } from './import-style.ts'
import type { SharedWorld } from '../workspace/shared-world.ts'

/** What can be written down again as it is. */
export type Literal = string | number | boolean | null | readonly Literal[] | { readonly [key: string]: Literal }

export interface GuardCandidate {
  /** Exported name of the guard. */
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
  /** It is made by a call, as its siblings make it: `requireRole('admin')`. */
  readonly args?: readonly Literal[]
}

/** A guard where it was found; the specifier is there when the linted file imports its module already. */
export type FoundGuard = Pick<GuardCandidate, 'name' | 'file' | 'local' | 'passes' | 'args'> & {
  readonly specifier?: string
}

/** The linted file, and the project that it stands in. */
interface Place {
  readonly shared: SharedWorld
  readonly file: string
}

export const candidateFrom = (
  { shared, file }: Place,
  { name, file: from, local, specifier, passes, args }: FoundGuard,
  type: GuardCandidate['type'],
): GuardCandidate => ({
  name,
  file: from,
  ...(local === undefined ? {} : { local }),
  specifier: from === file ? '' : (specifier ?? specifierFor(shared.graph, file, from, [from])),
  type,
  ...(passes === undefined ? {} : { passes }),
  ...(args === undefined ? {} : { args }),
})

/**
 * The policy's own choice; it is taken at its word.
 * @param typeAt what it is in the file that exports it, undefined where that is no file of the project
 */
export function declaredCandidate(
  { shared, file }: Place,
  reference: Reference | undefined,
  typeAt: (exporting: string | undefined) => GuardCandidate['type'],
): GuardCandidate | undefined {
  if (!reference) return undefined
  const { name, from } = reference
  const found = resolveReference(reference, shared.graph, file)
  if (found.kind !== 'module') return { name, file: from, specifier: from, type: typeAt(undefined) }
  const local = localName({ shared, file }, found.file, name)
  const specifier = aliasOr(shared, file, found.file, from)
  const guard = { name, file: found.file, specifier, ...(local === undefined ? {} : { local }) }
  return candidateFrom({ shared, file }, guard, typeAt(found.file))
}

/** Each place is only looked at when the ones before it have nothing. */
export const firstFound = <T>(places: readonly (() => readonly T[])[]): readonly T[] =>
  places.reduce<readonly T[]>((known, look) => (known.length > 0 ? known : look()), [])

/** The policy's choice in front, and not once more behind. */
export const inFront = (
  first: GuardCandidate | undefined,
  others: readonly GuardCandidate[],
): readonly GuardCandidate[] =>
  first ? [first, ...others.filter(({ name, file }) => name !== first.name || file !== first.file)] : others

function aliasOr({ graph }: SharedWorld, file: string, target: string, written: string): string {
  if (written.startsWith('.')) return specifierFor(graph, file, target, [target])
  const found = graph.resolve(written, file)
  return found.kind === 'module' && found.file === target ? written : specifierFor(graph, file, target, [target])
}

/** What the file at hand calls an export of another one. */
export function localName({ shared: { graph }, file }: Place, target: string, name: string): string | undefined {
  const form = graph.module(file)
  const binding = form.bindings.find(({ import: at }) => {
    const imported = at === undefined ? undefined : form.imports[at]
    if (imported?.imported !== name || imported.typeOnly) return false
    const found = graph.resolve(imported.from, file)
    return found.kind === 'module' && found.file === target
  })
  return binding?.name
}
