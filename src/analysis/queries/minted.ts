/**
 * Keys that the application mints: it puts something into a store of keys and values under a key of which chance has made a
 * part, and sends that part out (the token of a session, a one-time code). Whoever shows it later was sent it: what stands
 * under such a key is found by nobody else, as is a row by its secret column (`queries.ts`).
 *
 * A store has no columns. What holds keys of one kind together is how they are worded, `session:` and then the token; so a
 * key is taken for a minted one where the application puts something under a key that is worded alike, with more chance in
 * it than anybody finds by trying. That mint is what tells it from a cache (`user:` and an id), which is filled for whoever
 * asks. It fails where other keys can be reached by the same words: `session:user:7` is one that begins with `session:`.
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
import { effectOf, libraryMember } from '../library/library.ts'
import type { Machine } from '../machine.ts'
import { valueWritten } from '../code/module-values.ts'
import { callerChosen, From, merge, noOrigins, type Origins, type Site } from '../values/origins.ts'
import { result, type About } from '../library/results.ts'
import { alternatives, constant, isNullish, undefinedValue, type LibraryValue, type Value } from '../values/value.ts'
import { chanceOf, hole, wordsIn } from '../values/wording.ts'
import { atCallsOf, valueInParts } from '../code/written.ts'

/** Something is put under a key. */
export interface KeyedWrite extends Place {
  /** The bits of the key that chance has made. */
  readonly chance: number
  /** The rest of the key is of a row or of whoever signed in: others than those who were sent it know it. */
  readonly known: boolean
}

interface Place {
  /** The store, or the part of it that holds no other keys. */
  readonly store: string
  /** How the key is worded (`wording.ts`). */
  readonly words: string
}

/**
 * With so many bits nobody finds one by trying while it can be used: at a thousand tries a second it takes nine thousand
 * years. Ten letters of 36 have 51; codes of six digits have 20, and are as good as their limits on tries, which cannot be
 * seen here.
 */
export const enough = 48

/** What there is for somebody who was sent no such key, where the call looks under one that the caller sends. */
export function mintedKey(
  m: Machine,
  { effect }: CallMeaning,
  store: LibraryValue,
  args: readonly Value[],
  site: Site,
): Keyed['missing'] {
  const keyed = effect?.keyed
  if (!keyed?.missing) return undefined
  const key = keyAt(m, store, keyed, args)
  if (!key || !isSent(key.from, key.place)) return undefined
  const others = m.world.modules.keepers(site.file, 'keys').filter((file) => file !== site.file)
  const writes = [site.file, ...others].flatMap((file) => writesIn(m, file))
  return isMinted(key.place, writes) ? keyed.missing : undefined
}

export const nothingThere = (m: Machine, missing: NonNullable<Keyed['missing']>, about: About): Value =>
  missing === 'null' || missing === 'none'
    ? constant(missing === 'null' ? null : 0, about.from)
    : result(m, missing, about)

/** All that is not fixed in the key is the caller's to choose, and is shown as a secret is. */
function isSent({ flags }: Origins, { store, words }: Place): boolean {
  if ((flags & ~(callerChosen | From.request | From.digest | From.env | From.setting)) !== 0) return false
  if ((flags & (From.cookie | From.header)) !== 0) return true
  return (flags & From.input) !== 0 && secretKey.test(snake(`${store} ${words}`))
}

function isMinted({ store, words }: Place, writes: readonly KeyedWrite[]): boolean {
  const inStore = writes.filter((write) => write.store === store)
  const alike = inStore.filter((write) => write.words === words)
  if (!alike.some(({ chance }) => chance >= enough)) return false
  const reached = inStore.filter((write) => write.words !== words && isReached(words, write.words))
  return !alike.some((write) => write.known) && reached.every(({ chance }) => chance >= enough)
}

/** Whoever fills the holes of the one can make it the other. */
function isReached(words: string, other: string): boolean {
  const escaped = words.split(hole).map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${escaped.join('[^]*')}$`).test(other)
}

function keyAt(
  m: Machine,
  store: LibraryValue,
  keyed: Keyed,
  args: readonly Value[],
): { readonly place: Place; readonly from: Origins; readonly chance: number } | undefined {
  const [key, field] = args.map((arg) => alternatives(arg).filter((part) => isNullish(part) !== true))
  if (key?.length !== 1) return undefined
  // the fields of one that is fixed are keys of their own; under a key that is not, all of them are of one kind
  const fields = keyed.field && key[0]!.t === 'const' && field?.length === 1 ? field : []
  const parts = [...key, ...fields]
  if (!parts.every((part) => part.t === 'const' || part.t === 'unknown')) return undefined
  const words = parts.map(wordsIn).join('\n')
  const room = roomOf(m, store, keyed)
  // whoever chooses all of a key chooses among all that a store keeps, unless it keeps nothing else
  if (words.replaceAll(hole, '').trim() === '' && room === '') return undefined
  const name = 'instance' in store.base ? store.base.instance : ''
  return {
    place: { store: `${name} ${room}`, words },
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
const writesIn = (m: Machine, file: string): readonly KeyedWrite[] =>
  atCallsOf(m, file, m.world.writes, puttingMethods, (inner, fn, { call: { args, range }, object, key }) =>
    storesIn(inner, file, fn, object, key, { file, range }).flatMap((store) => writeTo(inner, file, fn, store, args)),
  )

/** The methods of stores that a call is one of. */
function storesIn(m: Machine, file: string, fn: FunctionId, object: Expr, key: string, site: Site): LibraryValue[] {
  return alternatives(valueWritten(m, file, fn, object) ?? undefinedValue).flatMap((part): LibraryValue[] => {
    const store = part.t === 'unknown' ? part.members : part
    if (store?.t !== 'library' || !('instance' in store.base)) return []
    const method = libraryMember(m, store, key, site)
    return method.t === 'library' ? [method] : []
  })
}

function writeTo(m: Machine, file: string, fn: FunctionId, store: LibraryValue, args: readonly Arg[]): KeyedWrite[] {
  const keyed = effectOf(m, store)?.keyed
  if (!keyed || keyed.missing) return []
  const given = args.slice(0, keyed.field ? 2 : 1).map((arg) => valueInParts(m, file, fn, arg))
  const key = keyAt(m, store, keyed, given)
  if (!key) return []
  const known = key.chance < enough && (key.from.flags & (From.row | From.principal)) !== 0
  return [{ ...key.place, chance: key.chance, known }]
}
