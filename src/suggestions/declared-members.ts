/** Which members a value has, by the types that are written beside it. */
import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import { isPath, keyOf, parentOf, propertyOf } from './query-parts.ts'
import { isFunction, type AnyFunction, type Source } from './source.ts'

export interface Members {
  readonly has: (name: string) => boolean
  readonly of: (name: string) => Members | undefined
}

/** What nothing is said of, where nothing has to be. */
const anything: Members = { has: () => true, of: () => anything }

/**
 * Undefined where the type is written in another file, or is none that lists members.
 * @param path a name, or members of one
 */
export function declaredMembers(source: Source, file: string, path: TSESTree.Node): Members | undefined {
  return /\.[cm]?jsx?$/.test(file) ? anything : ofValue(source, path)
}

function ofValue(source: Source, value: TSESTree.Node | null | undefined): Members | undefined {
  switch (value?.type) {
    case 'Identifier':
      return ofName(source, value)
    case 'MemberExpression':
      return isPath(value) ? ofValue(source, value.object)?.of(propertyOf(value)!) : undefined
    case 'AwaitExpression':
      return ofValue(source, value.argument)
    case 'TSAsExpression':
      return ofType(source, value.typeAnnotation)
    case 'CallExpression':
      return isParsed(value) ? anything : undefined
    default:
      return undefined
  }
}

/** `request.json()`, `JSON.parse(text)` */
const isParsed = ({ callee }: TSESTree.CallExpression): boolean =>
  callee.type === 'MemberExpression' &&
  (propertyOf(callee) === 'json' ||
    (propertyOf(callee) === 'parse' && callee.object.type === 'Identifier' && callee.object.name === 'JSON'))

function ofName(source: Source, name: TSESTree.Identifier): Members | undefined {
  const [definition, ...others] = variableOf(source, name)?.defs ?? []
  if (!definition || others.length > 0) return undefined
  const node: TSESTree.Node = definition.node
  if (node.type === 'VariableDeclarator') {
    const isBefore = node.range[1] <= name.range[0]
    return isBefore ? taken(source, node.id, definition.name, () => ofValue(source, node.init)) : undefined
  }
  const pattern = isFunction(node) ? node.params.find((param) => isIn(definition.name, param)) : undefined
  return pattern && taken(source, pattern, definition.name, () => givenTo(source, node))
}

/** A name that a pattern takes out of a value. */
function taken(
  source: Source,
  pattern: TSESTree.Node,
  name: TSESTree.Node,
  value: () => Members | undefined,
): Members | undefined {
  const target = pattern.type === 'AssignmentPattern' ? pattern.left : pattern
  const said = 'typeAnnotation' in target ? target.typeAnnotation : undefined
  const whole = said?.type === 'TSTypeAnnotation' ? ofType(source, said.typeAnnotation) : value()
  if (target === name) return whole
  if (target.type !== 'ObjectPattern') return undefined
  const property = target.properties.find((one) => isIn(name, one))
  if (property?.type === 'Property') {
    const key = keyOf(property)
    return key === undefined ? undefined : taken(source, property.value, name, () => whole?.of(key))
  }
  const keys = target.properties.map((one) => (one.type === 'Property' ? keyOf(one) : undefined))
  return whole && without(whole, new Set(keys))
}

const isIn = ({ range }: TSESTree.Node, outer: TSESTree.Node): boolean =>
  outer.range[0] <= range[0] && range[1] <= outer.range[1]

const without = ({ has, of }: Members, keys: ReadonlySet<string | undefined>): Members => ({
  has: (name) => has(name) && !keys.has(name),
  of,
})

/** `.validator((data: Input) => data).handler(({ data }) => …)`: what the handler is given has the type that is written there. */
function givenTo(source: Source, handler: TSESTree.Node): Members | undefined {
  const call = parentOf(handler)
  const validator = call?.type === 'CallExpression' ? validatorBefore(call) : undefined
  const [param] = validator?.params ?? []
  if (!validator || validator.returnType || param?.type !== 'Identifier' || !returns(validator, param)) return undefined
  const type = param.typeAnnotation?.typeAnnotation
  return type && { has: (name) => name === 'data', of: (name) => (name === 'data' ? ofType(source, type) : undefined) }
}

function validatorBefore({ callee }: TSESTree.CallExpression): AnyFunction | undefined {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'CallExpression') return undefined
  const before = callee.object
  const name = before.callee.type === 'MemberExpression' ? propertyOf(before.callee) : undefined
  if (name !== 'validator' && name !== 'inputValidator') return validatorBefore(before)
  const [given] = before.arguments
  return given && isFunction(given) ? given : undefined
}

