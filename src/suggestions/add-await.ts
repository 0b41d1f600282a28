/** The missing `await`, and the `async` that it needs. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'
import { insertAt, type Edit, type Suggestion } from './edit.ts'
import { isFunction, pathTo, textOf, type AnyFunction, type Source } from './source.ts'

export function addAwait(source: Source, call: Range, culprit: string): Suggestion | undefined {
  const path = withoutStatement(pathTo(source, call))
  const node = path.at(-1)
  const around = path.at(-2)
  if (!node || !around || node.type === 'AwaitExpression' || around.type === 'AwaitExpression') return undefined
  const runs = runnerOf(node)
  if (runs === 'apart') return undefined
  const waiting =
    runs === 'list'
      ? [insertAt(node.range[0], 'await Promise.all('), insertAt(node.range[1], ')')]
      : awaited(source, node, around)
  const makeAsync = waiting && asyncEdits(source, path)
  if (!makeAsync) return undefined
  return { id: 'addAwait', data: { culprit }, edits: [...makeAsync, ...waiting] }
}

/** What becomes of the promises of a function that is given to a call: a list of them, or nothing; undefined: its own. */
function runnerOf(node: TSESTree.Node): 'list' | 'apart' | undefined {
  if (node.type !== 'CallExpression' || !node.arguments.some((given) => isFunction(given) && given.async))
    return undefined
  const name = node.callee.type === 'MemberExpression' ? node.callee.property : node.callee
  if (name.type !== 'Identifier') return undefined
  if (name.name === 'map' && name !== node.callee) return 'list'
  return dropsPromises.test(name.name) ? 'apart' : undefined
}

const dropsPromises =
  /^(?:forEach|filter|some|every|find(?:Last)?(?:Index)?|flatMap|reduce(?:Right)?|sort|setTimeout|setInterval|setImmediate|queueMicrotask|nextTick)$/

function withoutStatement(path: readonly TSESTree.Node[]): readonly TSESTree.Node[] {
  const last = path.at(-1)
  return last?.type === 'ExpressionStatement' ? [...path, last.expression] : path
}

function awaited(source: Source, node: TSESTree.Node, around: TSESTree.Node): Edit[] | undefined {
  // `void check()`: the author knew that nothing waits.
  if (around.type === 'UnaryExpression' && around.operator === 'void') {
    if (source.getTokenBefore(node)?.value !== 'void') return undefined
    return [{ range: [around.range[0], node.range[0]], text: 'await ' }]
  }
  if (around.type === 'MemberExpression' && around.object === node) {
    // `.catch()` and its like work on the promise.
    if (/^(?:then|catch|finally)$/.test(textOf(source, around.property.range))) return undefined
    return bracketed(node)
  }
  const binds =
    (around.type === 'CallExpression' && around.callee === node) ||
    (around.type === 'BinaryExpression' && around.operator === '**') ||
    around.type === 'TSNonNullExpression' ||
    around.type === 'TaggedTemplateExpression'
  return binds ? bracketed(node) : [insertAt(node.range[0], 'await ')]
}

const bracketed = (node: TSESTree.Node): Edit[] => [insertAt(node.range[0], '(await '), insertAt(node.range[1], ')')]

/** Nothing to do in an async function. Undefined where waiting inside of the function stops nobody outside of it. */
export function asyncEdits(source: Source, path: readonly TSESTree.Node[]): Edit[] | undefined {
  const index = path.findLastIndex(isFunction)
  const fn = path.findLast(isFunction)
  const around = path[index - 1]
  // In a parameter's default, a field or a static block there is nothing to wait with.
  if (!fn || !around || path[index + 1] !== fn.body || path.slice(index).some(isClassPart)) return undefined
  if (around.type === 'CallExpression' && around.callee !== fn && !takesHandler(around)) return undefined
  if (fn.async) return []
  if (fn.generator || !isHandler(source, fn, around)) return undefined
  const start = around.type === 'Property' && around.method ? around.range[0] : fn.range[0]
  return [insertAt(start, 'async '), ...promised(source, fn)]
}

function isClassPart({ type }: TSESTree.Node): boolean {
  return type === 'PropertyDefinition' || type === 'StaticBlock'
}

/** The framework waits for what a handler returns; who else calls a function may not. */
function isHandler(source: Source, fn: AnyFunction, around: TSESTree.Node): boolean {
  if (around.type === 'CallExpression') return takesHandler(around)
  if (around.type === 'Property' && around.kind === 'init') return isHandlerKey(textOf(source, around.key.range))
  const id = around.type === 'VariableDeclarator' ? around.id : fn.id
  if (id?.type !== 'Identifier') return false
  const handedOver = new RegExp(`\\.(?:handler|server)\\(\\s*${id.name.replaceAll('$', String.raw`\$`)}\\s*\\)`)
  return isHandlerKey(id.name) || handedOver.test(source.text)
}

function takesHandler({ callee }: TSESTree.CallExpression): boolean {
  return (
    callee.type === 'MemberExpression' &&
    callee.property.type === 'Identifier' &&
    /^(?:handler|server)$/.test(callee.property.name)
  )
}

const isHandlerKey = (key: string): boolean => /^(?:handler|GET|POST|PUT|PATCH|DELETE|OPTIONS|HEAD|ANY)$/.test(key)

function promised(source: Source, { returnType }: AnyFunction): Edit[] {
  const type = returnType?.typeAnnotation
  if (!type || textOf(source, type.range).startsWith('Promise')) return []
  return [insertAt(type.range[0], 'Promise<'), insertAt(type.range[1], '>')]
}
