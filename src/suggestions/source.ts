/** What every edit asks of the text around it: which node is there, and how this file is formatted. */
import type { TSESLint, TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'

export type Source = Readonly<TSESLint.SourceCode>

export type AnyFunction = TSESTree.ArrowFunctionExpression | TSESTree.FunctionDeclaration | TSESTree.FunctionExpression

export const isFunction = (node: TSESTree.Node | undefined): node is AnyFunction =>
  node?.type === 'ArrowFunctionExpression' ||
  node?.type === 'FunctionDeclaration' ||
  node?.type === 'FunctionExpression'

/** The nodes from the program down to the innermost one with exactly this range; empty when there is none. */
export function pathTo(source: Source, range: Range): readonly TSESTree.Node[] {
  const path: TSESTree.Node[] = []
  let node: TSESTree.Node | undefined = source.ast
  while (node) {
    path.push(node)
    node = childrenOf(source, node).find((child) => child.range[0] <= range[0] && child.range[1] >= range[1])
  }
  const exact = path.findLastIndex((found) => found.range[0] === range[0] && found.range[1] === range[1])
  return path.slice(0, exact + 1)
}

export function nodeAt(source: Source, range: Range): TSESTree.Node | undefined {
  return pathTo(source, range).at(-1)
}

export function textOf(source: Source, range: Range): string {
  return source.text.slice(range[0], range[1])
}

/** `\r\n` when the first line ends so. */
export function lineEnd(source: Source): string {
  const first = source.text.indexOf('\n')
  return first > 0 && source.text[first - 1] === '\r' ? '\r\n' : '\n'
}

/** The white space at the head of the line that `index` stands on. */
export function indentAt(source: Source, index: number): string {
  const start = source.text.lastIndexOf('\n', index - 1) + 1
  return /^[\t ]*/.exec(source.text.slice(start, index))![0]
}

/** Whether nothing but white space stands before `index` on its line. */
export function startsLine(source: Source, index: number): boolean {
  const start = source.text.lastIndexOf('\n', index - 1) + 1
  return source.text.slice(start, index).trim() === ''
}

/** Whether the text between the two offsets has a line break. */
export function breaksLine(source: Source, from: number, to: number): boolean {
  return source.text.slice(from, to).includes('\n')
}

/** Behind the line and the empty one that follows it. */
export function nextLine(source: Source, end: number): number {
  const rest = /^[^\S\n]*\n(?:[^\S\n]*\n)?/.exec(source.text.slice(end))
  return end + (rest?.[0].length ?? 0)
}

/** `;` when most statements of the file that could end with one do. */
export function semicolon(source: Source): '' | ';' {
  let balance = 0
  for (const statement of source.ast.body) {
    if (!canEndWithSemicolon(statement)) continue
    balance += source.text[statement.range[1] - 1] === ';' ? 1 : -1
  }
  return balance > 0 ? ';' : ''
}

/** The quote that the imports of the file use, else its first string. */
export function quote(source: Source): '"' | "'" {
  const first =
    source.ast.body.find((statement) => statement.type === 'ImportDeclaration')?.source ??
    source.ast.tokens.find((token) => token.type === 'String')
  return first && source.text[first.range[0]] === '"' ? '"' : "'"
}

/** Behind a node and the comments that follow it on its last line. */
export function endWithComments(source: Source, node: TSESTree.Node): number {
  let end = node.range[1]
  for (const comment of source.getCommentsAfter(node)) {
    if (breaksLine(source, end, comment.range[1])) break
    end = comment.range[1]
  }
  return end
}

/** Every name that is declared somewhere in the file. */
export function declaredNames(source: Source): ReadonlySet<string> {
  const names = new Set<string>()
  for (const scope of source.scopeManager?.scopes ?? []) {
    for (const variable of scope.variables) if (variable.defs.length > 0) names.add(variable.name)
    for (const reference of scope.through) names.add(reference.identifier.name)
  }
  return names
}

export function childrenOf(source: Source, node: TSESTree.Node): TSESTree.Node[] {
  const fields = node as unknown as Readonly<Record<string, unknown>>
  // A host's parser may know more types of node than its visitor keys tell of.
  const keys = source.visitorKeys as Readonly<Partial<Record<string, readonly string[]>>>
  return (keys[node.type] ?? []).flatMap((key) => fields[key]).filter((child) => isNode(child))
}

function isNode(value: unknown): value is TSESTree.Node {
  return typeof value === 'object' && value !== null && 'range' in value
}

function canEndWithSemicolon(statement: TSESTree.ProgramStatement): boolean {
  switch (statement.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExpressionStatement':
    case 'VariableDeclaration':
    case 'TSTypeAliasDeclaration':
      return true
    case 'ExportNamedDeclaration':
      return statement.declaration == null || canEndWithSemicolon(statement.declaration as TSESTree.ProgramStatement)
    default:
      return false
  }
}
