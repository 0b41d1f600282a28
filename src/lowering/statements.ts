/** Statements and declarations. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Expr, Pattern, Range, Stmt, SwitchCase } from '../model/form.ts'
import { lookup, MAX_DEPTH, newScope, rangeOf, tooDeep, type Context, type Node } from './context.ts'
import { enumObject, importAlias, namespace } from './declarations.ts'
import { expression, opaque } from './expressions.ts'
import { classDecorators, classForm, functionForm } from './functions.ts'
import { exportsOf } from './modules.ts'
import { nameOf, pattern } from './patterns.ts'
import { declareLexical, declarePattern, declaresLexical, hasBody } from './scope.ts'
import { keepType } from './types.ts'

/** The string directives at the head of a body. */
export function directivesOf(body: readonly Node[]): string[] {
  const result: string[] = []
  for (const node of body) {
    if (!isDirective(node)) break
    result.push(node.directive)
  }
  return result
}

function isDirective(node: Node): node is TSESTree.ExpressionStatement & { directive: string } {
  return node.type === 'ExpressionStatement' && typeof node.directive === 'string'
}

/** Lowers statements whose names are declared already: function declarations first, then the others in order. */
export function statements(cx: Context, nodes: readonly Node[], out: Stmt[]): void {
  for (const node of nodes) {
    const hoisted = hoistedFunction(node)
    if (hoisted) functionDeclaration(cx, hoisted, out, hoisted === node ? undefined : rangeOf(node))
  }
  for (const node of nodes) statement(cx, node, out)
}

function hoistedFunction(node: Node): TSESTree.FunctionDeclaration | undefined {
  const declaration =
    node.type === 'ExportNamedDeclaration' || node.type === 'ExportDefaultDeclaration' ? node.declaration : node
  return declaration?.type === 'FunctionDeclaration' && hasBody(declaration) ? declaration : undefined
}

function functionDeclaration(cx: Context, node: TSESTree.FunctionDeclaration, out: Stmt[], statement?: Range): void {
  const id = node.id
  const binding = id ? lookup(cx, id.name) : cx.defaultBinding
  const range = rangeOf(node)
  const fn = functionForm(cx, node, 'default', 'function')
  const name: Pattern = { t: 'bind', binding, range: id ? rangeOf(id) : range }
  const init: Expr = { t: 'function', fn, range }
  out.push({ t: 'declare', pattern: name, init, kind: 'function', range, ...(statement && { statement }) })
}

/** The body of a block, in a scope of its own when it declares something. */
function block(cx: Context, nodes: readonly Node[]): Stmt[] {
  const out: Stmt[] = []
  if (!declaresLexical(nodes)) {
    statements(cx, nodes, out)
    return out
  }
  const outer = cx.scope
  cx.scope = newScope(outer)
  declareLexical(cx, cx.scope, nodes)
  statements(cx, nodes, out)
  cx.scope = outer
  return out
}

/** The body of an `if` or a loop, with or without braces. */
function bodyOf(cx: Context, node: Node): Stmt[] {
  return block(cx, node.type === 'BlockStatement' ? node.body : [node])
}

function statement(cx: Context, node: Node, out: Stmt[]): void {
  if (cx.depth >= MAX_DEPTH) {
    out.push({ t: 'expr', expr: tooDeep(cx, node), range: rangeOf(node) })
    return
  }
  cx.depth++
  lowerStatement(cx, node, out)
  cx.depth--
}

