/** Calls: of functions that can be read, of library functions, of functions that nobody can see. */
import type { Expr, FunctionForm } from '../model/form.ts'
import { withProofs } from './answers.ts'
import { evaluate, evaluateArgs, isUntraced, keyOf, nameOf, unlessNullish } from './expressions.ts'
import { execute } from './statements.ts'
import { withOrigins } from './conditions.ts'
import { cached, isCachedForAll } from './cached.ts'
import { Machine, siteKey, type Frame, type ThrowSink } from './machine.ts'
import { bindPattern } from './patterns.ts'
import { bindingName, isOwnCache, moduleForm, moduleEnv } from './module-values.ts'
import { tenantsHeldBy } from './handed.ts'
import { keepGiven } from './keeping.ts'
import { callLibrary } from './library.ts'
import { member, setMember } from './members.ts'
import { callQuery } from './queries.ts'
import {
  callerChosen,
  From,
  hasSource,
  merge,
  noOrigins,
  origins,
  type OpaqueRef,
  type Origins,
  type Site,
} from './origins.ts'
import type { Cost } from './effort.ts'
import { computed } from './recursion.ts'
import { privilegeOf, standingOf, tiesIn } from './standing.ts'
import { isParse, resultOf, shapeAfter, type Shape } from './shapes.ts'
import { isAboutCallers, State, type StackEntry } from './state.ts'
import { bound, memberTerm } from './ties.ts'
import { describeCall } from './call-keys.ts'
import { byReason } from './throws.ts'
import { wordingAfter } from './wording.ts'
import { replay } from './replay.ts'
import { keep, markLog, summarise, summaryOf } from './summaries.ts'
import {
  alternatives,
  heldBy,
  isNullish,
  native,
  shallowOrigins,
  traceOf,
  undefinedValue,
  union,
  unknown,
  type BuilderValue,
  type ClassValue,
  type FunctionValue,
  type PromiseValue,
  type UnknownValue,
  type Value,
} from './value.ts'

export interface CallOptions {
  readonly awaited?: boolean
  readonly name?: string
  readonly self?: Value
  readonly how?: StackEntry['how']
  /** The arguments were written in the linted code, not supplied by the framework. */
  readonly construct?: boolean
  /** The function was handed in to be run behind what its caller checks. */
  readonly continuation?: boolean
}

export function call(m: Machine, e: Extract<Expr, { t: 'call' }>, awaited: boolean): Value {
  const site = m.site(e.range)
  const name = nameOf(e.callee, (id) => bindingName(m, id))
  let callee: Value
  let self: Value | undefined
  const target = e.callee.t === 'chain' ? e.callee.expr : e.callee
  if (target.t === 'member') {
    self = target.object.t === 'super' ? m.frame?.self : evaluate(m, target.object)
    if (!m.state.alive || !self || m.chain?.stopped) return undefinedValue
    if (target.optional) self = unlessNullish(m, self)
    if (!self) return undefinedValue
    const key = keyOf(m, target.key)
    const receiver = self
    if (typeof key === 'string') {
      const args = evaluateArgs(m, e.args)
      if (!m.state.alive) return undefinedValue
      if (e.optional && receiver.t !== 'query' && receiver.t !== 'builder') {
        const method = unlessNullish(m, member(m, receiver, key, site))
        return method ? callValue(m, method, args, site, { awaited, name, self: receiver }) : undefinedValue
      }
      const results = receivers(m, receiver).flatMap((part): Value[] => {
        return [methodCall(m, part, key, args, site, { awaited, name, self: part })]
      })
      const value = union(results)
      if (m.state.alive) keepGiven(m, e, receiver, args)
      return key === 'get' && isUntraced(value) && isOwnCache(m, target) ? undefinedValue : value
    }
    callee = member(m, receiver, key, m.site(target.keyRange))
  } else if (target.t === 'super') {
    return superCall(m, e, site)
  } else {
    callee = evaluate(m, target)
  }
  if (!m.state.alive || m.chain?.stopped) return undefinedValue
  if (e.optional) {
    const there = unlessNullish(m, callee)
    if (!there) return undefinedValue
    callee = there
  }
  const args = evaluateArgs(m, e.args)
  if (!m.state.alive) return undefinedValue
  const continuation =
    target.t === 'name' &&
    callee.t === 'function' &&
    moduleForm(m, m.frame?.file ?? '').bindings[target.binding]?.kind === 'parameter'
  const value = callValue(m, callee, args, site, {
    awaited,
    name,
    ...(self ? { self } : {}),
    ...(continuation ? { continuation } : {}),
  })
  if (m.state.alive) keepGiven(m, e, callee, args)
  return value
}

