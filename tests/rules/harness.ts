/** Rules are tested against reports made by hand: what the analysis says is tested elsewhere. */
import { basename } from 'node:path'
import * as parser from '@typescript-eslint/parser'
import { RuleTester } from '@typescript-eslint/rule-tester'
import { setWorkspaceFactory } from '../../src/rules/file-report.ts'
import type { Range } from '../../src/model/form.ts'
import { emptyReport, type EntryPointReport, type FileReport } from '../../src/model/report.ts'
import { createWorkspace, type GuardCandidate, type WorkspaceOptions } from '../../src/workspace.ts'

export interface Told {
  readonly report: FileReport
  readonly guards: readonly GuardCandidate[]
}

const told = new Map<string, Told>()
/** What the workspaces were made with, and what they were asked. */
export const asked: { options: WorkspaceOptions[]; files: string[] } = { options: [], files: [] }

setWorkspaceFactory((options) => {
  asked.options.push(options)
  return {
    ...createWorkspace(),
    analyse: (file) => {
      asked.files.push(file)
      return told.get(basename(file))?.report ?? emptyReport(file)
    },
    guardsFor: (file) => told.get(basename(file))?.guards ?? [],
  }
})

export const ruleTester = new RuleTester({
  languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: true } } },
})

/** Finds the range of a piece of the code. */
export type At = (text: string, occurrence?: number) => Range

export const rangesOf =
  (code: string): At =>
  (text, occurrence = 0) => {
    let start = code.indexOf(text)
    for (let count = 0; count < occurrence; count++) start = code.indexOf(text, start + 1)
    if (start < 0) throw new Error(`${text} is not in the code`)
    return [start, start + text.length]
  }

let files = 0

/** A file about which the analysis says what `say` returns. */
export function file(
  code: string,
  say: (at: At) => Partial<FileReport>,
  guards: readonly GuardCandidate[] = [],
): { code: string; filename: string } {
  const filename = `file-${++files}.tsx`
  told.set(filename, { report: { ...emptyReport(filename), ...say(rangesOf(code)) }, guards })
  return { code, filename }
}

/** An open server function that writes, unless something else is said. */
export function entryPoint(given: Partial<EntryPointReport> & Pick<EntryPointReport, 'range'>): EntryPointReport {
  return {
    name: 'deleteInvoice',
    kind: 'server-fn',
    framework: 'tanstack-start',
    verdict: 'unguarded',
    cause: 'noGuard',
    proofs: [],
    guards: [],
    effects: [{ what: 'deletes `invoices`', place: { file: '/p/src/db.ts', range: [0, 1], line: 1 }, write: true }],
    evidence: [],
    exposure: 'write',
    shape: { declaration: given.range },
    ...given,
  }
}

export const authMiddleware: GuardCandidate = {
  name: 'authMiddleware',
  file: '/p/src/middleware.ts',
  specifier: '~/middleware',
  type: 'request',
}
