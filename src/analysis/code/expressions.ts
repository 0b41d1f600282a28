/** Evaluates expressions on abstract values. */
import { underKey } from '../values/telling.ts'
import type { Arg, Expr, ObjectProp, Pattern } from '../../model/form.ts'
import { withGiven } from '../values/answers.ts'
import { call, callValue } from './calls.ts'
import { construct } from './classes.ts'
import { branch, logical } from './conditions.ts'
import { compare, withToken } from './operators.ts'
import { proofsOf } from './test-proofs.ts'
import { readForCache } from '../library/cached.ts'
import { anyVariable } from '../library/environment.ts'
import { noteKeptIn } from '../caller/kept-for-others.ts'
import { bindingName, isOwnCache, lookup } from './module-values.ts'
import { importModule } from './module-exports.ts'
import { asHeld } from './made-once.ts'
import { ifThere } from '../language/filtered.ts'
import { iterate, member, setMember } from './members.ts'
import {
  callerChosen,
  From,
  hasSource,
  isPrivilege,
  merge,
  noOrigins,
  origins,
  siteKey,
  sourcesOf,
  type Origins,
} from '../values/origins.ts'
import type { Machine } from '../machine.ts'
import { addNote } from '../caller/notes.ts'
import { prove } from '../caller/proving.ts'
import { addDoubt } from '../caller/doubts.ts'
import { deny, decide } from '../caller/decisions.ts'
import { settleAwaited } from '../queries/queries.ts'
import { bindPattern } from './patterns.ts'
import {
  alternatives,
  constant,
  isNullish,
  mayBeMissing,
  native,
  shallowOrigins,
  traceOf,
  trueValue,
  truth,
  undefinedValue,
  union,
  unknown,
  MAX_JOINED,
  MAX_TEXT,
  nameOfSecretIn,
  type Accessor,
  type Env,
  type ObjectValue,
  type UnknownValue,
  type Value,
} from '../values/value.ts'
import { globalValue } from '../library/meanings.ts'
import { namesIn, standingOf, tiesIn } from '../caller/standing.ts'
import { State } from '../state/state.ts'
import { madeOf } from '../values/made.ts'
import { chanceOfAll, wordingOf } from '../values/wording.ts'