/**
 * Where one of several is a client that is known, nothing is asked of data, which has no such methods, nor of what is not
 * there; nor, while tracing, of those of which nothing is known.
 */
function receivers(m: Machine, receiver: Value): readonly Value[] {
  const parts = alternatives(receiver)
  const isKnown = ({ t }: Value): boolean => t === 'library' || t === 'query'
  if (!parts.some(isKnown)) return parts
  const isHidden = (part: Value): boolean => isUntraced(part) || isNullish(part) === true || isOpaque(part)
  return parts.filter((part) => isKnown(part) || !(isData(part) || isAbsent(part) || (m.tracing && isHidden(part))))
}

const isAbsent = (value: Value): boolean =>
  value.t === 'const' && isNullish(value) === true && !hasSource(value.origins)

const isOpaque = (value: Value): boolean => shallowOrigins(value).refs.some((ref) => ref.t === 'opaque')

const isData = (value: Value): boolean =>
  value.t === 'unknown' &&
  (value.origins.flags & (callerChosen | From.row)) !== 0 &&
  (value.origins.flags & (From.opaque | From.context)) === 0 &&
  !value.lost &&
  !value.later

function methodCall(
  m: Machine,
  receiver: Value,
  key: string,
  args: readonly Value[],
  site: Site,
  options: CallOptions,
): Value {
  if (!m.state.alive) return undefinedValue
  if (receiver.t === 'query') return callQuery(m, receiver, key, args, site, options.awaited)
  if (receiver.t === 'builder') return callBuilder(m, receiver, key, args, site)
  if (key === 'bind' && (receiver.t === 'function' || receiver.t === 'native' || receiver.t === 'library')) {
    return receiver.t === 'function' && args[0] && args[0].t !== 'const' ? { ...receiver, self: args[0] } : receiver
  }
  if (receiver.t === 'function' && (key === 'call' || key === 'apply')) {
    const list =
      key === 'apply' && args[1] ? (m.array(args[1])?.items ?? [unknown(m.originsOf(args[1]))]) : args.slice(1)
    return callValue(m, receiver, list, site, { ...options, self: args[0] ?? undefinedValue })
  }
  const callee = member(m, receiver, key, site)
  if (!m.state.alive) return undefinedValue
  return callValue(m, callee, args, site, options)
}

function callBuilder(m: Machine, builder: BuilderValue, method: string, args: readonly Value[], site: Site): Value {
  const special = m.world.behaviours.get(builder.builder)?.methods?.[method]?.(m, builder, args, site)
  return special ?? { ...builder, calls: [...builder.calls, { method, args, site }] }
}

