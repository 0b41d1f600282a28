/** Puts the project's guard in front: into the chain of a server function, into the `server` object of a route, as a call, or around it. */
import { resolve } from 'node:path'
import type { TSESTree } from '@typescript-eslint/utils'
import type { EntryPointReport } from '../model/report.ts'
import type { Range } from '../model/form.ts'
import type { GuardCandidate, Literal } from '../workspace/workspace.ts'
import { addImport, type Imported } from './add-import.ts'
import { callInBody } from './call-guard.ts'
import { insertAt, type Edit, type Suggestion } from './edit.ts'
import { breaksLine, indentAt, lineEnd, nodeAt, pathTo, quote, textOf, type Source } from './source.ts'
import { wrapHandler } from './wrap-handler.ts'

export function insertGuard(
  source: Source,
  file: string,
  entryPoint: EntryPointReport,
  guard: GuardCandidate,
): Suggestion | undefined {
  const imported = bring(source, file, entryPoint, guard)
  const about = { guard: `${guard.name}${argumentsOf(source, guard)}`, name: entryPoint.name }
  if (guard.type === 'wrapper') {
    const edits = imported && wrapHandler(source, entryPoint.shape, entryPoint.name, imported.local, guard.passes)
    return edits && { id: 'wrapInGuard', data: about, edits: [...imported.edits, ...edits] }
  }
  const into = guard.type === 'call' ? intoBody : entryPoint.kind === 'server-route' ? intoRoute : intoChain
  const place = imported && into(source, entryPoint, `${imported.local}${argumentsOf(source, guard)}`)
  if (!place) return undefined
  return { id: place.id, data: about, edits: [...imported.edits, place.edit] }
}

/** `('owner', 'admin')` of what is made by a call, and nothing of what has a name. */
export const argumentsOf = (source: Source, { args }: GuardCandidate): string =>
  args ? `(${args.map((arg) => written(source, arg)).join(', ')})` : ''

function written(source: Source, value: Literal): string {
  if (typeof value === 'string') return text(source, value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Array) return `[${value.map((item) => written(source, item)).join(', ')}]`
  const pairs = Object.entries(value).map(
    ([key, item]) => `${/^[\w$]+$/.test(key) ? key : text(source, key)}: ${written(source, item)}`,
  )
  return pairs.length > 0 ? `{ ${pairs.join(', ')} }` : '{}'
}

/** In the quotes of the file. */
function text(source: Source, value: string): string {
  const mark = quote(source)
  return `${mark}${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll(mark, `\\${mark}`)}${mark}`
}

interface Place {
  readonly id: Suggestion['id']
  readonly edit: Edit
}

function intoBody(source: Source, { shape, name }: EntryPointReport, guard: string): Place | undefined {
  const edit = callInBody(source, shape, name, guard.endsWith(')') ? guard : `${guard}()`)
  return edit && { id: 'callGuard', edit }
}

function intoChain(source: Source, { shape }: EntryPointReport, guard: string): Place | undefined {
  const edit = shape.middleware
    ? prepend(source, shape.middleware, guard)
    : shape.chainStart && startChain(source, shape.chainStart, guard)
  return edit && { id: 'insertGuard', edit }
}

function intoRoute(source: Source, entryPoint: EntryPointReport, guard: string): Place | undefined {
  const { shape } = entryPoint
  if (shape.chainStart) return intoChain(source, entryPoint, guard)
  const ofVerb =
    shape.middleware && isInside(shape.middleware, shape.handler)
      ? prepend(source, shape.middleware, guard)
      : shape.handler && intoVerb(source, shape.handler, guard)
  if (ofVerb) return { id: 'insertVerbGuard', edit: ofVerb }
  const ofRoute = shape.middleware
    ? prepend(source, shape.middleware, guard)
    : shape.server && intoServer(source, shape.server, guard)
  return ofRoute && { id: 'insertRouteGuard', edit: ofRoute }
}

function intoServer(source: Source, server: Range, guard: string): Edit | undefined {
  const node = withoutCasts(nodeAt(source, server))
  return node?.type === 'ObjectExpression' ? addProperty(source, node, `middleware: [${guard}]`) : undefined
}

