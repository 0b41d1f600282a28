/** Applies what the catalogue says of library values: what this caller gets, and what a call touches. */
import { browserVariable } from '../../catalog/names.ts'
import { tiesIn } from '../caller/standing.ts'
import { chanceIn } from '../values/wording.ts'
import type { ArgPath, CallMeaning, EffectMeaning, Proof } from '../../catalog/meaning.ts'
import { argumentAt, holds } from './arguments.ts'
import { runCallbacks } from './callbacks.ts'
import { callValue, type CallOptions } from '../code/calls.ts'
import { madeAtModuleLevel, maybeCall } from '../code/given-functions.ts'
import { opaqueCall } from '../code/opaque-calls.ts'
import { subjectOf } from './handed.ts'
import { secretCompare } from './secret-compare.ts'
import { begunHere } from '../caller/unforged.ts'
import { shown as shownBy } from '../code/test-proofs.ts'
import { bound, tiesOf } from '../caller/ties.ts'
import { provedNames } from '../queries/in-reach.ts'
import type { Machine } from '../machine.ts'
import { addEffect } from '../effects.ts'
import { deny, decide, refuse, addSource } from '../caller/decisions.ts'
import { prove } from '../caller/proving.ts'
import { show, showReads } from '../caller/shown.ts'
import { addDecider } from '../caller/doubts.ts'
import { setMember } from '../code/members.ts'
import { keptInStore } from '../code/module-values.ts'
import { madeOf } from '../values/made.ts'
import { metInTrial, mintedKey, nothingThere } from '../queries/minted.ts'
import {
  callerChosen,
  From,
  merge,
  noOrigins,
  origins,
  type Origins,
  type Site,
  type Source,
} from '../values/origins.ts'
import { handedOver, startQuery } from '../queries/queries.ts'
import { recorded } from '../values/recorded.ts'
import { shapeMade } from '../values/shapes.ts'
import { noteHeader, noteHeaders } from './request.ts'
import { result, type About } from './results.ts'
import { vouchesForCaller } from './vouching.ts'
import {
  alternatives,
  constant,
  native,
  shallowOrigins,
  traceOf,
  truth,
  undefinedValue,
  union,
  unknown,
  type LibraryValue,
  type Value,
} from '../values/value.ts'
import { draw } from '../language/lists.ts'
import { meaningOf, nameOf, type Found } from './meanings.ts'
import { delegation, isServers, carriesCaller, tokenKept, byToken } from './delegation.ts'

/** A call of something that a library gives. */
export function callLibrary(
  m: Machine,
  callee: LibraryValue,
  given: readonly Value[],
  site: Site,
  options: CallOptions,
): Value {
  const found = meaningOf(m, callee)
  const args = mayTakeQueries(m, callee, found) ? given : handedOver(m, given)
  const answer = followLibrary(m, callee, found, args, site, options)
  if (!m.persona.trial) return answer
  const made = madeOf(m, nameOf(callee), args)
  const named = (value: Value): Value =>
    value.t === 'unknown' && value.made === undefined && value.chance === undefined ? { ...value, ...made } : value
  return answer.t === 'promise' && answer.value ? { ...answer, value: named(answer.value) } : named(answer)
}

function followLibrary(
  m: Machine,
  callee: LibraryValue,
  found: Found | undefined,
  args: readonly Value[],
  site: Site,
  options: CallOptions,
): Value {
  const name = options.name || nameOf(callee)
  if (found) {
    switch (found.meaning.kind) {
      case 'call':
        return applyCall(m, found.meaning, callee, args, site, { ...options, name })
      case 'query':
        return startQuery(
          m,
          found.meaning,
          queryLibrary(callee),
          found.segments,
          args,
          site,
          name,
          'package' in callee.base ? undefined : callee.base.config,
          carriesCaller(merge(callee.origins, tokenKept(m, callee))) && !isServers(m, callee),
        )
      case 'builder':
        return recorded(
          m,
          { t: 'builder', builder: found.meaning.builder, calls: [], site },
          { method: '', args, site },
        )
      case 'value':
        return result(m, found.meaning.is, { args, site, name, from: callee.origins })
    }
  }
  return unlistedCall(m, callee, args, site, { ...options, name })
}

/** A part of another query, perhaps; what computes, and what nobody knows, waits for what it is given. */
function mayTakeQueries(m: Machine, { base }: LibraryValue, found: Found | undefined): boolean {
  if (!('package' in base)) return true
  const category = m.world.catalog.libraryOf(base.package)?.category
  return category === 'data' || (found !== undefined && category !== 'harmless')
}

