import type { Field, Generator, Model, Schema, Value, View } from '@mrleebo/prisma-ast'
import { createRequire } from 'node:module'
import path from 'node:path'
import { configCalls, configFile } from './config-source.ts'
import type { Disk } from './disk.ts'
import type { Derived } from './freshness.ts'
import { isObject } from './json.ts'
import type { Packages } from './packages.ts'
import { decode } from './parse.ts'

export interface PrismaSchema {
  readonly files: readonly string[]
  readonly models: Readonly<Record<string, PrismaModel>>
  /** Their values, as the client calls them. */
  readonly enums: Readonly<Record<string, readonly string[]>>
  /** The folders that clients are generated into; none for the default one in node_modules. */
  readonly outputs: readonly string[]
  /** Whether a client is generated into node_modules, and imported as `@prisma/client`. */
  readonly installed: boolean
  /** Why a file could not be read. */
  readonly problem?: string
}

export interface PrismaModel {
  readonly name: string
  readonly table: string
  readonly file: string
  readonly line: number
  /** By the name of the field: relations and lists too. */
  readonly columns: Readonly<Record<string, PrismaColumn>>
  /** Fields that together name one row: `@id`, `@@id`, `@unique`, `@@unique`. */
  readonly unique: readonly (readonly string[])[]
}

export interface PrismaColumn {
  /** `String`, an enum's name, a model's name. */
  readonly type: string
  readonly optional: boolean
  readonly list: boolean
  /** The column's name in the database. */
  readonly column: string
  /** For a field that is another model. `fields` are this model's own columns, none on the other side of the relation. */
  readonly relation?: {
    readonly model: string
    readonly fields: readonly string[]
    readonly references: readonly string[]
  }
}

const MAX_SCHEMA_BYTES = 2_000_000

type Source = Pick<PrismaSchema, 'files'>

interface ParsedFile {
  readonly file: string
  readonly schema?: Schema
  readonly text: string
  readonly problem?: string
}

/** The Prisma schemas of packages, and which of them an imported client belongs to. */
export class PrismaSchemas {
  readonly #disk: Disk
  readonly #packages: Packages
  readonly #byPackage = new Map<string, Derived<readonly PrismaSchema[]>>()

  constructor(disk: Disk, packages: Packages) {
    this.#disk = disk
    this.#packages = packages
  }

