/** Whose the rows of a schema's models are: a tenant's, a user's, or those of the row that they hang off. */
import {
  actorColumn,
  grantColumn,
  keptColumn,
  membershipModel,
  ownColumn,
  permissionMember,
  roleColumn,
  secretColumn,
  singular,
  snake,
  tenantColumn,
  tenantModel,
  taskColumn,
  userModel,
} from '../../catalog/names.ts'
import type { ColumnFacts } from './models.ts'

export interface SchemaModel {
  readonly name: string
  readonly columns: readonly ColumnFacts[]
}

export interface Whose {
  /** Columns that say which tenant a row belongs to. Of the tenant's own model it is the key. */
  readonly tenant: readonly string[]
  /** Columns that say which user a row belongs to. */
  readonly owner: readonly string[]
  /** Columns that say which row of somebody's it hangs off: those count, where there are any, before who did something with it. */
  readonly parent: readonly string[]
  /** The rows are the tenants themselves. */
  readonly isTenant: boolean
  /** The rows are people who sign in, not what ties these to something. */
  readonly isPeople: boolean
}

/** What the project says about its tenants. */
export interface DeclaredTenants {
  readonly keys: readonly string[]
  /** By model: its tenant column, or false when it belongs to no tenant. */
  readonly models: Readonly<Record<string, string | false>>
}

export class Schema {
  readonly #models: ReadonlyMap<string, SchemaModel>
  readonly #declared: DeclaredTenants
  readonly #tenants: ReadonlySet<string>
  /** What columns are called that lead to a tenant. */
  readonly #names: ReadonlySet<string>
  readonly #whose = new Map<string, Whose>()

