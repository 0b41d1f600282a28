/** Expressions. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Arg, Expr, ObjectProp } from '../model/form.ts'
import {
  identifierRange,
  lookup,
  MAX_DEPTH,
  NOT_CHILDREN,
  rangeOf,
  reference,
  tooDeep,
  type Context,
  type Node,
} from './context.ts'
import { classExpression, functionForm } from './functions.ts'
import { jsx } from './jsx.ts'
import { nameOf, pattern } from './patterns.ts'

/** `name` is what an anonymous function or class in this place is called. */
export function expression(cx: Context, written: Node, name = ''): Expr {
  const node = withoutCasts(written)
  if (cx.depth >= MAX_DEPTH) return tooDeep(cx, node)
  cx.depth++
  const result = lowerExpression(cx, node, name)
  cx.depth--
  return result
}

/** Drops parentheses and casts. */
export function withoutCasts(node: Node): Node {
  for (;;) {
    switch (node.type as string) {
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'TSInstantiationExpression':
      case 'ParenthesizedExpression':
        node = (node as TSESTree.TSAsExpression).expression
        break
      default:
        return node
    }
  }
}

// A thin switch on purpose: its stack frame is paid for at every level.
function lowerExpression(cx: Context, node: Node, name: string): Expr {
  switch (node.type) {
    case 'Identifier':
      return reference(cx, node.name, identifierRange(cx, node))
    case 'Literal':
      return literal(node)
    case 'MemberExpression':
      return member(cx, node)
    case 'CallExpression':
      return call(cx, node)
    case 'NewExpression':
      return construct(cx, node)
    case 'ChainExpression':
      return { t: 'chain', expr: expression(cx, node.expression), range: rangeOf(node) }
    case 'AwaitExpression':
      return { t: 'await', expr: expression(cx, node.argument), range: rangeOf(node) }
    case 'ArrowFunctionExpression':
      return { t: 'function', fn: functionForm(cx, node, name, 'arrow'), range: rangeOf(node) }
    case 'FunctionExpression':
      return { t: 'function', fn: functionForm(cx, node, name, 'function'), range: rangeOf(node) }
    case 'ClassExpression':
      return classExpression(cx, node, name)
    case 'ObjectExpression':
      return { t: 'object', props: objectProps(cx, node), range: rangeOf(node) }
    case 'ArrayExpression':
      return { t: 'array', items: args(cx, node.elements), range: rangeOf(node) }
    case 'TemplateLiteral':
      return { t: 'template', strings: strings(node), exprs: expressions(cx, node.expressions), range: rangeOf(node) }
    case 'TaggedTemplateExpression':
      return tagged(cx, node)
    case 'BinaryExpression':
    case 'LogicalExpression':
      return operators(cx, node)
    case 'UnaryExpression':
      return { t: 'unary', op: node.operator, expr: expression(cx, node.argument), range: rangeOf(node) }
    case 'UpdateExpression':
      return update(cx, node)
    case 'AssignmentExpression':
      return assign(cx, node)
    case 'ConditionalExpression':
      return conditional(cx, node, name)
    case 'SequenceExpression':
      return { t: 'sequence', exprs: expressions(cx, node.expressions), range: rangeOf(node) }
    case 'YieldExpression':
      return yielded(cx, node)
    case 'ThisExpression':
      cx.fn.usesThis = true
      return { t: 'this', range: rangeOf(node) }
    case 'Super':
      cx.fn.usesThis = true
      return { t: 'super', range: rangeOf(node) }
    case 'MetaProperty':
      return { t: 'meta', name: node.meta.name === 'new' ? 'new.target' : 'import.meta', range: rangeOf(node) }
    case 'ImportExpression':
      return { t: 'import', source: expression(cx, node.source), range: rangeOf(node) }
    case 'PrivateIdentifier':
      return { t: 'literal', value: `#${node.name}`, range: rangeOf(node) }
    case 'JSXElement':
    case 'JSXFragment':
      return jsx(cx, node)
    case 'TSQualifiedName':
      return qualified(cx, node)
    default:
      return opaque(cx, node)
  }
}

export function expressions(cx: Context, nodes: readonly Node[]): Expr[] {
  const result: Expr[] = []
  for (const node of nodes) result.push(expression(cx, node))
  return result
}

