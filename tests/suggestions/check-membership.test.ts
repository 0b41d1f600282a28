import { expect, it } from 'vitest'
import { checkMembership } from '../../src/suggestions/check-membership.ts'
import type { GuardCandidate } from '../../src/workspace/workspace.ts'
import { entryPoint, rangesOf } from '../rules/reports.ts'
import { applied, sourceOf } from './apply.ts'

const elsewhere: GuardCandidate = {
  name: 'requireMember',
  file: '/p/src/members.ts',
  specifier: '~/members',
  type: 'call',
}
const guard: GuardCandidate = { ...elsewhere, local: 'requireMember' }

function checked(code: string, query: string, given = guard): string | undefined {
  const file = '/p/src/teams.ts'
  const report = entryPoint({ range: [0, 0], shape: { declaration: [0, code.length] } })
  const place = { file, range: rangesOf(code)(query), line: 1 }
  const suggestion = checkMembership(sourceOf(code), file, report, { place, column: 'teamId' }, given)
  return applied(code, suggestion?.edits)
}

it('the membership is looked up in front of the statement', () => {
  const code = `async function f({ data }) {
  const now = new Date();
  await db.insert(notes).values({ teamId: data.teamId, now });
}
const other = 1;
`
  expect(checked(code, 'db.insert(notes)')).toBe(
    code.replace('  await', '  await requireMember(data.teamId);\n  await'),
  )
})

it('it is imported', () => {
  const code = 'async function f(teamId) {\n  return prisma.notes.findMany({ where: { teamId } })\n}\n'
  expect(checked(code, code.slice(code.indexOf('prisma'), -3), elsewhere)).toBe(
    `import { requireMember } from '~/members'\n${code.replace('  return', '  await requireMember(teamId)\n  return')}`,
  )
})

it('on the same line where the function is on one', () => {
  const code = 'const f = async (id) => { return db.select().from(notes).where(eq(notes.teamId, id)) }'
  expect(checked(code, 'db.select()')).toBe(code.replace('return', 'await requireMember(id); return'))
})

it('what begins with a bracket is not taken for a part of it', () => {
  const code = 'async function f(id) {\n  (await db.insert(notes).values({ teamId: id }))\n}\n'
  expect(checked(code, 'db.insert(notes)')).toBe(code.replace('  (', '  await requireMember(id);\n  ('))
})

it('a handler that is written without a body gets one, and waits', () => {
  const code = `const act = createServerFn()
  .handler(({ data }) =>
    db.insert(notes).values({ teamId: data.teamId }),
  )
`
  expect(checked(code, 'db.insert(notes)')).toBe(`const act = createServerFn()
  .handler(async ({ data }) => {
    await requireMember(data.teamId)
    return db.insert(notes).values({ teamId: data.teamId })
  },
  )
`)
  const work = 'const f = async (id) => db.insert(notes).values({ teamId: id });\n'
  expect(checked(work, 'db.insert(notes)')).toBe(
    'const f = async (id) => {\n  await requireMember(id);\n  return db.insert(notes).values({ teamId: id });\n};\n',
  )
})

it.each([
  ['the function cannot wait', 'function f(id) {\n  db.insert(notes).values({ teamId: id })\n}'],
  [
    'the function has no body, and a comment',
    'const f = async (id) => /* why */ db.insert(notes).values({ teamId: id })',
  ],
  [
    'the function has no body, but a choice',
    'const f = async (id) => (id ? db.insert(notes).values({ teamId: id }) : 0)',
  ],
  ['it is done at times only', 'async function f(id) {\n  if (id) await db.insert(notes).values({ teamId: id })\n}'],
  [
    'it is done at times only, by an operator',
    'async function f(id) {\n  id && (await db.insert(notes).values({ teamId: id }))\n}',
  ],
  [
    'an inner function does it',
    'async function f(ids) {\n  await each(ids, (id) => db.insert(notes).values({ teamId: id }))\n}',
  ],
  ['the value is computed', 'async function f(id) {\n  await db.insert(notes).values({ teamId: parse(id) })\n}'],
  [
    'there are several values',
    'async function f(a, b) {\n  await db.insert(notes).values([{ teamId: a }, { teamId: b }])\n}',
  ],
])('there is no place for it where %s', (_, code) => {
  expect(checked(code, 'db.insert(notes)')).toBeUndefined()
})
