/** Methods of data, of which nothing is known but where it comes from: `title.trim()`, `rows.map(…)`. They compute from it. */
import { toldMembers } from '../../catalog/schema-words.ts'
import { checkedEnvironment } from '../library/environment.ts'
import { maybeCall, waitsForRequest } from '../code/given-functions.ts'
import type { Machine } from '../machine.ts'
import { merge, noOrigins, type Origins, type Site } from '../values/origins.ts'
import { isParse, resultOf, shapeAfter, type Shape } from '../values/shapes.ts'
import { privilegeOf, standingOf, tiesIn } from '../caller/standing.ts'
import { bound, memberTerm } from '../caller/ties.ts'
import { madeOf } from '../values/made.ts'
import { wordingAfter } from '../values/wording.ts'
import {
  alternatives,
  constant,
  traceOf,
  undefinedValue,
  unknown,
  type UnknownValue,
  type Value,
} from '../values/value.ts'

/**
 * What such a method gives, with what the functions give that it runs.
 *
 * @param self the data, where it is told
 * @param from where the data and the arguments come from
 */
export function callDataMethod(
  m: Machine,
  self: Value | undefined,
  method: UnknownValue,
  args: readonly Value[],
  from: Origins,
  site: Site,
): Value {
  const { key = '', shape, shaped } = method
  if (changing.has(key)) m.heap.changedOthers = true
  const checked = shape && !shaped ? ofEnvironment(m, shape, key, args) : undefined
  if (checked) return checked
  const starts = key === 'startsWith' ? startsWith(self, args) : undefined
  if (starts !== undefined) return constant(starts, from)
  const results = args
    .filter((arg) => arg.t === 'function' && !waitsForRequest(m, arg))
    .map((arg) => maybeCall(m, arg, [unknown(from)], site))
  return unknown(merge(from, m.heap.originsOfAll(results)), {
    ...(givesSomething.has(key) ? { nullish: 'no' } : {}),
    ...(m.tracing ? tracedMethod(m, method, args) : {}),
    ...madeOf(m, '', [method, ...args]),
    ...wordingAfter(m, self, method.key, args),
    ...(shape && !shaped ? ofSchema(m, shape, key, args) : {}),
  })
}

/** Of a text of which the beginning is known (`/reports/[id]`): whether it begins so, where that much of it tells. */
function startsWith(self: Value | undefined, [wanted, ...more]: readonly Value[]): boolean | undefined {
  const text = self?.t === 'unknown' ? self.begins : undefined
  if (!text || more.length > 0 || wanted?.t !== 'const' || typeof wanted.value !== 'string') return undefined
  if (text.startsWith(wanted.value)) return true
  return wanted.value.startsWith(text) ? undefined : false
}

/** Methods that change what they are called on. */
const changing = new Set(
  'push pop shift unshift splice sort reverse fill set add append delete clear assign'.split(' '),
)

/** Methods of texts, lists and digests that give a text or a list, never nothing. */
const givesSomething = new Set(
  `join toString trim replace replaceAll slice substring toLowerCase toUpperCase padStart padEnd concat normalize repeat
   split toISOString toFixed digest`.split(/\s+/),
)

/** A schema that is changed, or what it gives of the data that it has checked. */
function ofSchema(m: Machine, shape: Shape, method: string, args: readonly Value[]): Partial<UnknownValue> {
  const given = isParse(method) ? shape : resultOf(shape, method)
  return given
    ? { ...traceOf(args[0]), nullish: given.optional ? 'maybe' : 'no', shaped: true, shape: given }
    : { nullish: 'no', shape: shapeAfter(m, shape, method, args) }
}

/** The environment, once a schema has checked it: `parse` and its like give it, `safeParse` says beside it whether it passed. */
function ofEnvironment(m: Machine, shape: Shape, method: string, args: readonly Value[]): Value | undefined {
  const told = isParse(method) ? undefined : resultOf(shape, method)?.members
  const environment = told || isParse(method) ? checkedEnvironment(m, args[0], shape) : undefined
  if (!environment || !told) return environment
  const members = [...told.keys()].map((key) => [key, key === toldMembers.data ? environment : unknown()] as const)
  return m.heap.newObject(new Map(members))
}

/** What a method of data gives, and what it shows: `formData.get('id')`, `user.teams.includes(data.team)`. */
function tracedMethod(m: Machine, callee: UnknownValue, args: readonly Value[]): Partial<UnknownValue> {
  if (callee.key === 'includes' || callee.key === 'has') {
    const wanted = args[0] ?? undefinedValue
    const among = standingOf(m, callee) === 'proved' ? tiesIn(wanted).map(bound) : []
    const proofs = [
      ...among,
      ...alternatives(wanted).flatMap((part) => (part.t === 'unknown' ? privilegeOf(m, part) : [])),
    ]
    return proofs.length > 0 ? { whenTrue: proofs } : {}
  }
  if (!callee.term || args.length === 0) return traceOf(callee)
  // a prefix is taken off
  if (
    callee.key?.startsWith('replace') &&
    args.every((arg) => alternatives(arg).every((part) => part.t !== 'unknown' || part.origins === noOrigins))
  )
    return traceOf(callee)
  const said = args.map((arg) =>
    arg.t === 'const' ? JSON.stringify(arg.value) : arg.t === 'unknown' ? (arg.term?.id ?? '?') : '?',
  )
  return { ...traceOf(callee), term: memberTerm(callee.term, `(${said.join()})`) }
}