/** Calls a value, whatever it is. */
export function callValue(m: Machine, callee: Value, args: readonly Value[], site: Site, options: CallOptions): Value {
  if (!m.state.alive) return undefinedValue
  const there = m.now(callee)
  if (there !== callee) return callValue(m, there, args, site, options)
  m.follows({ name: options.name ?? '', called: callee })
  switch (callee.t) {
    case 'function':
      return callFunction(m, callee, args, site, options)
    case 'native':
      return callee.call(m, args, site, options.awaited ?? false)
    case 'library':
      return callLibrary(m, callee, args, site, options)
    case 'builder': {
      const behaviour = m.world.behaviours.get(callee.builder)
      const { call } = behaviour ?? {}
      if (call)
        return (
          m.running.within(() => call(m, callee, args, site, options.awaited ?? false)) ?? unknown(m.originsOfAll(args))
        )
      return { ...callee, calls: [...callee.calls, { method: '()', args, site }] }
    }
    case 'class':
      return instantiate(m, callee, args, site)
    case 'union': {
      const able = receivers(m, callee).filter((part) => part.t !== 'const')
      return m.split(able.map((part) => () => callValue(m, part, args, site, options)))
    }
    case 'const':
      return isAbsent(callee) ? callLost(m, callee.origins, args, site, options) : unknown(callee.origins)
    case 'unknown':
      return callUnknown(m, callee, args, site, options)
    case 'query':
      return callQuery(m, callee, '()', args, site)
    default:
      return unknown(args.map((arg) => m.originsOf(arg)).reduce(merge, noOrigins))
  }
}

/** Nobody can see what this does. It may run the functions that it was given. */
function callUnknown(
  m: Machine,
  callee: Extract<Value, { t: 'unknown' }>,
  args: readonly Value[],
  site: Site,
  options: CallOptions,
): Value {
  const given = args.map((arg) => m.originsOf(arg)).reduce(merge, noOrigins)
  const opaque = callee.origins.refs.filter((ref): ref is OpaqueRef => ref.t === 'opaque' && !ref.delegated)
  if (opaque.length > 0)
    return withOrigins(
      opaqueCall(
        m,
        {
          name: options.name ?? opaque[0]!.name,
          reason: opaque[0]!.reason,
          site,
          ...(opaque.every((ref) => ref.kept) ? { kept: true } : {}),
        },
        args,
        options,
      ),
      rowsOf(callee.origins),
    )
  if ((callee.origins.flags & From.context) !== 0)
    return opaqueCall(
      m,
      { name: options.name ?? 'a function', reason: 'it comes from a context that nothing in sight sets', site },
      args,
      options,
    )
  if (callee.lost || callee.later) return callLost(m, callee.origins, args, site, options)
  const made = options.self ? undefined : madeAtModuleLevel(m, args, merge(callee.origins, given))
  if (made) return made
  if (changing.has(callee.key ?? '')) m.changedOthers = true
  // a method of data (`title.trim()`, `rows.map(…)`): computes from it
  const results = args
    .filter((arg) => arg.t === 'function' && !waitsForRequest(m, arg))
    .map((arg) => maybeCall(m, arg, [unknown(merge(callee.origins, given))], site))
  return unknown(
    merge(merge(callee.origins, given), results.map((value) => m.originsOf(value)).reduce(merge, noOrigins)),
    {
      ...(givesSomething.has(callee.key ?? '') ? { nullish: 'no' } : {}),
      ...(m.tracing ? tracedMethod(m, callee, args) : {}),
      ...wordingAfter(options.self, callee.key, args),
      ...(callee.shape && !callee.shaped ? ofSchema(m, callee.shape, callee.key ?? '', args) : {}),
    },
  )
}

/** What waits for something is handed over while a module is set up to be run when a request comes: a procedure of a router. */
const waitsForRequest = (m: Machine, { file, fn }: FunctionValue): boolean =>
  m.atModuleLevel && moduleForm(m, file).functions[fn]?.async === true

/** A schema that is changed, or what it gives of the data that it has checked. */
function ofSchema(m: Machine, shape: Shape, method: string, args: readonly Value[]): Partial<UnknownValue> {
  const given = isParse(method) ? shape : resultOf(shape, method)
  return given
    ? { ...traceOf(args[0]), nullish: given.optional ? 'maybe' : 'no', shaped: true, shape: given }
    : { nullish: 'no', shape: shapeAfter(m, shape, method, args) }
}

/** Methods that change what they are called on. */
const changing = new Set(
  'push pop shift unshift splice sort reverse fill set add append delete clear assign'.split(' '),
)