/** The value of an expression for this caller. `awaited`: the result is awaited at once, so a rejection is a throw here. */
export function evaluate(m: Machine, e: Expr, awaited = false): Value {
  if (!m.state.alive) return undefinedValue
  if (!m.step(() => m.site(e.range))) return unknown(origins(From.opaque))
  switch (e.t) {
    case 'literal':
      return constant(e.value)
    case 'undefined':
      return undefinedValue
    case 'bigint':
      return unknown(noOrigins, { nullish: 'no' })
    case 'regex':
      return unknown(noOrigins, { nullish: 'no' })
    case 'name':
      return m.cached ? readForCache(m, e.binding, m.cached) : lookup(m, e.binding)
    case 'global':
      return globalValue(m, e.name, m.site(e.range))
    case 'this':
      return m.frame?.self ?? unknown()
    case 'super':
      return m.frame?.self ?? unknown()
    case 'meta':
      return globalValue(m, e.name, m.site(e.range))
    case 'member': {
      const object = evaluate(m, e.object)
      if (!m.state.alive || m.chain?.stopped) return undefinedValue
      const there = e.optional ? unlessNullish(m, object) : object
      if (!there) return undefinedValue
      const found = member(m, there, keyOf(m, e.key), m.site(e.keyRange))
      if (isOwnCache(m, e) && (isUntraced(found) || isServersSlot(m, e, there))) return undefinedValue
      return m.tracing ? vouchedFor(m, e, found) : found
    }
    case 'chain': {
      const outer = m.chain
      const chain = (m.chain = {
        skipped: [] as Value[],
        paths: [] as State[],
        calls: callsSomething(e.expr),
        stopped: false,
      })
      const value = evaluate(m, e.expr, awaited)
      m.chain = outer
      if (chain.stopped) return union(chain.skipped)
      if (chain.skipped.length === 0) return value
      const given = m.state.alive ? union([value, ...chain.skipped]) : union(chain.skipped)
      if (chain.paths.length > 0) m.state = State.join([m.state, ...chain.paths])
      return given
    }
    case 'call':
      return e.construct ? construct(m, e) : call(m, e, awaited)
    case 'tagged': {
      const tag = evaluate(m, e.tag)
      const values = e.exprs.map((part) => evaluate(m, part))
      const strings = m.heap.newArray(e.strings.map((s) => constant(s)))
      return callValue(m, tag, [strings, ...values], m.site(e.range), { awaited, name: nameOf(e.tag) })
    }
    case 'await':
      return awaitValue(m, evaluate(m, e.expr, true), e)
    case 'yield':
      return yieldValue(m, e)
    case 'function':
      capture(m.frame?.env)
      return {
        t: 'function',
        file: m.frame?.file ?? '',
        fn: e.fn,
        env: m.frame?.env,
        ...(m.frame?.self ? { self: m.frame.self } : {}),
      }
    case 'class':
      capture(m.frame?.env)
      return { t: 'class', file: m.frame?.file ?? '', cls: e.cls, env: m.frame?.env, statics: m.heap.newObject({}) }
    case 'object':
      return objectLiteral(m, e.props)
    case 'array':
      return arrayLiteral(m, e.items)
    case 'template':
      return template(m, e)
    case 'binary':
      return compare(
        m,
        e.op,
        evaluate(m, e.left),
        evaluate(m, e.right),
        m.site(e.range),
        isWritten(e.left) || isWritten(e.right),
      )
    case 'logical':
      return logical(m, e)
    case 'unary':
      return unary(m, e)
    case 'update': {
      const value = unknown(m.heap.originsOf(evaluate(m, e.expr)), { nullish: 'no' })
      assignTo(m, e.expr, value)
      return value
    }
    case 'conditional':
      return branch(
        m,
        e.test,
        () => evaluate(m, e.then, awaited),
        () => evaluate(m, e.else, awaited),
      )
    case 'assign':
      return assign(m, e)
    case 'sequence': {
      let last: Value = undefinedValue
      for (const part of e.exprs) last = evaluate(m, part)
      return last
    }
    case 'import':
      return e.required ? loaded(m, e.source, true) : dynamicImport(m, e.source, awaited)
    case 'jsx':
      return element(m, e)
    case 'opaque':
      return unknown(e.parts.map((part) => m.heap.originsOf(evaluate(m, part))).reduce(merge, noOrigins))
  }
}

/** A slot with a computed name in something that the caller did not send. */
const isServersSlot = (m: Machine, e: Extract<Expr, { t: 'member' }>, object: Value): boolean =>
  typeof e.key !== 'string' &&
  !m.heap.array(object) &&
  (shallowOrigins(object).flags & (From.input | From.context)) === 0

/** Nothing at all is known of it, not even where it comes from. */
export const isUntraced = (value: Value): boolean =>
  value.t === 'unknown' && value.origins.flags === 0 && value.origins.refs.length === 0
const isWritten = (e: Expr): boolean => e.t === 'literal' || e.t === 'undefined'

function capture(env: Env | undefined): void {
  for (let at = env; at && !at.captured; at = at.parent) at.captured = true
}

function callsSomething(e: Expr): boolean {
  if (e.t === 'call') return true
  return e.t === 'member' && (callsSomething(e.object) || typeof e.key !== 'string')
}

/** What is before a `?.`, without null and undefined: there the chain stops. Undefined when it stops for sure. */
export function unlessNullish(m: Machine, value: Value): Value | undefined {
  const known = isNullish(value)
  if (known === false || !m.chain) return value
  if (known) {
    m.chain.skipped.push(constant(undefined, shallowOrigins(value)))
    m.chain.stopped = true
    return undefined
  }
  const parts = alternatives(value)
  const nothing = parts.filter((part) => isNullish(part) === true)
  const maybe = parts.filter((part) => part.t === 'unknown' && part.nullish === 'maybe')
  const from = [...nothing, ...maybe].map(shallowOrigins).reduce(merge, noOrigins)
  const absent = m.tracing ? maybe.map((part) => (part.t === 'unknown' ? (part.whenFalse ?? []) : [])).flat() : []
  m.chain.skipped.push(withGiven(constant(undefined, from), absent))
  if (m.chain.calls) {
    m.chain.paths.push(m.state.fork())
    m.state = m.state.fork()
  }
  return union(
    parts
      .filter((part) => isNullish(part) !== true)
      .map((part) => (part.t === 'unknown' ? { ...part, nullish: 'no' as const } : part)),
  )
}

