/**
 * What a call comes across. Much of it is noted once in a run, or once on a path: a call that comes second has met it all the
 * same, and a run that is only given what the call gave has to know of it (`summaries.ts`).
 */
import type { Proof } from '../../catalog/meaning.ts'
import type { Note } from '../caller/notes.ts'
import type { OpaqueRef, Source } from '../values/origins.ts'
import type { StackEntry } from '../code/frame.ts'

export class Met {
  /** What it looked at in modules and request stores. */
  readonly keys: Set<number> = new Set()
  /** And of which properties of what is held there, where it looked at nothing else of it. */
  readonly properties: Map<number, Set<string>> = new Map()
  #sources: Map<Source, readonly StackEntry[]> | undefined
  #notes: Map<string, Note> | undefined
  #opaque: Set<OpaqueRef> | undefined
  #proofs: Set<Proof> | undefined
  #doubts: Set<OpaqueRef> | undefined

  /** Places that tell callers apart, each with the functions that led there. */
  get sources(): ReadonlyMap<Source, readonly StackEntry[]> {
    return this.#sources ?? none
  }

  get notes(): ReadonlyMap<string, Note> {
    return this.#notes ?? none
  }

  get opaque(): ReadonlySet<OpaqueRef> {
    return this.#opaque ?? nothing
  }

  /** What it would have proved, and what it would have come to doubt, had that not been so before. */
  get proofsAgain(): ReadonlySet<Proof> {
    return this.#proofs ?? nothing
  }

  get doubtsAgain(): ReadonlySet<OpaqueRef> {
    return this.#doubts ?? nothing
  }

  addSource(source: Source, stack: readonly StackEntry[]): void {
    this.#sources ??= new Map()
    if (!this.#sources.has(source)) this.#sources.set(source, stack)
  }

  /** It was none of what goes on here. */
  forgetSource(source: Source): void {
    this.#sources?.delete(source)
  }

  addNote(key: string, note: Note): void {
    this.#notes ??= new Map()
    this.#notes.set(key, { ...this.#notes.get(key), ...note })
  }

  addOpaque(ref: OpaqueRef): void {
    ;(this.#opaque ??= new Set()).add(ref)
  }

  addProofAgain(proof: Proof): void {
    ;(this.#proofs ??= new Set()).add(proof)
  }

  addDoubtAgain(ref: OpaqueRef): void {
    ;(this.#doubts ??= new Set()).add(ref)
  }

  addProperty(key: number, property: string): void {
    const known = this.properties.get(key)
    if (known) known.add(property)
    else this.properties.set(key, new Set([property]))
  }

  /** Whoever made the call has met it, too. */
  addAll(other: Met): void {
    for (const key of other.keys) this.keys.add(key)
    for (const [key, properties] of other.properties) for (const property of properties) this.addProperty(key, property)
    for (const [source, stack] of other.sources) this.addSource(source, stack)
    for (const [key, note] of other.notes) this.addNote(key, note)
    for (const ref of other.opaque) this.addOpaque(ref)
    for (const proof of other.proofsAgain) this.addProofAgain(proof)
    for (const ref of other.doubtsAgain) this.addDoubtAgain(ref)
  }
}

const none = new Map<never, never>()
const nothing = new Set<never>()