/** A call that the catalogue does not list: what its library says of such, or nothing known at all. */
function unlistedCall(
  m: Machine,
  callee: LibraryValue,
  args: readonly Value[],
  site: Site,
  options: CallOptions,
): Value {
  const given = args.map((arg) => m.heap.originsOf(arg)).reduce(merge, callee.origins)
  const base = callee.base
  const kind =
    'package' in base ? m.world.catalog.unlistedOf(base.package) : m.world.catalog.instance(base.instance)?.unlisted
  const name = options.name ?? nameOf(callee)
  if (kind === 'harmless' || ('package' in base && base.package === 'global')) {
    const harmless = 'package' in base && m.world.catalog.libraryOf(base.package)?.category === 'harmless'
    const made = harmless ? madeAtModuleLevel(m, args, given) : undefined
    if (made) return made
    const results = args.filter((arg) => arg.t === 'function').map((arg) => maybeCall(m, arg, [unknown(given)], site))
    const arranges = 'package' in base && m.world.catalog.libraryOf(base.package)?.arranges
    const parts = arranges ? result(m, 'parts', { args, site, name, from: given }) : undefined
    if (parts && parts.t !== 'unknown') return parts
    // a schema gives back what it has checked
    const [only] = args.filter((arg) => arg.t === 'unknown' && arg.term)
    const schemas = 'package' in base ? m.world.catalog.libraryOf(base.package)?.schemas : undefined
    const shape = schemas && shapeMade(m, callee.path.join('.'), args, schemas === 'present')
    return unknown(results.map((value) => m.heap.originsOf(value)).reduce(merge, given), {
      nullish: 'no',
      ...traceOf(only),
      ...(shape ? { shape } : {}),
    })
  }
  if (kind === 'effect-read' || kind === 'effect-write') {
    const read = addEffect(m, { what: `calls \`${name}\``, kind: 'other', write: kind === 'effect-write', site }, args)
    return unknown(origins(given.flags | From.row, ...given.refs, ...(read ? [read] : [])))
  }
  const from =
    'package' in base ? `package \`${base.package}\` is not in the catalogue` : `\`${name}\` is not in the catalogue`
  return opaqueCall(m, { name, reason: from, site, of: callee.origins }, args, options.awaited)
}

const queryLibrary = (callee: LibraryValue): string =>
  'package' in callee.base ? callee.base.package : callee.base.instance

/** It makes a function, and another one for callers who proved nothing. */
const tellsCallersApart = ({ proves, anonymous }: CallMeaning): boolean =>
  proves !== undefined && typeof anonymous === 'object' && ('wraps' in anonymous || 'fn' in anonymous)

