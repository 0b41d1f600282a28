/** One analysis a file, shared by all rules: the first one that asks pays, the others read. */
import { resolve } from 'node:path'
import type { TSESLint } from '@typescript-eslint/utils'
import { createWorkspace, lower } from '../engine.ts'
import { mayHaveEntryPoints, mayHoldGuards } from '../entry-points/mentions.ts'
import type { EntryPointReport, FileReport, ScopeReport } from '../model/report.ts'
import type { GuardCandidate, GuardedKind, Wanted, Workspace, WorkspaceOptions } from '../workspace/workspace.ts'
import { warnOfCache } from './cache-warning.ts'
import type { RuleContext } from './create-rule.ts'
import { readSettings } from './settings.ts'

export interface LintedFile {
  /** Absolute. */
  readonly file: string
  readonly source: Readonly<TSESLint.SourceCode>
  readonly report: FileReport
  guardsFor(kind: GuardedKind, wanted?: Wanted): readonly GuardCandidate[]
  scopeOf(entryPoint: EntryPointReport): ScopeReport | undefined
}

interface Analysed extends LintedFile {
  readonly tree: TSESLint.SourceCode['ast']
  /** What is wrong with the policy or the settings, until a rule has said it. */
  policyProblem: string | undefined
}

/**
 * Of the file that is being linted. No `WeakMap` of all: collections of the young treat its values as reachable, so that each
 * tree would be copied until it is old.
 */
let analysed: Analysed | undefined
const workspaces = new Map<string, Workspace>()
let makeWorkspace: (options: WorkspaceOptions) => Workspace = createWorkspace

/** For tests: what the rules report is then up to them. */
export function setWorkspaceFactory(factory: (options: WorkspaceOptions) => Workspace): void {
  makeWorkspace = factory
  workspaces.clear()
}

/**
 * Calls `visit` once with what the analysis says about the linted file, if there can be anything to say.
 * An error in here is a defect of this plugin, and no reason to stop linting: `AUTHZ_DEBUG=1` shows it.
 */
export function onFile(context: RuleContext, visit: (linted: LintedFile) => void): TSESLint.RuleListener {
  const { filename, sourceCode } = context
  if (!mayHaveAnything(filename, sourceCode.text)) return {}
  return {
    Program() {
      try {
        const linted = analysed?.tree === sourceCode.ast ? analysed : (analysed = analyse(context))
        reportPolicyProblem(context, linted)
        visit(linted)
      } catch (error) {
        rethrowForDebugging(error)
      }
    },
  }
}

/** What was last asked: each rule asks the same of each file. */
let scanned = { filename: '', text: '', answer: false }

/** Not kept by the tree: a host that parses elsewhere hands that over only when it is asked for. */
function mayHaveAnything(filename: string, text: string): boolean {
  if (scanned.text !== text || scanned.filename !== filename)
    scanned = { filename, text, answer: mayHaveEntryPoints(filename, text) || mayHoldGuards(text) }
  return scanned.answer
}

export function rethrowForDebugging(error: unknown): void {
  if (process.env.AUTHZ_DEBUG === '1') throw error
}

function analyse({ cwd, filename, settings, sourceCode }: RuleContext): Analysed {
  const { config, projectHash, problem } = readSettings(settings.authz)
  warnOfCache(projectHash)
  const workspace = workspaceFor(config === undefined ? undefined : resolve(cwd, config))
  const file = resolve(cwd, filename)
  // The host's tree: unsaved text is part of it.
  const form = lower(sourceCode.ast, sourceCode.text, file, sourceCode.getAllComments())
  const report = workspace.analyse(file, form, sourceCode.text)
  return {
    file,
    source: sourceCode,
    tree: sourceCode.ast,
    report,
    scopeOf: (entryPoint) => workspace.scopeOf(file, entryPoint, form),
    guardsFor: oncePerQuestion((kind, wanted) => workspace.guardsFor(file, kind, form, wanted)),
    policyProblem: problem ?? report.policyProblem,
  }
}

/** One for each policy file that is named, and one for the projects that keep theirs in its usual place. */
function workspaceFor(config: string | undefined): Workspace {
  const key = config ?? ''
  const known = workspaces.get(key)
  if (known) return known
  const workspace = makeWorkspace(config === undefined ? {} : { config })
  workspaces.set(key, workspace)
  return workspace
}

function oncePerQuestion(ask: LintedFile['guardsFor']): LintedFile['guardsFor'] {
  const answers = new Map<string, readonly GuardCandidate[]>()
  return (kind, wanted) => {
    const question = JSON.stringify([kind, wanted])
    const answer = answers.get(question) ?? ask(kind, wanted)
    answers.set(question, answer)
    return answer
  }
}

function reportPolicyProblem(context: RuleContext, linted: Analysed): void {
  const problem = linted.policyProblem
  if (problem === undefined) return
  linted.policyProblem = undefined
  context.report({ loc: { line: 1, column: 0 }, messageId: 'invalidPolicy', data: { problem } })
}
