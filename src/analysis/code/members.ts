/** Properties of values, and what comes out of lists. */
import { recorded } from '../values/recorded.ts'
import { guestFlag, isUnguessable, listsRights, snake, speaksOfCaller } from '../../catalog/names.ts'
import type { Proof } from '../../catalog/meaning.ts'
import { callValue } from './calls.ts'
import { baseOf, inClass } from './classes.ts'
import { callFunction } from './function-calls.ts'
import { builtinMember } from '../language/builtins.ts'
import { evaluate } from './expressions.ts'
import { documentMember } from '../library/documents.ts'
import { variable, variableUnder } from '../library/environment.ts'
import { isListed, libraryMember } from '../library/meanings.ts'
import { moduleForm } from './module-values.ts'
import type { Machine } from '../machine.ts'
import { deny, decide } from '../caller/decisions.ts'
import { isOfRight, isOwnRole, pickedByRole, rightsIn } from '../caller/role-tables.ts'
import {
  asIfAsked,
  callerChosen,
  From,
  hasSource,
  merge,
  noOrigins,
  origins,
  type Origins,
  type Site,
} from '../values/origins.ts'
import { queryMember } from '../queries/queries.ts'
import { askedOf } from '../caller/claims.ts'
import { memberShape } from '../values/shapes.ts'
import { atMost, chanceIn, isFilledByChance } from '../values/wording.ts'
import { madeOf } from '../values/made.ts'
import { keyAbove, underKey } from '../values/telling.ts'
import { flagsPrivilege, openRow } from '../caller/standing.ts'
import { bound, isBound, memberTerm, rootTerm, tiesOf, type Term } from '../caller/ties.ts'
import {
  alternatives,
  constant,
  isNullish,
  shallowOrigins,
  traceOf,
  undefinedValue,
  union,
  unknown,
  type ClassValue,
  type ObjectCell,
  type UnknownValue,
  type Value,
} from '../values/value.ts'

export function member(m: Machine, object: Value, key: string | Value, site: Site): Value {
  if (!m.state.alive) return undefinedValue
  const parts = alternatives(m.heap.now(object))
  if (parts.length === 1) return memberOf(m, parts[0]!, key, site)
  // reading a property of null throws: the other alternatives go on
  const able = parts.filter((part) => isNullish(part) !== true)
  if (able.length === 0) return memberOf(m, parts[0]!, key, site)
  // where reading runs something that throws, the others go on as well
  return able.some((part) => mayRun(m, part))
    ? m.split(able.map((part) => () => memberOf(m, part, key, site)))
    : union(able.map((part) => memberOf(m, part, key, site)))
}

/** To read a property of it may run a function. */
function mayRun(m: Machine, value: Value): boolean {
  const cell = m.heap.object(value)
  return cell?.is === 'proxy' || cell?.accessors !== undefined || cell?.cls !== undefined || value.t === 'class'
}

function memberOf(m: Machine, object: Value, key: string | Value, site: Site): Value {
  if (typeof key !== 'string') return computedMember(m, object, key, site)
  switch (object.t) {
    case 'const':
      if (object.value === null || object.value === undefined) {
        // a property of an absent identity: the TypeError refuses the caller
        if (hasSource(object.origins)) {
          deny(m, decide(m, object.origins, site, true))
          return m.throw(m.heap.newObject({}, { is: 'error' }))
        }
        return unknown(object.origins, { key, lost: true })
      }
      return builtinMember(m, object, key)
    case 'object': {
      const cell = m.heap.cellFor(object, key)
      if (cell.t === 'array') return builtinMember(m, object, key)
      if (cell.is === 'env' && !cell.props.has(key)) return variable(m, key, cell.checked)
      if (cell.is === 'proxy') return proxyMember(m, object, cell, key, site)
      const getter = cell.accessors?.get(key)?.get
      if (getter) return callValue(m, getter, [], site, { self: object })
      const own = cell.props.get(key)
      if (own !== undefined) return withParent(own, object.origins)
      if (cell.cls) {
        const method = classMember(m, cell.cls, key, object)
        if (method) return method
      }
      if (cell.is === 'error' && (key === 'message' || key === 'stack' || key === 'name'))
        return unknown(cell.rest ? merge(object.origins, m.heap.originsOf(cell.rest)) : object.origins)
      if (cell.is === 'map' || cell.is === 'response') return builtinMember(m, object, key)
      if (cell.rest) return asMember(m, cell.rest, key, site)
      const known = builtinMember(m, object, key)
      return known.t === 'unknown' ? constant(undefined, object.origins) : known
    }
    case 'unknown':
      return unknownMember(m, object, key, site)
    case 'library':
      return libraryMember(m, object, key, site)
    case 'query':
      return queryMember(m, object, key, site)
    case 'class':
      return staticMember(m, object, key, site)
    case 'table':
      return tableMember(m, object, key)
    case 'builder': {
      const builder = object
      return {
        t: 'native',
        name: key,
        // what it was given may be read of it: the name of a tool
        origins: builder.origins ?? noOrigins,
        call: (machine, args, at) => {
          const special = machine.world.behaviours.get(builder.builder)?.methods?.[key]?.(machine, builder, args, at)
          return special ?? recorded(machine, builder, { method: key, args, site: at })
        },
      }
    }
    case 'union':
      return union(object.of.map((part) => memberOf(m, part, key, site)))
    case 'condition':
      return unknown(object.origins)
    case 'promise':
    case 'function':
    case 'native':
      return builtinMember(m, object, key)
  }
}

