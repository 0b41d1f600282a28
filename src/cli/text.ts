/** The inventory for people. Pure: from an inventory to text. */
import type { EntryPoint, Inventory } from '../model/inventory.ts'
import type { Cause } from '../model/report.ts'

export type Style = 'bold' | 'dim' | 'red' | 'yellow'
export type Paint = (style: Style, text: string) => string

export const plain: Paint = (_style, text) => text

export interface TextOptions {
  readonly paint?: Paint
  /** Guarded and public entry points too, and the evidence of the open ones. */
  readonly verbose?: boolean
}

const causes: Record<Cause, string> = {
  noGuard: 'nothing on the way looks at the caller',
  notAwaited: 'the check is asynchronous and not awaited',
  resultIgnored: 'nothing tests what the check answers',
  passesNull: 'its test lets a caller without a session pass',
  denialDropped: 'the redirect or response that should deny is neither thrown nor returned',
  swallowed: 'the denial is caught and the work goes on',
  tooLate: 'the check comes after the work, or beside it',
  clientOnly: 'the only check runs in the caller’s browser',
  soft: 'its middleware looks the caller up and lets everybody through',
  injectableContext: 'the check reads a `context` key that the caller can set',
  untrusted: 'the check reads something that the caller chose',
  anonymousSession: 'any session passes, and anonymous sign-in hands one to everybody',
  onlyInBeforeLoad: 'only the route that calls it has a guard',
  onlyInLayout: 'only a layout around it has a guard',
  onlyInProxy: 'only the proxy looks at the caller',
  noGuardInProject: 'nothing in this project refuses anybody',
}

const more = `The steps to a verdict: npx eslint-plugin-authz explain <file>:<line>
What refuses anonymous callers, and by which guard; what is public, and why: npx eslint-plugin-authz audit --verbose`

export function causeInWords(cause: string | undefined): string {
  if (cause === undefined) return 'an anonymous caller gets through'
  return Object.hasOwn(causes, cause) ? causes[cause as Cause] : visible(cause)
}

/** What `recommended` reports: every open entry point, except for plain reads of models that nobody owns. */
export function isFinding(entry: EntryPoint): boolean {
  return entry.verdict === 'unguarded' && entry.exposure !== 'read'
}