function lowerStatement(cx: Context, node: Node, out: Stmt[]): void {
  switch (node.type) {
    case 'ExpressionStatement':
      if (!isDirective(node)) out.push({ t: 'expr', expr: expression(cx, node.expression), range: rangeOf(node) })
      break
    case 'VariableDeclaration':
      variables(cx, node, out, rangeOf(node))
      break
    case 'ReturnStatement':
      if (node.argument) out.push({ t: 'return', expr: expression(cx, node.argument), range: rangeOf(node) })
      else out.push({ t: 'return', range: rangeOf(node) })
      break
    case 'IfStatement':
      out.push({
        t: 'if',
        test: expression(cx, node.test),
        then: bodyOf(cx, node.consequent),
        else: node.alternate ? bodyOf(cx, node.alternate) : [],
        range: rangeOf(node),
      })
      break
    case 'ThrowStatement':
      out.push({ t: 'throw', expr: expression(cx, node.argument), range: rangeOf(node) })
      break
    case 'TryStatement':
      out.push(tryStatement(cx, node))
      break
    case 'BlockStatement':
      out.push({ t: 'block', body: block(cx, node.body), range: rangeOf(node) })
      break
    case 'LabeledStatement':
      out.push({ t: 'block', body: bodyOf(cx, node.body), label: node.label.name, range: rangeOf(node) })
      break
    case 'ForStatement':
      out.push(forStatement(cx, node))
      break
    case 'ForOfStatement':
    case 'ForInStatement':
      out.push(forEach(cx, node))
      break
    case 'WhileStatement':
    case 'DoWhileStatement':
      out.push(whileStatement(cx, node))
      break
    case 'SwitchStatement':
      switchStatement(cx, node, out)
      break
    case 'BreakStatement':
    case 'ContinueStatement':
      out.push(jump(node))
      break
    case 'WithStatement':
      out.push({ t: 'expr', expr: opaque(cx, node), range: rangeOf(node) })
      out.push({ t: 'block', body: bodyOf(cx, node.body), range: rangeOf(node) })
      break
    case 'ClassDeclaration':
      if (!node.declare) classDeclaration(cx, node, out)
      break
    case 'TSEnumDeclaration':
      if (!node.declare) out.push(enumObject(cx, node))
      break
    case 'TSModuleDeclaration':
      namespace(cx, node, out)
      break
    case 'TSImportEqualsDeclaration':
      importAlias(cx, node, out)
      break
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      if (cx.fn.id === 0) keepType(cx, node)
      break
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
    case 'ExportAllDeclaration':
    case 'TSExportAssignment':
      exported(cx, node, out)
      break
    // Function declarations are hoisted, imports are read first; the others do nothing.
    case 'FunctionDeclaration':
    case 'ImportDeclaration':
    case 'TSDeclareFunction':
    case 'TSNamespaceExportDeclaration':
    case 'EmptyStatement':
    case 'DebuggerStatement':
      break
    default:
      out.push({ t: 'expr', expr: opaque(cx, node), range: rangeOf(node) })
  }
}

function variables(cx: Context, node: TSESTree.VariableDeclaration, out: Stmt[], statement: Range): void {
  if (node.declare) return
  const kind = node.kind === 'await using' ? 'using' : node.kind
  for (const declarator of node.declarations) {
    const range = rangeOf(declarator)
    const init = declarator.init ? expression(cx, declarator.init, nameOf(declarator.id)) : undefined
    const target = pattern(cx, declarator.id, false)
    if (init) out.push({ t: 'declare', pattern: target, init, kind, range, statement })
    else out.push({ t: 'declare', pattern: target, kind, range, statement })
  }
}

function tryStatement(cx: Context, node: TSESTree.TryStatement): Stmt {
  const body = block(cx, node.block.body)
  let param: Pattern | undefined
  let handler: Stmt[] | undefined
  if (node.handler) {
    const outer = cx.scope
    if (node.handler.param) {
      cx.scope = newScope(outer)
      declarePattern(cx, cx.scope, node.handler.param, 'catch')
      param = pattern(cx, node.handler.param, false)
    }
    handler = block(cx, node.handler.body.body)
    cx.scope = outer
  }
  const finalizer = node.finalizer ? block(cx, node.finalizer.body) : undefined
  return {
    t: 'try',
    body,
    ...(param && { param }),
    ...(handler && { handler }),
    ...(finalizer && { finalizer }),
    range: rangeOf(node),
  }
}

function forStatement(cx: Context, node: TSESTree.ForStatement): Stmt {
  const outer = cx.scope
  const init: Stmt[] = []
  if (node.init?.type === 'VariableDeclaration') {
    if (node.init.kind !== 'var') {
      cx.scope = newScope(outer)
      declareLexical(cx, cx.scope, [node.init])
    }
    variables(cx, node.init, init, rangeOf(node.init))
  } else if (node.init) init.push({ t: 'expr', expr: expression(cx, node.init), range: rangeOf(node.init) })
  const test = node.test ? expression(cx, node.test) : undefined
  const body = bodyOf(cx, node.body)
  const update = node.update ? expression(cx, node.update) : undefined
  cx.scope = outer
  return {
    t: 'loop',
    kind: 'for',
    init,
    ...(test && { test }),
    ...(update && { update }),
    await: false,
    body,
    range: rangeOf(node),
  }
}