  constructor(models: readonly SchemaModel[], declared: DeclaredTenants) {
    const named = new Map(models.map((model) => [keyOf(model.name), model.name]))
    const linked = models.map((model) => ({
      ...model,
      columns: model.columns.map((column) => inferred(column, named)),
    }))
    this.#models = new Map(linked.map((model) => [keyOf(model.name), model]))
    this.#declared = declared
    this.#tenants = new Set(linked.flatMap((model) => tenantsBy(model)))
    this.#names = new Set(
      linked.flatMap(({ columns }) =>
        columns.flatMap(({ name, references }) =>
          references !== undefined && this.#tenants.has(keyOf(references)) ? [keyOf(name)] : [],
        ),
      ),
    )
  }

  /** Undefined when the schema does not have the model. */
  whose(name: string): Whose | undefined {
    const key = keyOf(name)
    const known = this.#whose.get(key)
    if (known) return known
    const model = this.#models.get(key)
    if (!model) return undefined
    const found = this.#find(model, 0)
    this.#whose.set(key, found)
    return found
  }

  /**
   * Of a model that the schema does not have: by what the policy file says, and by columns that a query names and on which
   * membership is decided. What else the rows have, and whose they are then, nobody can tell.
   */
  guess(name: string, named: readonly string[], decided: ReadonlySet<string>): Whose | undefined {
    const declared = this.#declaredFor(name)
    if (declared === false) return undefined
    const tenant =
      declared === undefined
        ? [...new Set(named)].filter((column) => this.#declared.keys.includes(column) || decided.has(column))
        : [declared]
    return tenant.length > 0 ? { tenant, owner: [], parent: [], isTenant: false, isPeople: false } : undefined
  }

  /** Columns that somebody may fill in of a row of theirs: they lead nowhere, and say neither whose it is nor what anybody may do. */
  fillable(name: string): readonly string[] {
    const whose = this.whose(name)
    const columns = this.#models.get(keyOf(name))?.columns ?? []
    return columns
      .filter(({ references }) => references === undefined)
      .map((column) => column.name)
      .filter((column) => whose?.tenant.includes(column) !== true && whose?.owner.includes(column) !== true)
      .filter((column) => !neverFilledIn.some((pattern) => pattern.test(snake(column))))
  }

  #find(model: SchemaModel, depth: number): Whose {
    const declared = this.#declaredFor(model.name)
    const isTenant = this.#tenants.has(keyOf(model.name)) && declared !== false
    const tenant =
      declared === false
        ? []
        : typeof declared === 'string'
          ? [declared]
          : isTenant
            ? ['id']
            : this.#tenantColumns(model, depth)
    const owner = model.columns.filter(ownsRow).map((column) => column.name)
    // whoever did something with a row of a tenant's is not whose it is: the row that it hangs off is
    const onlyActors = owner.every((column) => actorColumn.test(snake(column))) && this.#leadsToTenant(model, depth)
    const parent =
      tenant.length > 0 || (owner.length > 0 && !onlyActors) || depth > 3 || userModel.test(snake(model.name))
        ? []
        : model.columns.filter((column) => this.#hangsOff(model, column, depth)).map((column) => column.name)
    return { tenant, owner, parent, isTenant, isPeople: isPeople(model) }
  }

  #declaredFor(name: string): string | false | undefined {
    const found = Object.entries(this.#declared.models).find(([model]) => keyOf(model) === keyOf(name))
    return found?.[1]
  }

  #tenantColumns(model: SchemaModel, depth: number): string[] {
    return model.columns.filter((column) => this.#namesTenant(model, column, depth)).map((column) => column.name)
  }

  #namesTenant(model: SchemaModel, { name, references }: ColumnFacts, depth: number): boolean {
    if (this.#declared.keys.includes(name)) return true
    if (references !== undefined) return this.#tenants.has(keyOf(references))
    if (!tenantColumn.test(snake(name))) return false
    // a model of that name on which nobody's membership is decided: a team of players
    const named = keyOf(snake(name).replace(/_id$/, ''))
    if ([...this.#models.keys()].some((key) => key === named && !this.#tenants.has(key))) return false
    // where the row belongs to a tenant by its other columns, a name that leads nowhere is somebody else's word
    return this.#names.has(keyOf(name)) || !this.#leadsToTenant(model, depth)
  }

  #leadsToTenant(model: SchemaModel, depth: number): boolean {
    return model.columns.some(({ references }) => {
      if (references === undefined || keyOf(references) === keyOf(model.name)) return false
      if (this.#tenants.has(keyOf(references))) return true
      const parent = depth > 3 || userModel.test(snake(references)) ? undefined : this.#models.get(keyOf(references))
      return parent !== undefined && this.#find(parent, depth + 1).tenant.length > 0
    })
  }

  #hangsOff(model: SchemaModel, { references }: ColumnFacts, depth: number): boolean {
    if (references === undefined || keyOf(references) === keyOf(model.name) || userModel.test(snake(references)))
      return false
    const parent = this.#models.get(keyOf(references))
    if (!parent) return false
    const { tenant, owner, parent: further } = this.#find(parent, depth + 1)
    return tenant.length + owner.length + further.length > 0
  }
}

const neverFilledIn = [keptColumn, secretColumn, grantColumn, permissionMember]

/** Models that a membership model leads to: it ties users to them, with a role, or by its name. */
function tenantsBy(model: SchemaModel): string[] {
  const users = model.columns.filter(
    ({ name, references }) =>
      (references !== undefined && userModel.test(snake(references))) ||
      (references === undefined && /^user_?id$/.test(snake(name))),
  )
  // everybody belongs to one, and the user's own row says to which
  if (userModel.test(snake(model.name)))
    return targets(model)
      .filter((name) => tenantModel.test(snake(name)))
      .map(keyOf)
  if (users.length === 0) return []
  const members =
    membershipModel.test(snake(model.name)) || model.columns.some(({ name }) => roleColumn.test(snake(name)))
  return targets(model)
    .filter((name) => (members && !roleColumn.test(singular(snake(name)))) || pairsWith(model.name, name))
    .map(keyOf)
}

const isPeople = (model: SchemaModel): boolean =>
  userModel.test(snake(model.name)) && !targets(model).some((target) => pairsWith(model.name, target))

const targets = (model: SchemaModel): string[] =>
  model.columns.flatMap(({ references }) =>
    references === undefined || userModel.test(snake(references)) || keyOf(references) === keyOf(model.name)
      ? []
      : [references],
  )

/** `project_users`, `user_teams`: users and that. */
function pairsWith(model: string, target: string): boolean {
  const words = snake(model).split('_').map(singular)
  const wanted = snake(target).split('_').map(singular)
  return (
    words.length === wanted.length + 1 &&
    words.includes('user') &&
    wanted.every((word) => words.includes(word)) &&
    (words.at(-1) === 'user' || tenantModel.test(snake(target)))
  )
}

function ownsRow({ name, references }: ColumnFacts): boolean {
  if (references !== undefined) return userModel.test(snake(references)) && !taskColumn.test(name)
  return ownColumn.test(snake(name))
}

/** A schema without foreign keys says by a column's name where it leads: `gameId` to `game`. */
function inferred(column: ColumnFacts, named: ReadonlyMap<string, string>): ColumnFacts {
  if (column.references !== undefined || !/._?id$/i.test(column.name)) return column
  const target = named.get(keyOf(snake(column.name).replace(/_?id$/, '')))
  return target === undefined ? column : { ...column, references: target }
}

/** Models are called by their name, their table's name or the client's property. */
const keyOf = (name: string): string => singular(snake(name).replaceAll('_', ''))