function applyCall(
  m: Machine,
  listed: CallMeaning,
  callee: LibraryValue,
  args: readonly Value[],
  site: Site,
  options: CallOptions,
): Value {
  const meaning = listed.variants?.find((variant) => holds(m, variant.when, args))?.then ?? listed
  const name = options.name ?? nameOf(callee)
  // who calls is not known while a module is set up: it is when that function is called
  if (m.atModuleLevel && tellsCallersApart(meaning))
    return native(name, (machine, sent, at, awaited) =>
      callValue(machine, applyCall(machine, listed, callee, args, site, options), sent, at, { awaited, name }),
    )
  const given = [callee, ...args]
    .map((part) => merge(m.heap.originsOf(part), tokenKept(m, part)))
    .reduce(merge, noOrigins)
  const about: About = {
    args,
    site,
    name,
    from: given,
    ...(m.tracing && 'instance' in callee.base && callee.base.config ? { made: callee.base.config } : {}),
  }

  if (m.atModuleLevel && wrapsByCaller(meaning))
    return native(
      name,
      (machine, passed, at, awaited) => {
        const made = applyCall(machine, meaning, callee, args, site, options)
        // it answers the others by itself
        if (made.t === 'library' && meaning.proves && machine.lacks(meaning.proves))
          deny(machine, decide(machine, origins(From.principal, newSource(machine, meaning.proves, name, site)), at))
        return callValue(machine, made, passed, at, { awaited, name })
      },
      given,
    )

  if (meaning.asserts !== undefined) {
    const asserted = args[meaning.asserts] ?? undefinedValue
    const known = truth(asserted)
    if (known === false) {
      deny(m, decide(m, m.heap.originsOf(asserted, 1), site))
      return m.throw(m.heap.newObject({}, { is: 'error' }))
    }
    if (known === undefined && asserted.t === 'unknown') prove(m, asserted.whenTrue)
    return undefinedValue
  }
  const asItself = signsInAsItself(m, meaning, args)
  if (asItself && 'instance' in callee.base)
    m.heap.setShared(m.heap.slot('token', callee.base.site), unknown(origins(From.secret), { nullish: 'no' }))
  const mints = vouchesForCaller(m, meaning, args, options.self)
  if (mints) {
    const what = 'makes a session or a token of what the caller says of themselves'
    addEffect(m, { what, kind: 'identity', write: true, site, mints: true }, args)
  }
  if (meaning.credential && !asItself && !mints) m.log.credentials.push(site)
  if (meaning.answersWith === 'headers') noteHeaders(m, args[0] ?? undefinedValue, site)
  if (meaning.answersWith === 'header' && args[0]?.t === 'const')
    noteHeader(m, String(args[0].value), args[1] ?? undefinedValue, site)
  if (meaning.answersWith === 'body') for (const arg of args) show(m, arg)
  else if (meaning.answersWith) showReads(m, args)
  if (meaning.keepsIn !== undefined) keepIn(m, options.self, meaning.keepsIn, args[0] ?? undefinedValue, site)
  if (meaning.compares) {
    const [left, right] = meaning.compares.map((at) => args[at] ?? undefinedValue) as [Value, Value]
    const compared =
      secretCompare(m, left, right, site, storedProof(m, left, right, meaning)) ??
      ownSecret(m, left, right, meaning, name, site) ??
      unknown(given, { nullish: 'no', ...shownBy({ whenTrue: begunHere(m, left, right) }) })
    return meaning.async && !options.awaited
      ? { t: 'promise', value: compared, error: undefined, proofs: [], name, site, denies: false }
      : compared
  }

  if (meaning.carries && 'instance' in callee.base)
    m.heap.setShared(m.heap.slot('token', callee.base.site), args[0] ?? undefinedValue)
  const slot = meaning.store && 'instance' in callee.base ? m.heap.slot('store', callee.base.site) : undefined
  if (slot !== undefined && meaning.store === 'reads') {
    const kept = m.heap.read(slot) as Value | undefined
    return kept ?? union([keptInStore(m, callee, name, site), undefinedValue])
  }
  const keptBefore = slot === undefined ? undefined : m.heap.read(slot)
  if (slot !== undefined) m.heap.setShared(slot, args[0] ?? undefinedValue)

  let outcome = meaning.returns ?? 'unknown'
  let source: Source | undefined
  let refused = false
  let isTheirs = false
  const permission = meaning.permission
    ? permissionProof(m, meaning.permission.proof, meaning.permission.at, args)
    : undefined
  if (meaning.proves && meaning.anonymous !== undefined && !asItself) {
    const asksNoMore = meaning.effect ? meaning.guests !== undefined : !permission && !meaning.credential
    const stranger = m.lacks(meaning.proves)
    const unlocked = stranger && asksNoMore && givesAnonymousSessions(m, meaning, callee)
    isTheirs = unlocked && meaning.effect !== undefined
    // who lacks the permission gets something else than who is not signed in: to get that is to be signed in
    const asked = m.anonymous && meaning.permission?.denied !== undefined ? undefined : permission
    source = newSource(m, asked ?? (unlocked ? 'anonymous-session' : meaning.proves), name, site, given)
    if (permission) m.log.privileges++
    if ((stranger && !unlocked) || (permission && m.lacks(permission))) {
      const refusal = (!stranger && meaning.permission?.denied) || meaning.anonymous
      if (refusal === 'throws' || refusal === 'redirects') {
        if (meaning.async && !options.awaited) {
          const error = m.heap.newObject({}, { is: 'error' }, origins(0, source))
          return { t: 'promise', value: undefined, error, proofs: [], name, site, denies: true, made: true }
        }
        return refuse(m, source, site, m.heap.newObject({}, { is: 'error' }))
      }
      outcome = refusal
      refused = true
    }
    if (isTheirs) {
      outcome = meaning.guests ?? outcome
      // whoever did not sign in at all is refused
      const other = source
      if (meaning.anonymous === 'throws' && options.awaited)
        m.split([() => refuse(m, other, site, m.heap.newObject({}, { is: 'error' })), () => undefinedValue])
    }
  }
  // it answers for the user that it is told, and is told the caller
  if (permission && !meaning.proves && !m.anonymous && (given.flags & From.principal) !== 0) {
    source = newSource(m, permission, name, site)
    m.log.privileges++
    if (m.lacks(permission) && meaning.permission?.denied) {
      outcome = meaning.permission.denied
      refused = true
    }
  }
  if (m.persona.trial && meaning.effect?.keyed) {
    const missing = metInTrial(m, m.persona.trial, meaning.effect.keyed, callee, args, site)
    if (missing) {
      const nothing = nothingThere(m, missing, about)
      return meaning.async && !options.awaited
        ? { t: 'promise', value: nothing, error: undefined, proofs: [], name, site, denies: false }
        : nothing
    }
  }
  const minted = source || asItself || m.persona.trial ? undefined : mintedKey(m, meaning, callee, args, site)
  if (!source && (minted ?? isKeyedBySecret(meaning, given)) !== false) {
    source = newSource(m, 'capability', name, site)
    if (m.lacks('capability')) {
      const from = origins(From.principal, source)
      // what ends something has nothing to end
      if (meaning.effect?.write) decide(m, from, site)
      const nothing = minted ? nothingThere(m, minted, { ...about, from }) : constant(null, from)
      return meaning.async && !options.awaited
        ? { t: 'promise', value: nothing, error: undefined, proofs: [], name, site, denies: false }
        : nothing
    }
  }
  const made = ('instance' in callee.base && callee.base.config) || []
  const ran = runCallbacks(m, meaning, args, made, site, about)
  if (slot !== undefined && meaning.store === 'runs' && m.state.alive)
    m.heap.setShared(slot, keptBefore ?? keptInStore(m, callee, name, site))
  if (!m.state.alive) return undefinedValue

  const isGuest = m.lacking && source?.proof === 'anonymous-session'
  let from: Origins = merge(source ? merge(given, origins(From.principal, source)) : given, ran.told)
  const isWork = meaning.effect && !isOpenToAll(meaning.effect, args, given) && !isSetUp(meaning.effect, given)
  if (meaning.effect && isWork && !isTheirs && !(meaning.gated && refused)) {
    const delegated = delegation(m, meaning.effect, callee, args, given)
    const read = addEffect(
      m,
      {
        what: meaning.effect.what,
        kind: meaning.effect.kind,
        write: meaning.effect.write,
        site,
        privileged: meaning.effect.privileged ?? false,
        ...(meaning.effect.byKey ? { byKey: true } : {}),
        ...delegated,
        ...(m.tracing && meaning.effect.subject ? { inReach: provedNames(m, site) } : {}),
        ...(source?.proof === 'authenticated' && !meaning.credential ? { asksItself: name } : {}),
      },
      args,
      meaning.effect.subject,
    )
    // what an outside service answers is not the secret that it was shown
    if (meaning.effect.kind !== 'secret') from = { flags: from.flags & ~From.secret, refs: from.refs }
    if (read) from = merge(from, origins(From.row, read))
    if (delegated) from = merge(from, origins(0, addDecider(m, name, byToken, site)))
  }
  // the SDK checked credentials that only their owner has: what follows is done for that owner
  if (meaning.credential && meaning.proves && !asItself && !refused && m.lacks(meaning.proves)) m.state.proved = true

  const proves = source && !m.lacks(source.proof) ? provenBy(m, meaning, permission ?? source.proof, args) : []
  // others do not come back from it
  const shown = stopsOthers(meaning, permission) ? proves : []
  const subject = m.tracing && meaning.effect?.subject ? subjectOf(m, args, meaning.effect.subject) : undefined
  let answer = result(m, outcome, {
    ...about,
    from: source ? sourceOrigins(from, source, isGuest ? From.guest : From.nothing) : from,
    ...(ran.given ? { callback: ran.given } : {}),
    ...(proves.length > 0 ? { proves } : {}),
  })
  if (meaning.draws !== undefined) draw(m, args[0], meaning.draws, site)
  if (meaning.spells && answer.t === 'unknown')
    answer = { ...answer, ...chanceIn(m, args[0]), ...nameOfVariable(args[0]) }
  // what is made for this caller refuses whenever it is called
  if (refused && source && typeof outcome === 'object' && 'fn' in outcome) {
    const asked = source
    return native(name, (machine, sent, at, awaited) => {
      deny(machine, decide(machine, { flags: 0, refs: [asked] }, site))
      return callValue(machine, answer, sent, at, { awaited, name })
    })
  }
  const value = proven(
    subject?.row && answer.t === 'unknown' ? { ...answer, term: subject.row } : keptUnder(m, meaning, args, answer),
    proves,
  )
  if (meaning.async && !options.awaited && value.t !== 'promise') {
    const denies = isTheirs && meaning.anonymous === 'throws'
    const error = denies && source ? m.heap.newObject({}, { is: 'error' }, origins(0, source)) : undefined
    const promise: Value = { t: 'promise', value, error, proofs: shown, name, site, denies }
    return source ? { ...promise, made: true, ...(meaning.plainBefore ? { plainBefore: true } : {}) } : promise
  }
  prove(m, shown)
  return value
}

