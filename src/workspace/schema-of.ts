/** The schema that the code of a file queries: Prisma's, or the tables that stand in and beside the modules it reaches. */
import path from 'node:path'
import { Machine } from '../analysis/machine.ts'
import { tablesIn } from '../analysis/queries/models.ts'
import { Schema, type DeclaredTenants, type SchemaModel } from '../analysis/queries/schema.ts'
import type { Catalog } from '../catalog/index.ts'
import { prismaModels, rowModels } from './foreign-schema.ts'
import type { Project } from '../project/project.ts'
import type { SharedWorld } from './shared-world.ts'

export function schemaOf(
  shared: SharedWorld,
  project: Project,
  catalog: Catalog,
  file: string,
  declared: DeclaredTenants,
): Schema {
  const tables = (at: string): readonly SchemaModel[] =>
    shared.ask(`tables\0${at}`, () => {
      const isOfData = ({ from, typeOnly }: { readonly from: string; readonly typeOnly: boolean }): boolean =>
        !typeOnly && catalog.libraryOf(from)?.category === 'data'
      if (!shared.graph.module(at).imports.some(isOfData)) return []
      return tablesIn(new Machine(shared.world, { kind: 'anonymous', environment: 'production' }), at)
    })
  const models = new Map<string, SchemaModel>()
  const folders = new Set<string>()
  for (const at of shared.graph.reachable(file)) {
    const found = tables(at)
    if (found.length > 0) folders.add(path.dirname(at))
    for (const model of found) models.set(model.name, model)
  }
  // the parts of a schema stand beside each other
  for (const folder of folders) {
    for (const name of project.list(folder).slice(0, maxFiles)) {
      if (!/\.[cm]?[jt]s$/.test(name) || /\.(test|spec|d)\.\w+$/.test(name)) continue
      for (const model of tables(path.join(folder, name))) models.set(model.name, model)
    }
  }
  for (const model of prismaModels(project, shared.graph, file)) models.set(model.name, model)
  if (models.size === 0) for (const model of rowModels(project, shared.graph, file)) models.set(model.name, model)
  return new Schema([...models.values()], declared)
}

const maxFiles = 200
