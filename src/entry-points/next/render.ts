/**
 * What a page shows. Components of the server run when they are rendered, each for itself: what one of them throws stops
 * neither its siblings nor what was begun before. Components of the client get their properties over the wire, and so does
 * what is markup.
 */
import { callValue } from '../../analysis/code/calls.ts'
import { moduleForm } from '../../analysis/code/module-values.ts'
import type { Machine } from '../../analysis/machine.ts'
import { addRendered } from '../../analysis/caller/shown.ts'
import { settle } from '../../analysis/queries/queries.ts'
import { From, merge, noOrigins, origins, type Origins, type Site } from '../../analysis/values/origins.ts'
import type { Proof } from '../../catalog/meaning.ts'
import {
  alternatives,
  givenWith,
  undefinedValue,
  unknown,
  type ObjectCell,
  type Value,
} from '../../analysis/values/value.ts'

/** Components in components in components: deeper than any page goes. */
const maxDepth = 24

/** Where everything comes from that reaches the caller's browser. A page that greets its user is no getter of the session. */
export function render(m: Machine, value: Value, site: Site): Value {
  const stops = m.log.stops.size
  const { flags, refs } = shown(m, value, site, 0)
  const from = origins(flags & ~From.principal, ...refs)
  // a part of it has sent the caller away
  return m.state.alive && m.log.stops.size > stops ? m.heap.newObject({}, { is: 'denial' }, from) : unknown(from)
}

/** @param proofs what was proved where it was returned */
function shown(m: Machine, value: Value, site: Site, depth: number, proofs: readonly Proof[] = []): Origins {
  if (depth > maxDepth || !m.state.alive) return m.heap.originsOf(value)
  return alternatives(value)
    .map((part): Origins => {
      const known = [...proofs, ...givenWith(part)]
      if (part.t === 'promise') return part.value ? shown(m, part.value, site, depth, known) : noOrigins
      if (part.t === 'query') return addRendered(m, m.heap.originsOf(settle(m, part)), known)
      if (part.t !== 'object') return addRendered(m, m.heap.originsOf(part), known)
      const cell = m.heap.cell(part)
      if (cell.t === 'array')
        return [...cell.items, ...(cell.rest ? [cell.rest] : [])].reduce(
          (from, item) => merge(from, shown(m, item, site, depth + 1, known)),
          part.origins,
        )
      return cell.is === 'element'
        ? element(m, cell, part.origins, site, depth + 1, known)
        : addRendered(m, m.heap.originsOf(part), known)
    })
    .reduce(merge, noOrigins)
}

function element(
  m: Machine,
  cell: ObjectCell,
  own: Origins,
  site: Site,
  depth: number,
  proofs: readonly Proof[],
): Origins {
  const type = cell.props.get('type') ?? undefinedValue
  const props = cell.props.get('props') ?? undefinedValue
  return alternatives(type)
    .map((part) =>
      runsHere(m, part)
        ? component(m, part, props, site, depth, proofs)
        : merge(addRendered(m, own, proofs), below(m, props, site, depth, proofs)),
    )
    .reduce(merge, noOrigins)
}

/** It is code of the server that can be followed. */
function runsHere(m: Machine, type: Value): boolean {
  if (type.t === 'native') return true
  return type.t === 'function' && moduleForm(m, type.file).functions[0]?.directives.includes('use client') !== true
}

/** Elements that stand in the properties are made on the server, whoever gets them. */
function below(m: Machine, props: Value, site: Site, depth: number, proofs: readonly Proof[]): Origins {
  const cell = m.heap.object(props)
  if (!cell) return noOrigins
  return [...cell.props.values()].map((value) => shown(m, value, site, depth, proofs)).reduce(merge, noOrigins)
}

function component(
  m: Machine,
  type: Value,
  props: Value,
  site: Site,
  depth: number,
  proofs: readonly Proof[],
): Origins {
  const outer = { state: m.state, sink: m.sink }
  m.state = outer.state.fork()
  m.sink = { thrown: [] }
  const value = callValue(m, type, [props], site, { awaited: true })
  const from = m.state.alive ? shown(m, value, site, depth, proofs) : noOrigins
  const { alive, denialEffects } = m.state
  m.sink = outer.sink
  m.state = outer.state.fork()
  if (alive) m.state.denialEffects = denialEffects
  return from
}
