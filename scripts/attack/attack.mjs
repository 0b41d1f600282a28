// Calls every entry point of an application as every caller, and says what each of them got.
import { randomBytes } from 'node:crypto'
import { startApplication } from './application.mjs'
import { sharedCache } from './cache.mjs'
import { callers } from './callers.mjs'
import { marksIn } from './database.mjs'
import { calls, env, pages, tables } from './tallybook.mjs'
import { isRefusal, luredRequest, serializer, serverFnIds, serverFnRequest } from './wire.mjs'

/**
 * @param {string[]} [only] these callers
 * @returns of each entry point of the inventory its title, and what each caller got (undefined where nothing says how to call
 * it); and of the pages what nobody and the rightful got.
 */
export async function attack(folder, entryPoints, only) {
  const application = await startApplication(folder, env)
  try {
    const wire = { ids: serverFnIds(folder), serialize: await serializer(folder) }
    const callersOf = await callers(application.url, env.SEED_PASSWORD)
    const nonce = `m${randomBytes(6).toString('hex')}`
    await application.keepRows({ nonce, tables })
    const cached = sharedCache()
    const ask = (request, own, how = fetch) => outcome(application, { ...request, own, nonce, how })

    const results = []
    for (const entry of entryPoints) {
      const title = titleOf(entry)
      const call = calls[title]
      if (!call) {
        results.push({ entry, title })
        continue
      }
      const got = {}
      for (const [name, caller] of Object.entries(callersOf(call))) {
        if (only && !only.includes(name)) continue
        await application.setEnvironment(caller.inOrder ? {} : (call.environment ?? {}))
        const request = await requestOf(entry, call, caller, wire)
        got[name] = request ? await ask(request, caller.own, caller.inOrder ? cached : fetch) : impossible
        // What a cache kept of that, the next one is given who asks for the same.
        if (caller.inOrder && request.init.method === 'GET') got.cached = await ask(without(request), undefined, cached)
      }
      results.push({ entry, title, got, lost: call.lost })
    }

    const seen = []
    for (const [file, call] of Object.entries(pages)) {
      const { nobody, rightful } = callersOf(call)
      const request = (caller) => ({ path: call.path, init: { method: 'GET', headers: { ...caller.headers } } })
      const got = { nobody: await ask(request(nobody)), rightful: await ask(request(rightful), undefined, cached) }
      seen.push({ file, title: call.path, got: { ...got, cached: await ask(request(nobody), undefined, cached) } })
    }
    return { results, pages: seen }
  } finally {
    await application.stop()
  }
}

/** What no browser sends for another page. */
const impossible = { refused: true, read: [], wrote: [], foreign: false }

const without = ({ path, init: { method } }) => ({ path, init: { method, headers: {} } })

/** `createNote`; `DELETE /api/announcements/$announcementId`. */
export function titleOf({ kind, name, file }) {
  if (kind === 'server-fn') return name
  return `${name} ${file.replace(/^src\/routes/, '').replace(/\.tsx?$/, '')}`
}

async function requestOf(entry, call, caller, { ids, serialize }) {
  const { data, body, path = titleOf(entry).split(' ')[1], headers } = { ...call, ...caller.knows }
  // What the rightful caller knows comes last, a claim never replaces what the call is about.
  const sent = { ...caller.headers, ...headers }
  const isFn = entry.kind === 'server-fn'
  if (isFn && !ids.has(entry.name)) throw new Error(`The build has no server function ${entry.name}.`)
  const request = isFn
    ? await serverFnRequest({ id: ids.get(entry.name), method: entry.method, data, context: caller.context, serialize })
    : { path, init: { method: entry.method ?? entry.name, headers: {}, body } }
  if (caller.lured) return luredRequest(request, { cookie: caller.headers.cookie, data })
  return { ...request, init: { ...request.init, headers: { ...sent, ...request.init.headers } } }
}

/** What left by the marks in the answer, what changed by the database; never by what the answer claims. */
async function outcome({ url, takeChanges }, { path, init, own, nonce, how }) {
  const headers = { origin: url, 'sec-fetch-site': 'same-origin', ...init.headers }
  const answer = await how(url + path, { ...init, headers, redirect: 'manual', signal: AbortSignal.timeout(60_000) })
  const text = await answer.text()
  const changes = Object.entries(await takeChanges())
  const isForeign = (owner) => own !== undefined && Boolean(owner) && !own.includes(owner)
  const marks = marksIn(text, nonce)
  const changedRows = changes.flatMap(([table, rows]) =>
    rows.map((row) => ({ table, owner: row[tables[table]?.owner] })),
  )
  return {
    refused: isRefusal(answer.status, text),
    read: [...new Set(marks.map(({ table }) => table))],
    wrote: changes.map(([table]) => table),
    foreign: [...marks, ...changedRows].some(({ owner }) => isForeign(owner)),
  }
}
