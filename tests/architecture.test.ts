/** Holds the house to its plan (docs: who may import whom), and the analysis to knowing no library and no framework. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync } from 'oxc-parser'
import { describe, expect, it } from 'vitest'
import { catalog } from '../src/catalog/index.ts'

const src = path.join(import.meta.dirname, '../src')

interface Source {
  /** Relative to `src`, with `/`. */
  readonly file: string
  readonly text: string
}

const sources: readonly Source[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(path.join(src, file), 'utf8') }))

const inFolders = (...folders: readonly string[]): Source[] =>
  sources.filter(({ file }) => folders.includes(file.split('/')[0]!))

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

// --- words -------------------------------------------------------------------------------------------------------------

interface Node {
  readonly type: string
  readonly start: number
  readonly value?: unknown
  readonly source?: Node
  readonly regex?: { readonly pattern: string }
}

interface Piece {
  readonly kind: 'comment' | 'text'
  readonly value: string
  readonly start: number
}

/** Comments, and what stands in strings, templates and regular expressions; specifiers of imports are another test's. */
function pieces({ file, text }: Source): Piece[] {
  const { program, comments } = parseSync(file, text, { lang: 'ts' })
  const found: Piece[] = comments.map(({ value, start }) => ({ kind: 'comment', value, start }))
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit)
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return
    const { type, start, value, regex, source } = node as Node
    if (type === 'Literal' && typeof value === 'string') found.push({ kind: 'text', value, start })
    if (type === 'Literal' && regex) found.push({ kind: 'text', value: regex.pattern, start })
    if (type === 'TemplateElement') found.push({ kind: 'text', value: (value as { raw: string }).raw, start })
    for (const child of Object.values(node)) if (child !== source) visit(child)
  }
  visit(program)
  return found
}

/** Names of packages that are also words of plain English, or of the language that is analysed. */
const plainWords = new Set(
  `assert async_hooks buffer bytes child_process cluster color colors console constants cookie cookies croner cuid decimal
   dinero dotenv effect entities events execa flags global got graphql http https immer jose json leven lodash loops luxon mime module moment
   node path perf_hooks pluralize postgres process punycode querystring ramda react readline redis remeda retry
   rrule semver slugify stream string_decoder superjson test throttle timers ufo util uuid validator vite
   worker_threads yaml zlib zone query resend plaid`.split(/\s+/),
)

/** 'drizzle' of 'drizzle-orm', 'supabase' of '@supabase/ssr': how people call a library. */
const brands = `tanstack drizzle prisma kysely supabase clerk convex workos authkit stripe svix kinde auth0 iron-session
  better-auth nextauth next-auth lucia mongoose mongodb typeorm sequelize firebase hono trpc orpc elysia express fastify
  nextjs next.js remix nuxt sveltekit solidjs vinxi nitro vercel netlify cloudflare neon turso upstash resend sendgrid openai
  anthropic zod valibot arktype react vue svelte angular`.split(/\s+/)

const packages = catalog
  .flatMap((library) => library.packages)
  .map((name) => name.replace(/\/\*$/, '').replace(/^node:/, ''))
  .filter((name) => name.length > 3 && name !== 'next' && !plainWords.has(name))

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const named = new RegExp(
  `(?<![\\w@/.-])(?:${[...new Set([...packages, ...brands])].map(escaped).join('|')})(?![\\w-])`,
  'i',
)

/** The continuation of one framework's middleware, and another framework: 'the next statement' is English. */
const next = /^next(?:\/|$)|`next\b|\bnext\(|\bNext(?:\.js|['’]s)/

const mention = ({ value }: Piece): string | undefined => named.exec(value)?.[0] ?? next.exec(value)?.[0]

/** What the contract with the outside says in so many words (design.md, "The inventory"). */
const allowed = new Set(["model/report.ts: 'tanstack-start'", "model/report.ts: 'next'"])

describe('names', () => {
  for (const folder of ['analysis', 'lowering', 'model']) {
    it(`no package and no framework is named in src/${folder}`, () => {
      const found = inFolders(folder).flatMap((source) =>
        pieces(source).flatMap((piece) => {
          const word = mention(piece)
          if (word === undefined || allowed.has(`${source.file}: '${piece.value}'`)) return []
          return [`src/${source.file}:${lineAt(source.text, piece.start)} ${word}`]
        }),
      )
      expect(found).toEqual([])
    })
  }
  it('the test would see them', () => {
    const seen = (value: string): string | undefined => mention({ kind: 'comment', value, start: 0 })
    expect(seen('Drizzle tables')).toBe('Drizzle')
    expect(seen("the client of '@prisma/client'")).toBe('@prisma/client')
    expect(seen('better-auth')).toBe('better-auth')
    expect(seen('TanStack Start')).toBe('TanStack')
    expect(seen('runs `next` of a middleware')).toBe('`next')
    expect(seen('next')).toBe('next')
    expect(seen('Next throws by itself, as in next/navigation')).toBeDefined()
    expect(seen('the next statement')).toBeUndefined()
    expect(seen('the path to the module')).toBeUndefined()
    expect(seen('nextValue')).toBeUndefined()
  })
})

