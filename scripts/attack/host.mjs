// Runs inside a process of its own: the application's production server, and a view of its database that the application
// does not know of. `node host.mjs <folder of the application>`, started with a channel to its parent.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { changesTo, restore, rowsOf, writeMarks } from './database.mjs'

const [folder] = process.argv.slice(2)
// Also when the parent is killed: nobody else would end it.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.chdir(folder)

let kept
/** What was there before somebody else's environment was set. */
let own = {}

const answers = {
  /** Marks what can leave, and keeps the rows as those to go back to. */
  async keep(marks) {
    await writeMarks(globalThis.tallybookDatabase, marks)
    kept = await rowsOf(globalThis.tallybookDatabase)
  },
  /** What has changed since then, undone. */
  async changes() {
    const found = changesTo(kept, await rowsOf(globalThis.tallybookDatabase))
    await restore(globalThis.tallybookDatabase, kept, Object.keys(found))
    return found
  },
  /** Variables as somebody else has them: another value, or null for none. What is not named is as it was. */
  async environment(variables) {
    set(own)
    own = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name] ?? null]))
    set(variables)
  },
}

function set(variables) {
  for (const [name, value] of Object.entries(variables)) {
    if (value === null) delete process.env[name]
    else process.env[name] = value
  }
}

process.on('message', async ({ id, ask, value }) => {
  try {
    process.send({ id, answer: await answers[ask](value) })
  } catch (error) {
    process.send({ id, error: error.message })
  }
})

try {
  const { server } = await import(pathToFileURL(join(folder, 'server.mjs')))
  // Its first request opens the database and fills it.
  const first = await fetch(new URL('api/auth/ok', server.url), { signal: AbortSignal.timeout(120_000) })
  if (!first.ok) throw new Error(`its first answer is ${first.status}`)
  process.send({ id: 'started', answer: server.url })
} catch (error) {
  console.error(error)
  process.disconnect()
}
