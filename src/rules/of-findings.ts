/** What the rules share that say what stands in the report's findings: each has its messages, and what repairs them. */
import type { EntryPointReport, Finding, Problems } from '../model/report.ts'
import { toFix, type Suggestion } from '../suggestions/edit.ts'
import type { Source } from '../suggestions/source.ts'
import { createRule, type Rule, type RuleDocs } from './create-rule.ts'
import { onFile, rethrowForDebugging } from './file-report.ts'
import type { Wanted } from '../workspace/workspace.ts'
import { guardMessages, guardThat } from './guard-that.ts'
import { locate } from './locate.ts'

type FindingOf<Name extends keyof Problems> = Extract<Finding, { readonly rule: Name }>

interface FindingRule<Name extends keyof Problems> {
  readonly name: Name
  readonly docs: RuleDocs
  readonly messages: Readonly<Record<Problems[Name], string>>
  /** What the messages are filled with, where that is more than the finding's data. */
  readonly data?: (finding: FindingOf<Name>) => Readonly<Record<string, string>>
  readonly suggestionMessages?: Readonly<Record<string, string>>
  readonly suggest?: (source: Source, finding: FindingOf<Name>) => Suggestion | undefined
  /** What a guard would have to do that makes up for it, where nothing else is suggested. */
  readonly wanted?: (finding: FindingOf<Name>) => Wanted | undefined
}

export function ruleOfFindings<Name extends keyof Problems>(rule: FindingRule<Name>): Rule {
  const { name, docs, suggestionMessages } = rule
  const messages: Record<string, string> = {
    ...rule.messages,
    ...suggestionMessages,
    ...(rule.wanted ? guardMessages : {}),
  }
  return createRule<string>({
    name,
    meta: {
      type: 'problem',
      languages: ['js/js'],
      docs,
      ...(suggestionMessages ? { hasSuggestions: true } : {}),
      schema: [],
      messages,
    },
    create: (context) =>
      onFile(context, (linted) => {
        const { report, source } = linted
        for (const finding of report.findings) {
          if (!isOf(name, finding)) continue
          const suggestion = repair(() => rule.suggest?.(source, finding))
          const wanted = suggestion ? undefined : rule.wanted?.(finding)
          const entryPoint = wanted && report.entryPoints.find((entry) => isLostIn(entry, finding))
          context.report({
            loc: locate(source, finding.range),
            messageId: finding.problem,
            data: rule.data?.(finding) ?? finding.data,
            suggest: suggestion
              ? [{ messageId: suggestion.id, data: suggestion.data, fix: toFix(suggestion.edits) }]
              : entryPoint
                ? guardThat(linted, entryPoint, wanted)
                : [],
          })
        }
      }),
  })
}

const isLostIn = ({ name, lost = [] }: EntryPointReport, { range, data }: Finding): boolean =>
  name === data.name && lost.some(({ place }) => place.range[0] === range[0] && place.range[1] === range[1])

const isOf = <Name extends keyof Problems>(name: Name, finding: Finding): finding is FindingOf<Name> =>
  finding.rule === name

/** A suggestion that cannot be built is no reason to lose the report. */
function repair(build: () => Suggestion | undefined): Suggestion | undefined {
  try {
    return build()
  } catch (error) {
    rethrowForDebugging(error)
    return undefined
  }
}
