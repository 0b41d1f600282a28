/** Imports and exports. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { BindingId, ExportForm, Expr, Range } from '../model/form.ts'
import { declare, rangeOf, type Context, type Node } from './context.ts'
import { boundBy, namespaceName } from './scope.ts'

/** Reads the imports of a module, and declares what they bind: imports are hoisted. */
export function declareImports(cx: Context, body: readonly Node[]): void {
  for (const node of body) {
    if (node.type === 'ImportDeclaration') importDeclaration(cx, node)
    else if (node.type === 'TSImportEqualsDeclaration') importRequire(cx, node)
    else if (node.type === 'ExportNamedDeclaration') {
      if (node.declaration?.type === 'TSImportEqualsDeclaration') importRequire(cx, node.declaration)
      // `export {} from 'x'` only runs it.
      else if (node.source && node.specifiers.length === 0)
        bareImport(cx, node, node.source, node.exportKind === 'type')
    }
  }
}

function importDeclaration(cx: Context, node: TSESTree.ImportDeclaration): void {
  const typeOnly = node.importKind === 'type'
  if (node.specifiers.length === 0) bareImport(cx, node, node.source, typeOnly)
  for (const specifier of node.specifiers) {
    let imported = 'default'
    let type = typeOnly
    if (specifier.type === 'ImportNamespaceSpecifier') imported = '*'
    else if (specifier.type === 'ImportSpecifier') {
      imported = nameOf(specifier.imported)
      type ||= specifier.importKind === 'type'
    }
    importBinding(cx, specifier.local, imported, node.source.value, type, rangeOf(specifier))
  }
}

function importRequire(cx: Context, node: TSESTree.TSImportEqualsDeclaration): void {
  const { moduleReference } = node
  if (moduleReference.type !== 'TSExternalModuleReference') return
  const source = moduleReference.expression as Node
  if (source.type !== 'Literal' || typeof source.value !== 'string') return
  importBinding(cx, node.id, '*', source.value, node.importKind === 'type', rangeOf(node))
}

function importBinding(
  cx: Context,
  local: TSESTree.Identifier,
  imported: string,
  from: string,
  typeOnly: boolean,
  range: Range,
): void {
  const binding = declare(cx, cx.scope, local.name, 'import', rangeOf(local))
  cx.bindings[binding]!.import = cx.imports.push({ binding, imported, from, typeOnly, range }) - 1
}

function bareImport(cx: Context, node: Node, source: TSESTree.StringLiteral, typeOnly: boolean): void {
  cx.imports.push({ from: source.value, typeOnly, range: rangeOf(node) })
}

/** Adds what a statement exports; `value` is the lowered expression of an `export default` or `export =`. */
export function exportsOf(
  cx: Context,
  node:
    | TSESTree.ExportNamedDeclaration
    | TSESTree.ExportDefaultDeclaration
    | TSESTree.ExportAllDeclaration
    | TSESTree.TSExportAssignment,
  value: Expr | undefined,
): void {
  switch (node.type) {
    case 'ExportAllDeclaration': {
      const typeOnly = node.exportKind === 'type'
      const from = node.source.value
      const range = rangeOf(node)
      if (node.exported) cx.exports.push({ exported: nameOf(node.exported), from, imported: '*', typeOnly, range })
      else cx.exports.push({ exported: '*', from, typeOnly, range })
      break
    }
    case 'ExportNamedDeclaration':
      if (node.declaration) exportDeclared(cx, node.declaration)
      else for (const specifier of node.specifiers) cx.exports.push(exportSpecifier(cx, node, specifier))
      break
    case 'ExportDefaultDeclaration':
      exportDefault(cx, node, value)
      break
    case 'TSExportAssignment':
      if (value) cx.exports.push({ exported: 'default', value, typeOnly: false, range: rangeOf(node) })
      break
    default:
      break
  }
}

function exportSpecifier(
  cx: Context,
  node: TSESTree.ExportNamedDeclaration,
  specifier: TSESTree.ExportSpecifier,
): ExportForm {
  const exported = nameOf(specifier.exported)
  const local = nameOf(specifier.local)
  const range = rangeOf(specifier)
  const typeOnly = node.exportKind === 'type' || specifier.exportKind === 'type'
  const statement = rangeOf(node)
  if (node.source) return { exported, from: node.source.value, imported: local, typeOnly, range, statement }
  const binding = cx.scope.names.get(local)
  // A name without a binding is a type, or an ambient declaration: there is no value behind it.
  return binding === undefined ? { exported, typeOnly: true, range } : { exported, binding, typeOnly, range, statement }
}

function exportDefault(cx: Context, node: TSESTree.ExportDefaultDeclaration, value: Expr | undefined): void {
  const range = rangeOf(node)
  if (value) {
    cx.exports.push({ exported: 'default', value, typeOnly: false, range })
    return
  }
  const { declaration } = node
  if (declaration.type !== 'FunctionDeclaration' && declaration.type !== 'ClassDeclaration') return
  const binding = declaration.id ? cx.scope.names.get(declaration.id.name) : cx.defaultBinding
  if (binding !== undefined && binding >= 0) cx.exports.push({ exported: 'default', binding, typeOnly: false, range })
}

function exportDeclared(cx: Context, node: TSESTree.NamedExportDeclarations): void {
  switch (node.type) {
    case 'VariableDeclaration':
      if (!node.declare) exportVariables(cx, node)
      break
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
    case 'TSEnumDeclaration':
      if (!node.declare && node.id) exportName(cx, node.id.name)
      break
    case 'TSModuleDeclaration': {
      const id = namespaceName(node)
      // Merged with a function of that name it is exported once.
      if (id && !cx.exports.some(({ exported }) => exported === id.name)) exportName(cx, id.name)
      break
    }
    case 'TSImportEqualsDeclaration':
      if (node.importKind !== 'type') exportName(cx, node.id.name)
      break
    default:
      break
  }
}

function exportVariables(cx: Context, node: TSESTree.VariableDeclaration): void {
  for (const declarator of node.declarations) {
    for (const { name } of boundBy(declarator.id)) exportName(cx, name)
  }
}

function exportName(cx: Context, name: string): void {
  const binding: BindingId | undefined = cx.scope.names.get(name)
  if (binding === undefined) return
  cx.exports.push({ exported: name, binding, typeOnly: false, range: cx.bindings[binding]!.range })
}

function nameOf(node: TSESTree.Identifier | TSESTree.StringLiteral): string {
  return node.type === 'Identifier' ? node.name : node.value
}
