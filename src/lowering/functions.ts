/** Functions and classes. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { ClassId, ClassMemberForm, Expr, FunctionForm, FunctionId, ParameterForm, Stmt } from '../model/form.ts'
import { declare, identifierRange, newScope, rangeOf, type Context, type Draft, type Node } from './context.ts'
import { expression, keyOf } from './expressions.ts'
import { pattern } from './patterns.ts'
import { declareLexical, declarePattern, declareVars, hasBody } from './scope.ts'
import { directivesOf, statements } from './statements.ts'
import { signatureOf } from './types.ts'

type FunctionNode = TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression
type ClassNode = TSESTree.ClassDeclaration | TSESTree.ClassExpression

/** An empty form with the next id: functions are numbered in the order in which they are met. */
export function openFunction(
  cx: Context,
  node: { readonly range: FunctionForm['range'] },
  name: string,
  kind: FunctionForm['kind'],
): Draft<FunctionForm> {
  const form: Draft<FunctionForm> = {
    name,
    range: rangeOf(node),
    kind,
    async: false,
    generator: false,
    parent: cx.functions.length === 0 ? -1 : cx.fn.id,
    params: [],
    body: [],
    directives: [],
    usesThis: false,
  }
  cx.functions.push(form)
  return form
}

export function functionForm(
  cx: Context,
  node: FunctionNode,
  inferred: string,
  kind: FunctionForm['kind'],
): FunctionId {
  const form = openFunction(cx, node, node.id ? node.id.name : inferred, kind)
  form.async = node.async
  form.generator = node.generator
  const signature = signatureOf(node.returnType)
  if (signature) form.signature = signature

  const outer = cx.fn
  const outerScope = cx.scope
  const id = cx.functions.length - 1
  cx.fn = { id, usesThis: false }
  cx.scope = newScope(outerScope)
  // A function expression's own name is in scope inside it only.
  const self = node.type === 'FunctionExpression' && node.id ? ownName(cx, node.id) : -1
  for (const param of node.params) declarePattern(cx, cx.scope, param, 'parameter')
  const body: Stmt[] = []
  form.params = parameters(cx, node.params, body)
  if (self >= 0) body.push(selfStatement(self, id, node.id!))
  if (node.body.type === 'BlockStatement') {
    const written = node.body.body
    declareVars(cx, cx.scope, written)
    declareLexical(cx, cx.scope, written)
    form.directives = directivesOf(written)
    statements(cx, written, body)
  } else {
    body.push({ t: 'return', expr: expression(cx, node.body), range: rangeOf(node.body) })
  }
  form.body = body
  form.usesThis = cx.fn.usesThis
  if (kind === 'arrow' && form.usesThis) outer.usesThis = true
  cx.fn = outer
  cx.scope = outerScope
  return id
}

function ownName(cx: Context, node: TSESTree.Identifier): number {
  const id = declare(cx, cx.scope, node.name, 'function', rangeOf(node))
  // Parameters and variables of that name hide it.
  cx.scope = newScope(cx.scope)
  return id
}

function selfStatement(binding: number, fn: FunctionId, name: TSESTree.Identifier): Stmt {
  const range = rangeOf(name)
  return {
    t: 'declare',
    pattern: { t: 'bind', binding, range },
    init: { t: 'function', fn, range },
    kind: 'function',
    range,
  }
}

/** Parameter properties of a constructor become assignments at the head of its body. */
function parameters(cx: Context, nodes: readonly Node[], body: Stmt[]): ParameterForm[] {
  const params: ParameterForm[] = []
  for (const node of nodes) {
    // A `this` parameter is a type, and no argument is passed for it.
    if (node.type === 'Identifier' && node.name === 'this') continue
    params.push({ pattern: pattern(cx, node, false), rest: node.type === 'RestElement' })
    if (node.type === 'TSParameterProperty') {
      const target: Node = node.parameter.type === 'AssignmentPattern' ? node.parameter.left : node.parameter
      if (target.type === 'Identifier') body.push(parameterProperty(cx, target))
    }
  }
  return params
}

function parameterProperty(cx: Context, node: TSESTree.Identifier): Stmt {
  const range = identifierRange(cx, node)
  cx.fn.usesThis = true
  const self: Expr = { t: 'this', range }
  const target: Expr = { t: 'member', object: self, key: node.name, optional: false, range, keyRange: range }
  const value = expression(cx, node)
  return { t: 'expr', expr: { t: 'assign', op: '=', target: { t: 'target', target, range }, value, range }, range }
}

/** A class declaration's class, with the decorators that run beside it. */
export function classForm(cx: Context, node: ClassNode, inferred: string): ClassId {
  const name = node.id ? node.id.name : inferred
  const members: ClassMemberForm[] = []
  const id = cx.classes.push({ name, range: rangeOf(node), members }) - 1
  const form = cx.classes[id]!
  if (node.superClass) form.base = expression(cx, node.superClass)
  for (const element of node.body.body) {
    if (element.type === 'MethodDefinition' && element.kind === 'constructor') {
      if (hasBody(element.value)) form.construct = constructorForm(cx, element.value, name)
      continue
    }
    const member = classMember(cx, element)
    if (member) members.push(member)
  }
  return id
}

