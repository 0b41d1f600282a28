// Runs generated programs by the real framework, in a process of its own: checks that nobody awaits reject with nobody there.
// A message is `{ id, files }`; the answer says whether the effect ran, and for which caller.
import * as core from '@tanstack/start-client-core'
import { notFound, redirect } from '@tanstack/router-core'
import { runWithStartContext } from '@tanstack/start-storage-context'

process.on('unhandledRejection', () => {})
console.log = console.error = () => {}

const AsyncFunction = (async () => {}).constructor
const signedIn = { user: { id: 'u1', role: 'admin' } }

/** What the compiler does to `.handler(fn)`: the extracted function comes first. */
function compiled(builder) {
  const wrap =
    (method) =>
    (...args) =>
      compiled(builder[method](...args))
  const made = (options) => compiled(builder(options))
  return Object.assign(made, builder, {
    middleware: wrap('middleware'),
    validator: wrap('validator'),
    handler: (fn) =>
      builder.handler(
        Object.assign(() => {}, { serverFnMeta: { id: 'act', name: 'act', filename: 'src/fns.ts' } }),
        fn,
      ),
  })
}

function modulesFor(files, world) {
  const query = () => ({
    then: (resolve, reject) =>
      Promise.resolve()
        .then(() => void world.effects++)
        .then(resolve, reject),
  })
  const builtin = {
    '@tanstack/react-start': {
      createMiddleware: core.createMiddleware,
      createServerFn: (options) => compiled(core.createServerFn(options)),
      createStart: (options) => ({ options }),
    },
    '@tanstack/react-start/server': { getRequestHeaders: () => ({}) },
    '@tanstack/react-router': { redirect, notFound },
    '~/auth': { auth: { api: { getSession: async () => world.session } } },
    '~/db': { db: { insert: () => ({ values: query }) } },
    '~/schema': { invoices: {} },
  }
  const loaded = new Map()
  const load = (specifier) => {
    if (builtin[specifier]) return builtin[specifier]
    const file = `src/${specifier.replace(/^~\//, '')}.ts`
    if (files[file] === undefined) return {}
    if (!loaded.has(file)) loaded.set(file, run(files[file]))
    return loaded.get(file)
  }
  const run = async (text) => {
    const exported = {}
    const body = text
      .replace(/^import \{([^}]*)\} from '([^']+)'$/gm, (_, names, from) => `const {${names}} = await $load('${from}')`)
      .replace(/^export const (\w+) =/gm, 'const $1 = $exports.$1 =')
      .replace(
        /^export (async )?function (\w+)/gm,
        (_, async = '', name) => `$exports.${name} = ${name}\n${async}function ${name}`,
      )
    await new AsyncFunction('$load', '$exports', body)(load, exported)
    return exported
  }
  return load
}

const prelude = `import { createMiddleware, createServerFn, createStart } from '@tanstack/react-start'
import { getRequestHeaders } from '@tanstack/react-start/server'
import { notFound, redirect } from '@tanstack/react-router'
import { auth } from '~/auth'
import { db } from '~/db'
import { invoices } from '~/schema'
`

async function reaches(files, session, context, data) {
  const world = { effects: 0, session }
  const load = modulesFor(
    Object.fromEntries(Object.entries(files).map(([file, text]) => [file, prelude + text])),
    world,
  )
  const { act } = await load('~/fns')
  const { startInstance } = files['src/start.ts'] === undefined ? {} : await load('~/start')
  const started = {
    startOptions: startInstance?.options() ?? {},
    contextAfterGlobalMiddlewares: {},
    executedRequestMiddlewares: new Set(),
    request: {},
    handlerType: 'serverFn',
  }
  await runWithStartContext(started, () => act.__executeServer({ method: 'POST', data, context }))
  // what nobody waits for is done soon
  await new Promise((resolve) => setImmediate(resolve))
  return world.effects > 0
}

const forged = { user: { id: 'u1', role: 'admin' }, session: signedIn, role: 'admin', isAdmin: true }
const inputs = [{ id: 'x' }, { id: 'x', secure: true, items: [1] }]

process.on('message', async ({ id, files }) => {
  try {
    let open = false
    for (const data of inputs) for (const context of [{}, forged]) open ||= await reaches(files, null, context, data)
    // whether anybody at all can reach it
    const works = open || (await reaches(files, signedIn, {}, inputs[0]))
    process.send({ id, open, works })
  } catch (error) {
    process.send({ id, problem: String(error?.stack ?? error) })
  }
})
process.send({ ready: true })
