/** Calls of functions that can be read: followed through their bodies, unless what such a call gives is known. */
import type { FunctionForm } from '../../model/form.ts'
import { withProofs } from '../values/answers.ts'
import { cached, isCachedForAll } from '../library/cached.ts'
import { goOn, iterable, promised, type Ended } from './call-ends.ts'
import { describeCall, type DescribedCall } from '../kept/call-keys.ts'
import type { CallOptions } from './calls.ts'
import { enterCall, keepOutcome, leaveCall } from '../kept/followed-calls.ts'
import type { Machine } from '../machine.ts'
import { isAnchor, type Frame, type Thrown, type StackEntry } from './frame.ts'
import { noteRefusals } from '../caller/decisions.ts'
import { moduleEnv, moduleForm } from './module-values.ts'
import type { Site } from '../values/origins.ts'
import { bindPattern } from './patterns.ts'
import { computed } from './recursion.ts'
import { replay } from '../kept/replay.ts'
import { State } from '../state/state.ts'
import { execute } from './statements.ts'
import { summaryOf } from '../kept/summaries.ts'
import { byReason } from './throws.ts'
import { undefinedValue, union, unknown, type FunctionValue, type Value } from '../values/value.ts'
import { withinCall } from './within-call.ts'

/** Calls a function. Of what is not followed, it is known no more than that it is made of the arguments. */
export function callFunction(
  m: Machine,
  fn: FunctionValue,
  args: readonly Value[],
  site: Site,
  options: CallOptions,
): Value {
  const form = moduleForm(m, fn.file).functions[fn.fn]
  if (!form) return unknown(m.heap.originsOfAll(args))
  if (!m.cached && isCachedForAll(m, fn))
    return cached(m, m.heap.originsOfAll(args), undefined, () => callFunction(m, fn, args, site, options))
  const described = describe(m, form, fn, args, options)
  const summary = described && summaryOf(m, described.key)
  if (described && summary && m.effort.reuse(summary.cost))
    return replay(m, summary, described.names, {
      name: options.name || form.name,
      calledAt: site,
      how: options.how ?? 'call',
    })
  const known =
    !form.async && !form.generator && m.running.has(fn, args)
      ? computed(m, fn, form.params.length, args, site)
      : undefined
  if (known) return known
  const given = m.running.enter(fn, args, m.stack.length)
  if (!given) return unknown(m.heap.originsOfAll(args))
  const running = described && enterCall(m, described)
  const started = m.state
  const frame = frameOf(m, form, fn, args, options)
  const entry = entryOf(m, form, fn, site, options)
  const thrown = run(m, form, frame, entry, given)
  m.running.leave(fn, args)
  const followed = running && leaveCall(m, running)
  if (!frame.env.captured) m.memory.finished.add(frame.env.id)
  const ended = endOf(m, started, frame, thrown)
  if (followed) {
    // a recursion is followed with other arguments than it was called with
    const asDescribed = given.every((arg, i) => arg === args[i])
    keepOutcome(m, followed, ended, asDescribed)
  }
  const named = { name: entry.name, site }
  if (form.generator) return iterable(m, ended, frame.yields, named, options.how === 'handler')
  return form.async && !frame.awaited ? promised(m, ended, named) : goOn(m, ended)
}

/** The words for a call whose outcome may be known, or kept; undefined where it hangs on more than they could tell. */
function describe(
  m: Machine,
  form: FunctionForm,
  fn: FunctionValue,
  args: readonly Value[],
  options: CallOptions,
): DescribedCall | undefined {
  if (form.generator || (form.async && !options.awaited)) return undefined
  if (m.persona.recording || m.cached || isHandedOn(fn, options)) return undefined
  return describeCall(m, fn, args, form.usesThis ? selfOf(form, fn, options) : undefined)
}

/** A closure that a middleware or a wrapper runs on its way: what it does is told apart by where it was handed in. */
const isHandedOn = ({ env }: FunctionValue, { how, continuation }: CallOptions): boolean =>
  env !== undefined && env.fn !== 0 && (continuation === true || (how !== undefined && how !== 'call'))