/** What it was given to keep, its methods may give. */
function rowsOf({ refs }: Origins): Origins {
  const reads = refs.filter((ref) => ref.t === 'read' && !ref.hint)
  return reads.length > 0 ? origins(From.row, ...reads) : noOrigins
}

/** Methods of texts, lists and digests that give a text or a list, never nothing. */
const givesSomething = new Set(
  `join toString trim replace replaceAll slice substring toLowerCase toUpperCase padStart padEnd concat normalize repeat
   split toISOString toFixed digest`.split(/\s+/),
)

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
/** What is absent cannot be called: something that is out of sight has put it there. */
const callLost = (m: Machine, from: Origins, args: readonly Value[], site: Site, options: CallOptions): Value =>
  withOrigins(
    opaqueCall(
      m,
      { name: options.name ?? 'a function', reason: 'nothing in sight puts it there', site, kept: true },
      args,
      options,
    ),
    from,
  )

/**
 * What is made of a function while a module is set up is that function with something around it: `withLogging(handler)`.
 * Only what is known to refuse nobody may be taken for such.
 */
export function madeAtModuleLevel(m: Machine, args: readonly Value[], from: Origins): Value | undefined {
  const inner = args.find((arg) => arg.t === 'function' || arg.t === 'native')
  if (!m.atModuleLevel || !inner) return undefined
  return native(
    '',
    (machine, given, site, awaited) => {
      const how = machine.stack.length === 0 ? 'handler' : 'wrapper'
      return callValue(machine, inner, given, site, { awaited, how, name: '' })
    },
    from,
  )
}

/** Runs a function that something unknown was given: it may run, or not. */
export function maybeCall(m: Machine, fn: Value, args: readonly Value[], site: Site): Value {
  return m.split([() => callValue(m, fn, args, site, { awaited: true, name: '' }), () => undefinedValue])
}

/**
 * A call of something that could not be read (a package that is not in the catalogue, a module that is not there).
 *
 * It may be the guard when it receives the request, headers, cookies, or nothing at all and is awaited (design.md,
 * "Verdicts"); a test of what it gives is doubted where the test stands.
 */
export function opaqueCall(
  m: Machine,
  about: { readonly name: string; readonly reason: string; readonly site: Site; readonly kept?: boolean },
  args: readonly Value[],
  options: CallOptions,
): Value {
  const given = args.map((arg) => m.originsOf(arg)).reduce(merge, noOrigins)
  const carriesInput = (given.flags & callerChosen) !== 0
  const mayBeEffect = carriesInput || options.awaited === true
  const ref = m.world.same<OpaqueRef>({ t: 'opaque', ...about, mayBeEffect })
  const known = m.log.opaque.find(
    (other) =>
      other.name === ref.name && other.site.file === ref.site.file && other.site.range[0] === ref.site.range[0],
  )
  const used = known ?? ref
  m.opaque(ref)
  const told = From.header | From.cookie | From.context
  const seesCaller =
    (given.flags & From.request) !== 0 ||
    (options.awaited === true && (given.flags & told) !== 0) ||
    hasSource(given) ||
    (given.flags & From.principal) !== 0
  const read = ref.mayBeEffect
    ? m.effect(
        {
          what: `calls \`${about.name}\`, which could not be followed`,
          kind: 'unknown',
          write: false,
          site: about.site,
          takesInput: (given.flags & From.input) !== 0 && (given.flags & From.request) === 0,
        },
        args,
      )
    : undefined
  const functions = args.flatMap((arg) => functionsIn(m, arg))
  if (m.tracing) m.log.told.push(...functions.flatMap((fn) => tenantsHeldBy(m, fn)))
  const from = origins(given.flags | From.opaque, ...given.refs, used, ...(read ? [read] : []))
  if (!about.kept && ((options.awaited && args.length === 0) || seesCaller)) m.doubt(used)
  if (functions.length === 0) return unknown(from)
  // it decides whether the functions run at all
  const before = m.state.doubts
  m.doubt(used)
  const results = functions.map((fn) => maybeCall(m, fn, [unknown(from)], about.site))
  if (!seesCaller) m.state.doubts = before
  return union([unknown(from), ...results.filter((value) => value.t !== 'const')])
}

