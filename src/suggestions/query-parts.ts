/** The parts of a query, as they are written: `db.update(table).set({ … }).where(…)`, `client.model.update({ where, data })`. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { ClaimReport } from '../model/report.ts'
import type { Edit } from './edit.ts'
import { childrenOf, type Source } from './source.ts'

/** `column: value` somewhere in the arguments, or the value that an operator compares the column with. */
export function namedValue(source: Source, call: TSESTree.CallExpression, column: string): TSESTree.Node | undefined {
  const whole = wholeChain(call)
  const found: TSESTree.Node[] = []
  const visit = (node: TSESTree.Node): void => {
    if (node.type === 'Property' && keyOf(node) === column) found.push(node.value)
    if (node.type === 'CallExpression' && node.arguments.length >= 2) {
      const [left, right] = node.arguments as [TSESTree.Node, TSESTree.Node]
      if (left.type === 'MemberExpression' && propertyOf(left) === column) found.push(right)
    }
    for (const child of childrenOf(source, node)) visit(child)
  }
  visit(whole)
  return found.length === 1 ? found[0] : undefined
}

/** In the place of a value: `{ userId }` becomes `{ userId: user.id }`. */
export const replaced = (value: TSESTree.Node, text: string): Edit => {
  const property = parentOf(value)
  if (property?.type !== 'Property' || !property.shorthand) return { range: value.range, text }
  const key = keyOf(property)!
  return { range: property.range, text: key === text ? key : `${key}: ${text}` }
}

/** What stands in the places of a query where something is written as a whole. */
export function writtenIn(
  call: TSESTree.CallExpression,
  places: NonNullable<ClaimReport['written']>,
): readonly TSESTree.Node[] {
  return places.flatMap((place) => {
    if (!('at' in place)) return []
    const [position, ...keys] = place.at
    const calls = 'method' in place ? laterCalls(call).filter(({ callee }) => isMethod(callee, place.method)) : [call]
    return calls.flatMap(({ arguments: args }) => {
      let node: TSESTree.Node | undefined = args[position as number]
      for (const key of keys) node = node && propertyIn(node, String(key))
      return node ?? []
    })
  })
}

const isMethod = (callee: TSESTree.Node, name: string): boolean =>
  callee.type === 'MemberExpression' && propertyOf(callee) === name

function propertyIn(node: TSESTree.Node, key: string): TSESTree.Node | undefined {
  if (node.type !== 'ObjectExpression') return undefined
  const found = node.properties.find((property) => property.type === 'Property' && keyOf(property) === key)
  return found?.type === 'Property' ? found.value : undefined
}

function laterCalls(call: TSESTree.CallExpression): readonly TSESTree.CallExpression[] {
  const member = parentOf(call)
  const next = member?.type === 'MemberExpression' && member.object === call ? parentOf(member) : undefined
  return next?.type === 'CallExpression' && next.callee === member ? [next, ...laterCalls(next)] : []
}

/** `data`, `input.profile`: nothing that does something when it is read once more. */
export const isPath = (node: TSESTree.Node): node is TSESTree.Identifier | TSESTree.MemberExpression =>
  node.type === 'Identifier' ||
  (node.type === 'MemberExpression' && !node.optional && propertyOf(node) !== undefined && isPath(node.object))

function wholeChain(call: TSESTree.CallExpression): TSESTree.Node {
  let at: TSESTree.Node = call
  for (;;) {
    const parent = parentOf(at)
    const inChain =
      (parent?.type === 'MemberExpression' && parent.object === at) ||
      (parent?.type === 'CallExpression' && parent.callee === at)
    if (!inChain) return at
    at = parent!
  }
}

export const parentOf = (node: TSESTree.Node): TSESTree.Node | undefined =>
  (node as { readonly parent?: TSESTree.Node }).parent

export const propertyOf = ({ property, computed }: TSESTree.MemberExpression): string | undefined =>
  !computed && property.type === 'Identifier' ? property.name : undefined

export const keyOf = ({ key, computed }: TSESTree.Property): string | undefined =>
  computed ? undefined : key.type === 'Identifier' ? key.name : String(key.value)