// --- imports -----------------------------------------------------------------------------------------------------------

interface Import {
  readonly file: string
  /** A folder or file at the top of `src`, or the package. */
  readonly to: string
  readonly typeOnly: boolean
}

function importsOf({ file, text }: Source): Import[] {
  const { module: parsed } = parseSync(file, text, { lang: 'ts' })
  const statics = parsed.staticImports.map((each) => ({
    specifier: each.moduleRequest.value,
    typeOnly: each.entries.length > 0 && each.entries.every((entry) => entry.isType),
  }))
  const exports = parsed.staticExports
    .flatMap((each) => each.entries)
    .flatMap((entry) => (entry.moduleRequest ? [{ specifier: entry.moduleRequest.value, typeOnly: entry.isType }] : []))
  return [...statics, ...exports].map(({ specifier, typeOnly }) => {
    const target = specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : undefined
    return { file, to: target === undefined ? `package ${specifier}` : target.split('/')[0]!, typeOnly }
  })
}

interface Layer {
  readonly may: readonly string[]
  /** For types only. */
  readonly types?: readonly string[]
  /** Any package may be imported. */
  readonly packages?: boolean
}

const layers: Readonly<Record<string, Layer>> = {
  model: { may: [], types: ['catalog'] },
  catalog: { may: [] },
  lowering: { may: ['model'], types: ['package @typescript-eslint/utils'] },
  analysis: { may: ['model', 'catalog'] },
  'entry-points': { may: ['analysis', 'model', 'catalog'] },
  project: { may: ['model', 'lowering', 'spelling.ts'], types: ['analysis'], packages: true },
  guards: {
    may: ['analysis', 'entry-points', 'export-origin.ts', 'policy.ts'],
    types: ['model', 'catalog', 'project', 'workspace'],
    packages: true,
  },
  suggestions: { may: ['model'], types: ['workspace'], packages: true },
  rules: {
    may: ['model', 'lowering', 'entry-points', 'suggestions', 'policy.ts', 'engine.ts'],
    types: ['workspace'],
    packages: true,
  },
  configs: { may: ['rules'], packages: true },
  workspace: {
    may: [
      'analysis',
      'model',
      'catalog',
      'entry-points',
      'project',
      'guards',
      'lowering',
      'export-origin.ts',
      'policy.ts',
      'spelling.ts',
    ],
    packages: true,
  },
  cli: { may: ['model', 'workspace', '..'], packages: true },
}

describe('imports', () => {
  for (const [folder, layer] of Object.entries(layers)) {
    const others = [...layer.may, ...(layer.types ?? []).map((name) => `types of ${name}`)]
    it(`src/${folder} imports itself${others.length > 0 ? ` and ${others.join(', ')}` : ''}`, () => {
      const wrong = inFolders(folder)
        .flatMap(importsOf)
        .filter(({ to, typeOnly }) => {
          if (to === folder || layer.may.includes(to)) return false
          if (typeOnly && layer.types?.includes(to)) return false
          return !(layer.packages && to.startsWith('package '))
        })
      expect(wrong).toEqual([])
    })
  }
  it('every folder of src has its rule', () => {
    const folders = new Set(sources.filter(({ file }) => file.includes('/')).map(({ file }) => file.split('/')[0]))
    expect([...folders].sort()).toEqual(Object.keys(layers).sort())
  })
  it('a verdict is found in what the analysis has seen: no other part of it imports src/analysis/verdict', () => {
    const verdict = 'analysis/verdict/'
    const importers = inFolders('analysis').filter(({ file, text }) => {
      const specifiers = parseSync(file, text, { lang: 'ts' }).module.staticImports.map(
        (each) => each.moduleRequest.value,
      )
      const targets = specifiers.map((specifier) => path.posix.join(path.posix.dirname(file), specifier))
      return !file.startsWith(verdict) && targets.some((target) => target.startsWith(verdict))
    })
    expect(importers.map(({ file }) => file)).toEqual([])
  })
  it('the analysis reads no disk, no clock and no environment', () => {
    const found = inFolders('analysis', 'lowering', 'model').flatMap(({ file, text }) =>
      text
        .split('\n')
        .flatMap((line, i) =>
          /(?<![`'"\w.])(?:process\.(?:env|cwd|argv)|Date\.now|performance\.now|Math\.random|import\.meta)\b/.test(line)
            ? [`src/${file}:${i + 1} ${line.trim()}`]
            : [],
        ),
    )
    expect(found).toEqual([])
  })
})