/** The functions that something unknown may run: an argument, or what lists and objects hold. */
function functionsIn(m: Machine, value: Value, depth = 3): FunctionValue[] {
  if (value.t === 'function') return [value]
  if (value.t !== 'object' || depth === 0) return []
  return heldBy(m.cell(value)).flatMap((inner) =>
    alternatives(inner).flatMap((part) => functionsIn(m, part, depth - 1)),
  )
}

export function callFunction(
  m: Machine,
  fn: FunctionValue,
  args: readonly Value[],
  site: Site,
  options: CallOptions,
): Value {
  const module = moduleForm(m, fn.file)
  const form = module.functions[fn.fn]
  const given = (): Origins => args.map((arg) => m.originsOf(arg)).reduce(merge, noOrigins)
  if (!form) return unknown(given())
  if (!m.cached && isCachedForAll(m, fn))
    return cached(m, given(), undefined, () => callFunction(m, fn, args, site, options))
  const awaited = options.awaited ?? false
  const described =
    !form.generator && (!form.async || awaited) && !m.persona.recording && !m.cached && !isHandedOn(fn, options)
      ? describeCall(
          m,
          fn,
          args,
          form.usesThis ? (fn.self ?? (form.kind === 'arrow' ? undefined : options.self)) : undefined,
        )
      : undefined
  const summary = described && summaryOf(m, described.key)
  if (described && summary && m.effort.reuse(summary.cost))
    return replay(m, summary, described.names, { calledAt: site, how: options.how ?? 'call' })
  const known =
    !form.async && !form.generator && m.running.has(fn, args)
      ? computed(m, fn, form.params.length, args, site)
      : undefined
  if (known) return known
  const followed = m.running.enter(fn, args, m.stack.length)
  if (!followed) return unknown(given())
  const mark = markLog(m)
  const outside = described && { met: m.commons.enter(), effort: m.effort.enter() }

  const isArrow = form.kind === 'arrow'
  const self = isArrow ? fn.self : (fn.self ?? options.self)
  const env = m.newEnv(fn.file, fn.fn, fn.env ?? moduleEnv(m, fn.file), self)
  const frame: Frame = {
    file: fn.file,
    fn: fn.fn,
    env,
    self,
    args,
    outer: m.frame,
    at: m.stack.length,
    async: form.async,
    awaited,
    returns: [],
    yields: [],
    jumps: [],
  }
  const outer = { frame: m.frame, sink: m.sink, stack: m.stack, chain: m.chain, begun: m.begun }
  const owner = ownerOf(m, fn, options.self)
  m.chain = undefined
  m.begun = m.log.effects.length
  const every: ThrowSink = { thrown: [] }
  const name = options.name || form.name
  const started = m.state
  m.frame = frame
  m.sink = every
  m.stack = [
    ...m.stack,
    {
      name,
      site: { file: fn.file, range: form.range },
      calledAt: site,
      how: options.how ?? 'call',
      file: fn.file,
      ...owner,
      ...(options.continuation ? { isGiven: true } : {}),
    },
  ]
  m.state = started.fork()
  // what comes behind a guard is not part of how it refuses
  if (options.continuation || (options.how !== undefined && options.how !== 'call')) m.state.denying = 'no'

  bindParameters(m, form, followed)
  execute(m, form.body)
  if (m.state.alive) frame.returns.push({ state: m.state, value: undefinedValue })

  m.running.leave(fn, args)
  const met = outside && m.commons.leave(outside.met)
  const cost = outside && m.effort.leave(outside.effort)
  if (!env.captured) m.memory.finished.add(env.id)
  m.frame = outer.frame
  m.sink = outer.sink
  m.stack = outer.stack
  m.chain = outer.chain
  m.begun = outer.begun
  const answers = withProofs(m, frame.returns)
  const returned = State.join(frame.returns.map((r) => r.state))
  // whoever called goes on: what the function did about a denial is over
  if (returned.alive) {
    returned.denying = started.denying
    returned.sameLength = started.sameLength
  }
  const value = answers.length > 0 ? union(answers.map((r) => r.value)) : undefined
  const { denial, failure } = byReason(started, every.thrown)
  const sink: ThrowSink = { thrown: [denial, failure].filter((thrown) => thrown !== undefined) }
  if (described && met && cost) {
    const taken =
      isWorthKeeping(cost) && followed.every((arg, i) => arg === args[i])
        ? summarise(m, started, returned, value, sink.thrown, mark, described.names, met, described.key, cost)
        : undefined
    if (taken) keep(m, described.key, taken)
    else m.effort.share(cost)
  }
  if (form.generator) return iterable(m, frame, started, returned, sink, site, name, options.how === 'handler')
  return complete(m, form, started, returned, value, sink, site, name, awaited)
}

