/** Models whose columns stand in no code that runs: Prisma schemas, the row interfaces of Kysely, the generated types of Supabase. */
import type { ColumnFacts, ForeignSchema } from '../analysis/queries/models.ts'
import type { SchemaModel } from '../analysis/queries/schema.ts'
import type { ModuleForm, TypeForm } from '../model/form.ts'
import type { ModuleGraph } from '../project/module-graph.ts'
import type { PrismaModel, PrismaSchema } from '../project/prisma-schema.ts'
import type { Project } from '../project/project.ts'

/** What is known of the models that the code of a file queries. */
export function foreignSchema(project: Project, graph: ModuleGraph, file: string): ForeignSchema {
  return (model) => {
    for (const schema of prismaSchemas(project, graph, file)) {
      const found = prismaModel(schema, model)
      if (found) return columnsOf(found)
    }
    return rowInterface(project, graph, file, model) ?? generatedRow(project, graph, file, model)
  }
}

/** The schema of the client that the code below this file constructs; else the one schema of its own package. */
function prismaSchemas(project: Project, graph: ModuleGraph, file: string): readonly PrismaSchema[] {
  for (const at of graph.reachable(file)) {
    for (const imported of graph.module(at).imports) {
      if (imported.imported !== 'PrismaClient' || imported.typeOnly) continue
      const schema = project.prismaClient(imported.from, at)
      if (schema) return [schema]
    }
  }
  const own = project.prismaSchemas(file)
  return own.length === 1 ? own : []
}

/** Whether the schema that the code of a file queries has an enum of that name, with that value: the client exports it. */
export const hasEnumValue = (
  project: Project,
  graph: ModuleGraph,
  file: string,
  name: string,
  value: string,
): boolean => prismaSchemas(project, graph, file).some(({ enums }) => enums[name]?.includes(value) === true)

/** All models of the schema that the code of a file queries, where the schema is one. */
export function prismaModels(project: Project, graph: ModuleGraph, file: string): readonly SchemaModel[] {
  const [schema] = prismaSchemas(project, graph, file)
  return Object.values(schema?.models ?? {}).map((model) => ({ name: model.name, columns: columnsOf(model) }))
}

function prismaModel(schema: PrismaSchema, name: string): PrismaModel | undefined {
  // the client's property is the model's name with a small first letter
  return (
    schema.models[name] ??
    schema.models[name.charAt(0).toUpperCase() + name.slice(1)] ??
    Object.values(schema.models).find((model) => model.table === name)
  )
}

function columnsOf(model: PrismaModel): readonly ColumnFacts[] {
  const references = new Map<string, string>()
  for (const { relation } of Object.values(model.columns)) {
    for (const field of relation?.fields ?? []) references.set(field, relation!.model)
  }
  return Object.entries(model.columns)
    .filter(([, column]) => column.relation === undefined)
    .map(([name, column]) => {
      const target = references.get(name)
      return { name, type: column.type, ...(target === undefined ? {} : { references: target }) }
    })
}

// --- Kysely ---------------------------------------------------------------------------------------------------------

/** `interface Database { invoices: InvoicesTable }` in or beside a module that makes the client. */
function rowInterface(
  project: Project,
  graph: ModuleGraph,
  file: string,
  table: string,
): readonly ColumnFacts[] | undefined {
  for (const at of graph.reachable(file)) {
    const form = graph.module(at)
    if (!form.imports.some((imported) => imported.from === 'kysely')) continue
    const row = rowIn(project, graph, form, table)
    if (row) return columnsOfRow(row)
  }
  return undefined
}

/** All row interfaces that the modules in reach know. */
export function rowModels(project: Project, graph: ModuleGraph, file: string): readonly SchemaModel[] {
  for (const at of graph.reachable(file)) {
    const form = graph.module(at)
    if (!form.imports.some((imported) => imported.from === 'kysely')) continue
    const forms = [form, ...typeModules(project, graph, form)]
    const databases = forms.flatMap(({ types }) => Object.values(types))
    const models = databases.flatMap(({ members }) =>
      Object.entries(members).flatMap(([name, type]): SchemaModel[] => {
        const row = rowNamed(forms, type)
        return row ? [{ name, columns: columnsOfRow(row) }] : []
      }),
    )
    if (models.length > 0) return models
  }
  return []
}

const columnsOfRow = (row: TypeForm): readonly ColumnFacts[] =>
  Object.entries(row.members).map(([name, type]) => ({ name, type }))

function rowNamed(forms: readonly ModuleForm[], type: string): TypeForm | undefined {
  const named = /^\w+/.exec(type)?.[0]
  const found = named === undefined ? undefined : forms.find(({ types }) => Object.hasOwn(types, named))
  return found?.types[named!]
}

function rowIn(project: Project, graph: ModuleGraph, form: ModuleForm, table: string): TypeForm | undefined {
  const forms = [form, ...typeModules(project, graph, form)]
  for (const { types } of forms) {
    for (const database of Object.values(types)) {
      const row = rowNamed(forms, database.members[table] ?? '')
      if (row) return row
    }
  }
  return undefined
}

// --- Supabase -------------------------------------------------------------------------------------------------------

/** `Database.public.Tables.invoices.Row`: what `supabase gen types` writes, beside a module that makes the client. */
function generatedRow(
  project: Project,
  graph: ModuleGraph,
  file: string,
  table: string,
): readonly ColumnFacts[] | undefined {
  const place = new RegExp(`\\.(Tables|Views)\\.${table.replace(/\W/g, '\\$&')}\\.Row$`)
  for (const at of graph.reachable(file)) {
    const form = graph.module(at)
    if (!form.imports.some((imported) => imported.from.startsWith('@supabase/'))) continue
    for (const { types } of [form, ...typeModules(project, graph, form)]) {
      const named = Object.keys(types).find((name) => place.test(name))
      if (named !== undefined) return columnsOfRow(types[named]!)
    }
  }
  return undefined
}

/** Modules that the types of a module come from: one hop. */
function typeModules(project: Project, graph: ModuleGraph, form: ModuleForm): readonly ModuleForm[] {
  return form.imports.flatMap(({ from }) => {
    if (from === 'kysely' || from.startsWith('@supabase/')) return []
    const found = graph.resolve(from, form.file)
    const file = found.kind === 'module' ? found.file : project.declaration(from, form.file)
    return file === undefined ? [] : [graph.module(file)]
  })
}
