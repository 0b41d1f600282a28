/**
 * Keys that the application mints: it puts something into a store of keys and values under a key of which chance has made a
 * part, and sends that part out (the token of a session, a one-time code). Whoever shows it later was sent it: what stands
 * under such a key is found by nobody else, as is a row by its secret column (`queries.ts`).
 *
 * A store has no columns. What holds keys of one kind together is how they are worded, `session:` and then the token; so a
 * key is taken for a minted one where all that the application puts under keys that are worded alike either has more chance
 * in its key than anybody finds by trying, or is put there only once something was found by the same key (`trial.ts`): a
 * session that is extended, what a table of sessions holds. That tells it from a cache (`user:` and an id), which is filled
 * for whoever asks. It fails where other keys can be reached by the same words: `session:user:7` is one that begins with
 * `session:`.
 *
 * What a helper puts there is what its callers tell it to (`call-sites.ts`).
 *
 * A job is kept under an id made by chance as well, which stands in addresses, lists and logs, and is no secret. What is sent as a
 * cookie or a header is a credential by how it is sent; of what is passed as data, the fixed words of the key have to say
 * that it is one, as the name of the column does where the same is kept in a row.
 */
import { puttingMethods } from '../../catalog/keyed.ts'
import type { CallMeaning, Keyed } from '../../catalog/meaning.ts'
import { secretKey, snake } from '../../catalog/names.ts'
import type { Arg, Expr, FunctionId } from '../../model/form.ts'
import { argumentAt } from '../library/arguments.ts'
import { effectOf, libraryMember } from '../library/meanings.ts'
import type { Machine } from '../machine.ts'
import { around, callsOf, decidedByCallers, valueAt, type CallSite, type Place } from '../code/call-sites.ts'
import { moduleForm, valueWritten } from '../code/module-values.ts'
import { callerChosen, From, merge, noOrigins, siteKey, type Origins, type Site } from '../values/origins.ts'
import { result, type About } from '../library/results.ts'
import { alternatives, constant, isNullish, undefinedValue, type LibraryValue, type Value } from '../values/value.ts'
import { chanceOf, hole, holesIn, wordsIn } from '../values/wording.ts'
import { atCallsOf } from '../code/written.ts'
import { isUnknownKey, putsOnlyWhatIsFound, type MetKey, type Trial } from './trial.ts'

/** A call that puts something under a key. */
export interface KeyedPut extends Place {
  readonly site: Site
  readonly store: LibraryValue
  readonly args: readonly Arg[]
}

/** A key as somebody tells it. */
interface Key extends MetKey {
  readonly from: Origins
  /** The bits of it that chance has made. */
  readonly chance: number
}

/** Something is put under a key: where it is called like this. */
interface KeyedWrite {
  readonly put: KeyedPut
  readonly key: Key
  readonly chain: readonly CallSite[]
  /** Whoever calls decides what the key is, and nobody in sight does. */
  readonly open?: Place
}

/**
 * With so many bits nobody finds one by trying while it can be used: at a thousand tries a second it takes nine thousand
 * years. Ten letters of 36 have 51; codes of six digits have 20, and are as good as their limits on tries, which cannot be
 * seen here.
 */
export const enough = 48

/**
 * What there is for somebody who was sent no such key, where the call looks under one that the caller sends; false where what
 * is kept under such keys is there for whoever asks.
 */
export function mintedKey(
  m: Machine,
  { effect }: CallMeaning,
  store: LibraryValue,
  args: readonly Value[],
  site: Site,
): Keyed['missing'] | false {
  const keyed = effect?.keyed
  if (!keyed?.missing) return undefined
  const key = keyAt(m, store, keyed, args)
  if (!key || !isSent(key)) return undefined
  const minted = isMinted(m, key, site)
  return minted ? keyed.missing : minted
}

/**
 * Notes what a trial puts under keys.
 *
 * @returns what there is, where nothing is kept under the key that is looked for
 */
export function metInTrial(
  m: Machine,
  trial: Trial,
  keyed: Keyed,
  store: LibraryValue,
  args: readonly Value[],
  site: Site,
): Keyed['missing'] {
  const key = keyAt(m, store, keyed, args)
  if (key && !keyed.missing) trial.puts.push({ site: siteKey(site), key })
  return key && isUnknownKey(m, key) ? keyed.missing : undefined
}

/** What is found under a key that is not there. */
export const nothingThere = (m: Machine, missing: NonNullable<Keyed['missing']>, about: About): Value =>
  missing === 'null' || missing === 'none'
    ? constant(missing === 'null' ? null : 0, about.from)
    : result(m, missing, about)

/** All that is not fixed in the key is the caller's to choose, and is shown as a secret is. */
function isSent({ from: { flags }, store, words }: Key): boolean {
  if ((flags & ~(callerChosen | From.request | From.digest | From.env | From.setting)) !== 0) return false
  if ((flags & (From.cookie | From.header)) !== 0) return true
  return (flags & From.input) !== 0 && secretKey.test(snake(`${store} ${words}`))
}