function args(cx: Context, nodes: readonly Node[]): Arg[]
function args(cx: Context, nodes: readonly (Node | null)[]): (Arg | null)[]
function args(cx: Context, nodes: readonly (Node | null)[]): (Arg | null)[] {
  const result: (Arg | null)[] = []
  for (const node of nodes) {
    if (!node) result.push(null)
    else if (node.type === 'SpreadElement') {
      result.push({ t: 'spread', expr: expression(cx, node.argument), range: rangeOf(node) })
    } else result.push(expression(cx, node))
  }
  return result
}

function literal(node: TSESTree.Literal): Expr {
  const range = rangeOf(node)
  // The parsers disagree about `bigint` and about a regular expression that this Node does not know: the text decides.
  if ('bigint' in node && node.bigint) return { t: 'bigint', text: node.raw.slice(0, -1).replaceAll('_', ''), range }
  if ('regex' in node && (node as { regex: unknown }).regex) return { t: 'regex', text: node.raw, range }
  const { value } = node
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return { t: 'literal', value, range }
    default:
      return { t: 'literal', value: null, range }
  }
}

function member(cx: Context, node: TSESTree.MemberExpression): Expr {
  const object = expression(cx, node.object)
  const { property } = node
  const key = node.computed ? computedKey(cx, property) : simpleKey(property)
  return { t: 'member', object, key, optional: node.optional, range: rangeOf(node), keyRange: rangeOf(property) }
}

function simpleKey(node: Node): string {
  if (node.type === 'PrivateIdentifier') return `#${node.name}`
  if (node.type === 'Identifier' || node.type === 'JSXIdentifier') return node.name
  return node.type === 'Literal' ? String(node.value) : ''
}

/** A constant string is as good as a name. */
function computedKey(cx: Context, written: Node): string | Expr {
  const node = withoutCasts(written)
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0) return strings(node)[0]!
  return expression(cx, node)
}

/** The key of a property of an object, a class or a pattern. */
export function keyOf(cx: Context, node: Node, computed: boolean): string | Expr {
  return computed ? computedKey(cx, node) : simpleKey(node)
}

function call(cx: Context, node: TSESTree.CallExpression): Expr {
  const { callee } = node
  const range = rangeOf(node)
  if (callee.type === 'Identifier' && callee.name === 'require' && lookup(cx, 'require') < 0) {
    const source = node.arguments[0]
    if (source && source.type !== 'SpreadElement')
      return { t: 'import', source: expression(cx, source), required: true, range }
  }
  const lowered = expression(cx, callee)
  return {
    t: 'call',
    callee: lowered,
    args: args(cx, node.arguments),
    optional: node.optional,
    construct: false,
    range,
  }
}

function construct(cx: Context, node: TSESTree.NewExpression): Expr {
  const callee = expression(cx, node.callee)
  const range = rangeOf(node)
  return { t: 'call', callee, args: args(cx, node.arguments), optional: false, construct: true, range }
}

function objectProps(cx: Context, node: TSESTree.ObjectExpression): ObjectProp[] {
  const props: ObjectProp[] = []
  for (const property of node.properties) {
    const range = rangeOf(property)
    if (property.type === 'SpreadElement') props.push({ t: 'spread', expr: expression(cx, property.argument), range })
    else props.push(objectProp(cx, property))
  }
  return props
}

function objectProp(cx: Context, node: TSESTree.Property): ObjectProp {
  const key = keyOf(cx, node.key, node.computed)
  const name = typeof key === 'string' ? key : ''
  const keyRange = rangeOf(node.key)
  const range = rangeOf(node)
  const method = node.method || node.kind !== 'init'
  if (!method || node.value.type !== 'FunctionExpression') {
    return { t: 'prop', key, value: expression(cx, node.value, name), range, keyRange, shorthand: node.shorthand }
  }
  const kind = node.kind === 'get' ? 'getter' : node.kind === 'set' ? 'setter' : 'method'
  const value: Expr = { t: 'function', fn: functionForm(cx, node.value, name, kind), range: rangeOf(node.value) }
  if (node.kind === 'init') return { t: 'prop', key, value, range, keyRange, shorthand: false }
  return { t: 'prop', key, value, accessor: node.kind, range, keyRange, shorthand: false }
}

function strings(node: TSESTree.TemplateLiteral): string[] {
  const result: string[] = []
  // An invalid escape in a tagged template has no cooked text.
  for (const { value } of node.quasis) result.push((value.cooked as string | null | undefined) ?? value.raw)
  return result
}

function tagged(cx: Context, node: TSESTree.TaggedTemplateExpression): Expr {
  const tag = expression(cx, node.tag)
  const exprs = expressions(cx, node.quasi.expressions)
  return { t: 'tagged', tag, strings: strings(node.quasi), exprs, range: rangeOf(node) }
}