/** A variable of the environment is known by its name however it is spelt. */
const nameOfVariable = (value: Value | undefined): { readonly key?: string } =>
  value?.t === 'unknown' && value.key !== undefined && (value.origins.flags & From.env) !== 0 ? { key: value.key } : {}

/** What was kept under a key that names the caller. */
function keptUnder(m: Machine, { effect }: CallMeaning, [key]: readonly Value[], answer: Value): Value {
  if (!m.tracing || effect?.kind !== 'db' || effect.write || key?.t !== 'unknown' || answer.t !== 'unknown')
    return answer
  if (!key.mine || !key.term) return answer
  return { ...answer, mine: true, whenTrue: tiesOf(key.term) }
}

/** A wrapper that is made once, for all: who calls is known when the function is called that it gives. */
const wrapsByCaller = ({ proves, anonymous }: CallMeaning): boolean =>
  proves !== undefined && typeof anonymous === 'object' && ('fn' in anonymous || 'wraps' in anonymous)

/** It throws, or redirects, where the caller does not have what it asks for. */
function stopsOthers({ anonymous, permission }: CallMeaning, asked: Proof | undefined): boolean {
  const refusal = (asked && permission?.denied) ?? anonymous
  return refusal === 'throws' || refusal === 'redirects'
}

/** A page of the internet that is read without showing anything that browsers do not know: whoever calls can read it as well. */
function isOpenToAll(effect: EffectMeaning, args: readonly Value[], given: Origins): boolean {
  const shows = (given.flags & ~(From.input | From.env)) !== 0 || given.refs.length > 0
  if (effect.kind !== 'http' || effect.write || shows) return false
  return alternatives(args[0] ?? undefinedValue).every((part) => {
    if (part.t === 'unknown' && part.origins.flags === From.env && browserVariable.test(part.key ?? '')) return true
    const text = part.t === 'const' ? String(part.value) : part.t === 'unknown' ? (part.begins ?? '') : ''
    return /^https:\/\/([a-z0-9-]+\.)+(?!internal|local|lan|corp|home)[a-z]{2,}\//i.test(text)
  })
}