/** It gives back what it is given. */
function returns({ body }: AnyFunction, { name }: TSESTree.Identifier): boolean {
  const last = body.type === 'BlockStatement' ? body.body.at(-1) : undefined
  const returned = last?.type === 'ReturnStatement' ? last.argument : body
  return returned?.type === 'Identifier' && returned.name === name
}

/** What leaves the names of the members as they are. */
const wrappers: ReadonlySet<string> = new Set(['Partial', 'Required', 'Readonly', 'NonNullable'])

function ofType(source: Source, type: TSESTree.Node): Members | undefined {
  switch (type.type) {
    case 'TSAnyKeyword':
      return anything
    case 'TSTypeLiteral':
      return listed(source, type.members)
    case 'TSTypeQuery':
      return type.exprName.type === 'TSQualifiedName' && isRow(type.exprName.right.name) ? ofRow : undefined
    case 'TSIntersectionType': {
      const parts = type.types.map((part) => ofType(source, part))
      const find = (name: string): Members | undefined => parts.find((part) => part?.has(name))
      return parts.includes(undefined) ? undefined : { has: (name) => !!find(name), of: (name) => find(name)?.of(name) }
    }
    case 'TSTypeReference':
      return ofReference(source, type)
    default:
      return undefined
  }
}

function ofReference(source: Source, type: TSESTree.TSTypeReference): Members | undefined {
  const { typeName } = type
  if (typeName.type === 'TSQualifiedName') return typeName.right.name.endsWith('UpdateInput') ? ofRow : undefined
  if (typeName.type !== 'Identifier') return undefined
  if (isRow(typeName.name)) return ofRow
  const [of, keys] = argumentsOf(type)
  const whole = of && ofType(source, of)
  const names = keys && literalsIn(keys)
  if (wrappers.has(typeName.name)) return whole
  if (typeName.name === 'Omit') return whole && names && without(whole, names)
  if (typeName.name === 'Pick') return whole && names && { has: (name) => names.has(name), of: whole.of }
  return of ? undefined : ofDeclared(source, typeName.name)
}

/** `typeof profiles.$inferInsert`, `InferInsertModel<typeof profiles>`, `Updateable<ProfilesTable>`: what a row has. */
const isRow = (name: string): boolean =>
  /^(?:\$infer(?:Insert|Select)|Infer(?:Insert|Select)Model|Insertable|Updateable)$/.test(name)

const ofRow: Members = { has: () => true, of: () => undefined }

const listed = (source: Source, members: readonly TSESTree.TypeElement[]): Members => {
  const types = new Map<string, TSESTree.Node | undefined>()
  for (const member of members)
    if (member.type === 'TSPropertySignature' && !member.computed && member.key.type === 'Identifier')
      types.set(member.key.name, member.typeAnnotation?.typeAnnotation)
  return {
    has: (name) => types.has(name),
    of: (name) => {
      const type = types.get(name)
      return type && ofType(source, type)
    },
  }
}

/** A type of the same file. */
function ofDeclared(source: Source, name: string): Members | undefined {
  for (const statement of source.ast.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (declared?.type === 'TSInterfaceDeclaration' && declared.id.name === name && declared.extends.length === 0)
      return listed(source, declared.body.body)
    if (declared?.type === 'TSTypeAliasDeclaration' && declared.id.name === name && !declared.typeParameters)
      return ofType(source, declared.typeAnnotation)
  }
  return undefined
}

/** Older parsers call them parameters. */
function argumentsOf(type: TSESTree.TSTypeReference): readonly TSESTree.Node[] {
  const { typeArguments, typeParameters } = type as {
    readonly typeArguments?: TSESTree.TSTypeParameterInstantiation
    readonly typeParameters?: TSESTree.TSTypeParameterInstantiation
  }
  return (typeArguments ?? typeParameters)?.params ?? []
}

/** `'a' | 'b'` */
function literalsIn(type: TSESTree.Node): ReadonlySet<string> | undefined {
  const texts = (type.type === 'TSUnionType' ? type.types : [type]).flatMap((part) =>
    part.type === 'TSLiteralType' && part.literal.type === 'Literal' ? [String(part.literal.value)] : [],
  )
  return texts.length === (type.type === 'TSUnionType' ? type.types.length : 1) ? new Set(texts) : undefined
}

const variableOf = (source: Source, name: TSESTree.Identifier): TSESLint.Scope.Variable | null | undefined =>
  (source.scopeManager?.scopes ?? [])
    .flatMap(({ references }) => references)
    .find(({ identifier }) => identifier.range[0] === name.range[0])?.resolved