  /** The schemas of the package in a folder. */
  in(folder: string): readonly PrismaSchema[] {
    let node = this.#byPackage.get(folder)
    if (node === undefined) {
      node = this.#disk.world.derived<readonly PrismaSchema[]>(
        () => this.#sources(folder).map((source) => this.#read(source)),
        (a, b) => JSON.stringify(a) === JSON.stringify(b),
      )
      this.#byPackage.set(folder, node)
    }
    return node.get()
  }

  /**
   * The schema of the client that a file imports: by the folder that it is generated into (`places`: where the specifier
   * may lead, generated or not), or, for `@prisma/client`, the one schema that is generated there. Undefined when there is
   * none, or more than one.
   */
  ofClient(specifier: string, places: readonly string[], file: string): PrismaSchema | undefined {
    const own = this.#packages.owner(path.dirname(file))
    const all = own === undefined ? [] : [own, ...this.#siblings(own)]
    if (/^(?:@prisma\/client|\.prisma\/client)(?:\/|$)/.test(specifier)) {
      for (const folders of [all.slice(0, 1), all.slice(1)]) {
        const found = folders.flatMap((folder) => this.in(folder)).filter((schema) => schema.installed)
        if (found.length > 0) return found.length === 1 ? found[0] : undefined
      }
      return undefined
    }
    for (const folder of all) {
      for (const schema of this.in(folder)) {
        if (schema.outputs.some((output) => places.some((place) => isWithin(place, output)))) return schema
      }
    }
    return undefined
  }

  #siblings(own: string): readonly string[] {
    const root = this.#packages.workspaceRoot(own)
    if (root === undefined) return []
    return [...new Set(this.#packages.workspace(root).values())].filter((folder) => folder !== own)
  }

  /** Where Prisma itself looks, in its order. A folder is one schema of many files. */
  #sources(folder: string): readonly Source[] {
    const json = this.#packages.json(folder)
    const prisma = json?.prisma
    const scripts = isObject(json?.scripts) ? JSON.stringify(Object.values(json.scripts)).replaceAll('\\', ' ') : ''
    const written = [
      ...this.#configured(folder),
      ...(isObject(prisma) && typeof prisma.schema === 'string' ? [prisma.schema] : []),
      ...[...scripts.matchAll(/--schema[= ]["']?([^\s"';&|]+)/g)].map((match) => match[1]!),
    ]
    const named = this.#found(folder, written)
    if (named.length > 0) return named
    const usual = this.#found(folder, ['prisma/schema.prisma', 'schema.prisma', 'prisma/schema', 'prisma'])
    if (usual.length > 0) return usual.slice(0, 1)
    return []
  }

  #found(folder: string, places: readonly string[]): readonly Source[] {
    const sources: Source[] = []
    const seen = new Set<string>()
    for (const place of places) {
      const at = path.resolve(folder, place)
      const files = this.#disk.isDirectory(at) ? this.#below(at, 0) : this.#disk.isFile(at) ? [at] : []
      if (files.length === 0 || seen.has(at)) continue
      seen.add(at)
      sources.push({ files })
    }
    return sources
  }

  #below(folder: string, depth: number): readonly string[] {
    if (depth > 4) return []
    return this.#disk.list(folder).flatMap((name) => {
      const file = path.join(folder, name)
      if (name.endsWith('.prisma')) return this.#disk.isFile(file) ? [file] : []
      return name.includes('.') || name === 'node_modules' || !this.#disk.isDirectory(file)
        ? []
        : this.#below(file, depth + 1)
    })
  }

  #configured(folder: string): readonly string[] {
    const config = configFile(this.#disk, folder, 'prisma.config') ?? configFile(this.#disk, folder, '.config/prisma')
    if (config === undefined) return []
    return configCalls(this.#disk, config).flatMap(({ argument }) =>
      isObject(argument) && typeof argument.schema === 'string' ? [argument.schema] : [],
    )
  }

  #read(source: Source): PrismaSchema {
    const parsed = source.files.map((file) =>
      this.#disk.parsed('prisma', file, MAX_SCHEMA_BYTES, (content): ParsedFile => {
        const text = content.state === 'read' ? decode(content.bytes) : undefined
        return typeof text === 'string'
          ? { file, text, ...parsePrisma(text) }
          : { file, text: '', problem: content.state }
      }),
    )
    const models: Record<string, PrismaModel> = Object.create(null) as Record<string, PrismaModel>
    const enums: Record<string, readonly string[]> = Object.create(null) as Record<string, readonly string[]>
    const outputs: string[] = []
    let installed = false
    for (const { file, schema, text } of parsed) {
      for (const block of schema?.list ?? []) {
        if (block.type === 'model' || block.type === 'view') models[block.name] = modelOf(block, file, text)
        if (block.type === 'enum')
          enums[block.name] = block.enumerators.flatMap((value) => (value.type === 'enumerator' ? [value.name] : []))
        if (block.type !== 'generator' || !isClient(block)) continue
        const output = unquoted(assigned(block, 'output'))
        if (output === undefined) installed = true
        else outputs.push(path.resolve(path.dirname(file), output))
      }
    }
    // Names of models are known only now, and so is which fields are relations.
    for (const model of Object.values(models)) withRelations(model, models)
    const broken = parsed.find((one) => one.problem !== undefined)
    return {
      files: source.files,
      models,
      enums,
      outputs,
      installed: installed || outputs.some((output) => /[/\\]node_modules[/\\]/.test(output)),
      ...(broken === undefined ? {} : { problem: `${broken.file}: ${broken.problem}` }),
    }
  }
}

let library: typeof import('@mrleebo/prisma-ast') | undefined

function parsePrisma(text: string): { schema: Schema } | { problem: string } {
  try {
    // Rules run synchronously, and few projects need it: loaded at the first schema, from a bundle of its own.
    library ??= createRequire(import.meta.url)('#prisma-ast') as typeof import('@mrleebo/prisma-ast')
    return { schema: library.getSchema(plain(text)) }
  } catch (error) {
    return { problem: error instanceof Error ? error.message.split('\n')[0]! : String(error) }
  }
}