/** Only `createHandlers({ … })` accepts middleware for a single verb. */
function intoVerb(source: Source, handler: Range, guard: string): Edit | undefined {
  const path = pathTo(source, handler)
  const node = path.at(-1)
  const property = path.findLast((parent) => parent.type === 'Property')
  const verbs = path.some((parent) => parent.type === 'CallExpression' && isNamed(parent.callee, 'createHandlers'))
  if (!verbs || !node || !property || property.method || property.kind !== 'init') return undefined
  if (node.type === 'ObjectExpression') return addProperty(source, node, `middleware: [${guard}]`)
  const text = `{ middleware: [${guard}], handler: ${textOf(source, handler)} }`
  return property.shorthand ? insertAt(property.range[1], `: ${text}`) : { range: handler, text }
}

/** `.middleware([guard])`, on a line of its own where the chain is broken into lines. */
function startChain(source: Source, chainStart: Range, guard: string): Edit | undefined {
  const node = nodeAt(source, chainStart)
  const next = node && source.getTokenAfter(node)
  if (!next) return undefined
  const ownLine = breaksLine(source, chainStart[1], next.range[0])
  const gap = ownLine ? `${lineEnd(source)}${indentAt(source, next.range[0])}` : ''
  return insertAt(chainStart[1], `${gap}.middleware([${guard}])`)
}

/** In front of the others: what stands before a guard runs for everybody. */
function prepend(source: Source, middleware: Range, guard: string): Edit | undefined {
  const node = withoutCasts(nodeAt(source, middleware))
  if (!node) return undefined
  if (node.type !== 'ArrayExpression')
    return { range: node.range, text: `[${guard}, ...${textOf(source, node.range)}]` }
  const [first] = node.elements
  if (node.elements.some((element) => element && textOf(source, element.range) === guard)) return undefined
  if (node.elements.length === 0) return { range: [node.range[0] + 1, node.range[1] - 1], text: guard }
  const inside = node.range[0] + 1
  if (!first) return insertAt(inside, `${guard}, `)
  if (!breaksLine(source, inside, first.range[0])) return insertAt(first.range[0], `${guard}, `)
  return insertAt(inside, `${lineEnd(source)}${indentAt(source, first.range[0])}${guard},`)
}

function addProperty(source: Source, object: TSESTree.ObjectExpression, text: string): Edit {
  const [first] = object.properties
  const inside = object.range[0] + 1
  if (!first) return { range: [inside, object.range[1] - 1], text: ` ${text} ` }
  if (!breaksLine(source, inside, first.range[0])) return insertAt(first.range[0], `${text}, `)
  return insertAt(inside, `${lineEnd(source)}${indentAt(source, first.range[0])}${text},`)
}

/** The guard's name in this file, or of what makes it, with the import that it needs. A guard that is declared below does not exist yet. */
export function bring(
  source: Source,
  file: string,
  entryPoint: EntryPointReport,
  guard: GuardCandidate,
): Imported | undefined {
  if (guard.local !== undefined) return { local: guard.local, edits: [] }
  if (resolve(guard.file) !== resolve(file)) return addImport(source, guard.name, guard.specifier)
  const declared = source.ast.body.some(
    (statement) => statement.range[1] <= entryPoint.shape.declaration[0] && declares(statement, guard.name),
  )
  return declared ? { local: guard.name, edits: [] } : undefined
}

function declares(statement: TSESTree.ProgramStatement, name: string): boolean {
  const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
  return declaration?.type === 'VariableDeclaration' && declaration.declarations.some(({ id }) => isNamed(id, name))
}

function isNamed(node: TSESTree.Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name
}

function isInside(inner: Range, outer: Range | undefined): boolean {
  return outer !== undefined && outer[0] <= inner[0] && inner[1] <= outer[1]
}

function withoutCasts(node: TSESTree.Node | undefined): TSESTree.Node | undefined {
  let inner = node
  while (
    inner?.type === 'TSAsExpression' ||
    inner?.type === 'TSSatisfiesExpression' ||
    inner?.type === 'TSNonNullExpression'
  ) {
    inner = inner.expression
  }
  return inner
}