export function renderText(inventory: Inventory, { paint = plain, verbose = false }: TextOptions = {}): string {
  const entries = inventory.entryPoints.toSorted(inOrder)
  const of = (verdict: EntryPoint['verdict']) => entries.filter((entry) => entry.verdict === verdict)
  const open = of('unguarded')
  const guarded = of('guarded')
  const sections = [detected(inventory)]
  const section = (title: string, style: Style, lines: readonly string[]) => {
    if (lines.length > 0) sections.push(`${paint('bold', paint(style, title))}\n${lines.join('\n')}\n`)
  }

  const reported = open.filter(isFinding).length
  section(
    `Open to anonymous callers: ${open.length}${reported < open.length ? `, of which \`recommended\` reports ${reported}` : ''}`,
    'red',
    byFile(open, (entry) => [
      `  ${place(entry, paint)} — ${causeInWords(entry.cause)}${prefixed(' — ', touches(entry, verbose))}`,
      ...(verbose ? evidence(entry).map((step) => `      ${paint('dim', step)}`) : []),
    ]),
  )
  section(
    `Not verifiable: ${of('unverifiable').length}`,
    'yellow',
    byFile(of('unverifiable'), (entry) => [`  ${place(entry, paint)} — ${reason(entry, 'no reason given')}`]),
  )
  if (verbose) {
    section(
      `Refuse anonymous callers: ${guarded.length}`,
      'bold',
      byFile(guarded, (entry) => [
        `  ${place(entry, paint)} — ${refused(entry)}${prefixed(' — ', touches(entry, true))}`,
      ]),
    )
    section(
      `Public: ${of('public').length}`,
      'bold',
      byFile(of('public'), (entry) => [`  ${place(entry, paint)} — ${reason(entry, 'no reason given')}`]),
    )
  }
  section(
    `Surfaces not analysed: ${inventory.notAnalysed.length}`,
    'yellow',
    inventory.notAnalysed.map(
      ({ what, file }) => `  ${visible(what)}${file === undefined ? '' : ` (${visible(file)})`}`,
    ),
  )
  section(
    `Problems: ${inventory.problems.length}`,
    'yellow',
    inventory.problems.map(({ file, message }) => `  ${visible(file)}: ${visible(message)}`),
  )
  const declared = guarded.filter(
    ({ guards }) => guards.length > 0 && guards.every(({ trust }) => trust === 'declared'),
  )
  if (declared.length > 0) {
    sections.push(
      `${count(declared.length, 'entry point')} refuse${s(declared)} anonymous callers only as the policy file declares.\n`,
    )
  }
  if (!verbose && entries.length > 0) sections.push(`${paint('dim', more)}\n`)
  sections.push(`${paint('bold', entries.length > 0 ? summary(inventory) : nothingFound(inventory))}\n`)
  return sections.join('\n')
}

/** The one honest line. It says what was shown, and never that an application is safe. */
export function summary({ entryPoints, notAnalysed, problems }: Inventory): string {
  const of = (verdict: EntryPoint['verdict']) => entryPoints.filter((entry) => entry.verdict === verdict)
  const open = of('unguarded')
  const guarded = of('guarded')
  const withPermission = guarded.filter((entry) => proves(entry, 'permission:'))
  const withRoleOnly = guarded.filter((entry) => proves(entry, 'role:') && !proves(entry, 'permission:'))
  const parts = [
    ...(open.length > 0 ? [`${open.length} open`] : []),
    `${guarded.length} refuse${s(guarded)} anonymous callers`,
    ...(guarded.length > 0 ? [`${withPermission.length} of these check${s(withPermission)} a permission`] : []),
    ...(withRoleOnly.length > 0 ? [`${withRoleOnly.length} only a role`] : []),
    `${of('public').length} public`,
    `${of('unverifiable').length} not verifiable`,
  ]
  const rest = [
    `${count(notAnalysed.length, 'surface')} not analysed`,
    ...(problems.length > 0 ? [count(problems.length, 'problem')] : []),
  ]
  return `${count(entryPoints.length, 'entry point')}: ${parts.join(', ')}; ${rest.join(', ')}`
}

function nothingFound({ root, detected: { frameworks }, problems }: Inventory): string {
  const found =
    frameworks.length > 0
      ? `${visible(frameworks.join(', '))} is used below ${visible(root)}, but no entry point was found there`
      : `No server entry point of TanStack Start or Next.js was found below ${visible(root)}`
  if (problems.length === 0) return `${found}.`
  return `${found}. Not everything was understood: ${count(problems.length, 'problem')}, see above.`
}

function detected({ detected: { frameworks, auth, data } }: Inventory): string {
  const line = (title: string, found: readonly string[]) =>
    `${title.padEnd(12)}${found.length > 0 ? visible(found.join(', ')) : 'none recognised'}\n`
  return line('Frameworks', frameworks) + line('Auth', auth) + line('Data', data)
}

/** The lines of each file's entry points, an empty line between files. */
function byFile(entries: readonly EntryPoint[], lines: (entry: EntryPoint) => readonly string[]): string[] {
  return entries.flatMap((entry, index) => [
    ...(index > 0 && entries[index - 1]!.file !== entry.file ? [''] : []),
    ...lines(entry),
  ])
}

function inOrder(a: EntryPoint, b: EntryPoint): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}

function place(entry: EntryPoint, paint: Paint): string {
  return `${visible(entry.file)}:${entry.line}:${entry.column} ${paint('bold', titled(entry))}`
}

/** Its name, and the HTTP method where the name does not say it. */
export function titled({ name, method }: EntryPoint): string {
  return visible(method === undefined || method.toUpperCase() === name.toUpperCase() ? name : `${name} (${method})`)
}

function touches({ effects, exposure }: EntryPoint, all: boolean): string {
  const what = [...effects.filter(({ write }) => write), ...effects.filter(({ write }) => !write)].map(
    (effect) => effect.what,
  )
  const each = [...new Set(what)].map(visible)
  const shown = all || each.length <= 4 ? each : [...each.slice(0, 3), `and ${each.length - 3} more`]
  return shown.join(', ') + (exposure === 'read' ? ' (only `strict` reports this read)' : '')
}

function reason({ reason: why, reasonAt, file }: EntryPoint, unknown: string): string {
  if (!reasonAt) return visible(why ?? unknown)
  return `${visible(why ?? unknown)} (${reasonAt.file === file ? 'line ' : `${visible(reasonAt.file)}:`}${reasonAt.line})`
}

function refused({ proofs, guards }: EntryPoint): string {
  const called = new Set(guards.filter(({ how }) => how !== 'inline').map(({ name }) => name))
  // what a helper answers is tested as well as refused by the helper itself: one name says it
  const named = guards.filter(({ name, how }) => how !== 'inline' || !called.has(name))
  const by = [...new Set(named.map(guardInWords))].join(', ')
  return visible([...(by === '' ? [] : [`refused by ${by}`]), `proves ${proofs.join(', ')}`].join(' — '))
}

/** From what the entry point names to what refuses: `requireRole → authMiddleware`. */
export function guardInWords({ name, how, trust, through = [] }: EntryPoint['guards'][number]): string {
  if (trust === 'declared') return `${name}, as the policy file declares`
  return how === 'inline' ? `a test of ${name}` : [...through, name].join(' → ')
}

export function evidence(entry: EntryPoint): string[] {
  return entry.evidence.map(({ file, line, what }) => `${visible(file)}:${line} ${visible(what)}`)
}

function proves({ proofs }: EntryPoint, prefix: string): boolean {
  return proofs.some((proof) => proof.startsWith(prefix))
}

function prefixed(prefix: string, text: string): string {
  return text.trim() === '' ? '' : prefix + text.trim()
}

/** One line that a terminal cannot take for a command: names and messages come out of the audited code. */
export function visible(text: string): string {
  return text
    .replaceAll(/[\t\n\v\f\r\u2028\u2029]+ */g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

/** The ending of the verb: one refuses, two refuse. */
function s(subjects: readonly unknown[]): string {
  return subjects.length === 1 ? 's' : ''
}
