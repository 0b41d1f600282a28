import rule from '../../src/rules/require-resource-check.ts'
import { looseFile, ruleTester } from './harness.ts'

const code = 'export const act = fn.handler(({ data, user }) => prisma.draft.delete({ where: { id: data.id } }))\n'
const call = 'prisma.draft.delete({ where: { id: data.id } })'
const chain = 'export const act = createServerFn().handler(() => db.delete(id))\n'
const owner = { kind: 'owner', model: 'drafts', column: 'userId' } as const
const parent = { kind: 'parent', model: 'lines', column: 'invoiceId' } as const
const data = { name: 'act', what: 'writes `drafts`', model: 'drafts', column: 'userId' }

ruleTester.run('require-resource-check', rule, {
  valid: [
    {
      name: 'the row of a tenant is for another rule',
      ...looseFile(code, call, { kind: 'tenant', model: 'drafts', column: 'organizationId', problem: 'missing' }),
    },
  ],
  invalid: [
    {
      name: 'an id, whoever owns the row',
      ...looseFile(code, call, { ...owner, problem: 'missing', proved: 'user.id' }),
      errors: [
        {
          messageId: 'owner',
          data,
          suggestions: [
            {
              messageId: 'addKey',
              data: { column: 'userId', proved: 'user.id' },
              output: code.replace('{ id: data.id }', '{ id: data.id, userId: user.id }'),
            },
          ],
        },
      ],
    },
    {
      name: 'an id, where the user is not taken out of what the handler is given',
      ...looseFile(code, call, { ...owner, problem: 'missing', proved: 'context.user.id' }),
      errors: [
        {
          messageId: 'owner',
          data,
          suggestions: [
            {
              messageId: 'addKey',
              data: { column: 'userId', proved: 'context.user.id' },
              output: code
                .replace('{ data, user }', '{ data, user, context }')
                .replace('{ id: data.id }', '{ id: data.id, userId: context.user.id }'),
            },
          ],
        },
      ],
    },
    {
      name: 'an id, where nothing says who the user is: a guard that does comes first',
      ...looseFile(chain, 'db.delete(id)', { ...owner, problem: 'missing' }, undefined, [
        { name: 'authMiddleware', file: 'guards.ts', specifier: './guards', type: 'function' },
      ]),
      errors: [
        {
          messageId: 'owner',
          data,
          suggestions: [
            {
              messageId: 'insertGuard',
              data: { guard: 'authMiddleware', name: 'act' },
              output: `import { authMiddleware } from './guards'\n${chain.replace('createServerFn()', 'createServerFn().middleware([authMiddleware])')}`,
            },
          ],
        },
      ],
    },
    {
      name: 'an owner of the caller’s choice',
      ...looseFile(code, call, { ...owner, problem: 'chosen' }),
      errors: [{ messageId: 'ownerChosen', data, suggestions: null }],
    },
    {
      name: 'a child whose parent is not named',
      ...looseFile(code, call, { ...parent, problem: 'missing' }),
      errors: [
        {
          messageId: 'parent',
          data: { name: 'act', what: 'writes `lines`', model: 'lines', column: 'invoiceId' },
          suggestions: null,
        },
      ],
    },
    {
      name: 'a parent of the caller’s choice',
      ...looseFile(code, call, { ...parent, problem: 'chosen' }),
      errors: [{ messageId: 'parentChosen', suggestions: null }],
    },
    {
      name: 'an owner that may be undefined',
      ...looseFile(code, call, { ...owner, problem: 'mayBeMissing' }),
      errors: [{ messageId: 'mayBeMissing', data, suggestions: null }],
    },
    {
      name: 'a side of an `or` that the caller picks',
      ...looseFile(code, call, { kind: 'owner', model: owner.model, column: owner.column, problem: 'otherSide' }),
      errors: [{ messageId: 'otherSide', data, suggestions: null }],
    },
  ],
})
