/** What the rules share that say whose rows a guarded entry point touches: one report for each, at its loosest query. */
import type { LooseQueryReport } from '../model/report.ts'
import { toFix } from '../suggestions/edit.ts'
import { narrow, narrowMessages } from '../suggestions/narrow-query.ts'
import { createRule, type Rule, type RuleDocs } from './create-rule.ts'
import { guardMessages, guardThat } from './guard-that.ts'
import { onFile, rethrowForDebugging, type LintedFile } from './file-report.ts'
import { locate } from './locate.ts'

interface ScopeRule {
  readonly name: string
  readonly docs: RuleDocs
  readonly messages: Readonly<Record<string, string>>
  /** The message for what it finds; undefined for what another rule says. */
  readonly messageFor: (loosest: LooseQueryReport) => string | undefined
}

export function ruleOfScopes({ name, docs, messages, messageFor }: ScopeRule): Rule {
  return createRule<string>({
    name,
    meta: {
      type: 'problem',
      languages: ['js/js'],
      docs,
      hasSuggestions: true,
      schema: [],
      messages: { ...messages, ...narrowMessages, ...guardMessages },
    },
    create: (context) =>
      onFile(context, (linted) => {
        for (const entryPoint of linted.report.entryPoints) {
          if (entryPoint.verdict !== 'guarded') continue
          const loosest = linted.scopeOf(entryPoint)?.loose[0]
          const messageId = loosest && messageFor(loosest)
          if (!messageId) continue
          const here = loosest.place.file === linted.file
          const suggestion = here ? suggested(linted, loosest) : undefined
          context.report({
            loc: locate(linted.source, here ? loosest.place.range : entryPoint.range),
            messageId,
            data: { name: entryPoint.name, what: loosest.what, model: loosest.model, column: loosest.column },
            suggest: suggestion
              ? [{ messageId: suggestion.id, data: suggestion.data, fix: toFix(suggestion.edits) }]
              : bringing(loosest)
                  .flatMap((key) => guardThat(linted, entryPoint, { writes: [key] }))
                  .slice(0, 1),
          })
        }
      }),
  })
}

/** Nothing in reach says who the caller is: a guard that puts it there is the first step. */
const bringing = ({ kind, column, proved }: LooseQueryReport): readonly string[] =>
  proved !== undefined ? [] : kind === 'tenant' ? [column] : kind === 'owner' ? ['user'] : []

/** A suggestion that cannot be built is no reason to lose the report. */
function suggested({ source }: LintedFile, loosest: LooseQueryReport): ReturnType<typeof narrow> {
  try {
    return narrow(source, loosest)
  } catch (error) {
    rethrowForDebugging(error)
    return undefined
  }
}
