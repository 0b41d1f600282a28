/** The import of a name, in the file's own style. */
import type { TSESTree } from '@typescript-eslint/utils'
import { insertAt, type Edit } from './edit.ts'
import {
  breaksLine,
  declaredNames,
  endWithComments,
  indentAt,
  lineEnd,
  quote,
  semicolon,
  type Source,
} from './source.ts'

export interface Imported {
  /** How the file says it: a name, or a member of a namespace that it imports already. */
  readonly local: string
  readonly edits: readonly Edit[]
}

/** `name` is the exported name, 'default' for a default export. Nothing when the file is no module. */
export function addImport(source: Source, name: string, specifier: string): Imported | undefined {
  if (source.ast.sourceType !== 'module') return undefined
  const same = source.ast.body.filter(
    (statement): statement is TSESTree.ImportDeclaration =>
      statement.type === 'ImportDeclaration' && statement.importKind !== 'type' && statement.source.value === specifier,
  )
  for (const statement of same) {
    const local = alreadyImported(statement, name)
    if (local !== undefined) return { local, edits: [] }
  }

  const local = freeName(source, name === 'default' ? nameFor(specifier) : name)
  const spelled = name === local ? name : `${name} as ${local}`
  for (const statement of same) {
    const edit = extend(source, statement, spelled)
    if (edit) return { local, edits: [edit] }
  }
  const clause = name === 'default' ? local : `{ ${spelled} }`
  const mark = quote(source)
  return {
    local,
    edits: [newStatement(source, `import ${clause} from ${mark}${specifier}${mark}${semicolon(source)}`)],
  }
}

function alreadyImported(statement: TSESTree.ImportDeclaration, name: string): string | undefined {
  for (const specifier of statement.specifiers) {
    if (specifier.type === 'ImportNamespaceSpecifier') return `${specifier.local.name}.${name}`
    if (specifier.type === 'ImportDefaultSpecifier') {
      if (name === 'default') return specifier.local.name
      continue
    }
    const imported = specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value
    if (imported === name && specifier.importKind !== 'type') return specifier.local.name
  }
  return undefined
}

/** Adds to `{ … }`, or a `{ … }` to a default import. A bare `import 'x'` is there for its effect, and stays. */
function extend(source: Source, statement: TSESTree.ImportDeclaration, spelled: string): Edit | undefined {
  const last = statement.specifiers.at(-1)
  if (last?.type === 'ImportDefaultSpecifier') {
    const brace = source.getTokenAfter(last, (token) => token.value === '{' || token.value === 'from')
    if (brace?.value !== '{') return insertAt(last.range[1], `, { ${spelled} }`)
    return insertAt(brace.range[1], ` ${spelled} `)
  }
  if (last?.type !== 'ImportSpecifier') return undefined
  const before = source.getTokenBefore(last)!
  const ownLine = breaksLine(source, before.range[1], last.range[0])
  const gap = ownLine ? `${lineEnd(source)}${indentAt(source, last.range[0])}` : ' '
  return insertAt(last.range[1], `,${gap}${spelled}`)
}

/** Behind the imports at the head of the file; without any, behind its directives, hashbang and licence. */
function newStatement(source: Source, text: string): Edit {
  const eol = lineEnd(source)
  const { body } = source.ast
  const first = body.findIndex((statement) => statement.type === 'ImportDeclaration')
  if (first >= 0) {
    let last = body[first]!
    for (const statement of body.slice(first)) {
      if (statement.type !== 'ImportDeclaration') break
      last = statement
    }
    return insertAt(endWithComments(source, last), `${eol}${indentAt(source, last.range[0])}${text}`)
  }

  const directive = body.findLast(
    (statement) => statement.type === 'ExpressionStatement' && statement.directive !== undefined,
  )
  if (directive)
    return insertAt(endWithComments(source, directive), `${eol}${indentAt(source, directive.range[0])}${text}`)
  const start = headOf(source)
  return insertAt(start, `${indentAt(source, start)}${text}${eol}`)
}

/** The first statement with the comments that belong to it: those without an empty line below. */
function headOf(source: Source): number {
  const statement = source.ast.body[0]
  if (!statement) return source.text.length
  let start = statement.range[0]
  for (const comment of source.getCommentsBefore(statement).reverse()) {
    const belongs = !/\n\s*\n/.test(source.text.slice(comment.range[1], start))
    if (!belongs || source.text.startsWith('#!', comment.range[0])) break
    start = comment.range[0]
  }
  return source.text.lastIndexOf('\n', start - 1) + 1
}

function freeName(source: Source, name: string): string {
  const taken = declaredNames(source)
  if (!taken.has(name)) return name
  for (let count = 1; ; count++) {
    const candidate = `${name}Guard${count === 1 ? '' : String(count)}`
    if (!taken.has(candidate)) return candidate
  }
}

/** `~/server/auth-middleware` → `authMiddleware` */
function nameFor(specifier: string): string {
  const parts = specifier.replace(/\.\w+$/, '').split('/')
  const last = parts.findLast((part) => /[a-z]/i.test(part) && part !== 'index') ?? 'guard'
  const name = last.replace(/[^\p{L}\p{N}$_]+(.)?/gu, (_match, next: string | undefined) => next?.toUpperCase() ?? '')
  return /^\d/.test(name) ? `_${name}` : name
}
