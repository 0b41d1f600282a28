// Synthetic applications of any size: mostly components and helpers, as in real ones, and a share of files with server functions
// whose guard is some calls, barrels and packages away.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const defaults = {
  /** Source files in all. */
  files: 500,
  /**
   * Share of the files that have server functions, three in each: 0 is a project that this plugin has nothing to say about. In 21
   * open-source applications that were counted it is 0.042 (median; 0.007 to 0.158), and 0.15 functions for each file.
   */
  entryPoints: 0.05,
  /** Calls, each in a file of its own, from the middleware to where the session is read. */
  depth: 3,
  /** Whether folders are imported through an `index.ts` that exports everything in them. */
  barrels: true,
  /** Workspace packages that guard and data come from; none: they are part of the application. */
  packages: 2,
}

/** Writes the project below `root`; the same options write the same files. */
export function generate(root, options = {}) {
  const { files, entryPoints, depth, barrels, packages } = { ...defaults, ...options }
  let written = 0
  const write = (path, text) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    if (/\.tsx?$/.test(path)) written++
  }
  const manifest = { name: 'bench', private: true, type: 'module', workspaces: ['packages/*'] }
  write('package.json', JSON.stringify(manifest))
  write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        target: 'ES2022',
        module: 'ESNext',
        moduleResolution: 'bundler',
        jsx: 'react-jsx',
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: [],
        paths: { '~/*': ['./src/*'] },
      },
      include: ['src', 'packages'],
    }),
  )
  const [auth, data] = ['auth', 'data'].map((name, index) => {
    if (index >= packages) return { folder: `src/server/${name}`, from: `~/server/${name}` }
    write(`packages/${name}/package.json`, JSON.stringify({ name: `@bench/${name}`, exports: './src/index.ts' }))
    return { folder: `packages/${name}/src`, from: `@bench/${name}` }
  })
  for (const [path, text] of guardFiles(depth)) write(`${auth.folder}/${path}`, text)
  for (const [path, text] of dataFiles()) write(`${data.folder}/${path}`, text)

  const wanted = Math.max(files - written, 1)
  const features = Math.round(wanted * entryPoints)
  const perFolder = 10
  const folders = new Map()
  const place = (kind, index) => {
    const folder = `src/${kind}/part-${Math.floor(index / perFolder)}`
    folders.set(folder, [...(folders.get(folder) ?? []), `${kind}-${index}`])
    return `${folder}/${kind}-${index}`
  }
  const importOf = (kind, index) =>
    `~/${kind}/part-${Math.floor(index / perFolder)}${barrels ? '' : `/${kind}-${index}`}`

  for (let i = 0; i < features; i++) write(`${place('features', i)}.ts`, feature(i, auth.from, data.from))
  let rest = wanted - features - (barrels ? Math.ceil(features / perFolder) : 0)
  if (barrels) rest = Math.floor((rest * perFolder) / (perFolder + 1))
  const helpers = Math.max(Math.floor(rest / 3), 1)
  for (let i = 0; i < helpers; i++) {
    write(`${place('helpers', i)}.ts`, helper(i, i === 0 ? undefined : importOf('helpers', (i * 7) % i)))
  }
  for (let i = 0; i < rest - helpers; i++) {
    const called = features > 0 ? [importOf('features', i % features), i % features] : undefined
    write(`${place('components', i)}.tsx`, component(i, importOf('helpers', i % helpers), i % helpers, called))
  }
  if (barrels) {
    for (const [folder, names] of folders) {
      write(`${folder}/index.ts`, names.map((name) => `export * from './${name}'\n`).join(''))
    }
  }
  return { files: written, features }
}

function guardFiles(depth) {
  const steps = Array.from({ length: depth }, (_, i) => [
    `step-${i}.ts`,
    `import { requireSession${i + 1} } from './step-${i + 1}'
export async function requireSession${i}() {
  const session = await requireSession${i + 1}()
  return { ...session, step: ${i} }
}
`,
  ])
  return [
    ['index.ts', "export { authMiddleware } from './middleware'\nexport { auth } from './auth'\n"],
    [
      'auth.ts',
      "import { betterAuth } from 'better-auth'\nexport const auth = betterAuth({ emailAndPassword: { enabled: true } })\n",
    ],
    [
      'middleware.ts',
      `import { createMiddleware } from '@tanstack/react-start'
import { requireSession0 } from './step-0'
export const authMiddleware = createMiddleware().server(async ({ next }) => {
  const session = await requireSession0()
  return next({ context: { user: session.user } })
})
`,
    ],
    ...steps,
    [
      `step-${depth}.ts`,
      `import { getRequestHeaders } from '@tanstack/react-start/server'
import { auth } from './auth'
export async function requireSession${depth}() {
  const session = await auth.api.getSession({ headers: getRequestHeaders() })
  if (!session) throw new Error('Unauthorized')
  return session
}
`,
    ],
  ]
}