function forEach(cx: Context, node: TSESTree.ForOfStatement | TSESTree.ForInStatement): Stmt {
  const iterable = expression(cx, node.right)
  const outer = cx.scope
  let item: Pattern
  if (node.left.type === 'VariableDeclaration') {
    if (node.left.kind !== 'var') {
      cx.scope = newScope(outer)
      declareLexical(cx, cx.scope, [node.left])
    }
    item = pattern(cx, node.left.declarations[0].id, false)
  } else item = pattern(cx, node.left, true)
  const body = bodyOf(cx, node.body)
  cx.scope = outer
  const isOf = node.type === 'ForOfStatement'
  const range = rangeOf(node)
  return { t: 'loop', kind: isOf ? 'of' : 'in', init: [], iterable, item, await: isOf && node.await, body, range }
}

function whileStatement(cx: Context, node: TSESTree.WhileStatement | TSESTree.DoWhileStatement): Stmt {
  const kind = node.type === 'WhileStatement' ? 'while' : 'do'
  const test = expression(cx, node.test)
  return { t: 'loop', kind, init: [], test, await: false, body: bodyOf(cx, node.body), range: rangeOf(node) }
}

function switchStatement(cx: Context, node: TSESTree.SwitchStatement, out: Stmt[]): void {
  const range = rangeOf(node)
  const on = expression(cx, node.discriminant)
  const outer = cx.scope
  cx.scope = newScope(outer)
  const hoisted: Stmt[] = []
  for (const { consequent } of node.cases) declareLexical(cx, cx.scope, consequent)
  for (const { consequent } of node.cases) {
    for (const written of consequent) {
      const declaration = hoistedFunction(written)
      if (declaration) functionDeclaration(cx, declaration, hoisted)
    }
  }
  const cases: SwitchCase[] = []
  for (const written of node.cases) {
    const test = written.test ? expression(cx, written.test) : undefined
    const body: Stmt[] = []
    for (const inner of written.consequent) statement(cx, inner, body)
    cases.push(test ? { test, body } : { body })
  }
  cx.scope = outer
  const lowered: Stmt = { t: 'switch', on, cases, range }
  if (hoisted.length === 0) out.push(lowered)
  else out.push({ t: 'block', body: [...hoisted, lowered], range })
}

function jump(node: TSESTree.BreakStatement | TSESTree.ContinueStatement): Stmt {
  const t = node.type === 'BreakStatement' ? 'break' : 'continue'
  return node.label ? { t, label: node.label.name, range: rangeOf(node) } : { t, range: rangeOf(node) }
}

function classDeclaration(cx: Context, node: TSESTree.ClassDeclaration, out: Stmt[]): void {
  const id = node.id
  const range = rangeOf(node)
  const binding = id ? lookup(cx, id.name) : cx.defaultBinding
  const decorators = classDecorators(cx, node)
  if (decorators) out.push({ t: 'expr', expr: decorators, range })
  const init: Expr = { t: 'class', cls: classForm(cx, node, 'default'), range }
  const name: Pattern = { t: 'bind', binding, range: id ? rangeOf(id) : range }
  out.push({ t: 'declare', pattern: name, init, kind: 'class', range })
}

type ExportNode =
  | TSESTree.ExportNamedDeclaration
  | TSESTree.ExportDefaultDeclaration
  | TSESTree.ExportAllDeclaration
  | TSESTree.TSExportAssignment

function exported(cx: Context, node: ExportNode, out: Stmt[]): void {
  if (node.type === 'ExportNamedDeclaration' && node.declaration) {
    if (node.declaration.type === 'VariableDeclaration') variables(cx, node.declaration, out, rangeOf(node))
    else statement(cx, node.declaration, out)
  }
  let value: Expr | undefined
  if (node.type === 'ExportDefaultDeclaration') {
    const { declaration } = node
    if (declaration.type.endsWith('Declaration') || declaration.type === 'TSDeclareFunction') {
      statement(cx, declaration, out)
    } else value = expression(cx, declaration, 'default')
  } else if (node.type === 'TSExportAssignment') value = expression(cx, node.expression, 'default')
  if (value) out.push({ t: 'expr', expr: value, range: rangeOf(node) })
  // What a namespace exports is not exported by the module.
  if (cx.fn.id === 0) exportsOf(cx, node, value)
}
