/** Reads of the environment that no name in the code keeps to one variable: whoever gets what comes of it gets any secret. */
import { publicVariable } from '../../catalog/names.ts'
import { addEffect } from '../effects.ts'
import type { Machine } from '../machine.ts'
import { callerChosen, noOrigins, origins, type Site } from '../values/origins.ts'
import { alternatives, shallowOrigins, union, withOrigins, type ObjectCell, type Value } from '../values/value.ts'
import { variable } from './results.ts'

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
