/** Models whose columns stand in no code that runs: Prisma schemas, and the row interfaces of Kysely. */
import type { ColumnFacts, ForeignSchema } from './analysis/models.ts'
import type { ModuleForm, TypeForm } from './model/form.ts'
import type { ModuleGraph } from './project/module-graph.ts'
import type { PrismaModel, PrismaSchema } from './project/prisma-schema.ts'
import type { Project } from './project/project.ts'

/** What is known of the models that the code of a file queries. */
export function foreignSchema(project: Project, graph: ModuleGraph, file: string): ForeignSchema {
  return (model) => {
    for (const schema of prismaSchemas(project, graph, file)) {
      const found = prismaModel(schema, model)
      if (found) return columnsOf(found)
    }
    return rowInterface(project, graph, file, model)
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
    if (row) return Object.entries(row.members).map(([name, type]) => ({ name, type }))
  }
  return undefined
}

function rowIn(project: Project, graph: ModuleGraph, form: ModuleForm, table: string): TypeForm | undefined {
  const forms = [form, ...typeModules(project, graph, form)]
  for (const { types } of forms) {
    for (const database of Object.values(types)) {
      const named = /^\w+/.exec(database.members[table] ?? '')?.[0]
      if (named === undefined) continue
      for (const other of forms) {
        if (Object.hasOwn(other.types, named)) return other.types[named]
      }
    }
  }
  return undefined
}

/** Modules that the types of a module come from: one hop. */
function typeModules(project: Project, graph: ModuleGraph, form: ModuleForm): readonly ModuleForm[] {
  return form.imports.flatMap(({ from }) => {
    if (from === 'kysely') return []
    const found = graph.resolve(from, form.file)
    const file = found.kind === 'module' ? found.file : project.declaration(from, form.file)
    return file === undefined ? [] : [graph.module(file)]
  })
}
