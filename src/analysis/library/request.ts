/** The request and what it brings, and responses. */
import type { Machine } from '../machine.ts'
import { addNote } from '../caller/notes.ts'
import { From, noOrigins, origins, type Origins, type Site } from '../values/origins.ts'
import { messageHeader } from '../../catalog/names.ts'
import type { About } from './results.ts'
import { madeAs } from '../values/made.ts'
import {
  constant,
  native,
  stableNative,
  traceOf,
  undefinedValue,
  union,
  unknown,
  type UnknownValue,
  type NativeValue,
  type ObjectValue,
  type Value,
} from '../values/value.ts'

/**
 * The request: all of it is the caller's to send, but for what led here: its method, and its path, which has a parameter
 * wherever a `[` is.
 */
export function requestValue(m: Machine, known: { readonly method?: Value; readonly path?: string } = {}): Value {
  const input = unknown(origins(From.input))
  const body = stableNative('body', (_machine, _args, site) => ({
    t: 'promise',
    value: unknown(origins(From.input), { nullish: 'no' }),
    error: undefined,
    proofs: [],
    name: 'body',
    site,
    denies: false,
  }))
  return m.heap.newObject(
    {
      headers: headersValue(m),
      cookies: cookiesValue(m),
      method: known.method ?? unknown(noOrigins, { nullish: 'no' }),
      url: unknown(origins(From.input), { nullish: 'no' }),
      nextUrl: address(m, known.path),
      json: body,
      text: body,
      formData: body,
      arrayBuffer: body,
      blob: body,
      bytes: body,
      clone: stableNative('clone', (machine) => requestValue(machine, known)),
      signal: unknown(noOrigins, { nullish: 'no' }),
    },
    { is: 'request', rest: input },
    origins(From.request),
  )
}

/** An address that led here, of which nothing but the path is known. */
function address(m: Machine, path: string | undefined): Value {
  const sent = unknown(origins(From.input), { nullish: 'no' })
  if (path === undefined) return sent
  const [begins = ''] = path.split('[')
  const pathname = begins === path ? constant(path) : unknown(origins(From.input), { nullish: 'no', begins })
  return m.heap.newObject({ pathname }, { rest: sent }, origins(From.input))
}

/** How the server was addressed is in the header `Host` (RFC 9110, 7.2); the rest of an address is what it was asked for. */
export function urlValue(m: Machine, about: About): Value {
  const from = m.heap.originsOfAll(about.args)
  const asked = { nullish: 'no', ...traceOf(about.args[0]) } as const
  if ((from.flags & From.input) === 0) return unknown(from, asked)
  const host = unknown({ ...from, flags: (from.flags & ~From.input) | From.header }, { nullish: 'no' })
  return m.heap.newObject(
    { host, hostname: host, origin: host, port: host, protocol: host },
    { rest: unknown(from, asked) },
    from,
  )
}

/** A header or a cookie goes by its name. */
export const called = (name: Value | undefined): { readonly key?: string } =>
  name?.t === 'const' && typeof name.value === 'string' ? { key: name.value } : {}

const sent = (m: Machine, what: string, [name]: readonly Value[]): Pick<UnknownValue, 'made'> =>
  name?.t === 'const' ? madeAs(m, `${what} ${String(name.value)}`) : {}

/** Where a header's value comes from: one that says how the message is sent, or from where, names nobody. */
export function headerOrigins(name: Value | undefined): Origins {
  const { key = '' } = called(name)
  if (key.toLowerCase() === 'cookie') return origins(From.cookie)
  return origins(messageHeader.test(key) ? From.input | From.request : From.header)
}

export function headersValue(m: Machine): Value {
  return m.heap.newObject(
    {
      get: stableNative('get', (machine, args) => {
        const name = args[0]
        const from = headerOrigins(name)
        // what is not sent is null, which equals no variable that is not set (Fetch, `Headers.get`)
        return union([
          unknown(from, { nullish: 'no', ...called(name), ...sent(machine, 'header', args) }),
          constant(null, from),
        ])
      }),
      has: stableNative('has', () => unknown(origins(From.header), { nullish: 'no' })),
      entries: stableNative('entries', (machine) => machine.heap.newArray([], unknown(origins(From.header)))),
      forEach: stableNative('forEach', () => undefinedValue),
      set: stableNative('set', () => undefinedValue),
      append: stableNative('append', () => undefinedValue),
      delete: stableNative('delete', () => undefinedValue),
    },
    { is: 'headers', rest: unknown(origins(From.header)) },
    origins(From.request),
  )
}

