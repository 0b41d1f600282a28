/** The environment: its variables, those that a schema has checked, and reads of it that no name keeps to one of them. */
import { publicVariable, secretVariable } from '../../catalog/names.ts'
import { addEffect } from '../effects.ts'
import type { Machine } from '../machine.ts'
import { callerChosen, From, noOrigins, origins, type Site, type Source } from '../values/origins.ts'
import { shapeOf, type Shape } from '../values/shapes.ts'
import {
  alternatives,
  constant,
  shallowOrigins,
  trueValue,
  union,
  unknown,
  withOrigins,
  type ObjectCell,
  type Value,
} from '../values/value.ts'

const gate: Source = {
  t: 'source',
  proof: 'env-gate',
  name: 'NODE_ENV',
  site: { file: '', range: [0, 0] },
  trust: 'verified',
}

/** What a schema says of variables, by their names. */
type Shapes = ReadonlyMap<string, Shape | undefined>

/**
 * The environment: switches that production sets, secrets that only the server knows.
 *
 * @param checked that everything is there was tested when the application started
 * @param shapes by what
 */
export function environment(m: Machine, checked: boolean, shapes: Shapes = new Map()): Value {
  const production = m.persona.environment === 'production'
  const marked = (value: string | boolean): Value => constant(value, origins(From.env, gate))
  const loose = [...shapes].flatMap(([name, of]): [string, Value][] =>
    of?.flag ? [[name, flag(m, name)]] : of?.optional ? [[name, variable(m, name)]] : [],
  )
  return m.heap.newObject(
    {
      ...Object.fromEntries(loose),
      NODE_ENV: marked(production ? 'production' : 'development'),
      DEV: marked(!production),
      PROD: marked(production),
      MODE: marked(production ? 'production' : 'development'),
      SSR: trueValue,
    },
    { rest: variable(m, undefined), is: 'env', ...(checked ? { checked } : {}) },
  )
}

/** The schemas of variables that what checks the environment is given: by their names, or by groups of them. */
export function schemasAmong(m: Machine, args: readonly Value[], depth = 2): Shapes {
  const found = new Map<string, Shape | undefined>()
  for (const arg of args) {
    const cell = m.heap.object(arg)
    if (!cell || cell.is === 'env') continue
    for (const [name, value] of cell.props) {
      const of = shapeOf(value)
      if (of) found.set(name, of)
      else if (depth > 1) for (const [inner, shape] of schemasAmong(m, [value], depth - 1)) found.set(inner, shape)
    }
  }
  return found
}

/** What a schema gives of the environment: its variables, and no longer texts alone. */
export const checkedEnvironment = (m: Machine, data: Value | undefined, of: Shape): Value | undefined =>
  data && m.heap.object(data)?.is === 'env' ? environment(m, true, of.members) : undefined

const secrecyOf = (name: string): number =>
  publicVariable.test(name) ? From.nothing : secretVariable.test(name) ? From.secret : From.setting

/** @param name undefined: nothing says which one, or several */
export function variable(m: Machine, name: string | undefined, checked = false): Value {
  const named = name === undefined ? {} : { key: name }
  // what is not set is no secret
  if (m.persona.variables === 'unset' && name !== undefined && !checked && m.persona.insistence?.on.has(name) !== true)
    return constant(undefined, origins(From.env))
  const from = origins(From.env | (name === undefined ? From.secret : secrecyOf(name)))
  return m.persona.variables === 'set' ? unknown(from, { nullish: 'no', truthy: true, ...named }) : unknown(from, named)
}

/** It is true or false: no secret, whatever it is called. */
function flag(m: Machine, name: string): Value {
  const from = origins(From.env)
  const { variables } = m.persona
  return variables ? constant(variables === 'set', from) : unknown(from, { key: name })
}

/** `process.env[name]` */
export function variableUnder(m: Machine, cell: ObjectCell, key: Value, site: Site): Value {
  return union(
    alternatives(key).map((part) => {
      if (part.t === 'const') return cell.props.get(String(part.value)) ?? variable(m, String(part.value), cell.checked)
      const begins = part.t === 'unknown' ? (part.begins ?? '') : ''
      const isChosen = (shallowOrigins(part).flags & callerChosen) !== 0
      // one that begins with a mark of the bundler is sent to browsers anyway
      return isChosen && !publicVariable.test(`${begins}SECRET`) ? anyVariable(m, site) : variable(m, undefined)
    }),
  )
}

/** Whichever it is, somebody else has said so. */
export function anyVariable(m: Machine, site: Site): Value {
  const read = addEffect(m, { what: 'reads any variable of the environment', kind: 'secret', write: false, site })
  return withOrigins(variable(m, undefined), read ? origins(0, read) : noOrigins)
}
