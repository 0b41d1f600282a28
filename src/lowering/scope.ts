/** Hoisting: which names a block, a function or a module declares, before its statements are lowered. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { BindingKind } from '../model/form.ts'
import { declare, identifierRange, newBinding, rangeOf, type Context, type Node, type Scope } from './context.ts'

/** The identifiers that a pattern binds. Iterative: patterns of a host's tree may nest without bound. */
export function boundBy(pattern: Node): TSESTree.Identifier[] {
  const found: TSESTree.Identifier[] = []
  const stack: (Node | null)[] = [pattern]
  while (stack.length > 0) {
    const node = stack.pop()
    switch (node?.type) {
      case 'Identifier':
        found.push(node)
        break
      case 'ObjectPattern':
        for (let i = node.properties.length - 1; i >= 0; i--) stack.push(node.properties[i]!)
        break
      case 'Property':
        stack.push(node.value)
        break
      case 'ArrayPattern':
        for (let i = node.elements.length - 1; i >= 0; i--) stack.push(node.elements[i]!)
        break
      case 'AssignmentPattern':
        stack.push(node.left)
        break
      case 'RestElement':
        stack.push(node.argument)
        break
      case 'TSParameterProperty':
        stack.push(node.parameter)
        break
      default:
        break
    }
  }
  return found
}

export function declarePattern(cx: Context, scope: Scope, pattern: Node, kind: BindingKind): void {
  for (const node of boundBy(pattern)) declare(cx, scope, node.name, kind, identifierRange(cx, node))
}

/** Declares the `var` names of a function body, wherever in it they stand. */
export function declareVars(cx: Context, scope: Scope, body: readonly Node[]): void {
  const stack: (Node | null | undefined)[] = []
  for (let i = body.length - 1; i >= 0; i--) stack.push(body[i])
  while (stack.length > 0) {
    const node = stack.pop()
    switch (node?.type) {
      case 'VariableDeclaration':
        if (node.kind === 'var' && !node.declare) {
          for (const declarator of node.declarations) declarePattern(cx, scope, declarator.id, 'var')
        }
        break
      case 'IfStatement':
        stack.push(node.alternate, node.consequent)
        break
      case 'ForStatement':
        stack.push(node.body, node.init)
        break
      case 'ForInStatement':
      case 'ForOfStatement':
        stack.push(node.body, node.left)
        break
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'LabeledStatement':
      case 'WithStatement':
        stack.push(node.body)
        break
      case 'TryStatement':
        stack.push(node.finalizer, node.handler?.body, node.block)
        break
      case 'BlockStatement':
        for (let i = node.body.length - 1; i >= 0; i--) stack.push(node.body[i])
        break
      case 'SwitchStatement':
        for (let i = node.cases.length - 1; i >= 0; i--) {
          const { consequent } = node.cases[i]!
          for (let j = consequent.length - 1; j >= 0; j--) stack.push(consequent[j])
        }
        break
      case 'ExportNamedDeclaration':
        stack.push(node.declaration)
        break
      default:
        break
    }
  }
}

/** Declares what a list of statements declares in its own block: `let`, `const`, functions, classes, enums, namespaces. */
export function declareLexical(cx: Context, scope: Scope, body: readonly Node[]): void {
  for (const statement of body) declareStatement(cx, scope, statement)
}

/** Whether a list of statements needs a scope of its own. */
export function declaresLexical(body: readonly Node[]): boolean {
  return body.some(({ type }) => type.endsWith('Declaration'))
}

function declareStatement(cx: Context, scope: Scope, node: Node): void {
  switch (node.type) {
    case 'VariableDeclaration':
      if (node.kind !== 'var' && !node.declare) {
        const kind = node.kind === 'await using' ? 'using' : node.kind
        for (const declarator of node.declarations) declarePattern(cx, scope, declarator.id, kind)
      }
      break
    case 'FunctionDeclaration':
      if (hasBody(node)) declareNamed(cx, scope, node.id, 'function')
      break
    case 'ClassDeclaration':
      if (!node.declare) declareNamed(cx, scope, node.id, 'class')
      break
    case 'TSEnumDeclaration':
      if (!node.declare) declare(cx, scope, node.id.name, 'enum', rangeOf(node.id))
      break
    case 'TSModuleDeclaration': {
      const id = namespaceName(node)
      // It merges with a function, a class or an enum of that name.
      if (id && !scope.names.has(id.name)) declare(cx, scope, id.name, 'const', rangeOf(id))
      break
    }
    case 'TSImportEqualsDeclaration':
      // `import x = require()` is an import, and imports are declared with what they import.
      if (node.moduleReference.type !== 'TSExternalModuleReference' && node.importKind !== 'type') {
        declare(cx, scope, node.id.name, 'const', rangeOf(node.id))
      }
      break
    case 'ExportNamedDeclaration':
      if (node.declaration) declareStatement(cx, scope, node.declaration)
      break
    case 'ExportDefaultDeclaration': {
      const { declaration } = node
      if (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') {
        if (declaration.id) declareStatement(cx, scope, declaration)
        else {
          const kind = declaration.type === 'ClassDeclaration' ? 'class' : 'function'
          cx.defaultBinding = newBinding(cx, 'default', kind, rangeOf(declaration))
        }
      }
      break
    }
    default:
      break
  }
}

function declareNamed(cx: Context, scope: Scope, id: TSESTree.Identifier | null, kind: BindingKind): void {
  if (id) declare(cx, scope, id.name, kind, rangeOf(id))
}

/** The name that a namespace binds: `A` of `namespace A.B {}`; null for `declare module`, `global` and the like. */
export function namespaceName(node: TSESTree.TSModuleDeclaration): TSESTree.Identifier | null {
  if (node.declare || node.kind !== 'namespace') return null
  let id: Node = node.id
  while (id.type === 'TSQualifiedName') id = id.left
  return id.type === 'Identifier' ? id : null
}

/** Overload signatures have none. */
export function hasBody(node: { readonly body?: unknown }): boolean {
  return node.body !== null && node.body !== undefined
}
