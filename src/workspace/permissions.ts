/** Permissions that entry points ask for, held against those that there are. */
import { Machine } from '../analysis/machine.ts'
import { exportedValue } from '../analysis/code/module-exports.ts'
import { alternatives, type Value } from '../analysis/values/value.ts'
import type { World } from '../analysis/world.ts'
import { isAbout } from '../catalog/names.ts'
import { permissionsIn } from '../model/proofs.ts'
import type { EntryPointReport, StrangerReport } from '../model/report.ts'
import { resolveReference, type Policy } from '../policy.ts'
import { distance, nearestTo } from '../spelling.ts'
import type { Modules } from '../analysis/code/modules.ts'

/** Every permission that the policy lists, or that a list or an object in the code holds; undefined where nothing says so. */
export function permissionCatalogue(
  { permissions }: Policy,
  world: World,
  modules: Modules,
  file: string,
): ReadonlySet<string> | undefined {
  if (!permissions) return undefined
  const m = new Machine(world, { kind: 'signed-in', environment: 'production' })
  const names = new Set<string>()
  for (const one of permissions) {
    if (typeof one === 'string') {
      names.add(one)
      continue
    }
    const found = resolveReference(one, modules, file)
    if (found.kind !== 'module') return undefined
    const held = namesIn(m, exportedValue(m, found.file, one.name, { file: found.file, range: [0, 0] }))
    // what cannot be read in full is no catalogue
    if (!held || held.length === 0) return undefined
    for (const name of held) names.add(name)
  }
  return names
}

/** Permissions that are asked for and that the catalogue does not have. */
export const strangersIn = (
  { proofs, effects }: Pick<EntryPointReport, 'proofs' | 'effects'>,
  catalogue: ReadonlySet<string>,
): readonly StrangerReport[] =>
  permissionsIn(proofs)
    .filter((name) => !catalogue.has(name))
    .map((name) => {
      const nearest = nearestTo(name, catalogue)
      if (nearest !== undefined) return { name, nearest, instead: [nearest] }
      const touched = effects.flatMap(({ model }) => model ?? [])
      return { name, instead: likeliest(name, catalogue, touched).slice(0, maxInstead) }
    })

/** A choice, not the catalogue. */
const maxInstead = 5

/** First what is about the rows that are touched, then what is written alike. */
const likeliest = (name: string, catalogue: ReadonlySet<string>, touched: readonly string[]): readonly string[] => {
  const rank = (other: string): number => (isAbout(other, touched) ? 0 : 1000) + distance(name, other, Infinity)
  return [...catalogue].toSorted((a, b) => rank(a) - rank(b))
}

/** `['billing:write']`, `{ WRITE: 'billing:write' }`, `{ billing: ['write'] }`; undefined where some of it is not known. */
function namesIn(m: Machine, value: Value, resource = '', depth = 4): readonly string[] | undefined {
  const parts = alternatives(value)
  const [part] = parts
  if (!part || parts.length > 1 || depth === 0) return undefined
  if (part.t === 'const')
    return typeof part.value === 'string' ? [resource === '' ? part.value : `${resource}:${part.value}`] : undefined
  const list = m.heap.array(part)
  if (list) return list.rest ? undefined : all(list.items.map((item) => namesIn(m, item, resource, depth - 1)))
  const cell = m.heap.object(part)
  if (!cell || cell.rest) return undefined
  return all([...cell.props].map(([key, inner]) => namesIn(m, inner, m.heap.array(inner) ? key : resource, depth - 1)))
}

function all(lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  return lists.some((list) => list === undefined) ? undefined : lists.flatMap((list) => list!)
}