const selfOf = ({ kind }: FunctionForm, fn: FunctionValue, { self }: CallOptions): Value | undefined =>
  kind === 'arrow' ? fn.self : (fn.self ?? self)

function frameOf(
  m: Machine,
  form: FunctionForm,
  fn: FunctionValue,
  args: readonly Value[],
  options: CallOptions,
): Frame {
  const self = selfOf(form, fn, options)
  return {
    file: fn.file,
    fn: fn.fn,
    env: m.heap.newEnv(fn.file, fn.fn, fn.env ?? moduleEnv(m, fn.file), self),
    self,
    args,
    outer: m.frame,
    at: m.stack.length,
    async: form.async,
    awaited: options.awaited ?? false,
    returns: [],
    yields: [],
    jumps: [],
  }
}

function entryOf(m: Machine, form: FunctionForm, fn: FunctionValue, site: Site, options: CallOptions): StackEntry {
  return {
    name: options.name || form.name,
    site: { file: fn.file, range: form.range },
    calledAt: site,
    how: options.how ?? 'call',
    file: fn.file,
    ...ownerOf(m, fn, options.self),
    ...(options.continuation ? { isGiven: true } : {}),
  }
}

/** Whose work a function does that is run by somebody else: of whom it is written in, or of whom it was handed on by. */
function ownerOf(m: Machine, fn: FunctionValue, self: Value | undefined): Pick<StackEntry, 'owner' | 'isClosure'> {
  if (fn.env && fn.env.fn !== 0) {
    for (let frame = m.frame; frame; frame = frame.outer)
      if (frame.env.id === fn.env.id) return frame.at === undefined ? {} : { owner: frame.at, isClosure: true }
    return {}
  }
  const holder = self && m.heap.classOf(self) === undefined ? self : undefined
  const isGiven = (arg: Value): boolean =>
    arg === holder || (arg.t === 'function' && arg.file === fn.file && arg.fn === fn.fn)
  let frame = m.frame
  while (frame?.args?.some(isGiven)) frame = frame.outer
  return frame === m.frame || frame?.at === undefined ? {} : { owner: frame.at }
}

/**
 * Runs the body of a function: what it returns and yields is in its frame.
 *
 * @param given the arguments that it is followed with
 * @returns what it threw
 */
function run(
  m: Machine,
  form: FunctionForm,
  frame: Frame,
  entry: StackEntry,
  given: readonly Value[],
): readonly Thrown[] {
  const { frame: outer, chain } = m
  const thrown = withinCall(m, entry, () => {
    m.frame = frame
    m.chain = undefined
    // what comes behind a guard is not part of how it refuses
    if (entry.isGiven || entry.how !== 'call') m.state.denying = 'no'
    bindParameters(m, form, given)
    execute(m, form.body)
    if (m.state.alive) frame.returns.push({ state: m.state, value: undefinedValue })
    if (isAnchor(entry)) noteRefusals(m, frame.returns)
  })
  m.frame = outer
  m.chain = chain
  return thrown
}

function bindParameters(m: Machine, form: FunctionForm, args: readonly Value[]): void {
  form.params.forEach((param, i) => {
    if (!m.state.alive) return
    const value = param.rest ? m.heap.newArray(args.slice(i)) : (args[i] ?? undefinedValue)
    bindPattern(m, param.pattern, value)
  })
}

/** What all ways through the body come to. */
function endOf(m: Machine, started: State, { returns }: Frame, thrown: readonly Thrown[]): Ended {
  const answers = withProofs(m, returns)
  const returned = State.join(returns.map(({ state }) => state))
  // whoever called goes on: what the function did about a denial is over
  if (returned.alive) {
    returned.denying = started.denying
    returned.sameLength = started.sameLength
  }
  const ended = thrown.map((one) => one.state)
  for (const state of [returned, ...ended]) state.turns = started.turns
  const value = answers.length > 0 ? union(answers.map((answer) => answer.value)) : undefined
  const { denial, failure } = byReason(started, thrown)
  return { started, returned, value, thrown: [denial, failure].filter((one) => one !== undefined) }
}
