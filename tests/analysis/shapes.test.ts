/** What a schema lets be left out is not there for sure: a query by it finds anybody's row. */
import { describe, expect, it } from 'vitest'
import { answerTo, handler } from './harness.ts'

const byToken =
  'const row = await prisma.invite.findFirst({ where: { token: data.token } }); if (!row) throw new Error(); return prisma.invoice.findMany({ where: { organizationId: row.organizationId } })'
const verdicts = (schema: string, library = `import { z } from 'zod'`): string =>
  answerTo(`${library}\n${handler(byToken, `.validator(${schema})`)}`).verdict

describe('a row found by a token of the input', () => {
  it.each([
    ['a text', 'z.object({ token: z.string() })'],
    ['a text that is asked more of', 'z.object({ token: z.string().min(20).trim() })'],
    ['made optional and required again', 'z.object({ token: z.string().optional() }).required()'],
    ['in each of two', 'z.union([z.object({ token: z.string() }), z.object({ token: z.string(), id: z.string() })])'],
    ['in one of two that it has to meet', 'z.object({ id: z.string() }).and(z.object({ token: z.string() }))'],
    ['of another schema', 'z.object({ id: z.string() }).extend({ token: z.string() })'],
  ])('is that of who was given it: %s', (_, schema) => {
    expect(verdicts(schema)).toBe('guarded')
  })

  it.each([
    ['optional', 'z.object({ token: z.string().optional() })'],
    ['nullish, and asked more of before', 'z.object({ token: z.string().min(20).nullish() })'],
    ['in one of two', 'z.union([z.object({ token: z.string() }), z.object({ id: z.string() })])'],
    ['optional in one of two', 'z.object({ token: z.string() }).or(z.object({ token: z.string().optional() }))'],
    ['optional by a function', 'z.object({ token: z.optional(z.string()) })'],
    ['in a partial object', 'z.object({ token: z.string() }).partial()'],
    ['anything', 'z.object({ token: z.any() })'],
    ['not in the schema', 'z.object({ id: z.string() })'],
    ['replaced by an optional one', 'z.object({ token: z.string() }).extend({ token: z.string().optional() })'],
  ])('is anybody’s, since the token may be left out: %s', (_, schema) => {
    expect(verdicts(schema)).toBe('unguarded')
  })

  it.each([
    [
      'valibot',
      'v.object({ token: v.string() })',
      'v.object({ token: v.optional(v.string()) })',
      `import * as v from 'valibot'`,
    ],
    ['arktype', `type({ token: 'string' })`, `type({ 'token?': 'string' })`, `import { type } from 'arktype'`],
    [
      'yup',
      'y.object({ token: y.string().required() })',
      'y.object({ token: y.string() })',
      `import * as y from 'yup'`,
    ],
  ])('%s', (_, present, absent, library) => {
    expect([verdicts(present, library), verdicts(absent, library)]).toEqual(['guarded', 'unguarded'])
  })

  it('is checked by what tells whether it is right, and is data from then on: its methods are no methods of a schema', () => {
    const told = (schema: string, use: string): string =>
      answerTo(
        `import { z } from 'zod'\nconst schema = ${schema}\n${handler(`const result = schema.safeParse(data); if (!result.success) throw new Error(); const token = ${use}; ${byToken.replace('data.token', 'token')}`)}`,
      ).verdict
    expect([
      told('z.object({ token: z.string() })', 'result.data.token'),
      told('z.object({ token: z.string() })', 'result.data.token.default()'),
      told('z.object({ token: z.string().optional() })', 'result.data.token'),
    ]).toEqual(['guarded', 'unguarded', 'unguarded'])
  })

  it('is checked where the handler parses it', () => {
    const parsed = (schema: string): string =>
      answerTo(
        `import { z } from 'zod'\nconst schema = ${schema}\n${handler(`const { token } = schema.parse(data); ${byToken.replace('data.token', 'token')}`)}`,
      ).verdict
    expect([parsed('z.object({ token: z.string() })'), parsed('z.object({ token: z.string().optional() })')]).toEqual([
      'guarded',
      'unguarded',
    ])
  })

  it('is that of who was given it once its absence was refused', () => {
    const schema = 'z.object({ token: z.string().optional() })'
    const tested = `if (!data.token) throw new Error(); ${byToken}`
    expect(answerTo(`import { z } from 'zod'\n${handler(tested, `.validator(${schema})`)}`).verdict).toBe('guarded')
  })
})