/** A closure that a middleware or a wrapper runs on its way: what it does is told apart by where it was handed in. */
const isHandedOn = ({ env }: FunctionValue, { how, continuation }: CallOptions): boolean =>
  env !== undefined && env.fn !== 0 && (continuation === true || (how !== undefined && how !== 'call'))

/** A call that takes a few steps is as quickly made again. */
const isWorthKeeping = ({ steps, parts }: Cost): boolean => steps > 40 || parts.size > 0

/** Whose work a function does that is run by somebody else: of whom it is written in, or of whom it was handed on by. */
function ownerOf(m: Machine, fn: FunctionValue, self: Value | undefined): Pick<StackEntry, 'owner' | 'isClosure'> {
  if (fn.env && fn.env.fn !== 0) {
    for (let frame = m.frame; frame; frame = frame.outer)
      if (frame.env.id === fn.env.id) return frame.at === undefined ? {} : { owner: frame.at, isClosure: true }
    return {}
  }
  const holder = self && m.classOf(self) === undefined ? self : undefined
  const isGiven = (arg: Value): boolean =>
    arg === holder || (arg.t === 'function' && arg.file === fn.file && arg.fn === fn.fn)
  let frame = m.frame
  while (frame?.args?.some(isGiven)) frame = frame.outer
  return frame === m.frame || frame?.at === undefined ? {} : { owner: frame.at }
}

/**
 * What a generator yields is a list that is made while somebody iterates it: what it throws, it throws there. The one that
 * answers a request is iterated by the framework.
 */
function iterable(
  m: Machine,
  frame: Frame,
  started: State,
  returned: State,
  sink: ThrowSink,
  site: Site,
  name: string,
  isAnswer: boolean,
): Value {
  const last = returned.alive ? returned : sink.thrown.at(-1)?.state
  m.state = last?.alive ? last.fork() : started.fork()
  const list = m.newArray([], frame.yields.length > 0 ? union(frame.yields) : undefined)
  const given = returned.alive || frame.yields.length > 0 ? list : undefined
  if (!isAnswer) return rejectable(m, started, returned, given, sink, site, name)
  if (!returned.alive && given) m.answer(given)
  m.sink.thrown.push(...sink.thrown)
  m.state = returned
  return list
}

/** Goes on after a call: with what it returned, and what it threw passed on, now or when its promise is awaited. */
function complete(
  m: Machine,
  form: FunctionForm,
  started: State,
  returned: State,
  value: Value | undefined,
  sink: ThrowSink,
  site: Site,
  name: string,
  awaited: boolean,
): Value {
  if (!form.async || awaited) {
    m.sink.thrown.push(...sink.thrown)
    m.state = returned
    return value ?? undefinedValue
  }
  return { ...rejectable(m, started, returned, value, sink, site, name), made: true }
}

