/** Adds to a query the condition that ties its rows to the caller, with a value that was proved to be the caller's. */
import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import type { LooseQueryReport } from '../model/report.ts'
import { addImport } from './add-import.ts'
import { refuseMissing } from './refuse-missing.ts'
import { insertAt, type Edit, type Suggestion } from './edit.ts'
import { keyOf, namedValue, parentOf, propertyOf, replaced } from './query-parts.ts'
import { childrenOf, pathTo, textOf, type Source } from './source.ts'

export const narrowMessages = {
  addKey: 'Add `{{column}}: {{proved}}` to the conditions.',
  replaceValue: 'Use `{{proved}}` instead.',
  refuseMissing: 'Refuse when there is no `{{proved}}`.',
} as const

export function narrow(
  source: Source,
  { place, column, kind, proved, problem }: Pick<LooseQueryReport, 'place' | 'column' | 'kind' | 'proved' | 'problem'>,
): Suggestion | undefined {
  if (proved === undefined) return undefined
  const call = pathTo(source, place.range).at(-1)
  if (call?.type !== 'CallExpression') return undefined
  const data = { column, proved }
  const taken = takeOut(source, call, proved)
  if (!taken) return undefined
  // a user has an id; a tenant may not be chosen yet
  if (problem === 'mayBeMissing' && kind === 'tenant')
    return taken.length === 0 ? refuseMissing(source, call.range, proved) : undefined
  const named = namedValue(source, call, column)
  if (problem === 'chosen') return named && { id: 'replaceValue', data, edits: [...taken, replaced(named, proved)] }
  const where = whereOf(call)
  if (!where) return undefined
  const edits =
    where.type === 'ObjectExpression' ? withKey(where, column, proved) : wrapped(source, where, column, proved)
  return edits && { id: 'addKey', data, edits: [...taken, ...edits] }
}

/** `({ data }) => …` becomes `({ data, context }) => …` where the value is in what the function is given. */
function takeOut(source: Source, call: TSESTree.Node, proved: string): Edit[] | undefined {
  const root = /^[\w$]+/.exec(proved)?.[0] ?? ''
  const isAround = ({ block }: TSESLint.Scope.Scope): boolean =>
    block.range[0] <= call.range[0] && block.range[1] >= call.range[1]
  if ((source.scopeManager?.scopes ?? []).some((scope) => isAround(scope) && scope.set.has(root))) return []
  const pattern = pathTo(source, call.range)
    .flatMap((node) => (isFunction(node) ? node.params.slice(0, 1) : []))
    .findLast((param) => param.type === 'ObjectPattern')
  const last = pattern?.properties.at(-1)
  return last && last.type !== 'RestElement' ? [insertAt(last.range[1], `, ${root}`)] : undefined
}

const isFunction = (node: TSESTree.Node): node is TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression =>
  node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression'

/** Where the conditions stand: `{ where: … }`, or `.where(…)` further on in the chain. */
function whereOf(call: TSESTree.CallExpression): TSESTree.Node | undefined {
  const [options] = call.arguments
  if (options?.type === 'ObjectExpression') {
    const where = options.properties.find((property) => property.type === 'Property' && keyOf(property) === 'where')
    if (where?.type === 'Property') return where.value
  }
  for (let at: TSESTree.Node = call; ;) {
    const member = parentOf(at)
    if (member?.type !== 'MemberExpression' || member.object !== at) return undefined
    const next = parentOf(member)
    if (next?.type !== 'CallExpression' || next.callee !== member) return undefined
    if (propertyOf(member) === 'where') return next.arguments[0]
    at = next
  }
}

function withKey(where: TSESTree.ObjectExpression, column: string, proved: string): Edit[] {
  const key = proved === column ? column : `${column}: ${proved}`
  const last = where.properties.at(-1)
  return last ? [insertAt(last.range[1], `, ${key}`)] : [{ range: where.range, text: `{ ${key} }` }]
}

/** `eq(invoices.id, id)` becomes `and(eq(invoices.id, id), eq(invoices.organizationId, …))`. */
function wrapped(source: Source, where: TSESTree.Node, column: string, proved: string): Edit[] | undefined {
  const all = where.type === 'CallExpression' && calleeOf(where) === 'and' ? where : undefined
  const inner = comparisonIn(source, where)
  const left = inner?.arguments[0]
  if (!inner || left?.type !== 'MemberExpression') return undefined
  const library = source.ast.body.find(
    (statement) =>
      statement.type === 'ImportDeclaration' &&
      statement.specifiers.some((specifier) => specifier.local.name === calleeOf(inner)),
  )
  if (library?.type !== 'ImportDeclaration') return undefined
  const eq = addImport(source, 'eq', library.source.value)
  if (!eq) return undefined
  const own = `${eq.local}(${textOf(source, left.object.range)}.${column}, ${proved})`
  const first = all?.arguments[0]
  if (first) return [...eq.edits, insertAt(first.range[1], `, ${own}`)]
  const and = addImport(source, 'and', library.source.value)
  // two new names would be written into one place
  if (!and || (eq.edits.length > 0 && and.edits.length > 0)) return undefined
  return [...eq.edits, ...and.edits, insertAt(where.range[0], `${and.local}(`), insertAt(where.range[1], `, ${own})`)]
}

/** The first `eq(table.column, …)` of the conditions, also of those that hold at times only. */
function comparisonIn(source: Source, node: TSESTree.Node): TSESTree.CallExpression | undefined {
  if (node.type === 'CallExpression' && node.arguments[0]?.type === 'MemberExpression') return node
  for (const child of childrenOf(source, node)) {
    const found = comparisonIn(source, child)
    if (found) return found
  }
  return undefined
}

const calleeOf = (call: TSESTree.CallExpression): string | undefined =>
  call.callee.type === 'Identifier' ? call.callee.name : undefined
