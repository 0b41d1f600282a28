/** What a CommonJS module exports: `module.exports = …`, `exports.name = …`. */
import type { ExportForm, Expr, Stmt } from '../model/form.ts'

type Assigned = Extract<Expr, { t: 'assign' }>

/**
 * Reads the statements of a module's body, where names that are not declared are Node's. What is assigned twice, or where it
 * may not run, is not told.
 */
export function commonExports(body: readonly Stmt[]): ExportForm[] {
  const found = new Map<string, ExportForm>()
  const told = new Set<Expr>()
  for (const statement of body) {
    const assigned = statement.t === 'expr' && statement.expr.t === 'assign' ? statement.expr : undefined
    const name = assigned && nameOf(assigned)
    if (!assigned || name === undefined) continue
    told.add(assigned)
    const { value, range } = assigned
    found.set(name, {
      exported: name === whole ? 'default' : name,
      ...(value.t === 'name' ? { binding: value.binding } : { value }),
      typeOnly: false,
      range,
      common: name === whole ? 'whole' : 'member',
    })
  }
  for (const other of assignments(body)) if (!told.has(other)) found.delete(nameOf(other)!)
  const all = found.get(whole)
  // the object that members were put into before is another one
  return all
    ? [all, ...[...found.values()].filter((one) => one !== all && one.exported !== 'default')]
    : [...found.values()]
}

const whole = ''

/** What of the exports is assigned; all of them where the name is empty. */
function nameOf({ op, target }: Assigned): string | undefined {
  if (op !== '=' || target.t !== 'target' || target.target.t !== 'member') return undefined
  const { object, key } = target.target
  if (typeof key !== 'string') return undefined
  if (isExports(object)) return key
  return isExports(target.target) ? whole : undefined
}

const isExports = (e: Expr): boolean =>
  e.t === 'global'
    ? e.name === 'exports'
    : e.t === 'member' && e.key === 'exports' && e.object.t === 'global' && e.object.name === 'module'

/** All that are written anywhere in the statements, functions apart. */
function assignments(node: unknown): Assigned[] {
  if (typeof node !== 'object' || node === null) return []
  if (Array.isArray(node)) return node.flatMap(assignments)
  const inner = Object.values(node).flatMap(assignments)
  const e = node as Expr
  return e.t === 'assign' && nameOf(e) !== undefined ? [e, ...inner] : inner
}
