/** The state of one lowering run: what has been collected, the current scope and function, and how deep the walk is. */
import type { TSESTree } from '@typescript-eslint/utils'
import type {
  BindingForm,
  BindingId,
  BindingKind,
  ClassForm,
  ExportForm,
  Expr,
  FunctionForm,
  FunctionId,
  ImportForm,
  Range,
  TypeForm,
} from '../model/form.ts'
import { nextToken } from './markers.ts'

export type Node = TSESTree.Node

/** A form under construction. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] }

/**
 * Trees of a host are not depth-bounded, and whoever reads the form walks it recursively: below this many levels there is
 * one `opaque` node.
 */
export const MAX_DEPTH = 400

export const TOO_DEEP = 'nested too deep'

export interface Scope {
  readonly parent: Scope | null
  readonly names: Map<string, BindingId>
  /** The body of an enum: its earlier members are in scope by their bare names. */
  readonly enumeration?: { readonly binding: BindingId; readonly members: ReadonlySet<string> }
}

interface FunctionState {
  readonly id: FunctionId
  usesThis: boolean
}

export interface Context {
  readonly text: string
  readonly bindings: Draft<BindingForm>[]
  readonly functions: Draft<FunctionForm>[]
  readonly classes: Draft<ClassForm>[]
  readonly imports: ImportForm[]
  readonly exports: ExportForm[]
  readonly types: Record<string, TypeForm>
  scope: Scope
  fn: FunctionState
  depth: number
  /** The binding of an anonymous `export default function` or `class`; -1 when there is none. */
  defaultBinding: BindingId
}

/** Range of a node, from whichever parser. */
export function rangeOf(node: { readonly range?: Range | undefined }): Range {
  if (node.range !== undefined) return node.range
  const { start, end } = node as unknown as { readonly start: number; readonly end: number }
  return [start, end]
}

/** Range of an identifier without the type annotation and decorators that the parsers count in. */
export function identifierRange(cx: Context, node: TSESTree.Identifier): Range {
  const range = rangeOf(node)
  // Absent in the trees of JavaScript parsers.
  const decorators = node.decorators as TSESTree.Decorator[] | undefined
  if (!node.typeAnnotation && !node.optional && !decorators?.length) return range
  let [start] = range
  // One parser counts decorators in, another does not.
  if (decorators?.length) start = nextToken(cx.text, Math.max(start, rangeOf(decorators.at(-1)!)[1]))
  return [start, start + node.name.length]
}

export function newScope(parent: Scope | null): Scope {
  return { parent, names: new Map() }
}

/** Declares a name in a scope. A second declaration of it writes the same binding again. */
export function declare(
  cx: Context,
  scope: Scope,
  name: string,
  kind: BindingKind,
  range: Range,
  owner: FunctionId = cx.fn.id,
): BindingId {
  const existing = scope.names.get(name)
  if (existing !== undefined) {
    cx.bindings[existing]!.reassigned = true
    return existing
  }
  const id = newBinding(cx, name, kind, range, owner)
  scope.names.set(name, id)
  return id
}

export function newBinding(
  cx: Context,
  name: string,
  kind: BindingKind,
  range: Range,
  owner: FunctionId = cx.fn.id,
): BindingId {
  return cx.bindings.push({ name, kind, owner, range, reassigned: false }) - 1
}

/** The binding that a name means here; -1 when this module does not declare it. */
export function lookup(cx: Context, name: string): BindingId {
  for (let scope: Scope | null = cx.scope; scope !== null; scope = scope.parent) {
    const id = scope.names.get(name)
    if (id !== undefined) return id
  }
  return -1
}

/** An identifier that is read. */
export function reference(cx: Context, name: string, range: Range): Expr {
  for (let scope: Scope | null = cx.scope; scope !== null; scope = scope.parent) {
    const id = scope.names.get(name)
    if (id !== undefined) return { t: 'name', binding: id, range }
    if (scope.enumeration?.members.has(name) === true) {
      const object: Expr = { t: 'name', binding: scope.enumeration.binding, range }
      return { t: 'member', object, key: name, optional: false, range, keyRange: range }
    }
  }
  return name === 'undefined' ? { t: 'undefined', range } : { t: 'global', name, range }
}

/** Replaces what is nested too deep. What it might write counts as written. */
export function tooDeep(cx: Context, node: Node): Expr {
  const stack: unknown[] = [node]
  while (stack.length > 0) {
    const item = stack.pop()
    if (typeof item !== 'object' || item === null) continue
    if ((item as Node).type === 'Identifier') {
      const id = lookup(cx, (item as TSESTree.Identifier).name)
      if (id >= 0) cx.bindings[id]!.reassigned = true
      continue
    }
    for (const [key, value] of Object.entries(item)) {
      if (typeof value === 'object' && value !== null && !NOT_CHILDREN.has(key)) stack.push(value)
    }
  }
  return { t: 'opaque', what: TOO_DEEP, parts: [], range: rangeOf(node) }
}

/** Keys of a node that hold no child nodes that could run. */
export const NOT_CHILDREN: ReadonlySet<string> = new Set([
  'parent',
  'range',
  'loc',
  'typeAnnotation',
  'typeParameters',
  'typeArguments',
  'returnType',
  'comments',
  'tokens',
])