/**
 * The text without what Prisma allows and the library does not read: comments after a brace, block comments, attributes
 * over several lines, white space at the end of a line.
 */
function plain(text: string): string {
  let out = ''
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[()[\]"/]|[^"/()[\]]+/g)) {
    if (token.startsWith('//') || token.startsWith('/*')) continue
    if (token === '(' || token === '[') depth++
    if (token === ')' || token === ']') depth = Math.max(0, depth - 1)
    out += depth > 0 && !token.startsWith('"') ? token.replace(/\s+/g, ' ') : token
  }
  return `${out.replace(/[^\S\n]+$/gm, '')}\n`
}

function modelOf(block: Model | View, file: string, text: string): PrismaModel {
  const columns: Record<string, PrismaColumn> = Object.create(null) as Record<string, PrismaColumn>
  const unique: (readonly string[])[] = []
  let table = block.name
  for (const property of block.properties) {
    if (property.type === 'field') {
      columns[property.name] = columnOf(property)
      if (property.attributes?.some((a) => a.name === 'id' || a.name === 'unique') === true)
        unique.push([property.name])
    } else if (property.type === 'attribute') {
      const args = property.args as typeof property.args | undefined
      const values = (args ?? []).map((argument) => argument.value)
      if (property.name === 'map') table = unquoted(named(values, 'name')) ?? table
      if (property.name === 'id' || property.name === 'unique') unique.push(names(named(values, 'fields')))
    }
  }
  const line = text.split('\n').findIndex((at) => new RegExp(`^\\s*(?:model|view)\\s+${block.name}\\b`).test(at)) + 1
  return { name: block.name, table, file, line, columns, unique }
}

function columnOf(field: Field): PrismaColumn {
  const values = (name: string): readonly Value[] | undefined =>
    field.attributes
      ?.find((attribute) => attribute.name === name && attribute.group === undefined)
      ?.args?.map((argument) => argument.value as Value)
  const relation = values('relation')
  const type = typeof field.fieldType === 'string' ? field.fieldType : field.fieldType.name
  return {
    type,
    optional: field.optional === true,
    list: field.array === true,
    column: unquoted(named(values('map') ?? [], 'name')) ?? field.name,
    ...(relation === undefined
      ? {}
      : {
          relation: {
            model: type,
            fields: names(keyed(relation, 'fields')),
            references: names(keyed(relation, 'references')),
          },
        }),
  }
}

function withRelations(model: PrismaModel, models: Readonly<Record<string, PrismaModel>>): void {
  const columns = model.columns as Record<string, PrismaColumn>
  for (const [name, column] of Object.entries(columns)) {
    if (column.relation !== undefined || models[column.type] === undefined) continue
    columns[name] = { ...column, relation: { model: column.type, fields: [], references: [] } }
  }
}

/** An argument by its key, or the first one without a key. */
function named(values: readonly unknown[], key: string): unknown {
  return keyed(values, key) ?? values.find((value) => !isKeyValue(value))
}

function keyed(values: readonly unknown[], key: string): unknown {
  return values.filter(isKeyValue).find((value) => value.key === key)?.value
}

function isKeyValue(
  value: unknown,
): value is { readonly type: 'keyValue'; readonly key: string; readonly value: unknown } {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'keyValue'
}

/** `[a, b(sort: Desc)]` names a and b. */
function names(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || !('args' in value) || !Array.isArray(value.args)) return []
  return value.args.flatMap((item: unknown) => {
    if (typeof item === 'string') return [item]
    return typeof item === 'object' && item !== null && 'name' in item && typeof item.name === 'string'
      ? [item.name]
      : []
  })
}

function isClient(generator: Generator): boolean {
  return /^prisma-client(?:-js)?$/.test(unquoted(assigned(generator, 'provider')) ?? '')
}

function assigned(generator: Generator, key: string): unknown {
  for (const assignment of generator.assignments) {
    if (assignment.type === 'assignment' && assignment.key === key) return assignment.value
  }
  return undefined
}

function unquoted(value: unknown): string | undefined {
  return typeof value === 'string' ? value.replace(/^"|"$/g, '') : undefined
}

function isWithin(place: string, folder: string): boolean {
  return place === folder || place.startsWith(folder + path.sep)
}
