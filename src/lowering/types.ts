/** What is kept of types: the members of object types, and what a function promises by its return annotation. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { FunctionForm, Range, TypeForm } from '../model/form.ts'
import { rangeOf, type Context } from './context.ts'

const MEMBER_LENGTH = 200

export function signatureOf(annotation: TSESTree.TSTypeAnnotation | null | undefined): FunctionForm['signature'] {
  const type = annotation?.typeAnnotation
  switch (type?.type) {
    case 'TSTypePredicate':
      return type.asserts ? 'asserts' : 'predicate'
    case 'TSNeverKeyword':
      return 'never'
    case 'TSTypeReference':
      if (type.typeName.type !== 'Identifier' || type.typeName.name !== 'Promise') return undefined
      return type.typeArguments?.params[0]?.type === 'TSNeverKeyword' ? 'never' : 'promise'
    default:
      return undefined
  }
}

/** Keeps an interface or an alias of an object type; declarations of one name are merged, as TypeScript does. */
export function keepType(cx: Context, node: TSESTree.TSInterfaceDeclaration | TSESTree.TSTypeAliasDeclaration): void {
  let written: readonly TSESTree.TypeElement[]
  if (node.type === 'TSInterfaceDeclaration') written = node.body.body
  else if (node.typeAnnotation.type === 'TSTypeLiteral') written = node.typeAnnotation.members
  else return
  keepMembers(cx, node.id.name, rangeOf(node), written)
}

/** How deep object types inside others are kept, by their path: `Database.public.Tables.invoices.Row`. */
const NESTED = 5

function keepMembers(
  cx: Context,
  name: string,
  range: Range,
  written: readonly TSESTree.TypeElement[],
  depth = 1,
): void {
  // No prototype: the names come from the text, and one may be `constructor`.
  const members = Object.assign(Object.create(null) as Record<string, string>, cx.types[name]?.members)
  for (const member of written) {
    const added = addMember(cx, members, member)
    const type = member.type === 'TSPropertySignature' ? member.typeAnnotation?.typeAnnotation : undefined
    if (added !== undefined && type?.type === 'TSTypeLiteral' && depth < NESTED)
      keepMembers(cx, `${name}.${added}`, rangeOf(type), type.members, depth + 1)
  }
  const form: TypeForm = { range: cx.types[name]?.range ?? range, members }
  cx.types[name] = form
}

/** Gives the name that it was kept under. */
function addMember(cx: Context, members: Record<string, string>, node: TSESTree.TypeElement): string | undefined {
  if (node.type !== 'TSPropertySignature' && node.type !== 'TSMethodSignature') return undefined
  const { key } = node
  let name: string
  if (key.type === 'Identifier' && !node.computed) name = key.name
  else if (key.type === 'Literal') name = String(key.value)
  else return undefined
  let text = ''
  if (node.type === 'TSMethodSignature') text = cx.text.slice(rangeOf(key)[1], rangeOf(node)[1])
  else if (node.typeAnnotation) {
    const [start, end] = rangeOf(node.typeAnnotation.typeAnnotation)
    text = cx.text.slice(start, end)
  }
  members[name] = text.replace(/\s+/g, ' ').trim().replace(/[;,]$/, '').slice(0, MEMBER_LENGTH)
  return name
}
