/** How Next.js calls what it finds, and what it gives it: everything in there is the caller's to choose. */
import { callValue } from '../../analysis/code/calls.ts'
import { noteHeader, noteHeaders, requestValue } from '../../analysis/library/request.ts'
import { outlet } from '../../analysis/library/outlets.ts'
import type { Machine } from '../../analysis/machine.ts'
import { send, showReads } from '../../analysis/caller/shown.ts'
import { From, origins, type Site } from '../../analysis/values/origins.ts'
import {
  constant,
  native,
  undefinedValue,
  union,
  unknown,
  type ObjectValue,
  type Value,
} from '../../analysis/values/value.ts'

/** More parameters than this has no action: the framework passes what the client sent, one by one. */
const maxArguments = 6

const sent = (): Value => unknown(origins(From.input))

/** `params` and `searchParams`: promises since Next.js 15, plain objects before; awaiting either gives the values. */
const address = (): Value => unknown(origins(From.input), { nullish: 'no', truthy: true })

/** A server action is called with whatever the client sends, also for arguments that were bound when the page was made. */
export const callAction = (m: Machine, action: Value, site: Site, name: string): Value =>
  callValue(m, action, Array.from({ length: maxArguments }, sent), site, { awaited: true, how: 'handler', name })

/** A route handler gets the request and the address' parameters. */
export function callRouteHandler(m: Machine, handler: Value, site: Site, name: string, path?: string): Value {
  // a handler of GET also answers to HEAD
  const method = name === 'GET' ? union([constant('GET'), constant('HEAD')]) : constant(name)
  const request = requestValue(m, path === undefined ? { method } : { method, path })
  return callValue(m, handler, [request, m.heap.newObject({ params: address() })], site, {
    awaited: true,
    how: 'handler',
    name,
  })
}

/** A page gets the address; a layout what is below it besides, by the names of its slots. */
export const callPage = (m: Machine, page: Value, site: Site, name: string, children: Value = undefinedValue): Value =>
  callValue(
    m,
    page,
    [m.heap.newObject({ params: address(), searchParams: address(), children }, { rest: unknown() }), unknown()],
    site,
    { awaited: true, how: 'handler', name },
  )

/** A handler below `pages/api` answers by calling methods of its second argument. */
export function callApiHandler(m: Machine, handler: Value, site: Site, name: string): Value {
  const request = nodeRequest(m, { query: address(), body: sent() })
  return callValue(m, handler, [request, nodeResponse(m)], site, { awaited: true, how: 'handler', name })
}

/**
 * `getServerSideProps` gets the request and what its address says: also of a page whose address is `/_next/data/….json`
 * (docs: pages/api-reference/functions/get-server-side-props, "Context parameter"). The locale is one that the application has.
 */
export const callPageData = (m: Machine, load: Value, site: Site, name: string): Value =>
  callValue(m, load, [pageContext(m)], site, { awaited: true, how: 'handler', name })

const pageContext = (m: Machine): Value =>
  m.heap.newObject(
    {
      req: nodeRequest(m),
      res: nodeResponse(m),
      params: address(),
      query: address(),
      resolvedUrl: address(),
      // of `getInitialProps` (docs: pages/api-reference/functions/get-initial-props, "Context Object")
      asPath: address(),
      pathname: unknown(undefined, { nullish: 'no' }),
    },
    { rest: unknown() },
    origins(From.request),
  )

/** Node.js' own request, with the cookies taken apart. */
const nodeRequest = (m: Machine, more: Readonly<Record<string, Value>> = {}): Value =>
  m.heap.newObject(
    {
      headers: m.heap.newObject({}, { rest: unknown(origins(From.header)) }, origins(From.request)),
      cookies: m.heap.newObject({}, { rest: unknown(origins(From.cookie)) }, origins(From.request)),
      method: unknown(undefined, { nullish: 'no' }),
      url: address(),
      ...more,
    },
    { rest: sent() },
    origins(From.request),
  )

/** `res.status(200).json(rows)`: each method gives the response again, and what is handed to it is answered. */
function nodeResponse(m: Machine): Value {
  const statusOf = (machine: Machine): number | undefined => machine.heap.object(response)?.status
  const withStatus = (machine: Machine, code: Value | undefined): void => {
    const cell = machine.heap.object(response)
    if (cell && code?.t === 'const' && typeof code.value === 'number')
      machine.heap.setCell(response, { ...cell, status: code.value })
  }
  const method = (
    name: string,
    does?: (machine: Machine, args: readonly Value[], site: Site) => void,
  ): [string, Value] => [
    name,
    native(name, (machine, args, site) => {
      does?.(machine, args, site)
      showReads(machine, args)
      return response
    }),
  ]
  // a status of itself is an answer where somebody has said which
  const answers = (machine: Machine, [body]: readonly Value[]): void => {
    const code = statusOf(machine)
    const answer = body ?? (code === undefined ? undefined : constant(code))
    if (answer && (code ?? 0) < 300) send(machine, answer)
  }
  const named = (machine: Machine, [name, value]: readonly Value[], site: Site): void => {
    if (name?.t === 'const') noteHeader(machine, String(name.value), value ?? undefinedValue, site)
  }
  const response: ObjectValue = outlet(
    m,
    Object.fromEntries([
      ...'json send end write'.split(' ').map((name) => method(name, answers)),
      ...'redirect removeHeader setPreviewData clearPreviewData revalidate'.split(' ').map((name) => method(name)),
      ...'setHeader appendHeader'.split(' ').map((name) => method(name, named)),
      method('status', (machine, [code]) => withStatus(machine, code)),
      method('writeHead', (machine, args, site) => {
        withStatus(machine, args[0])
        noteHeaders(machine, args.at(-1) ?? undefinedValue, site)
      }),
    ]),
    showReads,
    {
      statusCode: (machine, [code]) => {
        withStatus(machine, code)
        showReads(machine, code ? [code] : [])
      },
      statusMessage: showReads,
    },
  )
  return response
}