function proxyMember(m: Machine, proxy: Value, cell: ObjectCell, key: string, site: Site): Value {
  const target = cell.props.get('target') ?? undefinedValue
  const handler = cell.props.get('handler')
  const trap = handler && m.heap.object(handler)?.props.get('get')
  if (!trap || trap.t === 'const') return member(m, target, key, site)
  return callValue(m, trap, [target, constant(key), proxy], site, {})
}

/** A plain property of an object that hangs on the caller: `session.data.userId`, `{ granted: false }`. */
function withParent(value: Value, from: Origins): Value {
  if (isOfRight(from)) return pickedByRole(value)
  return value.t === 'const' && hasSource(from) ? constant(value.value, merge(value.origins, from)) : value
}

function asMember(m: Machine, rest: Value, key: string, site: Site): Value {
  return union(
    alternatives(rest).map((part) =>
      part.t === 'unknown'
        ? { ...part, key, ...(m.tracing ? tracedMember(m, part, key) : {}) }
        : part.t === 'library'
          ? libraryMember(m, part, key, site)
          : part,
    ),
  )
}

function unknownMember(m: Machine, object: Extract<Value, { t: 'unknown' }>, key: string, site: Site): Value {
  // it says so itself
  if ((object.origins.flags & From.guest) !== 0 && guestFlag.test(snake(key))) return constant(true, object.origins)
  const listed = documentMember(m, object, key, site)
  if (listed) return listed
  if (object.members) {
    const known = libraryMember(m, object.members, key, site)
    if (known.t !== 'library' || isListed(m, known)) return known
  }
  if ((object.origins.flags & From.installation) !== 0 && m.persona.variables)
    return m.persona.variables === 'set'
      ? unknown(object.origins, { nullish: 'no', truthy: true, key })
      : constant(undefined, object.origins)
  const method = object.lost ? undefined : builtinMember(m, object, key)
  if (method && (method.t !== 'unknown' || method.lengthOf !== undefined)) return method
  const of = object.shaped ? memberShape(object, key) : object.shape
  const from = columnOrigins(originsOfMember(m, object.origins, key), object.table, key)
  const found = unknown(merge(from, rightsIn(m, object, key) ?? noOrigins), {
    key,
    ...(object.shaped ? { nullish: of?.optional ? ('maybe' as const) : ('no' as const), shaped: true } : {}),
    ...(of ? { shape: of } : {}),
    ...(object.lost ? { lost: true } : {}),
    ...(object.table !== undefined ? { table: object.table } : {}),
    ...(m.tracing ? tracedMember(m, object, key) : {}),
    ...madeOf(m, `.${key}`, [object]),
  })
  const proofs = [...flagsPrivilege(m, found), ...askedOf(m, found, site)]
  if (proofs.length > 0) return { ...found, whenTrue: [...(found.whenTrue ?? []), ...proofs] }
  return { ...found, ...openRow(m, found) }
}

/** Data stays data, unless the name of its part speaks of a caller; other things may ask who calls when they are looked at. */
const originsOfMember = (m: Machine, from: Origins, key: string): Origins =>
  asIfAsked(from, m.world.same, speaksOfCaller(key) ? 'all' : 'objects')

/** Methods that give the same in another spelling: `replace` where what it is given stands in the code (`data-methods.ts`). */
const spellings = new Set(['trim', 'toLowerCase', 'toUpperCase', 'toString', 'normalize', 'replace', 'replaceAll'])