export const keyOf = (m: Machine, key: string | Expr): string | Value => {
  if (typeof key === 'string') return key
  const value = evaluate(m, key)
  return value.t === 'const' && (typeof value.value === 'string' || typeof value.value === 'number')
    ? String(value.value)
    : value
}

/** A readable name of what is called: `auth.api.getSession`, `requireUser`. */
export function nameOf(e: Expr, binding?: (id: number) => string): string {
  switch (e.t) {
    case 'member': {
      const object = nameOf(e.object, binding)
      const key = typeof e.key === 'string' ? e.key : '…'
      return object ? `${object}.${key}` : key
    }
    case 'name':
      return binding?.(e.binding) ?? ''
    case 'global':
      return e.name
    case 'this':
      return 'this'
    case 'chain':
    case 'await':
      return nameOf(e.expr, binding)
    case 'call':
      return `${nameOf(e.callee, binding)}()`
    case 'import':
      return 'import()'
    default:
      return ''
  }
}

/** The evaluated arguments; a list of unknown length stands for itself once. */
export function evaluateArgs(m: Machine, args: readonly Arg[]): Value[] {
  const values: Value[] = []
  for (const arg of args) {
    if (arg.t !== 'spread') {
      values.push(evaluate(m, arg))
      continue
    }
    const list = drained(m, evaluate(m, arg.expr), arg.expr)
    const known = m.heap.array(list)
    const all = known && [...known.items, ...(known.rest ? [ifThere(known.rest)] : [])]
    if (!all) values.push(unknown(m.heap.originsOf(list)))
    else if (all.length + values.length <= MAX_JOINED) values.push(...all)
    else values.push(union(all))
  }
  return values
}

function objectLiteral(m: Machine, props: readonly ObjectProp[]): Value {
  const map = new Map<string, Value>()
  const accessors = new Map<string, Accessor>()
  let rest: Value | undefined
  let from: Origins = noOrigins
  for (const prop of props) {
    if (prop.t === 'spread') {
      const value = evaluate(m, prop.expr)
      for (const part of alternatives(value)) {
        const cell = m.heap.object(part)
        if (cell) {
          for (const [key, inner] of cell.props) {
            const isSure = value.t !== 'union' && !mayBeMissing(inner)
            map.set(key, isSure ? inner : union([inner, map.get(key) ?? undefinedValue]))
          }
          if (cell.rest) {
            // what it may hold besides replaces what was written before
            for (const [key, inner] of map)
              if (!cell.props.has(key)) map.set(key, union([inner, member(m, cell.rest, key, m.site(prop.range))]))
            const spread = cell.is === 'env' ? anyVariable(m, m.site(prop.range)) : cell.rest
            rest = rest ? union([rest, spread]) : spread
          }
        } else if (part.t === 'unknown' || part.t === 'library' || part.t === 'promise') {
          // what a library object is spread into has its members
          // nothing has checked which keys the caller sends
          if (m.tracing && part.t === 'unknown' && !part.shaped && (part.origins.flags & callerChosen) !== 0)
            for (const [key, inner] of map) map.set(key, union([inner, member(m, part, key, m.site(prop.range))]))
          const spread =
            part.t === 'library' ? part : unknown(m.heap.originsOf(part), { ...traceOf(part), ...checked(part) })
          rest = rest ? union([rest, spread]) : spread
        } else {
          from = merge(from, shallowOrigins(part))
        }
      }
      continue
    }
    const key = keyOf(m, prop.key)
    const value = evaluate(m, prop.value)
    if (prop.accessor && typeof key === 'string') accessors.set(key, { ...accessors.get(key), [prop.accessor]: value })
    else if (typeof key === 'string') map.set(key, value)
    else {
      const held = underKey(m, value, key)
      rest = rest ? union([rest, held]) : held
    }
  }
  const object = m.heap.newObject(
    map,
    { ...(rest ? { rest } : {}), ...(accessors.size > 0 ? { accessors } : {}) },
    from,
  )
  for (const [key, { get }] of accessors) if (get) foresee(m, object, key, get)
  return object
}