type Operators = TSESTree.BinaryExpression | TSESTree.LogicalExpression

/** `a + b + c …` nests to the left: the spine is walked in a loop, from its lowest operand upwards. */
function operators(cx: Context, top: Operators): Expr {
  const { type } = top
  const spine: Operators[] = [top]
  let lowest: Node = withoutCasts(top.left)
  while (lowest.type === type) {
    spine.push(lowest)
    lowest = withoutCasts(lowest.left)
  }
  const { depth } = cx
  if (depth + spine.length > MAX_DEPTH) {
    if (type === 'LogicalExpression') return tooDeep(cx, top)
    const parts = [expression(cx, lowest)]
    for (let i = spine.length - 1; i >= 0; i--) parts.push(expression(cx, spine[i]!.right))
    return { t: 'opaque', what: 'a long chain of operators', parts, range: rangeOf(top) }
  }
  cx.depth = depth + spine.length - 1
  let left = expression(cx, lowest)
  for (let i = spine.length - 1; i >= 0; i--) {
    const node = spine[i]!
    cx.depth = depth + i
    const right = expression(cx, node.right)
    const range = rangeOf(node)
    left =
      node.type === 'LogicalExpression'
        ? { t: 'logical', op: node.operator, left, right, range }
        : { t: 'binary', op: node.operator, left, right, range }
  }
  cx.depth = depth
  return left
}

function update(cx: Context, node: TSESTree.UpdateExpression): Expr {
  const argument = withoutCasts(node.argument)
  if (argument.type === 'Identifier') {
    const id = lookup(cx, argument.name)
    if (id >= 0) cx.bindings[id]!.reassigned = true
  }
  return { t: 'update', op: node.operator, expr: expression(cx, argument), range: rangeOf(node) }
}

function assign(cx: Context, node: TSESTree.AssignmentExpression): Expr {
  const target = pattern(cx, node.left, true)
  const value = expression(cx, node.right, nameOf(node.left))
  const range = rangeOf(node)
  const op = logicalOperators.get(node.operator)
  if (!op) return { t: 'assign', op: node.operator, target, value, range }
  // `a ??= b` is `a ?? (a = b)`
  return {
    t: 'logical',
    op,
    left: expression(cx, node.left),
    right: { t: 'assign', op: '=', target, value, range },
    range,
  }
}

const logicalOperators: ReadonlyMap<string, '&&' | '||' | '??'> = new Map([
  ['&&=', '&&'],
  ['||=', '||'],
  ['??=', '??'],
])

function conditional(cx: Context, node: TSESTree.ConditionalExpression, name: string): Expr {
  const test = expression(cx, node.test)
  const then = expression(cx, node.consequent, name)
  return { t: 'conditional', test, then, else: expression(cx, node.alternate, name), range: rangeOf(node) }
}

function yielded(cx: Context, node: TSESTree.YieldExpression): Expr {
  const { delegate } = node
  if (!node.argument) return { t: 'yield', delegate, range: rangeOf(node) }
  return { t: 'yield', expr: expression(cx, node.argument), delegate, range: rangeOf(node) }
}

/** `import x = A.B` */
function qualified(cx: Context, node: TSESTree.TSQualifiedName): Expr {
  const object = expression(cx, node.left)
  const keyRange = rangeOf(node.right)
  return { t: 'member', object, key: node.right.name, optional: false, range: rangeOf(node), keyRange }
}

const EVALUATED = /(?:Expression|Literal|^Identifier|^JSXElement|^JSXFragment)$/

/** Unknown syntax: what is an expression in it is kept, in the order of the text. */
export function opaque(cx: Context, node: Node): Expr {
  const found: Node[] = []
  const stack: unknown[] = [node]
  while (stack.length > 0) {
    const item = stack.pop()
    if (typeof item !== 'object' || item === null) continue
    const { type } = item as { readonly type?: unknown }
    if (item !== node && typeof type === 'string') {
      if (EVALUATED.test(type)) {
        found.push(item as Node)
        continue
      }
      if (type.startsWith('TS')) continue
    }
    for (const [key, value] of Object.entries(item)) {
      if (typeof value === 'object' && value !== null && !NOT_CHILDREN.has(key)) stack.push(value)
    }
  }
  found.sort((a, b) => rangeOf(a)[0] - rangeOf(b)[0])
  return { t: 'opaque', what: node.type, parts: expressions(cx, found), range: rangeOf(node) }
}
