/** What the rules for Next.js have in common: they differ in the kinds of entry points. */
import type { EntryPointKind } from '../../src/model/report.ts'
import type { Rule } from '../../src/rules/create-rule.ts'
import type { GuardCandidate } from '../../src/workspace/workspace.ts'
import { file, ruleTester } from './harness.ts'
import { authMiddleware, entryPoint, type At } from './reports.ts'

const code = `'use server'
export async function act() {
  await work()
}
`
const declaration = code.slice(code.indexOf('export'), -1)
const open = (at: At, kind: EntryPointKind) =>
  entryPoint({
    kind,
    framework: 'next',
    name: 'act',
    range: at('act'),
    shape: { declaration: at(declaration) },
  })
const data = {
  name: 'act',
  what: 'deletes `invoices`',
  culprit: 'the check',
  Culprit: 'The check',
  guard: 'a check of the caller',
}
const passedBy = (kind: EntryPointKind): string =>
  kind === 'server-action'
    ? 'which is rendered after an action, if at all'
    : 'which is not rendered again on the way to this page'
const declared = {
  messageId: 'declarePublic',
  data: { name: 'act' },
  output: code.replace('export', '// authz: public -- <reason>\nexport'),
} as const

const requireUser: GuardCandidate = {
  name: 'requireUser',
  file: '/p/src/guards.ts',
  specifier: '~/guards',
  type: 'call',
}

const wrapper = (name: string): GuardCandidate => ({
  name,
  file: '/p/src/wrappers.ts',
  specifier: '~/wrappers',
  type: 'wrapper',
})
const wraps = (kind: EntryPointKind): boolean => kind === 'route-handler' || kind === 'server-action'

/** Runs the rule on open entry points of its kinds, and of another one. */
export function runNextCases(name: string, rule: Rule, kinds: readonly EntryPointKind[], other: EntryPointKind): void {
  ruleTester.run(name, rule, {
    valid: [
      {
        name: `an open ${other}, which another rule reports`,
        ...file(code, (at) => ({ entryPoints: [open(at, other)] })),
      },
    ],
    invalid: kinds.flatMap((kind) => [
      {
        name: `an open ${kind}, and a function of the project that refuses callers`,
        ...file(
          code,
          (at) => ({
            entryPoints: [
              {
                ...open(at, kind),
                shape: { declaration: at(declaration), handler: at(declaration.slice('export '.length)) },
              },
            ],
          }),
          [requireUser],
        ),
        errors: [
          {
            messageId: 'noGuard',
            data: { ...data, guard: '`requireUser()`' },
            line: 2,
            column: 23,
            suggestions: [
              {
                messageId: 'callGuard',
                data: { guard: 'requireUser', name: 'act' },
                output: code
                  .replace('\nexport', "\nimport { requireUser } from '~/guards'\nexport")
                  .replace('  await', '  await requireUser()\n  await'),
              },
              declared,
            ],
          } as const,
        ],
      },
      {
        name: `an open ${kind}: a wrapper that the file uses goes before a call, and both before one from elsewhere`,
        ...file(
          code,
          (at) => ({
            entryPoints: [
              {
                ...open(at, kind),
                shape: { declaration: at(declaration), handler: at(declaration.slice('export '.length)) },
              },
            ],
          }),
          [wrapper('withClub'), requireUser, { ...wrapper('withUser'), local: 'withUser' }],
        ),
        errors: [
          {
            messageId: 'noGuard',
            data: { ...data, guard: wraps(kind) ? '`withUser`' : '`requireUser()`' },
            line: 2,
            column: 23,
            suggestions: [
              ...(wraps(kind)
                ? [
                    {
                      messageId: 'wrapInGuard',
                      data: { guard: 'withUser', name: 'act' },
                      output: code
                        .replace('async function act', 'const act = withUser(async function act')
                        .replace(/\}\n$/, '})\n'),
                    } as const,
                  ]
                : []),
              {
                messageId: 'callGuard',
                data: { guard: 'requireUser', name: 'act' },
                output: code
                  .replace('\nexport', "\nimport { requireUser } from '~/guards'\nexport")
                  .replace('  await', '  await requireUser()\n  await'),
              } as const,
              declared,
            ],
          } as const,
        ],
      },
      ...(['onlyInLayout', 'onlyInProxy'] as const).map((cause) => ({
        name: `an open ${kind}: ${cause}; it is not offered to declare it public`,
        ...file(code, (at) => ({ entryPoints: [{ ...open(at, kind), cause, culprit: 'proxy.ts (/act)' }] })),
        errors: [
          {
            messageId: cause,
            data: {
              ...data,
              culprit: '`proxy.ts (/act)`',
              Culprit: '`proxy.ts (/act)`',
              ...(cause === 'onlyInLayout' ? { passedBy: passedBy(kind) } : {}),
            },
            line: 2,
            column: 23,
          } as const,
        ],
      })),
      {
        name: `an open ${kind}; no middleware of another framework is offered for it`,
        ...file(code, (at) => ({ entryPoints: [open(at, kind)] }), [authMiddleware]),
        errors: [{ messageId: 'noGuard', data, line: 2, column: 23, suggestions: [declared] } as const],
      },
    ]),
  })
}