/** @returns undefined where nothing in sight puts anything under such keys */
function isMinted(m: Machine, key: Key, { file }: Site): boolean | undefined {
  const others = m.world.modules.keepers(file, 'keys').filter((other) => other !== file)
  const asked = `minted ${file}\0${key.store}\0${key.words}\0${key.holes.map(({ flags }) => flags).join()}`
  if (m.world.trials.has(asked)) return m.world.trials.get(asked)
  // what looks for it while it puts it there shows nothing
  m.world.trials.set(asked, undefined)
  const puts = [file, ...others].flatMap((other) => putsIn(m, other))
  const isAsked = ({ words, store }: MetKey): boolean =>
    store === key.store && (words === key.words || words === hole || isReached(key.words, words))
  // what it does whoever calls it need not be asked of its callers
  const isSettled = (put: KeyedPut, { words }: MetKey): boolean =>
    words === key.words && isBacked(m, { put, chain: [] }, key)
  const writes = puts.flatMap((put) => writesOf(m, put, isAsked, isSettled))
  const alike = writes.filter((write) => write.key.words === key.words)
  const reached = writes.filter((write) => write.key.words !== key.words && write.key.words !== hole)
  if (alike.length === 0) return undefined
  const minted =
    reached.every((write) => write.key.chance >= enough) &&
    alike.some((write) => write.key.chance >= enough || isBacked(m, write, key, 'rows')) &&
    alike.every((write) => write.key.chance >= enough || isMethod(m, write.open) || isBacked(m, write, key))
  m.world.trials.set(asked, minted)
  return minted
}

/** It is put there only once something was found by the same key. */
const isBacked = (m: Machine, { put, chain }: Pick<KeyedWrite, 'put' | 'chain'>, key: Key, by?: 'rows'): boolean =>
  [put, ...chain].some((place) =>
    around(m, place).some(({ file, fn }) => putsOnlyWhatIsFound(m, file, fn, put.site, key, by)),
  )

/** The calls of methods cannot all be found. */
const isMethod = (m: Machine, place: Place | undefined): boolean =>
  place !== undefined && moduleForm(m, place.file).functions[place.fn]?.kind === 'method'

/** Whoever fills the holes of the one can make it the other. */
function isReached(words: string, other: string): boolean {
  const escaped = words.split(hole).map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${escaped.join('[^]*')}$`).test(other)
}

/**
 * @param whole no part of the key may be fixed
 */
function keyAt(m: Machine, store: LibraryValue, keyed: Keyed, args: readonly Value[], whole = false): Key | undefined {
  const [key, field] = args.map((arg) => alternatives(arg).filter((part) => isNullish(part) !== true))
  if (key?.length !== 1) return undefined
  // the fields of one that is fixed are keys of their own; under a key that is not, all of them are of one kind
  const fields = keyed.field && key[0]!.t === 'const' && field?.length === 1 ? field : []
  const parts = [...key, ...fields]
  if (!parts.every((part) => part.t === 'const' || part.t === 'unknown')) return undefined
  const words = parts.map(wordsIn).join('\n')
  const room = roomOf(m, store, keyed)
  // whoever chooses all of a key chooses among all that a store keeps, unless it keeps nothing else
  if (words.replaceAll(hole, '').trim() === '' && room === '' && !whole) return undefined
  const name = 'instance' in store.base ? store.base.instance : ''
  return {
    store: `${name} ${room}`,
    words,
    holes: holesIn(parts.flatMap((part, i) => (i > 0 ? ['\n', part] : [part]))),
    from: parts.map((part) => m.heap.originsOf(part)).reduce(merge, noOrigins),
    chance: Math.max(...parts.map(chanceOf)),
  }
}

function roomOf(m: Machine, { base, path }: LibraryValue, { room }: Keyed): string {
  if (room === undefined) return ''
  if (room === 'member') return path.slice(0, -1).join('.')
  const made = 'instance' in base ? (base.config ?? []) : []
  const name = room.map((at) => argumentAt(m, at, made)).find((value) => value?.t === 'const')
  return name?.t === 'const' && typeof name.value === 'string' ? name.value : ''
}

/** Where functions of a module put something under a key, whenever they run. */
const putsIn = (m: Machine, file: string): readonly KeyedPut[] =>
  atCallsOf(m, file, m.world.puts, puttingMethods, (inner, fn, { call: { args, range }, object, key }) => {
    const site = { file, range }
    return storesIn(inner, file, fn, object, key, site).map((store) => ({ file, fn, site, store, args }))
  })

/** The methods of stores that a call is one of. */
function storesIn(m: Machine, file: string, fn: FunctionId, object: Expr, key: string, site: Site): LibraryValue[] {
  return alternatives(valueWritten(m, file, fn, object) ?? undefinedValue).flatMap((part): LibraryValue[] => {
    const store = part.t === 'unknown' ? part.members : part
    if (store?.t !== 'library' || !('instance' in store.base)) return []
    const method = libraryMember(m, store, key, site)
    return method.t === 'library' ? [method] : []
  })
}

/** A helper is followed to those who call it, and to those who call these, so far and no further. */
const maxChain = 4

/**
 * What a call puts under which keys.
 *
 * @param isAsked of keys that somebody asks of: the others are left out
 * @param isSettled of such a key: it need not be known who decides it
 */
function writesOf(
  m: Machine,
  put: KeyedPut,
  isAsked: (key: MetKey) => boolean,
  isSettled: (put: KeyedPut, key: MetKey) => boolean,
): readonly KeyedWrite[] {
  const keyed = effectOf(m, put.store)?.keyed
  if (!keyed || keyed.missing) return []
  const parts = put.args.slice(0, keyed.field ? 2 : 1)
  const along = (chain: readonly CallSite[]): readonly KeyedWrite[] => {
    const given = parts.map((arg) => valueAt(m, put, arg, chain))
    const key = keyAt(m, put.store, keyed, given, true)
    if (!key || !isAsked(key)) return []
    const open = key.chance < enough ? decidedByCallers(m, key.from) : undefined
    const calls =
      open && chain.length < maxChain && (chain.length > 0 || !isSettled(put, key)) ? callsOf(m, open) : undefined
    // whoever calls itself decides nothing
    const others = calls?.filter((call) => !chain.some(({ file, fn }) => call.file === file && call.fn === fn))
    if (!open || !others?.length) return [{ put, key, chain, ...(open ? { open } : {}) }]
    return others.flatMap((call) => along([...chain, call]))
  }
  return along([])
}