function tracedMember(m: Machine, object: UnknownValue, key: string): Partial<UnknownValue> {
  if (spellings.has(key)) return traceOf(object)
  const chosen = (object.origins.flags & callerChosen) !== 0
  const term = object.term ?? (chosen ? rootTerm('input') : undefined)
  const linked = term === undefined ? undefined : linkedBy(m, object, term, key)
  const below = object.links?.flatMap((link) =>
    link.path.startsWith(`${key}.`) ? [{ ...link, path: link.path.slice(key.length + 1) }] : [],
  )
  return {
    ...(term ? { term: memberTerm(term, key) } : {}),
    ...(object.mine ? { mine: true } : {}),
    // of a row that is not there, nothing is
    ...(object.mine && object.term?.row !== undefined && object.whenTrue ? { whenTrue: object.whenTrue } : {}),
    ...(linked ? { whenTrue: linked, list: true } : {}),
    ...(below?.length ? { links: below } : {}),
    // an item of such a list, or how many there are
    ...(object.list && object.whenTrue && /^(length|\d+|each)$/.test(key) ? { whenTrue: object.whenTrue } : {}),
  }
}

/** What is proved where the relation has a row. */
function linkedBy(m: Machine, object: UnknownValue, term: Term, key: string): readonly Proof[] | undefined {
  const link = object.links?.find(({ path }) => path === key)
  if (!link) return undefined
  if (!link.names) return tiesOf(term)
  return object.mine || isBound(m.state.proofs, term) ? link.names.map(bound) : undefined
}

/** The column of a row that its owner alone knows. */
const columnOrigins = (from: Origins, table: string | undefined, key: string): Origins =>
  (from.flags & From.row) !== 0 && (from.flags & callerChosen) === 0 && isUnguessable(table ?? '', key)
    ? merge(from, origins(From.stored))
    : from

function computedMember(m: Machine, object: Value, key: Value, site: Site): Value {
  const from = merge(m.heap.originsOf(object), m.heap.originsOf(key))
  if (isNullish(object) === true) return memberOf(m, object, '…', site)
  const array = m.heap.array(object)
  if (array) return union([...array.items, ...(array.rest ? [array.rest] : []), undefinedValue])
  const cell = m.heap.object(object)
  if (cell?.is === 'env') return variableUnder(m, cell, key, site)
  // what was put in under such a key is there to be called, or to be put into
  const holds = alternatives(cell?.rest ?? undefinedValue).some((part) => part.t !== 'unknown' && part.t !== 'const')
  if (cell && (cell.props.size > 0 || (holds && !cell.is))) {
    const begins = key.t === 'unknown' ? (key.begins ?? '') : ''
    const named = [...cell.props].flatMap(([name, value]) => (name.startsWith(begins) ? [value] : []))
    const held = [...named, ...(cell.rest ? [cell.rest] : [])]
    return union([...held.map((value) => picked(m, value, key)), constant(undefined, shallowOrigins(key))])
  }
  if (object.t === 'library') return libraryMember(m, object, '*', site)
  // made on the way, and still empty
  if (object.t === 'object' && cell && !cell.rest && !cell.is && !cell.cls && !m.world.heap.has(object.cell))
    return constant(undefined, shallowOrigins(key))
  if (object.t === 'const' && typeof object.value === 'string')
    return unknown(from, atMost(Math.log2(new Set(object.value).size), chanceIn(m, key)))
  // nothing in sight has put anything into it
  const found = unknown(asIfAsked(from, m.world.same, 'objects'), cell && !cell.rest && !cell.is ? { lost: true } : {})
  return isOwnRole(m, key) ? pickedByRole(found) : found
}

/** Which of the lists it is hangs on the caller: `permissions[user.role]`. */
function picked(m: Machine, value: Value, by: Value): Value {
  const found = isOwnRole(m, by) ? pickedByRole(value) : value
  return found.t === 'object' && m.heap.array(found) && (shallowOrigins(by).flags & From.principal) !== 0
    ? { ...found, origins: merge(found.origins, shallowOrigins(by)) }
    : found
}

function tableMember(m: Machine, table: Extract<Value, { t: 'table' }>, key: string): Value {
  if (key === '$inferSelect' || key === '$inferInsert') return unknown()
  return m.heap.newObject({ $column: constant(key), $table: table })
}

function classMember(m: Machine, cls: ClassValue, key: string, self: Value, depth = 0): Value | undefined {
  const form = moduleForm(m, cls.file).classes[cls.cls]
  if (!form || depth > 8) return undefined
  const found = form.members.find(
    (item) => item.key === key && !item.static && item.fn !== undefined && item.kind !== 'setter',
  )
  if (found?.fn !== undefined) {
    const fn: Value = { t: 'function', file: cls.file, fn: found.fn, env: cls.env, self }
    if (found.kind === 'getter') return callFunction(m, fn, [], { file: cls.file, range: form.range }, { self })
    return fn
  }
  const base = baseOf(m, cls)
  if (base?.t === 'class') return classMember(m, base, key, self, depth + 1)
  return base && base.t !== 'library' ? unknown(shallowOrigins(base)) : undefined
}