/** The name of a class expression is in scope inside it: the expression then also assigns it. */
export function classExpression(cx: Context, node: TSESTree.ClassExpression, inferred: string): Expr {
  const range = rangeOf(node)
  const outer = cx.scope
  const own = node.id ? ownClassName(cx, node.id) : -1
  let result: Expr = { t: 'class', cls: classForm(cx, node, inferred), range }
  cx.scope = outer
  if (own >= 0) {
    result = {
      t: 'assign',
      op: '=',
      target: { t: 'bind', binding: own, range: rangeOf(node.id!) },
      value: result,
      range,
    }
  }
  const decorators = classDecorators(cx, node)
  return decorators ? { t: 'sequence', exprs: [decorators, result], range } : result
}

function ownClassName(cx: Context, node: TSESTree.Identifier): number {
  cx.scope = newScope(cx.scope)
  return declare(cx, cx.scope, node.name, 'class', rangeOf(node))
}

/** What the decorators of a class and of its constructor's parameters evaluate. */
export function classDecorators(cx: Context, node: ClassNode): Expr | undefined {
  const parts = decorators(cx, node)
  for (const element of node.body.body) {
    if (element.type !== 'MethodDefinition' || element.kind !== 'constructor') continue
    for (const param of element.value.params) parts.push(...decorators(cx, param))
  }
  return parts.length === 0 ? undefined : { t: 'opaque', what: 'decorators', parts, range: rangeOf(node) }
}

function decorators(cx: Context, node: { readonly decorators?: TSESTree.Decorator[] }): Expr[] {
  // Absent in the trees of JavaScript parsers.
  const list = node.decorators as TSESTree.Decorator[] | null | undefined
  return list ? list.map((decorator) => expression(cx, decorator.expression)) : []
}

function constructorForm(cx: Context, node: TSESTree.MethodDefinition['value'], name: string): FunctionId {
  return functionForm(cx, node as TSESTree.FunctionExpression, name, 'constructor')
}

function classMember(cx: Context, node: TSESTree.ClassElement): ClassMemberForm | undefined {
  switch (node.type) {
    case 'MethodDefinition':
      return hasBody(node.value) ? method(cx, node) : undefined
    case 'PropertyDefinition':
    case 'AccessorProperty':
      return node.declare ? undefined : field(cx, node)
    case 'StaticBlock':
      return { key: '', static: true, kind: 'static-block', fn: staticBlock(cx, node) }
    default:
      // Index signatures, abstract members: types.
      return undefined
  }
}

function method(cx: Context, node: TSESTree.MethodDefinition): ClassMemberForm {
  const key = keyOf(cx, node.key, node.computed)
  const kind = node.kind === 'get' ? 'getter' : node.kind === 'set' ? 'setter' : 'method'
  const value = node.value as TSESTree.FunctionExpression
  const fn = functionForm(cx, value, typeof key === 'string' ? key : '', kind)
  const parts = decorators(cx, node)
  for (const param of value.params) parts.push(...decorators(cx, param))
  if (parts.length === 0) return { key, static: node.static, kind, fn }
  // A decorator may put anything in the method's place.
  parts.push({ t: 'function', fn, range: rangeOf(value) })
  const decorated: Expr = { t: 'opaque', what: 'decorated', parts, range: rangeOf(node) }
  return { key, static: node.static, kind: 'field', value: decorated }
}

function field(cx: Context, node: TSESTree.PropertyDefinition | TSESTree.AccessorProperty): ClassMemberForm {
  const key = keyOf(cx, node.key, node.computed)
  const parts = decorators(cx, node)
  const { usesThis } = cx.fn
  let value: Expr | undefined
  if (node.value) value = expression(cx, node.value, typeof key === 'string' ? key : '')
  // `this` in an initialiser is the instance or the class, not that of the function around.
  cx.fn.usesThis = usesThis
  if (parts.length > 0) {
    if (value) parts.push(value)
    value = { t: 'opaque', what: 'decorated', parts, range: rangeOf(node) }
  }
  return value ? { key, static: node.static, kind: 'field', value } : { key, static: node.static, kind: 'field' }
}

function staticBlock(cx: Context, node: TSESTree.StaticBlock): FunctionId {
  return bodyFunction(cx, node, node.body, '', 'static-block')
}

/** A body without parameters that runs by itself: a static block, a namespace. */
export function bodyFunction(
  cx: Context,
  node: Node,
  written: readonly Node[],
  name: string,
  kind: FunctionForm['kind'],
): FunctionId {
  const form = openFunction(cx, node, name, kind)
  const id = cx.functions.length - 1
  const outer = cx.fn
  const outerScope = cx.scope
  cx.fn = { id, usesThis: false }
  cx.scope = newScope(outerScope)
  declareVars(cx, cx.scope, written)
  declareLexical(cx, cx.scope, written)
  const body: Stmt[] = []
  statements(cx, written, body)
  form.body = body
  form.usesThis = cx.fn.usesThis
  cx.fn = outer
  cx.scope = outerScope
  return id
}
