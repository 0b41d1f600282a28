// Calls every entry point of an application as every caller, and says what each of them got.
import { randomBytes } from 'node:crypto'
import { startApplication } from './application.mjs'
import { callers } from './callers.mjs'
import { marksIn } from './database.mjs'
import { calls, env, tables } from './tallybook.mjs'
import { isRefusal, serializer, serverFnIds, serverFnRequest } from './wire.mjs'

/** @returns of each entry point of the inventory its title, and what each caller got (undefined where nothing says how to call it). */
export async function attack(folder, entryPoints) {
  const application = await startApplication(folder, env)
  try {
    const wire = { ids: serverFnIds(folder), serialize: await serializer(folder) }
    const callersOf = await callers(application.url, env.SEED_PASSWORD)
    const nonce = `m${randomBytes(6).toString('hex')}`
    await application.keepRows({ nonce, tables })

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
        const { path, init } = await requestOf(entry, call, caller, wire)
        got[name] = await outcome(application, { path, init, own: caller.own, nonce })
      }
      results.push({ entry, title, got, lost: call.lost })
    }
    return results
  } finally {
    await application.stop()
  }
}

/** `createNote`; `DELETE /api/announcements/$announcementId`. */
export function titleOf({ kind, name, file }) {
  if (kind === 'server-fn') return name
  return `${name} ${file.replace(/^src\/routes/, '').replace(/\.tsx?$/, '')}`
}

async function requestOf(entry, call, caller, { ids, serialize }) {
  const { data, body, path = titleOf(entry).split(' ')[1], headers } = { ...call, ...caller.knows }
  // What the rightful caller knows comes last, a claim never replaces what the call is about.
  const sent = { ...caller.headers, ...headers }
  if (entry.kind !== 'server-fn') return { path, init: { method: entry.method ?? entry.name, headers: sent, body } }
  const id = ids.get(entry.name)
  if (id === undefined) throw new Error(`The build has no server function ${entry.name}.`)
  const request = await serverFnRequest({ id, method: entry.method, data, context: caller.context, serialize })
  return { ...request, init: { ...request.init, headers: { ...sent, ...request.init.headers } } }
}

/** What left by the marks in the answer, what changed by the database; never by what the answer claims. */
async function outcome({ url, takeChanges }, { path, init, own, nonce }) {
  const headers = { origin: url, 'sec-fetch-site': 'same-origin', ...init.headers }
  const answer = await fetch(url + path, { ...init, headers, redirect: 'manual', signal: AbortSignal.timeout(60_000) })
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