/** A folder or an index that is the same for all: nothing of a caller, and nothing that was found, is in what it is given. */
const isSetUp = ({ setsUp }: EffectMeaning, { flags, refs }: Origins): boolean =>
  setsUp === true && refs.length === 0 && (flags & ~(From.env | From.secret | From.setting)) === 0

/** The server signs in with what it keeps itself: that is nobody's proof, and what comes after it is done with its rights. */
const signsInAsItself = (m: Machine, meaning: CallMeaning, args: readonly Value[]): boolean =>
  meaning.credential === true &&
  meaning.proves !== undefined &&
  args.length > 0 &&
  (args.reduce((flags, arg) => flags | m.heap.originsOf(arg).flags, 0) &
    (callerChosen | From.request | From.principal | From.context | From.opaque | From.row)) ===
    0 &&
  args.some((arg) => (m.heap.originsOf(arg).flags & (From.secret | From.setting | From.env)) !== 0)

/** A hash that a row keeps proves what the call was made for: a password's proves who it is. */
const storedProof = (m: Machine, left: Value, right: Value, meaning: CallMeaning): Proof | undefined =>
  ((m.heap.originsOf(left).flags | m.heap.originsOf(right).flags) & From.secret) === 0 ? meaning.proves : undefined

/** `session.update({ userId })`: what is written last is what is there. */
function keepIn(m: Machine, holder: Value | undefined, property: string, given: Value, site: Site): void {
  const cell = holder && m.heap.object(holder)
  if (!holder || !cell) return
  const before = cell.props.get(property) ?? undefinedValue
  const added = given.t === 'function' ? callValue(m, given, [before], site, { awaited: true }) : given
  const known = m.heap.object(before)
  const more = m.heap.object(added)
  const props = new Map([...(known?.props ?? []), ...(more?.props ?? [])])
  const rest = more ? (more.rest ?? known?.rest) : unknown(m.heap.originsOf(added))
  setMember(m, holder, property, m.heap.newObject(props, rest ? { rest } : {}, shallowOrigins(before)))
}

