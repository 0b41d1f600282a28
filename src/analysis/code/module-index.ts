/** Where the bindings of a module get their values: its declarations and assignments, found once by a walk of its form. */
import type { BindingId, Expr, FunctionId, Pattern, Stmt } from '../../model/form.ts'
import type { Machine } from '../machine.ts'
import { moduleForm } from './module-values.ts'
import type { ModuleIndex } from '../world.ts'

/** What is declared, assigned, changed and kept in a module; the same as long as its form is. */
export function moduleIndex(m: Machine, file: string): ModuleIndex {
  const form = moduleForm(m, file)
  const known = m.world.indexes.get(file)
  if (known?.form === form) return known
  const declared = new Map<BindingId, Extract<Stmt, { t: 'declare' }>>()
  const assigned = new Map<BindingId, { readonly value: Expr; readonly fn: FunctionId }[]>()
  const collectPattern = (pattern: Pattern, statement: Extract<Stmt, { t: 'declare' }>): void => {
    for (const id of bound(pattern)) declared.set(id, statement)
  }
  const statements = (body: readonly Stmt[]): void => {
    for (const s of body) {
      if (s.t === 'declare') collectPattern(s.pattern, s)
      else if (s.t === 'block') statements(s.body)
      else if (s.t === 'if') {
        statements(s.then)
        statements(s.else)
      } else if (s.t === 'try') {
        statements(s.body)
        statements(s.handler ?? [])
      }
    }
  }
  for (const fn of form.functions) statements(fn.body)
  form.functions.forEach((fn, id) => {
    visitAssignments(fn.body, (target, value) => {
      for (const binding of bound(target)) {
        if (target.t !== 'bind') continue
        const list = assigned.get(binding) ?? []
        if (list.length < 4) assigned.set(binding, [...list, { value, fn: id }])
      }
    })
  })
  const kept = new Map<string, { readonly value: Expr; readonly fn: FunctionId }[]>()
  form.functions.forEach((fn, id) => {
    visitAssignments(fn.body, (target, value) => {
      if (target.t !== 'target' || target.target.t !== 'member') return
      const key = constantKey(target.target.key, declared)
      if (key === undefined) return
      const list = kept.get(key) ?? []
      if (list.length < 4) kept.set(key, [...list, { value, fn: id }])
    })
  })
  const slots = new Map<FunctionId, Set<string>>()
  const fill = (fn: FunctionId, slot: string | undefined): void => {
    if (slot === undefined) return
    // a nested function fills the slot for the one around it
    for (let at: FunctionId | -1 = fn; at > 0; at = form.functions[at]?.parent ?? -1)
      slots.set(at, (slots.get(at) ?? new Set()).add(slot))
  }
  form.functions.forEach((fn, id) => {
    if (id === 0) return
    visitAssignments(fn.body, (target) => {
      if (target.t === 'target') fill(id, slotOf(target.target))
    })
    visitCalls(fn.body, (e) => {
      if (e.callee.t === 'member' && e.callee.key === 'set' && e.args.length === 2)
        fill(id, slotOf({ ...e.callee, key: 'get' }))
    })
  })
  const changes = new Map<BindingId, Stmt[]>()
  for (const statement of form.functions[0]?.body ?? []) {
    if (statement.t === 'declare') continue
    const roots = new Set<BindingId>()
    const change = (place: Expr): void => {
      const root = rootOf(place)
      if (root !== undefined && form.bindings[root]?.owner === 0) roots.add(root)
    }
    visitAssignments([statement], (target) => {
      if (target.t === 'target') change(target.target)
    })
    visitCalls([statement], (e) => {
      if (e.callee.t !== 'member') return
      const first = e.args[0]
      change(e.callee)
      if ((e.callee.key === 'assign' || e.callee.key === 'defineProperty') && first && first.t !== 'spread')
        change({ t: 'member', object: first, key: '', optional: false, range: first.range, keyRange: first.range })
    })
    for (const root of roots) changes.set(root, [...(changes.get(root) ?? []), statement])
  }
  const index: ModuleIndex = { declared, assigned, kept, changes, slots, form }
  m.world.indexes.set(file, index)
  return index
}

/** The name of a property, where it is written there or is a constant of the module (`globalThis[CLIENT] = …`). */
function constantKey(key: string | Expr, declared: ModuleIndex['declared']): string | undefined {
  if (typeof key === 'string') return key
  const made = key.t === 'name' ? declared.get(key.binding) : undefined
  if (made?.kind !== 'const' || made.pattern.t !== 'bind' || made.init?.t !== 'literal') return undefined
  return typeof made.init.value === 'string' ? made.init.value : undefined
}

/** The bindings that a pattern fills. */
function bound(pattern: Pattern): BindingId[] {
  switch (pattern.t) {
    case 'bind':
      return [pattern.binding]
    case 'object':
      return [...pattern.props.flatMap((prop) => bound(prop.value)), ...(pattern.rest ? bound(pattern.rest) : [])]
    case 'array':
      return [
        ...pattern.items.flatMap((item) => (item ? bound(item) : [])),
        ...(pattern.rest ? bound(pattern.rest) : []),
      ]
    case 'default':
      return bound(pattern.pattern)
    case 'target':
      return []
  }
}

/** The binding that a property path begins with. */
export function rootOf(place: Expr): BindingId | undefined {
  let at = place
  while (at.t === 'member' || at.t === 'chain') at = at.t === 'member' ? at.object : at.expr
  return at.t === 'name' && place !== at ? at.binding : undefined
}

/** The binding that a chain of calls begins with, or that stands alone: `a` of `a.b.c()`, `await a.b()` and `a`. */
export function chainRoot(e: Expr): BindingId | undefined {
  switch (e.t) {
    case 'name':
      return e.binding
    case 'member':
      return chainRoot(e.object)
    case 'chain':
    case 'await':
      return chainRoot(e.expr)
    case 'call':
      return e.callee.t === 'member' || e.callee.t === 'chain' ? chainRoot(e.callee) : undefined
    default:
      return undefined
  }
}

/** A name for the place that a property path from a binding denotes: the same text means the same slot within a function. */
export function slotOf(e: Expr): string | undefined {
  if (e.t !== 'member' || e.object.t !== 'name') return undefined
  if (typeof e.key === 'string') return `${String(e.object.binding)}.${e.key}`
  return e.key.t === 'name' ? `${String(e.object.binding)}[${String(e.key.binding)}]` : undefined
}

/** Calls anywhere below these statements. */
export function visitCalls(body: readonly Stmt[], found: (e: Extract<Expr, { t: 'call' }>) => void): void {
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item)
      return
    }
    if (typeof node !== 'object' || node === null) return
    const e = node as { t?: string; callee?: unknown }
    if (e.t === 'call' && e.callee) found(node as Extract<Expr, { t: 'call' }>)
    for (const [key, inner] of Object.entries(node)) if (key !== 'range' && typeof inner === 'object') visit(inner)
  }
  visit(body)
}

/** Assignments anywhere in a function's own statements; forms are plain data, so a generic walk is enough. */
function visitAssignments(body: readonly Stmt[], found: (target: Pattern, value: Expr) => void): void {
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item)
      return
    }
    if (typeof node !== 'object' || node === null) return
    const e = node as { t?: string; target?: Pattern; value?: Expr; op?: string }
    if (e.t === 'assign' && e.target && e.value) found(e.target, e.value)
    for (const [key, inner] of Object.entries(node)) if (key !== 'range' && typeof inner === 'object') visit(inner)
  }
  visit(body)
}
