/** What the rules share that say whose rows a guarded entry point touches: one report for each, at its loosest query. */
import type { TSESLint } from '@typescript-eslint/utils'
import type { ClaimReport, EntryPointReport, LooseQueryReport, Place, ScopeReport } from '../model/report.ts'
import { checkMembership, membershipMessages, type ChosenTenant } from '../suggestions/check-membership.ts'
import { toFix, type Suggestion } from '../suggestions/edit.ts'
import { columnMessages, nameColumns } from '../suggestions/name-columns.ts'
import { narrow, narrowMessages } from '../suggestions/narrow-query.ts'
import { createRule, type Rule, type RuleDocs } from './create-rule.ts'
import { guardMessages, guardThat } from './guard-that.ts'
import { onFile, rethrowForDebugging, type LintedFile } from './file-report.ts'
import { locate } from './locate.ts'
import type { Wanted } from '../workspace/workspace.ts'

/** What a rule says of an entry point: at most one thing, its worst. */
export interface ScopeFinding {
  readonly messageId: string
  readonly place: Place
  readonly data: Readonly<Record<string, string>>
  /** The query that a suggestion can narrow. */
  readonly loose?: Narrowable
  /** What writes all that was sent. */
  readonly whole?: ClaimReport
  /** A tenant of the caller's choice. */
  readonly chosen?: ChosenTenant
  /** What a guard would have to do. */
  readonly wanted?: Wanted
}

/** What a suggestion needs to know of a query. */
type Narrowable = Pick<LooseQueryReport, 'place' | 'column' | 'kind' | 'proved' | 'problem'>

interface ScopeRule {
  readonly name: string
  readonly docs: RuleDocs
  readonly messages: Readonly<Record<string, string>>
  readonly suggests?: boolean
  readonly find: (scope: ScopeReport) => ScopeFinding | undefined
}

const suggestionMessages = { ...narrowMessages, ...columnMessages, ...membershipMessages, ...guardMessages }

/** Rules about the loosest query: the message for it; undefined for what another rule says. */
export function ruleOfQueries({
  messageFor,
  ...rule
}: Omit<ScopeRule, 'find'> & { readonly messageFor: (loosest: LooseQueryReport) => string | undefined }): Rule {
  return ruleOfScopes({
    ...rule,
    find: ({ loose: [loosest] }) => {
      const messageId = loosest && messageFor(loosest)
      if (!messageId) return undefined
      const { place, what, model, column, sent } = loosest
      const asked = sent === undefined ? 'whatever' : `whichever \`${sent}\``
      return { messageId, place, data: { what, model, column, asked }, loose: loosest }
    },
  })
}

export function ruleOfScopes({ name, docs, messages, suggests, find }: ScopeRule): Rule {
  return createRule<string>({
    name,
    meta: {
      type: 'problem',
      languages: ['js/js'],
      docs,
      ...(suggests ? { hasSuggestions: true } : {}),
      schema: [],
      messages: suggests ? { ...messages, ...suggestionMessages } : messages,
    },
    create: (context) =>
      onFile(context, (linted) => {
        for (const entryPoint of linted.report.entryPoints) {
          if (entryPoint.verdict !== 'guarded') continue
          const scope = linted.scopeOf(entryPoint)
          const found = scope && find(scope)
          if (!found) continue
          const { place, messageId, data } = found
          const here = place.file === linted.file
          context.report({
            loc: locate(linted.source, here ? place.range : entryPoint.range),
            messageId,
            data: { name: entryPoint.name, ...data },
            suggest: suggests ? suggestionsFor(linted, entryPoint, found, here) : undefined,
          })
        }
      }),
  })
}

/** Nothing in reach says who the caller is: a guard that puts it there is the first step. */
function bringing({ kind, column, proved }: Narrowable): Wanted | undefined {
  if (proved !== undefined) return undefined
  return kind === 'tenant' ? { writes: [column] } : kind === 'owner' ? { writes: ['user'] } : undefined
}

type Suggested = TSESLint.SuggestionReportDescriptor<string>

/** In its place, where it stands in the file; else a guard in front. And the tenant of the caller's choice may be one of theirs. */
function suggestionsFor(
  linted: LintedFile,
  entryPoint: EntryPointReport,
  { loose, whole, chosen = loose && choiceIn(loose), wanted = loose && bringing(loose) }: ScopeFinding,
  here: boolean,
): Suggested[] {
  const { source, file } = linted
  const inPlace = here ? built(() => [loose && narrow(source, loose), whole && nameColumns(source, file, whole)]) : []
  const guards = inPlace.length === 0 && wanted ? guardThat(linted, entryPoint, wanted).slice(0, 1) : []
  const checks =
    here && chosen
      ? built(() =>
          linted
            .guardsFor('membership')
            .filter(({ type }) => type === 'call')
            .slice(0, 1)
            .map((guard) => checkMembership(source, file, entryPoint, chosen, guard)),
        )
      : []
  return [...inPlace, ...guards, ...checks]
}

const choiceIn = ({ kind, problem, ...chosen }: Narrowable): ChosenTenant | undefined =>
  kind === 'tenant' && problem === 'chosen' ? chosen : undefined

/** A suggestion that cannot be built is no reason to lose the report. */
function built(build: () => readonly (Suggestion | undefined)[]): Suggested[] {
  try {
    return build().flatMap((made) => (made ? { messageId: made.id, data: made.data, fix: toFix(made.edits) } : []))
  } catch (error) {
    rethrowForDebugging(error)
    return []
  }
}
