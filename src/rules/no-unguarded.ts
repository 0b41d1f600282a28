/** What the `no-unguarded-*` rules share. They differ in the kind of entry point, and each cause has its own message. */
import type { TSESLint } from '@typescript-eslint/utils'
import { isPageData } from '../entry-points/next/conventions.ts'
import type { Cause, EntryPointKind, EntryPointReport } from '../model/report.ts'
import { toFix, type Suggestion } from '../suggestions/edit.ts'
import { argumentsOf } from '../suggestions/insert-guard.ts'
import { suggest, suggestionMessages, type Request } from '../suggestions/suggest.ts'
import type { GuardCandidate } from '../workspace/workspace.ts'
import { createRule, type Rule, type RuleContext } from './create-rule.ts'
import { onFile, rethrowForDebugging, type LintedFile } from './file-report.ts'
import { locate } from './locate.ts'

type MessageId = Cause | keyof typeof suggestionMessages
type Options = [{ readonly reads?: 'owned' | 'all' }]

export interface UnguardedRule {
  readonly name: string
  readonly kinds: readonly EntryPointKind[]
  readonly description: string
}

export function noUnguarded({ name, kinds, description }: UnguardedRule): Rule<MessageId, Options> {
  return createRule<MessageId, Options>({
    name,
    meta: {
      type: 'problem',
      languages: ['js/js'],
      docs: {
        description,
        recommended: 'recommended',
        // The preset `strict` wants every read behind a guard.
        presetOptions: { strict: [{ reads: 'all' }] },
        cwe: [862, 306],
        owasp: ['A01:2021', 'API5:2023'],
        nist: ['PR.AA-03', 'PR.AA-05'],
      },
      hasSuggestions: true,
      schema: [
        {
          type: 'object',
          additionalProperties: false,
          properties: {
            reads: {
              type: 'string',
              enum: ['owned', 'all'],
              description:
                'Which unguarded reads are reported: of models that belong to somebody (`owned`), or of every model (`all`). Writes always are.',
            },
          },
        },
      ],
      defaultOptions: [{ reads: 'owned' }],
      messages,
    },
    create: (context) => reportUnguarded(context, kinds),
  })
}

const messages = {
  noGuard: '`{{name}}` {{what}} for anyone who calls it: nothing checks the caller. Put {{guard}} in front of it.',
  notAwaited:
    '{{Culprit}} is not awaited, so `{{name}}` {{what}} before it can refuse anyone. Write `await` in front of it.',
  resultIgnored:
    'Nothing tests what {{culprit}} answers, so `{{name}}` {{what}} for anyone who calls it. Throw when it says no.',
  passesNull:
    'The test of {{culprit}} lets a caller without a session through, so `{{name}}` {{what}} for anyone who calls it. Refuse the missing session first.',
  denialDropped:
    '{{Culprit}} is neither thrown nor returned, so `{{name}}` {{what}} for anyone who calls it. Put `throw` or `return` in front of it.',
  swallowed:
    'What {{culprit}} throws is caught and the work goes on: `{{name}}` {{what}} for anyone who calls it. Rethrow it in the `catch`, or return.',
  tooLate: '`{{name}}` {{what}} before {{culprit}} can refuse the caller. Check first, then act.',
  clientOnly:
    '{{Culprit}} runs only in the browser of the caller, who can skip it: `{{name}}` {{what}} for anyone. Check in `.server()`, or put {{guard}} in front of it.',
  soft: '{{Culprit}} looks the caller up but lets everybody through: `{{name}}` {{what}} for anyone. Make it refuse, or put {{guard}} in front of it.',
  injectableContext:
    'The caller can send {{culprit}}, which no middleware sets on every path: `{{name}}` {{what}} for anyone who does. Put {{guard}} in front of it.',
  untrusted:
    '{{Culprit}} is the caller’s to choose and proves nothing: `{{name}}` {{what}} for anyone. Verify the session instead, e.g. put {{guard}} in front of it.',
  anonymousSession:
    '{{Culprit}} also answers who signed in anonymously, which anybody can: `{{name}}` {{what}} for anyone. Refuse anonymous users as well.',
  onlyInBeforeLoad:
    '`{{name}}` {{what}} for anyone who calls it: only {{culprit}} checks, and a direct call passes it by. Put {{guard}} in front of it too.',
  onlyInLayout:
    '`{{name}}` {{what}} for anyone: only the layout {{culprit}} checks, {{passedBy}}. Put {{guard}} into it too.',
  onlyInProxy:
    '`{{name}}` {{what}} for anyone who gets past {{culprit}}, and only that looks at the caller. Put {{guard}} in front of it too.',
  noGuardInProject:
    '`{{name}}` {{what}} for anyone who calls it, and nothing in this project refuses anybody yet. Write {{guard}}, and use it here.',
  ...suggestionMessages,
} as const satisfies Record<MessageId, string>

