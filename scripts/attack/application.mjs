// The application under attack, in a process of its own: its address, and what the attack sees of its database.
import { fileURLToPath } from 'node:url'
import { start, stop } from './processes.mjs'
import { firstError } from './first-error.mjs'

const host = fileURLToPath(new URL('host.mjs', import.meta.url))

/** On a free port of this machine, which nothing outside it can reach. */
export async function startApplication(folder, secrets) {
  const child = start(host, [folder], { ...secrets, HOST: '127.0.0.1', PORT: '0' })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (said = (said + chunk).slice(-20_000)))

  const waiting = new Map()
  const answerTo = (id) => new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
  child.on('message', ({ id, answer, error }) => {
    const { resolve, reject } = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) resolve(answer)
    else reject(new Error(`The application: ${error}`))
  })
  child.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error(`The application ends by itself: ${firstError(said)}`))
  })

  let asked = 0
  const ask = (question, value) => {
    const id = asked++
    child.send({ id, ask: question, value })
    return answerTo(id)
  }
  const url = await answerTo('started')
  return {
    url: url.replace(/\/$/, ''),
    keepRows: (marks) => ask('keep', marks),
    takeChanges: () => ask('changes'),
    setEnvironment: (variables) => ask('environment', variables),
    stop: () => stop(child),
  }
}
