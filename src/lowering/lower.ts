/**
 * From a syntax tree to the lowered form. Syntax only: nothing here knows what a call means.
 *
 * The tree may come from the host (`@typescript-eslint/parser`, espree) or from the fast parser (`astType: 'ts'`,
 * `preserveParens: false`); both give the same form, and a test holds them to it.
 */
import type { TSESTree } from '@typescript-eslint/utils'
import type { FunctionForm, ModuleForm, Stmt, TypeForm } from '../model/form.ts'
import { commonExports } from './common-exports.ts'
import { newScope, rangeOf, TOO_DEEP, type Context, type Draft } from './context.ts'
import { openFunction } from './functions.ts'
import { lineStartsOf, markersOf, type SourceComment } from './markers.ts'
import { declareImports } from './modules.ts'
import { declareLexical, declareVars } from './scope.ts'
import { directivesOf, statements } from './statements.ts'

export type { SourceComment } from './markers.ts'

/** The root of a tree of any of the parsers. */
export interface ProgramNode {
  readonly type: string
  readonly body: readonly { readonly type: string }[]
}

/** `text` has no byte-order mark, and the tree's ranges count from its start. Never throws. */
export function lower(
  program: ProgramNode,
  text: string,
  file: string,
  comments: readonly SourceComment[],
): ModuleForm {
  try {
    return lowerModule(program.body as unknown as TSESTree.ProgramStatement[], text, file, comments)
  } catch (error) {
    // A stack that was nearly used up before, or a tree that is not what its types say.
    const unreadable = error instanceof RangeError ? TOO_DEEP : `could not be lowered: ${String(error)}`
    return {
      file,
      lineStarts: lineStartsOf(text),
      imports: [],
      exports: [],
      bindings: [],
      functions: [],
      classes: [],
      markers: markersOf(text, comments),
      types: {},
      unreadable,
    }
  }
}

function lowerModule(
  body: readonly TSESTree.ProgramStatement[],
  text: string,
  file: string,
  comments: readonly SourceComment[],
): ModuleForm {
  const cx: Context = {
    text,
    bindings: [],
    functions: [],
    classes: [],
    imports: [],
    exports: [],
    // No prototype: the names come from the text.
    types: Object.create(null) as Record<string, TypeForm>,
    scope: newScope(null),
    fn: { id: 0, usesThis: false },
    depth: 0,
    defaultBinding: -1,
  }
  const form: Draft<FunctionForm> = openFunction(cx, { range: [0, text.length] }, '', 'module')
  declareImports(cx, body)
  declareVars(cx, cx.scope, body)
  declareLexical(cx, cx.scope, body)
  const out: Stmt[] = []
  form.directives = directivesOf(body)
  const [first] = body
  statements(cx, body, out)
  form.body = out
  form.usesThis = cx.fn.usesThis
  if (/\bexports\b/.test(text))
    for (const common of commonExports(out))
      if (!cx.exports.some(({ exported }) => exported === common.exported)) cx.exports.push(common)
  return {
    file,
    lineStarts: lineStartsOf(text),
    imports: cx.imports,
    exports: cx.exports,
    bindings: cx.bindings,
    functions: cx.functions,
    classes: cx.classes,
    markers: markersOf(text, comments),
    ...(first && form.directives.length > 0 ? { head: rangeOf(first)[0] } : {}),
    types: cx.types,
  }
}