function reportUnguarded(
  context: RuleContext<MessageId, Options>,
  kinds: readonly EntryPointKind[],
): TSESLint.RuleListener {
  const reads = context.options[0].reads ?? 'owned'
  return onFile(context, (linted) => {
    for (const entryPoint of linted.report.entryPoints) {
      if (!kinds.includes(entryPoint.kind) || entryPoint.verdict !== 'unguarded') continue
      if (reads === 'owned' && entryPoint.exposure === 'read') continue
      reportOne(context, linted, entryPoint, guardsOf(linted, entryPoint))
    }
  })
}

function reportOne(
  context: RuleContext<MessageId, Options>,
  linted: LintedFile,
  entryPoint: EntryPointReport,
  guards: readonly GuardCandidate[],
): void {
  const cause = entryPoint.cause ?? 'noGuard'
  const culprit = culpritOf(entryPoint, cause)
  context.report({
    loc: locate(linted.source, entryPoint.causeRange ?? entryPoint.range),
    messageId: cause,
    data: {
      name: entryPoint.name,
      what: whatOf(entryPoint),
      culprit,
      Culprit: capitalised(culprit),
      passedBy: passedBy(entryPoint),
      guard: guards[0] ? shownAs(linted, guards[0]) : kindOfGuard(entryPoint),
    },
    suggest: suggestionsFor({
      source: linted.source,
      file: linted.file,
      entryPoint,
      culprit,
      guards,
      inlinePublicForbidden: linted.report.inlinePublicForbidden === true,
    }).map(({ id, data, edits }) => ({ messageId: id as MessageId, data, fix: toFix(edits) })),
  })
}

const shownAs = ({ source }: LintedFile, guard: GuardCandidate): string =>
  `\`${guard.local ?? guard.name}${guard.type === 'call' && !guard.args ? '()' : argumentsOf(source, guard)}\``

/** A suggestion that cannot be built is no reason to lose the report. */
function suggestionsFor(request: Request): Suggestion[] {
  try {
    return suggest(request)
  } catch (error) {
    rethrowForDebugging(error)
    return []
  }
}

/** The first two that can stand there, and not the one that has just been shown to stop nobody. */
function guardsOf(
  linted: LintedFile,
  { name, kind, framework, cause, culprit, above }: EntryPointReport,
): GuardCandidate[] {
  if (cause === 'noGuardInProject') return []
  // a function that is called without the request asks `next/headers`, which is of the App Router alone
  if (isPageData(name)) return []
  const guards = framework === 'next' ? guardsOfNext(linted, kind, above) : middlewareFor(linted, kind)
  return guards.filter((guard) => guard.name !== culprit).slice(0, 2)
}

function middlewareFor(linted: LintedFile, kind: EntryPointKind): readonly GuardCandidate[] {
  if (kind !== 'server-fn' && kind !== 'server-route') return []
  return linted
    .guardsFor(kind)
    .filter(({ type }) => type === 'request' || (type === 'function' && kind === 'server-fn'))
}

/** What siblings in the same file are wrapped in; what can be called; else what siblings elsewhere are wrapped in. */
function guardsOfNext(
  linted: LintedFile,
  kind: EntryPointKind,
  above: EntryPointReport['above'],
): readonly GuardCandidate[] {
  const around = kind === 'route-handler' ? 'wrapped-handler' : kind === 'server-action' ? 'wrapped-action' : undefined
  const wrappers = around ? linted.guardsFor(around).filter(({ type }) => type === 'wrapper') : []
  const here = wrappers.filter(({ local }) => local !== undefined)
  // what asks less than the layout lets those in whom that keeps out
  const wanted = above && { as: above.file, proofs: above.proofs.filter((proof) => proof !== 'authenticated') }
  const calls = linted.guardsFor('call', wanted).filter(({ type }) => type === 'call')
  return [...here, ...calls, ...wrappers.filter((wrapper) => !here.includes(wrapper))]
}

/** What stands in front of an entry point of this framework. */
const kindOfGuard = ({ framework }: EntryPointReport): string =>
  framework === 'next' ? 'a check of the caller' : 'a guard middleware'

/** How a layout is passed by. */
const passedBy = ({ kind }: EntryPointReport): string =>
  kind === 'server-action'
    ? 'which is rendered after an action, if at all'
    : 'which is not rendered again on the way to this page'

/** What to say where the analysis has no name for it. */
const unnamed: Readonly<Partial<Record<Cause, string>>> = {
  passesNull: 'the caller',
  denialDropped: 'the refusal',
  clientOnly: 'its middleware',
  soft: 'its middleware',
  injectableContext: 'the `context`',
  untrusted: 'what it checks',
  onlyInBeforeLoad: 'the route',
}

function culpritOf({ culprit }: EntryPointReport, cause: Cause): string {
  return culprit === undefined ? (unnamed[cause] ?? 'the check') : `\`${culprit}\``
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** The worst of what it does. */
function whatOf({ effects }: EntryPointReport): string {
  return (effects.find((effect) => effect.write) ?? effects[0])?.what ?? 'does its work'
}
