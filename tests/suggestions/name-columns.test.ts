import { describe, expect, it } from 'vitest'
import type { WherePlace } from '../../src/catalog/meaning.ts'
import { nameColumns } from '../../src/suggestions/name-columns.ts'
import { rangesOf } from '../rules/reports.ts'
import { applied, sourceOf } from './apply.ts'

const columns = ['name', 'zone']
const set: readonly WherePlace[] = [{ method: 'set', at: [0] }]
const named = (code: string, query: string, written = set, file = '/p/src/profiles.ts', among = columns) => {
  const place = { file, range: rangesOf(code)(query), line: 1 }
  const suggestion = nameColumns(sourceOf(code), file, { place, columns: among, written })
  return suggestion && { says: suggestion.data.columns, code: applied(code, suggestion.edits) }
}
const both = 'set({ name: data.name, zone: data.zone })'

describe('all that was sent, written into a row', () => {
  const wide = `// ${'-'.repeat(110)}\n`
  const after = (values: string) => `${wide}const f = (data: any) => db.update(rows).${values}.where(mine(data.id))`
  const chain = (values: string) => named(after(values), 'db.update(rows)')?.code

  it('becomes the columns that may be written', () => {
    expect(chain('set(data)')).toBe(after(both))
    expect(named('const f = (data: any) => db.update(rows).set(data)', 'db.update(rows)')?.says).toBe(
      '`name` and `zone`',
    )
  })

  it('is part of what was sent', () => {
    expect(chain('set(data.profile)')).toBe(after('set({ name: data.profile.name, zone: data.profile.zone })'))
  })

  it('stands beside other columns, which are not named twice', () => {
    expect(chain('set({ ...data, zone: home })')).toBe(after('set({ name: data.name, zone: home })'))
    expect(chain('set({ ...data, name: me, zone: home })')).toBeUndefined()
  })

  it('is found where the query takes it as a property', () => {
    const at: readonly WherePlace[] = [{ at: [0, 'data'] }]
    const update = (given: string) => `const f = (data: any) => prisma.profile.update({ where: { userId }, ${given} })`
    const changed = (given: string) => named(update(given), update(given).slice('const f = (data: any) => '.length), at)
    const lines = (of: string) => update(`data: {\n  name: ${of}.name,\n  zone: ${of}.zone,\n}`)
    expect(changed('data')?.code).toBe(lines('data'))
    expect(changed('data: data.profile')?.code).toBe(lines('data.profile'))
  })

  it('stays in the style of the file: lines of the same width, its own line ends and indentation', () => {
    const code = 'function f(changes: any) {\r\n\treturn db.update(rows).set(changes)\r\n}\r\n'
    const many = ['name', 'zone', 'language', 'homepage', 'biography']
    expect(named(code, 'db.update(rows)', set, undefined, many)?.code).toBe(
      code.replace('set(changes)', `set({${many.map((name) => `\r\n\t\t${name}: changes.${name},`).join('')}\r\n\t})`),
    )
  })

  it('is left alone where it is computed, or is not the only thing', () => {
    expect(chain('set(clean(data))')).toBeUndefined()
    expect(chain('set({ ...data, ...more })')).toBeUndefined()
    expect(chain('set(data?.profile)')).toBeUndefined()
    expect(chain('set({ [key]: 1, ...data })')).toBeUndefined()
  })

  it('is left alone where no column is left', () => {
    expect(
      named('const f = (data: any) => db.update(rows).set(data)', 'db.update(rows)', set, undefined, []),
    ).toBeUndefined()
  })
})

