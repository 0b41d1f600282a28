/** What has to be there and may be missing: refuse before anything goes on with it. */
import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'
import type { Suggestion } from './edit.ts'
import { behind, inFrontOf } from './place.ts'
import { refusal } from './refusal.ts'
import { childrenOf, isFunction, pathTo, type Source } from './source.ts'

export function refuseMissing(source: Source, use: Range, wanted: string): Suggestion | undefined {
  const path = pathTo(source, use)
  const at = path.findLastIndex((_, i) => path[i - 1]?.type === 'BlockStatement')
  const statement = path[at]
  if (!statement || path.slice(at).some((node) => isFunctionExpression(node))) return undefined
  const refuse = `if (!${wanted}) ${refusal(source, path.slice(0, at))}`
  return { id: 'refuseMissing', data: { proved: wanted }, edits: [inFrontOf(source, statement, refuse)] }
}

const isFunctionExpression = ({ type }: TSESTree.Node): boolean =>
  type === 'ArrowFunctionExpression' || type === 'FunctionExpression'

/** Of `session!.user.id`, which crashes where there is no session: that one, as soon as it is known. */
export function refuseCrash(source: Source, read: Range): Suggestion | undefined {
  const path = pathTo(source, read)
  const missing = readFrom(path)
  const wanted = missing && written(missing)
  const variable = missing && variableAt(source, rootOf(missing))
  const home = variable && homeOf(source, variable)
  if (wanted === undefined || !home) return undefined
  const mentions = variable.references.map(({ identifier }) => pathTo(source, identifier.range))
  const crashes = [path, ...mentions.filter((mention) => insistsOn(mention, home.declaration ? undefined : wanted))]
  const block = blocksOf(path, home.fn).findLast((one) => crashes.every((crash) => crash.includes(one)))
  const statements = block && statementsOf(block)
  if (!statements) return undefined
  const first = statements.findIndex((statement) => crashes.some((crash) => crash.includes(statement)))
  const declared = statements.findIndex((statement) => statement === home.declaration)
  if (first <= declared) return undefined
  // what says itself that it is missing keeps its place, and so does what may end the function before
  const between = statements.slice(declared + 1, first)
  const follows =
    declared >= 0 && !between.some((one) => mayLeave(source, one) || mentions.some((mention) => mention.includes(one)))
  const refuse = `if (!${wanted}) ${refusal(source, path.slice(0, path.indexOf(block) + 1))}`
  const edit = follows ? behind(source, statements[declared]!, refuse) : inFrontOf(source, statements[first]!, refuse)
  return { id: 'refuseMissing', data: { proved: wanted }, edits: [edit] }
}

/** What a property is read of: by its key, or by the pattern that takes it. */
function readFrom(path: readonly TSESTree.Node[]): TSESTree.Expression | undefined {
  const last = path.at(-1)
  if (last?.type === 'MemberExpression') return last.object
  const around = path.at(-2)
  if (around?.type === 'MemberExpression' && around.property === last) return around.object
  const at = path.findLastIndex((node) => node.type === 'VariableDeclarator')
  const declarator = path[at]
  if (declarator?.type !== 'VariableDeclarator' || path[at + 1] !== declarator.id) return undefined
  // what a pattern inside of it is taken from has no name
  return path[at + 2]?.type === 'Property' && path.length <= at + 4 ? (declarator.init ?? undefined) : undefined
}

/** As a test asks for it, where any part may be missing; undefined where to ask would be to do it again. */
function written(node: TSESTree.Expression): string | undefined {
  switch (node.type) {
    case 'Identifier':
      return node.name
    case 'TSNonNullExpression':
    case 'TSAsExpression':
    case 'ChainExpression':
      return written(node.expression)
    case 'MemberExpression': {
      const object = written(node.object)
      if (object === undefined || node.computed || node.property.type !== 'Identifier') return undefined
      const maybe = node.optional || node.object.type === 'TSNonNullExpression'
      return `${object}${maybe ? '?.' : '.'}${node.property.name}`
    }
    default:
      return undefined
  }
}

function rootOf(node: TSESTree.Expression): TSESTree.Node {
  if (node.type === 'MemberExpression') return rootOf(node.object)
  return node.type === 'TSNonNullExpression' || node.type === 'TSAsExpression' || node.type === 'ChainExpression'
    ? rootOf(node.expression)
    : node
}

type Variable = TSESLint.Scope.Variable

const variableAt = (source: Source, { range }: TSESTree.Node): Variable | undefined =>
  (source.scopeManager?.scopes ?? [])
    .flatMap(({ references }) => references)
    .find(({ identifier }) => identifier.range[0] === range[0])?.resolved ?? undefined

interface Home {
  readonly fn: TSESTree.Node
  /** Absent for what the function is given. */
  readonly declaration?: TSESTree.Node
}

/** The function that has it. */
function homeOf(source: Source, { defs: [def] }: Variable): Home | undefined {
  if (!def) return undefined
  const path = pathTo(source, def.name.range)
  const fn = path.findLast(isFunction)
  if (!fn) return undefined
  const declaration = path.slice(path.indexOf(fn) + 1).findLast((node) => node.type === 'VariableDeclaration')
  return { fn, ...(declaration ? { declaration } : {}) }
}

/** A property is read of it, whether it is there or not. */
function insistsOn(mention: readonly TSESTree.Node[], wanted: string | undefined): boolean {
  const at = mention.findLastIndex(({ type }) => type !== 'Identifier' && type !== 'TSNonNullExpression')
  const around = mention[at]
  if (around?.type === 'VariableDeclarator')
    return around.id.type === 'ObjectPattern' && around.init === mention[at + 1]
  if (around?.type !== 'MemberExpression' || around.optional || around.object !== mention[at + 1]) return false
  const readOf = mention.findLast((node) => node.type === 'MemberExpression' && written(node.object) === wanted)
  return wanted === undefined || (readOf?.type === 'MemberExpression' && !readOf.optional)
}

/** Those that a function has itself, from the outermost. */
function blocksOf(path: readonly TSESTree.Node[], fn: TSESTree.Node): readonly TSESTree.Node[] {
  const inside = path.includes(fn) ? path.slice(path.indexOf(fn) + 1) : []
  const end = inside.findIndex(isFunction)
  return inside.slice(0, end < 0 ? inside.length : end).filter((node) => statementsOf(node) !== undefined)
}

function statementsOf(node: TSESTree.Node): readonly TSESTree.Node[] | undefined {
  if (node.type === 'BlockStatement') return node.body
  return node.type === 'SwitchCase' ? node.consequent : undefined
}

function mayLeave(source: Source, node: TSESTree.Node): boolean {
  if (/^(?:Return|Throw|Break|Continue)Statement$/.test(node.type)) return true
  return !isFunction(node) && childrenOf(source, node).some((child) => mayLeave(source, child))
}
