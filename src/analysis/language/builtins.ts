/** Members that the language itself gives: of strings, functions, maps and responses; of lists and promises see there. */
import { keyAbove, underKey } from '../values/telling.ts'
import { builtinGlobal, namespaces } from './globals.ts'
import { equal } from '../code/equality.ts'
import { arrayMember, ifAny, maybeResult, unknownMethod, listResult } from './lists.ts'
import type { Machine } from '../machine.ts'
import { noteKeptIn } from '../caller/kept-for-others.ts'
import { moduleBinding, moduleForm } from '../code/module-values.ts'
import { merge, noOrigins, type Site } from '../values/origins.ts'
import { promiseMember, resolved } from './promises.ts'
import { responseHeaders } from '../library/request.ts'
import {
  constant,
  native,
  truth,
  undefinedValue,
  union,
  unknown,
  type ConstValue,
  type ObjectValue,
  type Value,
} from '../values/value.ts'

/** A member that the language defines; an unknown without origins when it defines none. */
export function builtinMember(m: Machine, object: Value, key: string): Value {
  switch (object.t) {
    case 'const':
      return typeof object.value === 'string' ? stringMember(object, key) : unknown(object.origins)
    case 'promise':
      return promiseMember(m, object, key)
    case 'function':
      if (key === 'call' || key === 'apply' || key === 'bind') return object
      return key === 'name' ? unknown() : unknown(noOrigins, { key })
    case 'object': {
      const cell = m.heap.cellFor(object, key)
      if (cell.t === 'array') return arrayMember(m, object, cell, key)
      if (cell.is === 'map') return mapMember(m, object, key)
      if (cell.is === 'response') return responseMember(m, object, key)
      if (key === 'hasOwnProperty') return native(key, () => unknown(noOrigins, { nullish: 'no' }))
      if (key === 'toString')
        return native(key, (machine) => unknown(machine.heap.originsOf(object), { nullish: 'no' }))
      return unknown()
    }
    case 'unknown':
      return unknownMethod(object, key)
    case 'native':
      if (object.likewise?.includes(key)) return object
      return (
        (namespaces.has(object.name) ? builtinGlobal(`${object.name}.${key}`) : undefined) ??
        unknown(noOrigins, { key })
      )
    default:
      return unknown()
  }
}

const textMethods = new Set([
  'toLowerCase',
  'toUpperCase',
  'trim',
  'startsWith',
  'endsWith',
  'includes',
  'replace',
  'replaceAll',
  'slice',
  'substring',
  'concat',
  'toString',
  'indexOf',
  'padStart',
  'repeat',
  'at',
  'charAt',
])

function stringMember(object: ConstValue, key: string): Value {
  const text = object.value as string
  if (key === 'length') return constant(text.length, object.origins)
  if (/^\d+$/.test(key)) return constant(text[Number(key)], object.origins)
  if (key === 'split') {
    return native(key, (machine, args) => {
      const by = args[0]
      if (by?.t === 'const' && typeof by.value === 'string')
        return machine.heap.newArray(
          text
            .split(by.value)
            .slice(0, 12)
            .map((part) => constant(part)),
        )
      return machine.heap.newArray([], unknown(object.origins, { nullish: 'no' }))
    })
  }
  if (textMethods.has(key)) {
    return native(key, (machine, args) => {
      const given = machine.heap.originsOfAll(args)
      if (args.every((arg) => arg.t === 'const')) {
        try {
          const method = (text as unknown as Record<string, (...values: unknown[]) => unknown>)[key]!
          const result = method.apply(
            text,
            args.map((arg) => arg.value),
          )
          if (typeof result === 'string' || typeof result === 'number' || typeof result === 'boolean')
            return constant(result, merge(object.origins, given))
        } catch {
          // a wrong argument throws at run time as well: unknown is enough
        }
      }
      return unknown(merge(object.origins, given), { nullish: 'no' })
    })
  }
  return key in String.prototype
    ? native(key, (machine, args) => unknown(merge(object.origins, machine.heap.originsOfAll(args))))
    : unknown(object.origins)
}

const noSite: Site = { file: '', range: [0, 0] }

/** What the module that is being run calls it. */
function nameInModule(m: Machine, { cell }: ObjectValue): string {
  const file = m.frame?.file ?? ''
  const held = moduleForm(m, file).bindings.find(({ owner }, binding) => {
    const value = owner === 0 ? moduleBinding(m, file, binding) : undefined
    return value?.t === 'object' && value.cell === cell
  })
  return held?.name ?? 'Map'
}

function mapMember(m: Machine, object: ObjectValue, key: string): Value {
  const rest = (machine: Machine): Value => machine.heap.object(object)?.rest ?? constant(undefined, object.origins)
  switch (key) {
    case 'get':
      return native(key, (machine, args) =>
        union([rest(machine), constant(undefined, args[0] ? machine.heap.originsOf(args[0]) : noOrigins)]),
      )
    case 'has':
      return native(key, (machine, args) => {
        const cell = machine.heap.object(object)
        const known = cell?.props
        const wanted = args[0]
        if (known && wanted?.t === 'const' && !cell.rest)
          return constant(known.has(String(wanted.value)), merge(object.origins, wanted.origins))
        const among =
          cell?.rest && !cell.keyed && wanted && cell.props.size === 0
            ? equal(machine, cell.rest, wanted, false, noSite)
            : undefined
        if (among && truth(among) === false) return among
        return unknown(machine.heap.originsOfAll([object, ...args]), { nullish: 'no', ...(among ? ifAny(among) : {}) })
      })
    case 'set':
    case 'append':
    case 'add':
      return native(key, (machine, args, site) => {
        const cell = machine.heap.object(object)
        const given = args[key === 'add' ? 0 : 1] ?? undefinedValue
        const value = key === 'add' ? given : underKey(machine, given, args[0] ?? undefinedValue)
        const name = key !== 'add' && args[0]?.t === 'const' ? String(args[0].value) : undefined
        if (name !== undefined) noteKeptIn(machine, object, () => nameInModule(machine, object), given, site)
        const props = cell && name !== undefined ? new Map(cell.props).set(name, value) : cell?.props
        if (cell && props)
          machine.heap.setCell(object, {
            ...cell,
            props,
            rest: cell.rest ? union([cell.rest, value]) : value,
            ...(key === 'add' ? {} : { keyed: true }),
          })
        return object
      })
    case 'size':
      return unknown(m.heap.originsOf(object), { nullish: 'no' })
    case 'forEach':
      return native(
        key,
        (machine, args, at) => (
          maybeResult(machine, args[0] ?? undefinedValue, [rest(machine), keyAbove(rest(machine))], at),
          undefinedValue
        ),
      )
    default:
      return native(key, (machine) =>
        listResult(
          machine,
          machine.heap.originsOf(object),
          key === 'entries' ? machine.heap.newArray([keyAbove(rest(machine)), rest(machine)]) : rest(machine),
        ),
      )
  }
}

function responseMember(m: Machine, object: ObjectValue, key: string): Value {
  const cell = m.heap.object(object)
  if (key === 'status' && cell?.status !== undefined) return constant(cell.status)
  if (key === 'ok' && cell?.status !== undefined) return constant(cell.status < 400)
  if (key === 'headers') return responseHeaders(m, object)
  if (key === 'json' || key === 'text')
    return native(key, (machine, _args, site) => resolved(unknown(machine.heap.originsOf(object)), site))
  return unknown(m.heap.originsOf(object))
}
