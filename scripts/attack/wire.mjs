// How TanStack Start's own client talks to a server function, so that any program can.
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Names of server functions to the ids in their addresses, as the production build lists them. */
export function serverFnIds(folder) {
  const assets = join(folder, 'dist/server/assets')
  const files = readdirSync(assets).filter((file) => file.includes('server-fn-resolver'))
  return idsIn(files.map((file) => readFileSync(join(assets, file), 'utf8')).join('\n'))
}

export function idsIn(manifest) {
  const entries = manifest.matchAll(/"([\da-f]{64})":\s*\{\s*functionName:\s*"(\w+?)_createServerFn_handler"/g)
  return new Map([...entries].map(([, id, name]) => [name, id]))
}

/** The serializer that the framework itself uses, at the version that the application has. */
export async function serializer(folder) {
  const application = createRequire(join(folder, 'package.json'))
  const start = createRequire(application.resolve('@tanstack/react-start/package.json'))
  const core = createRequire(start.resolve('@tanstack/start-client-core/package.json'))
  const { toJSONAsync } = await import(pathToFileURL(core.resolve('seroval')))
  return async (value) => JSON.stringify(await toJSONAsync(value))
}

/** The request of one call: where, and what for `fetch`. */
export async function serverFnRequest({ id, method, data, context, serialize }) {
  const payload = await serialize({ data, context })
  const headers = { 'x-tsr-serverfn': 'true', accept: 'application/json' }
  const path = `/_serverFn/${id}`
  return method === 'GET'
    ? { path: `${path}?payload=${encodeURIComponent(payload)}`, init: { method, headers } }
    : { path, init: { method, headers: { ...headers, 'content-type': 'application/json' }, body: payload } }
}

/**
 * What another page can make a browser send, with the cookies that it has: an image that somebody has put into a page of the
 * application itself asks by GET; a form on a neighbouring site (the same domain, so that `SameSite=Lax` cookies go along)
 * sends what forms send. Nothing else goes without the application's leave.
 * @param {{ path: string, init: { method: string } }} request
 * @param {{ cookie: string, data?: object }} sent
 */
export function luredRequest({ path, init: { method } }, { cookie, data }) {
  if (method === 'GET')
    return { path, init: { method, headers: { cookie, 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'image' } } }
  if (method !== 'POST') return undefined
  const headers = { cookie, 'sec-fetch-site': 'same-site', origin: 'https://pages.neighbour.test' }
  return data === undefined
    ? { path, init: { method, headers: { ...headers, 'content-type': 'text/plain' }, body: '' } }
    : { path, init: { method, headers, body: formOf(data) } }
}

function formOf(data) {
  const form = new FormData()
  for (const [name, value] of Object.entries(data)) form.append(name, String(value))
  return form
}

/** Whether an answer is a refusal. A server function answers 200 then too, with `error` where its result would be, or with a redirect. */
export function isRefusal(status, text) {
  if (status >= 300) return true
  try {
    const { isSerializedRedirect, p } = JSON.parse(text)
    return isSerializedRedirect === true || (Array.isArray(p?.k) && p.k.includes('error'))
  } catch {
    return false
  }
}