/** What a getter gives is in the object, whoever reads it; reading it runs the getter again. */
function foresee(m: Machine, object: ObjectValue, key: string, getter: Value): void {
  const site = m.site([0, 0])
  const value = m.split([() => callValue(m, getter, [], site, { self: object }), () => undefinedValue])
  const cell = m.heap.object(object)
  if (cell) m.heap.setCell(object, { ...cell, props: new Map(cell.props).set(key, value) })
}

/** An element: what it shows is only known once it is rendered. */
function element(m: Machine, e: Extract<Expr, { t: 'jsx' }>): Value {
  const type = e.component ? evaluate(m, e.component) : undefinedValue
  const given = objectLiteral(m, e.props)
  const children = e.children.map((child) => evaluate(m, child))
  if (!m.state.alive) return undefinedValue
  const from = [given, ...children].map((value) => m.heap.originsOf(value)).reduce(merge, noOrigins)
  const cell = m.heap.object(given)
  const props =
    cell && children.length > 0
      ? m.heap.newObject(
          new Map(cell.props).set('children', children.length === 1 ? children[0]! : m.heap.newArray(children)),
          {
            ...(cell.rest ? { rest: cell.rest } : {}),
          },
        )
      : given
  return m.heap.newObject({ type, props }, { is: 'element' }, from)
}

function arrayLiteral(m: Machine, items: readonly (Arg | null)[]): Value {
  const values: Value[] = []
  let rest: Value | undefined
  for (const item of items) {
    if (item === null) values.push(undefinedValue)
    else if (item.t === 'spread') {
      const list = drained(m, evaluate(m, item.expr), item.expr)
      const known = m.heap.array(list)
      const short = known && known.items.length + values.length <= MAX_JOINED
      if (short && !known.rest && !rest) values.push(...known.items)
      else if (known) rest = union([...known.items, ...(known.rest ? [known.rest] : []), ...(rest ? [rest] : [])])
      else {
        // one of several lists: what any of them holds may be there
        const held = alternatives(list).flatMap((part): Value[] => {
          const array = m.heap.array(part)
          if (array) return [...array.items, ...(array.rest ? [array.rest] : [])]
          if (m.heap.object(part)?.is === 'map') return [iterate(m, part)]
          return [part.t === 'unknown' ? unknown(part.origins) : part]
        })
        if (held.length > 0) rest = union([...held, ...(rest ? [rest] : [])])
      }
    } else if (rest) rest = union([rest, evaluate(m, item)])
    else values.push(evaluate(m, item))
  }
  return m.heap.newArray(values, rest)
}

function template(m: Machine, e: Extract<Expr, { t: 'template' }>): Value {
  const values = e.exprs.map((part) => evaluate(m, part))
  const length = values.reduce((sum, value) => sum + (value.t === 'const' ? String(value.value).length : 0), 0)
  if (length <= MAX_TEXT && values.every((value) => value.t === 'const')) {
    const text = e.strings.reduce((all, s, i) => all + s + (i < values.length ? String(values[i]!.value) : ''), '')
    return constant(text, values.map(shallowOrigins).reduce(merge, noOrigins))
  }
  const from = values.map((value) => m.heap.originsOf(value)).reduce(merge, noOrigins)
  const begins = beginning(e.strings, values)
  const named = nameOfSecretIn(values)
  return unknown(withToken(begins, from), {
    nullish: 'no',
    ...named,
    ...(begins ? { begins } : {}),
    ...wordingOf(e.strings.flatMap((text, i) => [text, ...values.slice(i, i + 1)])),
    ...(m.tracing ? tracedText(m, e.strings, values) : {}),
    ...madeOf(m, e.strings.join('\0'), values),
  })
}

/** `context.organization.id`, of which the policy file says that it is the caller's own. */
function vouchedFor(m: Machine, e: Expr, value: Value): Value {
  const said = m.world.provedIn?.(m.frame?.file ?? '') ?? []
  if (said.length === 0 || !said.includes(nameOf(e, (id) => bindingName(m, id)))) return value
  return union(alternatives(value).map((part) => (part.t === 'unknown' ? { ...part, mine: true } : part)))
}