function dataFiles() {
  return [
    ['index.ts', "export { db } from './db'\nexport * from './schema'\n"],
    [
      'db.ts',
      "import { drizzle } from 'drizzle-orm/node-postgres'\nimport * as schema from './schema'\nexport const db = drizzle(process.env.DATABASE_URL!, { schema })\n",
    ],
    [
      'schema.ts',
      `import { integer, pgTable, text } from 'drizzle-orm/pg-core'
export const users = pgTable('users', { id: text('id').primaryKey(), email: text('email').notNull() })
export const invoices = pgTable('invoices', {
  id: text('id').primaryKey(),
  ownerId: text('owner_id').references(() => users.id),
  total: integer('total'),
})
`,
    ],
  ]
}

/** Three server functions; in every tenth file the last one has lost its guard. */
const feature = (i, auth, data) => `import { createServerFn } from '@tanstack/react-start'
import { eq } from 'drizzle-orm'
import { authMiddleware } from '${auth}'
import { db, invoices } from '${data}'

interface Input${i} {
  id: string
  total: number
}

const parse${i} = (input: unknown): Input${i} => {
  if (typeof input !== 'object' || input === null) throw new TypeError('an object is wanted')
  const { id, total } = input as Partial<Input${i}>
  if (typeof id !== 'string' || typeof total !== 'number') throw new TypeError('id and total are wanted')
  return { id, total }
}

export const list${i} = createServerFn()
  .middleware([authMiddleware])
  .handler(({ context }) => db.select().from(invoices).where(eq(invoices.ownerId, context.user.id)))

export const create${i} = createServerFn({ method: 'POST' })
  .middleware([authMiddleware])
  .validator(parse${i})
  .handler(async ({ data, context }) => {
    if (data.total < 0) throw new RangeError('a total is not negative')
    await db.insert(invoices).values({ id: data.id, total: data.total, ownerId: context.user.id })
    return { id: data.id }
  })

export const remove${i} = createServerFn({ method: 'POST' })
${i % 10 === 9 ? '' : '  .middleware([authMiddleware])\n'}  .validator(parse${i})
  .handler(async ({ data }) => {
    try {
      await db.delete(invoices).where(eq(invoices.id, data.id))
      return { removed: true }
    } catch (error) {
      console.error('invoice ${i} could not be removed', error)
      return { removed: false }
    }
  })
`

const helper = (i, from) => `${from ? `import { total${(i * 7) % i} } from '${from}'\n` : ''}
export interface Row${i} {
  readonly id: string
  readonly amount: number
  readonly tags: readonly string[]
}

export function total${i}(rows: readonly Row${i}[]): number {
  let sum = ${from ? `total${(i * 7) % i}([])` : '0'}
  for (const row of rows) {
    if (row.tags.includes('void')) continue
    sum += row.tags.length > 2 ? row.amount * 2 : row.amount
  }
  return sum
}

export const group${i} = (rows: readonly Row${i}[]): Map<string, Row${i}[]> => {
  const groups = new Map<string, Row${i}[]>()
  for (const row of rows) {
    for (const tag of row.tags) {
      const known = groups.get(tag)
      if (known) known.push(row)
      else groups.set(tag, [row])
    }
  }
  return groups
}

export const label${i} = ({ id, amount }: Row${i}): string =>
  amount > 1_000 ? \`\${id} (large)\` : amount < 0 ? \`\${id} (credit)\` : id
`

const component = (i, helpers, h, called) => `import { useMemo, useState } from 'react'
import { group${h}, label${h}, total${h}, type Row${h} } from '${helpers}'
${called ? `import { create${called[1]}, list${called[1]} } from '${called[0]}'\n` : ''}
interface Props${i} {
  readonly rows: readonly Row${h}[]
  readonly title?: string
  readonly onSelect?: (row: Row${h}) => void
}

export function Component${i}({ rows, title = 'Invoices', onSelect }: Props${i}) {
  const [filter, setFilter] = useState('')
  const shown = useMemo(() => rows.filter((row) => row.id.startsWith(filter)), [rows, filter])
  const groups = useMemo(() => group${h}(shown), [shown])
  const submit = async () => {
    ${called ? `await create${called[1]}({ data: { id: filter, total: total${h}(shown) } })\n    await list${called[1]}()` : 'setFilter(filter.trim())'}
  }
  if (rows.length === 0) return <p className="empty">Nothing here yet</p>
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <input value={filter} onChange={(event) => setFilter(event.target.value)} placeholder="Filter" />
      {[...groups].map(([tag, members]) => (
        <details key={tag} open={members.length < 5}>
          <summary>
            {tag}: {total${h}(members)}
          </summary>
          <ul>
            {members.map((row) => (
              <li key={row.id} onClick={() => onSelect?.(row)}>
                {label${h}(row)} <small>{row.amount.toFixed(2)}</small>
              </li>
            ))}
          </ul>
        </details>
      ))}
      <button type="button" onClick={() => void submit()}>
        Save
      </button>
    </section>
  )
}
`