describe('what the value can have, by the types that are written', () => {
  const among = (parameter: string, given = 'data', types = '') =>
    named(`${types}const f = (${parameter}) => db.update(rows).set(${given})`, 'db.update(rows)')?.says

  it.each([
    ['{ name: string; age: number }'],
    ['Partial<{ name: string }>'],
    ["Pick<Row, 'name' | 'id'>", 'type Row = { id: string; name: string; zone: string }\n'],
    ["Omit<Row, 'zone'>", 'interface Row { id: string; name: string; zone: string }\n'],
    ["Omit<typeof rows.$inferInsert, 'zone'>"],
    ['Row & { id: string }', 'export interface Row { name: string }\n'],
  ])('lists one of them: %s', (type, types = '') => {
    expect(among(`data: ${type}`, 'data', types)).toBe('`name`')
  })

  it.each([
    'any',
    'typeof rows.$inferInsert',
    'Partial<typeof rows.$inferSelect>',
    'InferInsertModel<typeof rows>',
    'Prisma.ProfileUpdateInput',
    'Updateable<RowsTable>',
  ])('is all that the row has: %s', (type) => {
    expect(among(`data: ${type}`)).toBe('`name` and `zone`')
  })

  it.each([
    ['unknown'],
    ['Elsewhere'],
    ['Record<string, unknown>'],
    ['Row', 'interface Row extends Base { name: string }\n'],
    ['Row<string>', 'type Row<T> = { name: T }\n'],
    ['{ age: number }'],
    ['Elsewhere & { name: string }'],
    ['typeof defaults'],
  ])('is not known, or has none of them: %s', (type, types = '') => {
    expect(among(`data: ${type}`, 'data', types)).toBeUndefined()
  })

  it('nothing is written where something has to be', () => {
    expect(among('data')).toBeUndefined()
    expect(among('data', 'unknownName')).toBeUndefined()
  })

  it('nothing has to be written in JavaScript', () => {
    const code = 'const f = (data) => db.update(rows).set(data)'
    expect(named(code, 'db.update(rows)', set, '/p/src/profiles.js')?.says).toBe('`name` and `zone`')
  })

  it('follows members, and names that are taken out', () => {
    expect(among('{ data }: { data: { name: string } }')).toBe('`name`')
    expect(among('{ data: { changes } }: { data: { changes: { zone: string } } }', 'changes')).toBe('`zone`')
    expect(among('input: { data: { zone: string } }', 'input.data')).toBe('`zone`')
    expect(among('{ data = {} }: { data: { name: string } }')).toBe('`name`')
    expect(among('{ name, ...data }: { id: string; name: string; zone: string }')).toBe('`zone`')
    expect(among('[data]: [{ name: string }]')).toBeUndefined()
  })

  const body = (statement: string, parameter: string, given = 'data') =>
    named(
      `async function f(${parameter}) {\n  ${statement}\n  await db.update(rows).set(${given})\n}`,
      'db.update(rows)',
    )?.says

  it('follows variables to what they are made of', () => {
    expect(body('const { zone, ...rest } = data', 'data: typeof rows.$inferInsert', 'rest')).toBe('`name`')
    expect(body('const changes = data', 'data: { name: string }', 'changes')).toBe('`name`')
    expect(body('const changes: { zone: string } = data', 'data: any', 'changes')).toBe('`zone`')
    expect(body('const data = (await request.json()) as { name: string }', 'request: Request')).toBe('`name`')
    expect(body('const data = await request.json()', 'request: Request')).toBe('`name` and `zone`')
    expect(body('const { data } = JSON.parse(text)', 'text: string')).toBe('`name` and `zone`')
    expect(body('const data = Object.fromEntries(form)', 'form: FormData')).toBeUndefined()
    expect(body('const data = data', '')).toBeUndefined()
    expect(body('const data = later; const later = data', '')).toBeUndefined()
  })

  const handled = (validator: string, handler: string, given = 'data') =>
    named(
      `const f = createServerFn()${validator}.handler((${handler}) => db.update(rows).set(${given}))`,
      'db.update(rows)',
    )?.says

  it('is what the validator of a server function takes and hands on', () => {
    expect(handled('.validator((data: { name: string }) => data)', '{ data }')).toBe('`name`')
    expect(
      handled(
        '.inputValidator((sent: { zone: string }) => { check(sent); return sent }).middleware([m])',
        'ctx',
        'ctx.data',
      ),
    ).toBe('`zone`')
    expect(handled('.validator((data: { name: string }) => clean(data))', '{ data }')).toBeUndefined()
    expect(handled('.validator((data: { name: string }): Elsewhere => data)', '{ data }')).toBeUndefined()
    expect(handled('.validator((data) => data)', '{ data }')).toBeUndefined()
    expect(handled('.validator(schema)', '{ data }')).toBeUndefined()
    expect(handled('', '{ data }')).toBeUndefined()
  })
})
