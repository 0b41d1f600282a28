/** The caller chooses a tenant: look up that they belong to it before anything is done there. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { EntryPointReport, Place } from '../model/report.ts'
import type { GuardCandidate } from '../workspace/workspace.ts'
import { asyncEdits } from './add-await.ts'
import { insertAt, type Edit, type Suggestion } from './edit.ts'
import { bring } from './insert-guard.ts'
import { isPath, namedValue } from './query-parts.ts'
import {
  indentAt,
  isFunction,
  lineEnd,
  pathTo,
  semicolon,
  startsLine,
  textOf,
  type AnyFunction,
  type Source,
} from './source.ts'

export const membershipMessages = { checkMembership: 'Call `{{check}}` first.' } as const

/** Where the caller's choice stands. */
export interface ChosenTenant {
  readonly place: Place
  readonly column: string
}

export function checkMembership(
  source: Source,
  file: string,
  entryPoint: EntryPointReport,
  { place, column }: ChosenTenant,
  guard: GuardCandidate,
): Suggestion | undefined {
  const call = pathTo(source, place.range).at(-1)
  const tenant = call?.type === 'CallExpression' ? namedValue(source, call, column) : undefined
  const imported = tenant && isPath(tenant) ? bring(source, file, entryPoint, guard) : undefined
  if (!tenant || !imported) return undefined
  const check = `${imported.local}(${textOf(source, tenant.range)})`
  const edits = waitInFront(source, tenant, `await ${check}`)
  return edits && { id: 'checkMembership', data: { check }, edits: [...imported.edits, ...edits] }
}

/** In the innermost function, where what stands in front is done whenever the value is used. */
function waitInFront(source: Source, value: TSESTree.Node, text: string): readonly Edit[] | undefined {
  const path = pathTo(source, value.range)
  const at = path.findLastIndex(isFunction)
  const fn = path.findLast(isFunction)
  const [body, ...inside] = path.slice(at + 1)
  const waiting = fn?.async ? [] : asyncEdits(source, path)
  if (!fn || fn.generator || !body || body !== fn.body || !waiting) return undefined
  const block = [body, ...inside].findLast(({ type }) => type === 'BlockStatement')
  const statement = block && path[path.indexOf(block) + 1]
  const parts = statement ? path.slice(path.indexOf(statement) + 1) : [body, ...inside]
  if (parts.some(mayBeSkipped)) return undefined
  const edits = statement ? [inFrontOf(source, statement, text)] : asBlock(source, fn, body, text)
  return edits && [...waiting, ...edits]
}

const mayBeSkipped = ({ type }: TSESTree.Node): boolean => /Statement$|^(?:Logical|Conditional)Expression$/.test(type)

function inFrontOf(source: Source, { range: [start] }: TSESTree.Node, text: string): Edit {
  // what begins with a bracket would be taken for a part of the call
  const end = /^[([`+\-/]/.test(source.text.slice(start)) ? ';' : semicolon(source)
  return insertAt(
    start,
    startsLine(source, start) ? `${text}${end}${lineEnd(source)}${indentAt(source, start)}` : `${text}; `,
  )
}

/** `() => work` becomes `() => { …; return work }`. */
function asBlock(source: Source, fn: AnyFunction, body: TSESTree.Node, text: string): readonly Edit[] | undefined {
  const arrow = source.getTokenBefore(body)
  if (arrow?.value !== '=>' || source.getCommentsBefore(body).length > 0) return undefined
  const outer = `${lineEnd(source)}${indentAt(source, fn.range[0])}`
  const inner = `${outer}${outer.endsWith('\t') ? '\t' : '  '}`
  const end = semicolon(source)
  return [
    { range: [arrow.range[1], body.range[0]], text: ` {${inner}${text}${end}${inner}return ` },
    insertAt(body.range[1], `${end}${outer}}`),
  ]
}
