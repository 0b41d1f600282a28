import rule from '../../src/rules/no-untrusted-identity.ts'
import type { ClaimReport } from '../../src/model/report.ts'
import type { GuardCandidate } from '../../src/workspace/workspace.ts'
import { ruleTester, scopedFile } from './harness.ts'

const code = 'export const act = fn.handler(({ data }) => db.insert(notes).values({ authorId: data.userId }))\n'
const call = 'db.insert(notes).values({ authorId: data.userId })'
const guarded = 'export const act = createServerFn().handler(({ data }) => run(data))\n'
const claim = (kind: ClaimReport['kind'], column: string) => ({ kind, column, model: 'notes', what: 'writes `notes`' })
const whole = 'export const act = fn.handler((x: any) => db.update(t).set(x))\n'
const switches = `export const act = fn.handler(async ({ data }) => {
  await db.update(users).set({ activeTeamId: data.teamId })
})
`
const middleware: GuardCandidate = {
  name: 'adminMiddleware',
  file: '/p/src/middleware.ts',
  specifier: '~/middleware',
  type: 'function',
}
const place = { line: 1, column: 45, endColumn: 45 + call.length }

ruleTester.run('no-untrusted-identity', rule, {
  valid: [{ name: 'nothing rests on the caller’s word', ...scopedFile(code, {}) }],
  invalid: [
    ...(['asked', 'role', 'tenant', 'actor'] as const).map((kind) => ({
      name: `the caller’s word: ${kind}`,
      ...scopedFile(code, { claims: [claim(kind, 'authorId')] }, call),
      errors: [{ ...place, messageId: kind, data: { name: 'act', what: 'writes `notes`', column: 'authorId' } }],
    })),
    {
      name: 'all that was sent',
      ...scopedFile(code, { claims: [claim('input', '*')] }, call),
      errors: [{ ...place, messageId: 'input', data: { name: 'act', what: 'writes `notes`', column: '*' } }],
    },
    {
      name: 'the value of the caller is replaced',
      ...scopedFile(code, { claims: [{ ...claim('actor', 'authorId'), proved: 'user.id' }] }, call),
      errors: [
        {
          messageId: 'actor',
          suggestions: [
            {
              messageId: 'replaceValue',
              data: { column: 'authorId', proved: 'user.id' },
              output: code.replace('{ data }', '{ data, user }').replace('data.userId', 'user.id'),
            },
          ],
        },
      ],
    },
    {
      name: 'a value that is called like the column is replaced',
      ...scopedFile(
        code.replace('authorId: data.userId', 'authorId'),
        { claims: [{ ...claim('actor', 'authorId'), proved: 'user.id' }] },
        call.replace('authorId: data.userId', 'authorId'),
      ),
      errors: [
        {
          messageId: 'actor',
          suggestions: [
            {
              messageId: 'replaceValue',
              output: code.replace('{ data }', '{ data, user }').replace('data.userId', 'user.id'),
            },
          ],
        },
      ],
    },
    {
      name: 'a guard that asks the session for the role is put in front',
      ...scopedFile(guarded, { claims: [{ ...claim('asked', 'role'), role: 'admin' }] }, 'run(data)', undefined, [
        middleware,
      ]),
      errors: [
        {
          messageId: 'asked',
          suggestions: [
            {
              messageId: 'insertGuard',
              data: { guard: 'adminMiddleware', name: 'act' },
              output: `import { adminMiddleware } from '~/middleware'\n${guarded.replace('()', '().middleware([adminMiddleware])')}`,
            },
          ],
        },
      ],
    },
    {
      name: 'a guard that siblings make by a call is put in front, where a role may be given',
      ...scopedFile(guarded, { claims: [claim('role', 'role')] }, 'run(data)', undefined, [
        { ...middleware, name: 'roleMiddleware', args: ['owner', { in: ['it\u2019s', "o'clock"], all: true }] },
      ]),
      errors: [
        {
          messageId: 'role',
          suggestions: [
            {
              messageId: 'insertGuard',
              data: { guard: `roleMiddleware('owner', { in: ['it\u2019s', 'o\\'clock'], all: true })`, name: 'act' },
              output: `import { roleMiddleware } from '~/middleware'\n${guarded.replace('()', `().middleware([roleMiddleware('owner', { in: ['it\u2019s', 'o\\'clock'], all: true })])`)}`,
            },
          ],
        },
      ],
    },
    {
      name: 'the columns are named that may be written',
      ...scopedFile(
        whole,
        { claims: [{ ...claim('input', '*'), columns: ['a', 'b'], written: [{ method: 'set', at: [0] }] }] },
        'db.update(t)',
      ),
      errors: [
        {
          messageId: 'input',
          suggestions: [
            {
              messageId: 'nameColumns',
              data: { columns: '`a` and `b`' },
              output: whole.replace('set(x)', 'set({ a: x.a, b: x.b })'),
            },
          ],
        },
      ],
    },
    {
      name: 'no column is known that may be written',
      ...scopedFile(
        whole,
        { claims: [{ ...claim('input', '*'), columns: [], written: [{ method: 'set', at: [0] }] }] },
        'db.update(t)',
      ),
      errors: [{ messageId: 'input', suggestions: null }],
    },
    {
      name: 'the membership is looked up by a function that does so',
      ...scopedFile(switches, { claims: [claim('tenant', 'activeTeamId')] }, 'db.update(users)', undefined, [
        { ...middleware, name: 'requireMember', type: 'call' },
      ]),
      errors: [
        {
          messageId: 'tenant',
          suggestions: [
            {
              messageId: 'checkMembership',
              data: { check: 'requireMember(data.teamId)' },
              output: `import { requireMember } from '~/middleware'\n${switches.replace('  await', '  await requireMember(data.teamId)\n  await')}`,
            },
          ],
        },
      ],
    },
    {
      name: 'the tenant is chosen in another file: nothing can be put in front of it here',
      ...scopedFile(switches, { claims: [claim('tenant', 'activeTeamId')] }, 'db.update(users)', '/p/src/teams.ts', [
        { ...middleware, name: 'requireMember', type: 'call' },
      ]),
      errors: [{ messageId: 'tenant', suggestions: null }],
    },
    {
      name: 'the worst of several, once',
      ...scopedFile(code, { claims: [claim('input', '*'), claim('actor', 'authorId'), claim('role', 'role')] }, call),
      errors: [{ messageId: 'role' }],
    },
    {
      name: 'in another file: at the entry point',
      ...scopedFile(code, { claims: [claim('actor', 'authorId')] }, call, '/p/src/notes.ts'),
      errors: [{ messageId: 'actor', line: 1, column: 14, endColumn: 17 }],
    },
  ],
})