/** A stored hash is compared with what the caller sends: the caller does not know what it was made of. */
function ownSecret(
  m: Machine,
  left: Value,
  right: Value,
  meaning: CallMeaning,
  name: string,
  site: Site,
): Value | undefined {
  const sides = [m.heap.originsOf(left).flags, m.heap.originsOf(right).flags]
  const stored = sides.some((flags) => (flags & From.row) !== 0 && (flags & callerChosen) === 0)
  const sent = sides.some((flags) => (flags & callerChosen) !== 0)
  if (!stored || !sent) return undefined
  const proof = meaning.proves ?? 'secret'
  const source = newSource(m, proof, name, site)
  const from = origins(From.principal, source)
  return m.lacks(proof) ? constant(false, from) : unknown(from, { nullish: 'no', whenTrue: [proof] })
}

/** The sign-in of somebody who proves nothing is open in this project. */
function givesAnonymousSessions(m: Machine, meaning: CallMeaning, { base }: LibraryValue): boolean {
  if (meaning.proves !== 'authenticated' || !('instance' in base)) return false
  const where = m.world.catalog.instance(base.instance)?.anonymousSessions
  if (!where) return false
  if ('calls' in where) return m.world.callsSomewhere(base.site.file, where.calls)
  const list = m.heap.array(argumentAt(m, where.configured, base.config ?? []) ?? undefinedValue)
  return [...(list?.items ?? []), ...(list?.rest ? [list.rest] : [])]
    .flatMap((item) => alternatives(item))
    .some((part) => part.t === 'library' && 'instance' in part.base && part.base.instance === where.instance)
}

/** What is kept under the digest of a token that the caller sends is found only by who knows that token. */
const isKeyedBySecret = ({ effect }: CallMeaning, { flags }: Origins): boolean =>
  effect?.kind === 'db' &&
  !effect.write &&
  (flags & From.digest) !== 0 &&
  (flags & (From.header | From.cookie)) !== 0 &&
  (flags & From.input) === 0

/** What the lookup gives hangs on the caller, whatever its arguments were. */
const sourceOrigins = (from: Origins, source: Source, guest: number): Origins => ({
  flags: From.principal | guest | (from.flags & From.row),
  refs: [source, ...from.refs.filter((ref) => ref.t === 'read')],
})

/** @param given of a signature: what it is over */
function newSource(m: Machine, proof: Proof, name: string, site: Site, given: Origins = noOrigins): Source {
  const link = proof === 'signature' && (given.flags & (From.input | From.request)) !== 0
  return addSource(m, { t: 'source', proof, name, site, trust: 'catalogue', ...(link ? { ofLink: true } : {}) })
}

function proven(value: Value, proofs: readonly Proof[]): Value {
  if (proofs.length === 0) return value
  if (value.t === 'unknown') return { ...value, whenTrue: proofs }
  return value
}

/** Who may do something in a tenant belongs to it, too. */
function provenBy(m: Machine, { permission }: CallMeaning, proof: Proof, args: readonly Value[]): readonly Proof[] {
  if (proof === 'authenticated') return []
  const tenant = m.tracing && permission?.within ? argumentAt(m, permission.within, args) : undefined
  return tenant ? [proof, ...tiesIn(tenant).map(bound)] : [proof]
}

function permissionProof(
  m: Machine,
  proof: 'role' | 'permission',
  at: ArgPath,
  args: readonly Value[],
): Proof | undefined {
  const value = argumentAt(m, at, args)
  const names = value ? permissionNames(m, value) : []
  return names.length > 0 ? `${proof}:${names.join(',')}` : undefined
}

function permissionNames(m: Machine, value: Value): string[] {
  if (value.t === 'const' && typeof value.value === 'string') return [value.value]
  const list = m.heap.array(value)
  if (list) return list.items.flatMap((item) => permissionNames(m, item))
  const cell = m.heap.object(value)
  if (!cell) return []
  return [...cell.props].flatMap(([resource, actions]) =>
    permissionNames(m, actions).map((action) => `${resource}:${action}`),
  )
}