/** What is not awaited goes on beside: what it throws rejects its promise, and stops nobody yet. */
function rejectable(
  m: Machine,
  started: State,
  returned: State,
  value: Value | undefined,
  sink: ThrowSink,
  site: Site,
  name: string,
): PromiseValue {
  const denial = sink.thrown.find((t) => t.state.decisions.length > started.decisions.length)?.state.decisions.at(-1)
  if (denial) m.log.beside.add(denial)
  const earned = returned.alive ? returned.proofs.filter((proof) => !started.proofs.includes(proof)) : []
  const doubts = returned.alive ? returned.doubts.filter((doubt) => !started.doubts.includes(doubt)) : []
  const error = sink.thrown.length > 0 ? union(sink.thrown.map((t) => t.value)) : undefined
  m.state = State.join([returned, ...sink.thrown.map((t) => t.state)])
  if (m.state.alive) {
    m.state.proofs = started.proofs
    m.state.decisions = started.decisions
    m.state.doubts = m.state.doubts.filter((doubt) => started.doubts.includes(doubt))
    m.state.denying = started.denying
  }
  const denies = denial !== undefined && isAboutCallers(denial)
  // what fails for this caller on all ways may do so for one of several reasons
  if (denies || (m.anonymous && denial === undefined && !returned.alive))
    m.log.unawaited.set(siteKey(site), { name, site })
  return {
    t: 'promise',
    value,
    error: error && denial ? markDenial(error, denial.sources) : error,
    proofs: earned,
    ...(doubts.length > 0 ? { doubts } : {}),
    name,
    site,
    denies,
  }
}

/** Runs something asynchronous that is no function of the project: as a call of one, awaited or not. */
export function runAsync(
  m: Machine,
  about: { readonly name: string; readonly site: Site; readonly awaited: boolean; readonly body: Site },
  run: () => Value,
): Value {
  const outer = { sink: m.sink, stack: m.stack, begun: m.begun }
  const started = m.state
  const sink: ThrowSink = { thrown: [] }
  m.sink = sink
  m.begun = m.log.effects.length
  m.stack = [
    ...m.stack,
    { name: about.name, site: about.body, calledAt: about.site, how: 'call', file: about.body.file },
  ]
  m.state = started.fork()
  const value = run()
  const returned = m.state
  m.sink = outer.sink
  m.stack = outer.stack
  m.begun = outer.begun
  if (!about.awaited)
    return {
      ...rejectable(m, started, returned, returned.alive ? value : undefined, sink, about.site, about.name),
      made: true,
    }
  m.sink.thrown.push(...sink.thrown)
  return value
}

/** The rejection carries who it is that was refused, so that awaiting it is a denial. */
function markDenial(error: Value, sources: readonly { readonly t: 'source' }[]): Value {
  const from: Origins = { flags: 0, refs: sources as Origins['refs'] }
  if (error.t === 'object' || error.t === 'unknown' || error.t === 'const')
    return { ...error, origins: merge(error.origins, from) }
  return unknown(merge(shallowOrigins(error), from), { nullish: 'no' })
}

function bindParameters(m: Machine, form: FunctionForm, args: readonly Value[]): void {
  form.params.forEach((param, i) => {
    if (!m.state.alive) return
    const value = param.rest ? m.newArray(args.slice(i)) : (args[i] ?? undefinedValue)
    bindPattern(m, param.pattern, value)
  })
}

export function construct(m: Machine, e: Extract<Expr, { t: 'call' }>): Value {
  const callee = evaluate(m, e.callee)
  const args = evaluateArgs(m, e.args)
  if (!m.state.alive) return undefinedValue
  const site = m.site(e.range)
  return union(
    alternatives(m.now(callee)).map((part) => {
      if (part.t === 'class') return instantiate(m, part, args, site)
      if (part.t === 'function') {
        const self = m.newObject({})
        callFunction(m, part, args, site, { self, name: nameOf(e.callee, (id) => bindingName(m, id)) })
        return self
      }
      if (part.t === 'unknown' && part.origins.refs.some((ref) => ref.t === 'opaque' && !ref.delegated)) {
        // creating something opaque is no guard yet; its methods may be
        return unknown(merge(part.origins, args.map((arg) => m.originsOf(arg)).reduce(merge, noOrigins)), {
          nullish: 'no',
        })
      }
      return callValue(m, part, args, site, { construct: true, name: nameOf(e.callee, (id) => bindingName(m, id)) })
    }),
  )
}

