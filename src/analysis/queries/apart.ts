/**
 * Rows of different tenants that are kept apart outside of the conditions of a query: by the database, which was told for
 * whom it works, or by a client that was made for one tenant.
 */
import { membershipColumn } from '../../catalog/names.ts'
import { heldOnTo } from '../state/closures.ts'
import type { Machine } from '../machine.ts'
import { prove } from '../caller/proving.ts'
import { standingOf } from '../caller/standing.ts'
import { bound } from '../caller/ties.ts'
import { alternatives, type QueryValue, type Value } from '../values/value.ts'

const told = bound('!the database')

/** `set_config('app.tenant', $1, true)`, `SET LOCAL app.tenant = …`: what it is told is what its policies go by. */
const tells = /\bset_config\s*\(|^\s*set\s+(local\s+|session\s+)?[\w.]+\s*(=|to\b)/i

export function tellDatabase(m: Machine, text: string | undefined, values: readonly Value[]): void {
  if (!m.tracing || text === undefined || !tells.test(text)) return
  const standings = values.flatMap(alternatives).map((value) => standingOf(m, value))
  if (standings.includes('proved') && !standings.includes('chosen') && !standings.includes('found')) prove(m, [told])
}

/** In words, what keeps the rows apart; undefined where nothing does. */
export function keptApart(m: Machine, query: QueryValue): string | undefined {
  if (m.state.proofs.includes(told)) return 'row-level security'
  const made = (query.config ?? []).flatMap((arg) => parts(m, arg))
  if (made.some(({ value }) => ['chosen', 'found'].includes(standingOf(m, value)))) return undefined
  const own = made.find(
    ({ value, name, kept }) => standingOf(m, value) === 'proved' && (!kept || membershipColumn.test(name)),
  )
  return own && `a client that is made for \`${own.name}\``
}

interface Part {
  readonly value: Value
  readonly name: string
  /** A function holds on to it. */
  readonly kept: boolean
}

const deepest = 6

/** What a client is made with, down to what its functions hold on to. */
function parts(m: Machine, value: Value, name = '', depth = deepest): readonly Part[] {
  if (depth === 0) return []
  return alternatives(value).flatMap((part): readonly Part[] => {
    switch (part.t) {
      case 'unknown':
        return [{ value: part, name: part.key ?? name, kept: false }]
      case 'library':
        return 'package' in part.base ? [] : (part.base.config ?? []).flatMap((arg) => parts(m, arg, name, depth - 1))
      case 'function':
        return heldOnTo(m, part).map((held) => ({ ...held, kept: true }))
      case 'object': {
        const cell = m.heap.cell(part)
        if (cell.t === 'array') return cell.items.flatMap((item) => parts(m, item, name, depth - 1))
        return cell.is === 'env' ? [] : [...cell.props].flatMap(([key, inner]) => parts(m, inner, key, depth - 1))
      }
      default:
        return []
    }
  })
}