function staticMember(m: Machine, cls: ClassValue, key: string, site: Site): Value {
  const written = cls.statics && m.heap.object(cls.statics)?.props.get(key)
  if (written) return written
  const form = moduleForm(m, cls.file).classes[cls.cls]
  const found = form?.members.find((item) => item.key === key && item.static)
  if (found?.fn !== undefined) {
    const fn: Value = { t: 'function', file: cls.file, fn: found.fn, env: cls.env, self: cls }
    return found.kind === 'getter' ? callFunction(m, fn, [], site, { self: cls }) : fn
  }
  if (found?.value) {
    let value: Value = undefinedValue
    inClass(m, cls, cls, () => {
      value = evaluate(m, found.value!)
    })
    return value
  }
  const base = form?.base ? baseOf(m, cls) : undefined
  return base ? memberOf(m, base, key, site) : undefinedValue
}

export function setMember(m: Machine, object: Value, key: string | Value, value: Value): void {
  const parts = alternatives(object).map((part) => (part.t === 'class' ? part.statics : part))
  for (const part of parts) {
    if (part?.t === 'unknown') m.heap.changedOthers = true
    if (part?.t !== 'object') continue
    const cell = typeof key === 'string' ? m.heap.cellFor(part, key) : m.heap.cell(part)
    const setter = cell.t === 'object' && typeof key === 'string' ? setterOf(m, cell, key, part) : undefined
    if (setter) {
      callValue(m, setter, [value], m.site([0, 0]), { self: part })
      continue
    }
    // one of several objects is written: what it held may still be there
    const written = (before: Value | undefined): Value =>
      parts.length > 1 ? union([value, before ?? undefinedValue]) : value
    if (cell.t === 'array') {
      // any of what chance has put there may be gone
      const items = isFilledByChance(cell) ? cell.items.map((item) => union([item, value])) : cell.items
      m.heap.setCell(part, { ...cell, items, rest: cell.rest ? union([cell.rest, value]) : value })
    } else if (typeof key === 'string') {
      m.heap.setCell(part, { ...cell, props: new Map(cell.props).set(key, written(cell.props.get(key) ?? cell.rest)) })
    } else {
      const held = underKey(m, value, key)
      m.heap.setCell(part, { ...cell, rest: union([held, cell.rest ?? undefinedValue]) })
    }
  }
}

function setterOf(m: Machine, cell: ObjectCell, key: string, self: Value): Value | undefined {
  const own = cell.accessors?.get(key)?.set
  if (own || !cell.cls) return own
  for (let cls: Value | undefined = cell.cls, depth = 0; cls?.t === 'class' && depth < 8; depth++) {
    const { file, env } = cls
    const members = moduleForm(m, file).classes[cls.cls]?.members ?? []
    const found = members.find((item) => item.key === key && !item.static && item.kind === 'setter')
    if (found?.fn !== undefined) return { t: 'function', file, fn: found.fn, env, self }
    cls = baseOf(m, cls)
  }
  return undefined
}

/** What an item of this list is. */
export function iterate(m: Machine, list: Value): Value {
  const items = alternatives(list).map((part): Value => {
    const array = m.heap.array(part)
    if (array)
      return array.items.length > 0 || array.rest
        ? union([...array.items, ...(array.rest ? [array.rest] : [])])
        : undefinedValue
    if (part.t === 'promise' && part.value) return iterate(m, part.value)
    const cell = m.heap.object(part)
    if (cell?.is === 'map' && cell.rest) return union([cell.rest, m.heap.newArray([keyAbove(cell.rest), cell.rest])])
    // a set that was made of what stands in the code
    if (cell?.is === 'map' && cell.props.size > 0) return union([...cell.props.values()])
    if (part.t === 'unknown')
      return unknown(part.origins, {
        nullish: 'no',
        // one of somebody's permissions is a permission
        ...(part.key !== undefined && listsRights(part.key) ? { key: part.key } : {}),
        ...(part.table !== undefined ? { table: part.table } : {}),
        ...(m.tracing ? tracedMember(m, part, 'each') : {}),
        ...madeOf(m, 'each', [part]),
      })
    const any = unknown(m.heap.originsOf(part), { nullish: 'no' })
    // nothing tells that it is no list
    return cell?.rest && !cell.is ? union([any, cell.rest]) : any
  })
  return union(items)
}