export function instantiate(m: Machine, cls: ClassValue, args: readonly Value[], site: Site): Value {
  const self = m.newObject({}, { cls })
  initialise(m, cls, self, args, site, 0)
  const cell = m.object(self)
  if (cell && isErrorClass(m, cls)) m.setCell(self, { ...cell, is: 'error' })
  return self
}

function initialise(m: Machine, cls: ClassValue, self: Value, args: readonly Value[], site: Site, depth: number): void {
  const form = moduleForm(m, cls.file).classes[cls.cls]
  if (!form || depth > 8) return
  const base = baseOf(m, cls)
  if (base?.t === 'class' && form.construct === undefined) initialise(m, base, self, args, site, depth + 1)
  inClass(m, cls, self, () => {
    for (const item of form.members) {
      if (item.static || item.kind !== 'field') continue
      const cell = m.object(self)
      if (!cell || typeof item.key !== 'string') continue
      const value = item.value ? evaluate(m, item.value) : undefinedValue
      const now = m.object(self)
      if (now && self.t === 'object') m.setCell(self, { ...now, props: new Map(now.props).set(item.key, value) })
    }
  })
  if (form.construct !== undefined) {
    callFunction(m, { t: 'function', file: cls.file, fn: form.construct, env: cls.env }, args, site, {
      self,
      name: form.name,
      awaited: true,
    })
  }
}

/** Evaluates in the scope of a class body. */
export function inClass(m: Machine, cls: ClassValue, self: Value, run: () => void): void {
  const outer = m.frame
  const env = cls.env ?? moduleEnv(m, cls.file)
  m.frame = { file: cls.file, fn: env.fn, env, self, async: false, awaited: false, returns: [], yields: [], jumps: [] }
  run()
  m.frame = outer
}

export function baseOf(m: Machine, cls: ClassValue): Value | undefined {
  const form = moduleForm(m, cls.file).classes[cls.cls]
  if (!form?.base) return undefined
  let base: Value | undefined
  inClass(m, cls, undefinedValue, () => {
    base = evaluate(m, form.base!)
  })
  return base
}

function isErrorClass(m: Machine, cls: ClassValue, depth = 0): boolean {
  if (depth > 8) return false
  const base = baseOf(m, cls)
  if (!base) return false
  if (base.t === 'class') return isErrorClass(m, base, depth + 1)
  return base.t === 'library' && (base.path.at(-1) ?? '').endsWith('Error')
}

function superCall(m: Machine, e: Extract<Expr, { t: 'call' }>, site: Site): Value {
  const args = evaluateArgs(m, e.args)
  const self = m.frame?.self
  const cls = self ? m.classOf(self) : undefined
  // the class whose constructor is running, not the one that was instantiated
  const running = cls ? classOfConstructor(m, cls, m.frame!.file, m.frame!.fn) : undefined
  const base = running ? baseOf(m, running) : undefined
  if (self && base?.t === 'class') initialise(m, base, self, args, site, 0)
  // what a class of the language or of a library is given, the object holds: `super(message)`
  else if (self && args[0]) setMember(m, self, 'message', unknown(m.originsOf(args[0]), { nullish: 'no' }))
  return undefinedValue
}

function classOfConstructor(m: Machine, cls: ClassValue, file: string, fn: number, depth = 0): ClassValue | undefined {
  const form = moduleForm(m, cls.file).classes[cls.cls]
  if (depth > 8 || !form) return undefined
  if (cls.file === file && form.construct === fn) return cls
  const base = baseOf(m, cls)
  return base?.t === 'class' ? classOfConstructor(m, base, file, fn, depth + 1) : undefined
}
