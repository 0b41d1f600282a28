/** The whole evidence of one entry point. Pure: from an inventory to text. */
import type { EntryPoint, Inventory } from '../model/inventory.ts'
import type { EntryPointKind, Framework } from '../model/report.ts'
import { CannotRun, type Target } from './arguments.ts'
import { causeInWords, evidence, plain, titled, visible, type Paint } from './text.ts'

const kinds: Record<EntryPointKind, string> = {
  'server-fn': 'server function',
  'server-route': 'server route',
  'server-action': 'server action',
  'route-handler': 'route handler',
  page: 'page',
  layout: 'layout',
  metadata: 'metadata of a page',
  mount: 'mounted handler',
}

const frameworks: Record<Framework, string> = { 'tanstack-start': 'TanStack Start', next: 'Next.js' }

const tenants: Record<NonNullable<EntryPoint['tenant']>, string> = {
  scoped: 'its queries are bound to a proved tenant',
  unscoped: 'a query is not bound to a tenant',
  'client-chosen': 'a query is bound to a tenant that the caller chose',
  delegated: 'left to something else than the code: trusted, not proved',
}

const objects: Record<NonNullable<EntryPoint['object']>, string> = {
  bound: 'the rows are bound to the caller',
  unbound: 'the rows are not bound to the caller',
}

/** The entry points that a target (its file relative to the inventory's root, with /) means. */
export function select(inventory: Inventory, { file, line, name }: Target): EntryPoint[] {
  const all = inventory.entryPoints
    .filter((entry) => entry.file === file)
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
  const there = all.map((entry) => `${titled(entry)} (line ${entry.line})`).join(', ')
  if (all.length === 0) throw new CannotRun(nothingIn(inventory, file))
  if (name !== undefined) {
    const named = all.filter((entry) => entry.name === name)
    if (named.length > 0) return named
    throw new CannotRun(`${visible(file)} has no entry point ${JSON.stringify(name)}; it has ${there}.`)
  }
  if (line !== undefined) {
    // A line inside a handler means the entry point above it: where one ends is not in the inventory.
    const last = all.findLast((entry) => entry.line <= line)
    if (last) return all.filter((entry) => entry.line === last.line)
    throw new CannotRun(`${visible(file)} has no entry point at or above line ${line}; it has ${there}.`)
  }
  return all
}

function nothingIn({ problems }: Inventory, file: string): string {
  const own = problems.filter((problem) => problem.file === file).map(({ message }) => message.replace(/\.$/, ''))
  return own.length > 0
    ? `${visible(file)} was not understood: ${own.map(visible).join('; ')}.`
    : `${visible(file)} has no entry point: nothing in it was recognised as open to calls from outside.`
}

export function renderExplanation(entry: EntryPoint, paint: Paint = plain): string {
  const { file, line, column, kind, framework } = entry
  const blocks = [
    `${visible(file)}:${line}:${column} ${paint('bold', titled(entry))}\n${kinds[kind]}, ${frameworks[framework]}\n`,
    `${verdict(entry, paint)}\n`,
  ]
  const block = (title: string, lines: readonly string[]) => {
    if (lines.length > 0) blocks.push(`${paint('bold', title)}\n${lines.map((text) => `  ${text}\n`).join('')}`)
  }
  const width = String(entry.evidence.length).length
  block(
    'Evidence',
    evidence(entry).map((step, index) => `${String(index + 1).padStart(width)}. ${step}`),
  )
  block('Proved about the caller', entry.proofs.map(visible))
  block('Demanded by the policy file, and not proved', (entry.lacks ?? []).map(visible))
  block('Asked for, and not in the catalogue of permissions', (entry.unknownPermissions ?? []).map(visible))
  block(
    'Guards',
    entry.guards.map(
      (guard) =>
        `${at(guard)} ${visible([...(guard.through ?? []), guard.name].join(' → '))} (${guard.how}, ${guard.trust})`,
    ),
  )
  block(
    'Touches',
    entry.effects.map((effect) => `${at(effect)} ${visible(effect.what)}`),
  )
  if (entry.tenant) block('Tenant', [tenants[entry.tenant], ...(entry.delegatedTo ?? []).map(visible)])
  if (entry.object) block('Object', [objects[entry.object]])
  return blocks.join('\n')
}

function verdict(entry: EntryPoint, paint: Paint): string {
  const why = entry.reason === undefined ? '' : `: ${visible(entry.reason)}`
  const where = entry.reasonAt ? ` (${at(entry.reasonAt)})` : ''
  switch (entry.verdict) {
    case 'unguarded': {
      const strict = entry.exposure === 'read' ? ' Only `strict` reports this read.' : ''
      return `${paint('red', 'Open to anonymous callers')}: ${causeInWords(entry.cause)}.${strict}`
    }
    case 'unverifiable':
      return `${paint('yellow', 'Not verifiable')}${why}${where}`
    case 'public':
      return `Public${why}${where}`
    case 'guarded':
      return `Refuses anonymous callers${why}${where}`
  }
}

function at({ file, line }: { readonly file: string; readonly line: number }): string {
  return `${visible(file)}:${line}`
}
