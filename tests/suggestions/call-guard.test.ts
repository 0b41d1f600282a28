import { describe, expect, it } from 'vitest'
import { insertGuard } from '../../src/suggestions/insert-guard.ts'
import type { GuardCandidate } from '../../src/workspace/workspace.ts'
import { entryPoint, rangesOf } from '../rules/reports.ts'
import { applied, sourceOf } from './apply.ts'

const imported: GuardCandidate = {
  name: 'requireUser',
  file: '/p/src/guards.ts',
  specifier: '~/guards',
  local: 'requireUser',
  type: 'call',
}

/** @param handler the text of the function, where it is the entry point itself */
function called(code: string, handler?: string, guard = imported): string | undefined {
  const at = rangesOf(code)
  const declaration = at(code.slice(code.indexOf('export')).trimEnd())
  const report = entryPoint({
    kind: 'server-action',
    framework: 'next',
    name: 'act',
    range: at('act'),
    shape: { declaration, ...(handler === undefined ? {} : { handler: at(handler) }) },
  })
  const suggestion = insertGuard(sourceOf(code), '/p/src/actions.ts', report, guard)
  if (suggestion)
    expect(suggestion).toMatchObject({
      id: 'callGuard',
      data: { guard: guard.args ? "requireRole(['admin'])" : 'requireUser', name: 'act' },
    })
  return applied(code, suggestion?.edits)
}

describe('a guard that is called at the head of a function', () => {
  it('stands on a line of its own', () => {
    const fn = 'async function act(id: string) {\n  await remove(id)\n}'
    expect(called(`export ${fn}`, fn)).toBe(
      'export async function act(id: string) {\n  await requireUser()\n  await remove(id)\n}',
    )
  })
  it('keeps to one line, and ends as the file does', () => {
    const fn = 'async () => { await remove() }'
    expect(called(`export const act = ${fn};`, fn)).toBe(
      'export const act = async () => { await requireUser(); await remove() };',
    )
  })
  it('is given what the layout gives it', () => {
    const fn = 'async function act() {\n  await remove()\n}'
    const role: GuardCandidate = { ...imported, name: 'requireRole', local: 'requireRole', args: [['admin']] }
    expect(called(`export ${fn}`, fn, role)).toBe(
      "export async function act() {\n  await requireRole(['admin'])\n  await remove()\n}",
    )
  })
  it('comes behind the directive', () => {
    const fn = "async function act() {\n  'use server'\n  await remove()\n}"
    expect(called(`export ${fn}`, fn)).toBe(
      "export async function act() {\n  'use server'\n  await requireUser()\n  await remove()\n}",
    )
  })
  it('fills an empty body', () => {
    expect(called('export async function act() {}', 'async function act() {}')).toBe(
      'export async function act() { await requireUser() }',
    )
  })
  it('is imported where it is not there yet', () => {
    const fn = 'async function act() {\n  await remove()\n}'
    const { name, file, specifier, type } = imported
    expect(called(`'use server'\n\nexport ${fn}`, fn, { name, file, specifier, type })).toBe(
      "'use server'\nimport { requireUser } from '~/guards'\n\nexport async function act() {\n  await requireUser()\n  await remove()\n}",
    )
  })
  it('goes into the function that wrappers and clients are given', () => {
    expect(called('export const act = timed(logged(async (request) => {\n  await remove()\n}))')).toBe(
      'export const act = timed(logged(async (request) => {\n  await requireUser()\n  await remove()\n}))',
    )
    expect(called('export const act = client.inputSchema(z.object({})).action(async () => { await remove() })')).toBe(
      'export const act = client.inputSchema(z.object({})).action(async () => { await requireUser(); await remove() })',
    )
  })
  it('is not offered where nobody can wait for it', () => {
    expect(called('export function act() {\n  remove()\n}', 'function act() {\n  remove()\n}')).toBeUndefined()
    expect(called('export const act = async () => remove()', 'async () => remove()')).toBeUndefined()
    expect(called('export const act = timed(handler)')).toBeUndefined()
  })
})
