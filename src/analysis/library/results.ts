/** What the catalogue says that a call gives, made into values. */
import type { ArgPath, Proof, Result } from '../../catalog/meaning.ts'
import { cached } from './cached.ts'
import { argumentAt } from './arguments.ts'
import { callValue } from '../code/calls.ts'
import { functionsIn } from '../code/given-functions.ts'
import { lasting } from '../state/lasting.ts'
import { awaitValue } from '../code/expressions.ts'
import type { Machine } from '../machine.ts'
import { clientIsMade } from '../effects.ts'
import { setMember } from '../code/members.ts'
import { callerChosen, From, merge, noOrigins, origins, type Origins, type Site } from '../values/origins.ts'
import { fulfilled } from '../language/promises.ts'
import { atMost, chanceIn } from '../values/wording.ts'
import { conditionOf } from '../queries/query-conditions.ts'
import {
  called,
  headerOrigins,
  requestValue,
  headersValue,
  cookiesValue,
  preparedRequest,
  urlValue,
  responseValue,
} from './request.ts'
import { showReads } from '../caller/shown.ts'
import { environment, schemasAmong } from './environment.ts'
import { streamPair } from './pipes.ts'
import {
  alternatives,
  heldBy,
  constant,
  falseValue,
  native,
  stableNative,
  nullValue,
  trueValue,
  undefinedValue,
  union,
  unknown,
  type Value,
} from '../values/value.ts'

export interface About {
  readonly args: readonly Value[]
  readonly site: Site
  readonly name: string
  readonly from: Origins
  readonly callback?: Value
  /** What the instance was made with that the method is called on. */
  readonly made?: readonly Value[]
  /** What is proved where a boolean that it gives is true. */
  readonly proves?: readonly Proof[]
}

/** A client that is made of a client, of a client …: what the last ones were made with. */
const longestConfig = 6

/** Makes the value that a result describes. */
export function result(m: Machine, r: Result, about: About): Value {
  if (typeof r === 'object') return structuredResult(m, r, about)
  const from = about.from
  switch (r) {
    case 'null':
      return from === noOrigins ? nullValue : constant(null, from)
    case 'undefined':
      return from === noOrigins ? undefinedValue : constant(undefined, from)
    case 'true':
      return from === noOrigins ? trueValue : constant(true, from)
    case 'false':
      return from === noOrigins ? falseValue : constant(false, from)
    case 'boolean':
      return unknown(from, { nullish: 'no', ...(about.proves ? { whenTrue: about.proves } : {}) })
    case 'string':
    case 'number':
      return unknown(from, { nullish: 'no' })
    case 'throws':
      return m.throw(m.heap.newObject({}, { is: 'error' }))
    case 'redirects':
      return m.throw(m.heap.newObject({}, { is: 'error', ...sentTo(m, about.args) }))
    case 'principal':
      m.log.identified++
      // whoever it is, it is not nothing
      return unknown(merge(from, origins(From.principal)), { nullish: 'no', truthy: true })
    case 'membership':
      m.log.identified++
      return unknown(merge(from, origins(From.principal | From.membership)), { nullish: 'no', truthy: true })
    case 'tenant':
      m.log.identified++
      return unknown(merge(from, origins(From.principal)), { nullish: 'no', truthy: true, key: 'organizationId' })
    case 'input':
      return unknown(origins(From.input))
    case 'request':
      return requestValue(m)
    case 'prepared-request':
      return preparedRequest(m, about)
    case 'url':
      return urlValue(m, about)
    case 'headers':
      return headersValue(m)
    case 'header':
      return unknown(headerOrigins(about.args[0]), called(about.args[0]))
    case 'cookies':
      // those that are set go out with the answer
      return cookiesValue(m, (machine, args) => (showReads(machine, args), undefinedValue))
    case 'cookie':
      return unknown(origins(From.cookie), called(about.args[0]))
    case 'digest':
      return unknown(merge(from, origins(From.digest)), {
        nullish: 'no',
        ...((from.flags & callerChosen) !== 0 ? { digested: true } : {}),
        ...about.args.map((arg) => atMost(bitsOfDigest, chanceIn(m, arg))).find(({ chance }) => chance !== undefined),
      })
    case 'secret':
      return unknown(origins(From.secret | From.env), { nullish: 'no' })
    case 'env':
      return environment(m, false)
    case 'checked-env':
      return environment(m, true, schemasAmong(m, about.args))
    case 'row':
      return unknown(merge(from, origins(From.row)))
    case 'rows':
      return m.heap.newArray([], unknown(merge(from, origins(From.row)), { nullish: 'no' }))
    case 'response':
      return responseValue(m, about)
    case 'ok-response':
      return responseValue(m, about, 200)
    case 'stream-pair':
      return streamPair(m)
    case 'denial':
      return m.heap.newObject({}, { is: 'denial', ...sentTo(m, about.args) }, noOrigins)
    case 'aggregate':
      return unknown(from, { nullish: 'no', aggregate: true })
    case 'empty-list':
      return m.heap.newArray([], undefined, from)
    case 'callback':
      return about.callback ?? unknown(from)
    case 'parts': {
      const held = partsOf(m, about)
      return held.length > 0 ? m.heap.newObject({}, { rest: union([...held, unknown(from)]) }) : unknown(from)
    }
    case 'part':
      return union([unknown(from), ...partsOf(m, about)])
    case 'collection':
      return m.heap.newObject(
        m.heap.object(about.args[0] ?? undefinedValue)?.props ?? {},
        { is: 'map', rest: unknown(from) },
        from,
      )
    case 'promise-list': {
      const list = m.heap.array(about.args[0] ?? undefinedValue)
      if (!list) return unknown(from)
      return m.heap.newArray(
        list.items.map((item) => fulfilled(m, item)),
        list.rest ? fulfilled(m, list.rest) : undefined,
      )
    }
    case 'column':
      return {
        t: 'builder',
        builder: 'column',
        calls: [{ method: about.name, args: about.args, site: about.site }],
        site: about.site,
      }
    case 'unknown':
      return unknown(from)
  }
}

