/** Rules are tested against reports made by hand: what the analysis says is tested elsewhere. */
import { basename, resolve } from 'node:path'
import * as parser from '@typescript-eslint/parser'
import { RuleTester } from '@typescript-eslint/rule-tester'
import { setWorkspaceFactory } from '../../src/rules/file-report.ts'
import {
  emptyReport,
  type ClaimReport,
  type FileReport,
  type LooseQueryReport,
  type ScopeReport,
} from '../../src/model/report.ts'
import { createWorkspace, type GuardCandidate, type WorkspaceOptions } from '../../src/workspace/workspace.ts'
import { entryPoint, rangesOf, type At } from './reports.ts'

export interface Told {
  readonly report: FileReport
  readonly guards: readonly GuardCandidate[]
  readonly scope?: ScopeReport
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
    scopeOf: (file) => told.get(basename(file))?.scope,
  }
})

export const ruleTester = new RuleTester({
  languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: true } } },
})

let files = 0

/** A file about which the analysis says what `say` returns. */
export function file(
  code: string,
  say: (at: At, file: string) => Partial<FileReport>,
  guards: readonly GuardCandidate[] = [],
): { code: string; filename: string } {
  const filename = `file-${++files}.tsx`
  told.set(filename, { report: { ...emptyReport(filename), ...say(rangesOf(code), resolve(filename)) }, guards })
  return { code, filename }
}

/** A file with the guarded entry point `act`, whose queries are as the scope says; what it speaks of is the piece `at` of the code. */
export function scopedFile(
  code: string,
  scope: {
    readonly loose?: readonly Omit<LooseQueryReport, 'place'>[]
    readonly claims?: readonly Omit<ClaimReport, 'place'>[]
    readonly wide?: readonly Omit<ScopeReport['wide'][number], 'place'>[]
  },
  at = 'act',
  elsewhere?: string,
  guards: readonly GuardCandidate[] = [],
): { code: string; filename: string } {
  const chainStart = code.includes('createServerFn()') ? rangesOf(code)('createServerFn()') : undefined
  const given = file(
    code,
    (range) => ({
      entryPoints: [
        entryPoint({
          name: 'act',
          verdict: 'guarded',
          range: range('act'),
          ...(chainStart ? { shape: { chainStart, declaration: range('export') } } : {}),
        }),
      ],
    }),
    guards,
  )
  const place = { file: elsewhere ?? resolve(given.filename), range: rangesOf(code)(at), line: 1 }
  const placed = <T>(found: T): T & { place: typeof place } => ({ ...found, place })
  told.set(given.filename, {
    ...told.get(given.filename)!,
    scope: {
      tenant: scope.loose ? 'unscoped' : null,
      object: null,
      delegatedTo: [],
      loose: (scope.loose ?? []).map(placed),
      claims: (scope.claims ?? []).map(placed),
      wide: (scope.wide ?? []).map(placed),
    },
  })
  return given
}

/** A file with the guarded entry point `act`, whose loosest query is the piece `query` of the code. */
export const looseFile = (
  code: string,
  query: string,
  loose: Omit<LooseQueryReport, 'place' | 'what' | 'write'>,
  elsewhere?: string,
  guards: readonly GuardCandidate[] = [],
): { code: string; filename: string } =>
  scopedFile(code, { loose: [{ ...loose, what: `writes \`${loose.model}\``, write: true }] }, query, elsewhere, guards)
