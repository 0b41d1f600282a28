/** The caller chooses a tenant: look up that they belong to it before anything is done there. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { EntryPointReport, Place } from '../model/report.ts'
import type { GuardCandidate } from '../workspace.ts'
import { insertAt, type Suggestion } from './edit.ts'
import { bring } from './insert-guard.ts'
import { isPath, namedValue } from './query-parts.ts'
import { indentAt, isFunction, lineEnd, pathTo, semicolon, startsLine, textOf, type Source } from './source.ts'

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
  const statement = tenant && isPath(tenant) ? statementOf(source, tenant) : undefined
  const imported = statement && bring(source, file, entryPoint, guard)
  if (!tenant || !statement || !imported) return undefined
  const [start] = statement.range
  const check = `${imported.local}(${textOf(source, tenant.range)})`
  // what begins with a bracket would be taken for a part of the call
  const end = /^[([`+\-/]/.test(source.text.slice(start)) ? ';' : semicolon(source)
  const gap = startsLine(source, start) ? `${end}${lineEnd(source)}${indentAt(source, start)}` : '; '
  return { id: 'checkMembership', data: { check }, edits: [...imported.edits, insertAt(start, `await ${check}${gap}`)] }
}

/** The statement of a function that can wait, where what stands in front of it is done whenever it is. */
function statementOf(source: Source, value: TSESTree.Node): TSESTree.Node | undefined {
  const path = pathTo(source, value.range)
  const block = path.findLastIndex(({ type }) => type === 'BlockStatement')
  const fn = path.slice(0, block).findLast(isFunction)
  return fn?.async && !fn.generator && !path.slice(block + 2).some(mayBeSkipped) ? path[block + 1] : undefined
}

const mayBeSkipped = ({ type }: TSESTree.Node): boolean =>
  /Statement$|Function|^(?:Logical|Conditional)Expression$/.test(type)