/** What the arguments hold and callbacks gave, where there are functions in it: data is as good as unknown. */
function partsOf(m: Machine, { args, callback }: About): readonly Value[] {
  const held = args.flatMap((arg) =>
    alternatives(arg).flatMap((part) => (part.t === 'object' ? heldBy(m.heap.cell(part)) : [])),
  )
  const there = [...held, ...(callback ? [callback] : [])].flatMap(alternatives)
  return there.filter((part) => part.t === 'native' || functionsIn(m, part).length > 0)
}

/** Who is sent to an address that was made of rows gets what is in it. */
function sentTo(m: Machine, args: readonly Value[]): { readonly rest?: Value } {
  const refs = m.heap.originsOfAll(args).refs.filter((ref) => ref.t === 'read')
  return refs.length === 0 ? {} : { rest: unknown({ flags: 0, refs }) }
}

function structuredResult(m: Machine, r: Exclude<Result, string>, about: About): Value {
  if ('arg' in r) return about.args[r.arg] ?? undefinedValue
  if ('awaited' in r)
    return awaitValue(m, about.args[r.awaited] ?? undefinedValue, { t: 'undefined', range: about.site.range })
  if ('instance' in r) {
    clientIsMade(m)
    const made = [...about.args, ...(about.made ?? [])].slice(0, longestConfig)
    return {
      t: 'library',
      base: {
        instance: r.instance,
        site: about.site,
        // the instance is often kept for all that come later; whom it is made for is told by what its closures hold on to
        config: m.tracing || m.world.catalog.runsItsConfig(r.instance) ? made : made.map((arg) => lasting(m, arg)),
      },
      path: [],
      origins: instanceOrigins(r.ofCaller ? merge(about.from, origins(From.request)) : about.from),
    }
  }
  if ('document' in r) return unknown(about.from, { nullish: 'no', document: r.document })
  if ('object' in r) {
    const props = new Map(Object.entries(r.object).map(([key, inner]) => [key, result(m, inner, about)] as const))
    return m.heap.newObject(
      props,
      r.rest !== undefined && r.rest !== 'undefined' ? { rest: result(m, r.rest, about) } : {},
      r.rest === 'undefined' ? about.from : noOrigins,
    )
  }
  if ('fn' in r)
    return {
      t: 'library',
      base: { package: 'global' },
      path: [about.name],
      origins: instanceOrigins(about.from),
      meaning: r.fn,
    }
  if ('list' in r) return m.heap.newArray([], result(m, r.list, about))
  if ('maybe' in r) return union([result(m, r.maybe, about), r.absent === 'null' ? nullValue : undefinedValue])
  if ('wraps' in r) {
    const wrapped = argumentAt(m, typeof r.wraps === 'number' ? [r.wraps] : r.wraps, about.args) ?? undefinedValue
    const wrapper = native(about.name, (machine, args, site, awaited) => {
      const given = (r.given ?? []).map((item) => result(machine, item, about))
      // called by the framework it is the handler itself
      const how = machine.stack.length === 0 ? 'handler' : 'wrapper'
      const all = [...given, ...args.slice(given.length)]
      if (r.sets) {
        const holder = argumentAt(machine, r.sets.at.slice(0, -1), all)
        if (holder) setMember(machine, holder, String(r.sets.at.at(-1)), result(machine, r.sets.to, about))
      }
      return callValue(machine, wrapped, all, site, { awaited, how, name: about.name })
    })
    return r.likewise ? { ...wrapper, likewise: r.likewise } : wrapper
  }
  if ('keeps' in r) {
    const kept = about.args[r.keeps] ?? undefinedValue
    const key = m.heap.originsOf(about.args[r.key] ?? undefinedValue)
    return native(about.name, (machine, args, site, awaited) =>
      cached(machine, merge(key, machine.heap.originsOfAll(args)), about, () =>
        callValue(machine, kept, args, site, { awaited, name: '' }),
      ),
    )
  }
  if ('bits' in r) return madeByChance(about.from, r.bits * (r.times ? amount(m, r.times, about.args, r.usually) : 1))
  if ('lettersOf' in r) return textMaker(m, about)
  if ('condition' in r) return conditionOf(m, r.condition, about.args)
  const name = about.args[r.table.name]
  return {
    t: 'table',
    name: name?.t === 'const' ? String(name.value) : '',
    columns: about.args[r.table.columns] ?? undefinedValue,
    site: about.site,
  }
}