/**
 * Cookies.
 *
 * @param put what becomes of those that are set
 */
export function cookiesValue(m: Machine, put: NativeValue['call'] = () => undefinedValue): Value {
  const get = stableNative('cookie', (machine, args) =>
    machine.heap.newObject(
      {
        value: unknown(origins(From.cookie), { ...called(args[0]), ...sent(machine, 'cookie', args) }),
        name: unknown(),
      },
      { rest: unknown(origins(From.cookie)) },
    ),
  )
  return m.heap.newObject(
    {
      get: stableNative('get', (machine, args, site, awaited) =>
        union([get.call(machine, args, site, awaited), undefinedValue]),
      ),
      getAll: stableNative('getAll', (machine) => machine.heap.newArray([], unknown(origins(From.cookie)))),
      has: stableNative('has', () => unknown(origins(From.cookie), { nullish: 'no' })),
      set: stableNative('set', put),
      delete: stableNative('delete', () => undefinedValue),
    },
    { rest: unknown(origins(From.cookie)) },
    origins(From.request),
  )
}

/** `new Request(address, { method, body })`: what it was given is in it. */
export function preparedRequest(m: Machine, about: About): Value {
  const [address, options] = about.args
  const base = address && m.heap.object(address)
  const given = options && m.heap.object(options)
  const named = given?.props.get('method') ?? base?.props.get('method')
  const method = named?.t === 'const' ? constant(String(named.value).toUpperCase()) : named
  const from = m.heap.originsOfAll(about.args)
  return m.heap.newObject(new Map(method ? [['method', method]] : []), { rest: unknown(from, { nullish: 'no' }) }, from)
}

/** Caches on the way may hand the answer to anybody. */
export function noteHeader(m: Machine, name: string, value: Value, site: Site): void {
  if (value.t !== 'const' || typeof value.value !== 'string') return
  const asked = name.toLowerCase()
  // the last is for shared caches alone (RFC 9213): how long is enough
  const shared =
    asked === 'cache-control' ? /\bpublic\b|s-maxage/i : asked.endsWith('cdn-cache-control') ? /max-?age/i : undefined
  if (shared?.test(value.value) && !/\b(?:private|no-store)\b/i.test(value.value))
    addNote(m, 'header', value.value, site)
}

export function noteHeaders(m: Machine, headers: Value, site: Site): void {
  for (const [name, value] of m.heap.object(headers)?.props ?? []) noteHeader(m, name, value, site)
}

/** The headers of a response that was made: what is put there goes out with it. */
export function responseHeaders(m: Machine, response: ObjectValue): Value {
  const put = (name: string): Value =>
    native(name, (machine, args, site) => {
      if (args[0]?.t === 'const') noteHeader(machine, String(args[0].value), args[1] ?? undefinedValue, site)
      const cell = machine.heap.object(response)
      const sent = readsIn(machine, args)
      if (cell && sent) machine.heap.setCell(response, { ...cell, rest: cell.rest ? union([cell.rest, sent]) : sent })
      return undefinedValue
    })
  return m.heap.newObject({ set: put('set'), append: put('append') }, { rest: unknown() })
}

/** What tells of rows in what is sent beside the body. */
function readsIn(m: Machine, sent: readonly Value[]): Value | undefined {
  const refs = m.heap.originsOfAll(sent).refs.filter((ref) => ref.t === 'read')
  return refs.length === 0 ? undefined : unknown({ flags: 0, refs })
}

/** @param usual its status, where nothing is said of that */
export function responseValue(m: Machine, about: About, usual?: number): Value {
  const [body, init] = about.args
  const given = init ?? undefinedValue
  // what is the same for everybody, everybody may keep
  if ((m.heap.originsOfAll(about.args).flags & (From.row | From.principal | From.opaque)) !== 0)
    noteHeaders(m, m.heap.object(given)?.props.get('headers') ?? undefinedValue, about.site)
  const status = m.heap.object(given)?.props.get('status')
  const code =
    status?.t === 'const' && typeof status.value === 'number'
      ? status.value
      : given.t === 'const' && typeof given.value === 'number'
        ? given.value
        : usual
  const headers = m.heap.object(given)?.props.get('headers')
  const sent = headers && readsIn(m, [headers])
  return m.heap.newObject(
    { body: body ?? undefinedValue },
    { is: 'response', ...(code !== undefined ? { status: code } : {}), ...(sent ? { rest: sent } : {}) },
    body ? m.heap.originsOf(body) : noOrigins,
  )
}