/** What a schema has checked stays checked. */
const checked = (value: Value): Partial<UnknownValue> =>
  value.t === 'unknown' && value.shaped ? { shaped: true, ...(value.shape ? { shape: value.shape } : {}) } : {}

/** `${id}` is that id; what is put together with something of the caller's (`teams/${team.id}/logo`) names what is theirs. */
function tracedText(m: Machine, strings: readonly string[], values: readonly Value[]): Partial<UnknownValue> {
  if (values.length === 1 && strings.every((text) => text === '')) return traceOf(values[0])
  if (!values.some((value) => value.t === 'unknown' && standingOf(m, value) === 'proved')) return {}
  // what is found under such a key was kept for the caller, and for all that the key names
  return { mine: true, term: { id: values.flatMap(namesIn).join('+'), ties: values.flatMap(tiesIn) } }
}

/** The text up to what is not known of it. */
function beginning(strings: readonly string[], values: readonly Value[]): string {
  let text = strings[0] ?? ''
  for (const [i, value] of values.entries()) {
    if (value.t !== 'const') return value.t === 'unknown' ? text + (value.begins ?? '') : text
    text += String(value.value) + (strings[i + 1] ?? '')
    if (text.length > MAX_TEXT) return text.slice(0, MAX_TEXT)
  }
  return text
}

function unary(m: Machine, e: Extract<Expr, { t: 'unary' }>): Value {
  const value = evaluate(m, e.expr)
  if (!m.state.alive) return undefinedValue
  if (e.op === '!') {
    const known = truth(value)
    if (known !== undefined) {
      if (value.t === 'promise') noteUnawaited(m, value)
      return constant(!known, m.heap.originsOf(value, 1))
    }
    const { whenTrue, whenFalse } = proofsOf(value)
    return unknown(m.heap.originsOf(value, 1), {
      nullish: 'no',
      ...(whenFalse?.length ? { whenTrue: whenFalse } : {}),
      ...(whenTrue?.length ? { whenFalse: whenTrue } : {}),
    })
  }
  if (e.op === 'void') {
    noteUnawaited(m, value)
    return undefinedValue
  }
  if (e.op === 'typeof') {
    const kind = typeOf(value)
    return kind ? constant(kind, shallowOrigins(value)) : unknown(shallowOrigins(value), { nullish: 'no' })
  }
  if (e.op === 'delete') {
    if (e.expr.t === 'member') setMember(m, evaluate(m, e.expr.object), keyOf(m, e.expr.key), undefinedValue)
    return trueValue
  }
  if (value.t === 'const' && e.op === '-' && typeof value.value === 'number') return constant(-value.value)
  return unknown(m.heap.originsOf(value), { nullish: 'no' })
}

function typeOf(value: Value): string | undefined {
  switch (value.t) {
    case 'const':
      return value.value === null ? 'object' : typeof value.value
    case 'function':
    case 'class':
    case 'native':
      return 'function'
    case 'object':
    case 'promise':
    case 'query':
      return 'object'
    default:
      return undefined
  }
}

export function noteUnawaited(m: Machine, value: Value): void {
  for (const part of alternatives(value)) {
    if (part.t === 'promise' && part.denies) addNote(m, 'notAwaited', part.name, part.site)
    else if (part.t === 'promise' && part.value && hasSource(m.heap.originsOf(part.value))) {
      // it is true whatever the caller may do: what it would have told is how this one fails
      const asksPrivilege = sourcesOf(m.heap.originsOf(part.value)).some(isPrivilege)
      addNote(m, 'notAwaited', part.name, part.site, asksPrivilege ? { privilege: true } : {})
    }
  }
}

function yieldValue(m: Machine, e: Extract<Expr, { t: 'yield' }>): Value {
  const value = e.expr ? evaluate(m, e.expr) : undefinedValue
  const given = e.delegate && e.expr ? drained(m, value, e.expr) : value
  if (m.state.alive) m.frame?.yields.push(e.delegate ? iterate(m, given) : given)
  return given
}