/** The shortest digest in use (SHA-1). */
const bitsOfDigest = 160

const madeByChance = (from: Origins, bits: number): Value =>
  unknown(from, { nullish: 'no', truthy: true, ...(bits > 0 ? { chance: Math.floor(bits) } : {}) })

/** The number that an argument is; 0 where nobody can tell. */
function amount(m: Machine, at: ArgPath, args: readonly Value[], usually = 0): number {
  const asked = argumentAt(m, at, args)
  if (!asked || (asked.t === 'const' && asked.value === undefined)) return usually
  return asked.t === 'const' && typeof asked.value === 'number' ? asked.value : 0
}

/** A function that makes texts by chance, of the letters that it was made with. */
function textMaker(m: Machine, { args, name, from }: About): Value {
  const [letters, usual] = args
  const each = letters?.t === 'const' ? Math.log2(new Set(String(letters.value)).size) : 0
  const length = usual ? amount(m, [0], [usual]) : 0
  // what it is called is all that tells it from another one
  const called = `${name} of ${String(length)} letters, ${String(each)} bits each`
  return stableNative(called, (machine, asked) => madeByChance(from, each * amount(machine, [0], asked, length)))
}

/** A client that carries the caller's headers is the caller's; one that was made of constants is nobody's. */
export const instanceOrigins = (from: Origins): Origins =>
  origins(from.flags & (callerChosen | From.request | From.principal))