/** The lists that generators made, for somebody who iterates them. */
export const drained = (m: Machine, value: Value, e: Expr): Value =>
  alternatives(value).some((part) => part.t === 'promise') ? awaitValue(m, value, e) : value

/** An object with a method `then` is asked what it gives. */
function thenable(m: Machine, value: Value, e: Expr): Value {
  const cell = m.heap.object(value)
  if (!cell?.props.has('then') && !cell?.cls) return value
  const then = member(m, value, 'then', m.site(e.range))
  if (then.t !== 'function' && then.t !== 'native') return value
  let given: Value = unknown()
  const resolve = native('resolve', (_m, values) => ((given = values[0] ?? undefinedValue), undefinedValue))
  callValue(m, then, [resolve, native('reject', () => undefinedValue)], m.site(e.range), { awaited: true, self: value })
  return given
}

/** What is there once a promise is fulfilled; a rejection is thrown. */
export function awaitValue(m: Machine, value: Value, e: Expr): Value {
  if (!m.state.alive) return undefinedValue
  const parts = alternatives(value)
  const settled = parts.map((part): Value => {
    if (part.t === 'promise') {
      m.log.unawaited.delete(siteKey(part.site))
      if (!part.value) return undefinedValue
      prove(m, part.proofs)
      for (const { ref } of part.doubts ?? []) addDoubt(m, ref)
      return thenable(m, part.value, e)
    }
    if (part.t === 'query') return settleAwaited(m, part)
    return thenable(m, part, e)
  })
  const rejected = parts.filter((part) => part.t === 'promise' && !part.value)
  if (rejected.length > 0 && rejected.length === parts.length) {
    const first = rejected[0]!
    if (first.t === 'promise') {
      deny(m, decide(m, m.heap.originsOf(first.error ?? undefinedValue), m.site(e.range)))
      return m.throw(first.error ?? unknown())
    }
  }
  return union(settled.filter((_, i) => !rejected.includes(parts[i]!)))
}

function loaded(m: Machine, source: Expr, required: boolean): Value {
  const specifier = evaluate(m, source)
  const file = m.frame?.file ?? ''
  return specifier.t === 'const' && typeof specifier.value === 'string'
    ? importModule(m, file, specifier.value, m.site(source.range), required)
    : unknown(origins(From.opaque))
}

function dynamicImport(m: Machine, source: Expr, awaited: boolean): Value {
  const value = loaded(m, source, false)
  if (awaited) return value
  return {
    t: 'promise',
    value,
    error: undefined,
    proofs: [],
    name: 'import()',
    site: m.site(source.range),
    denies: false,
  }
}

function assign(m: Machine, e: Extract<Expr, { t: 'assign' }>): Value {
  if (e.op === '=') {
    const made = evaluate(m, e.value)
    const value = e.target.t === 'bind' ? asHeld(m, e.target.binding, made, e.value) : made
    if (m.state.alive) bindPattern(m, e.target, value)
    return value
  }
  const before =
    e.target.t === 'bind'
      ? lookup(m, e.target.binding)
      : e.target.t === 'target'
        ? evaluate(m, e.target.target)
        : undefinedValue
  const given = evaluate(m, e.value)
  const value =
    e.op === '|=' || e.op === '^='
      ? compare(m, e.op.slice(0, -1), before, given, m.site(e.range))
      : unknown(merge(m.heap.originsOf(before), m.heap.originsOf(given)), {
          nullish: 'no',
          ...(e.op === '+=' ? chanceOfAll([before, given]) : {}),
        })
  if (m.state.alive) bindPattern(m, e.target, value)
  return value
}

export function assignTo(m: Machine, target: Expr, value: Value): void {
  if (target.t === 'name') {
    const pattern: Pattern = { t: 'bind', binding: target.binding, range: target.range }
    bindPattern(m, pattern, value)
  } else if (target.t === 'member') {
    const object = evaluate(m, target.object)
    const key = keyOf(m, target.key)
    if (typeof key === 'string')
      noteKeptIn(m, object, () => nameOf(target, (id) => bindingName(m, id)), value, m.site(target.range))
    setMember(m, object, key, value)
  } else if (target.t === 'chain') {
    assignTo(m, target.expr, value)
  }
}
