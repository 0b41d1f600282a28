/** Objects that hold some properties on some paths only: nothing that lists or looks for them can be sure of these. */
import { describe } from 'vitest'
import { handler, isPublic, unguarded, work } from './harness.ts'
import { scopes, signedIn } from './scopes.ts'

const errors = (test: string): string =>
  handler(`const errors: any = {}; if (!data.name) errors.name = 'missing'; if (${test}) return { errors }; ${work}`)

describe('work behind a test of errors that were found', () => {
  unguarded({
    'how many keys there are': errors('Object.keys(errors).length > 0'),
    'how many values there are': errors('Object.values(errors).length'),
    'how many entries there are': errors('Object.entries(errors).length !== 0'),
    'the first key': errors('Object.keys(errors)[0]'),
    'some key': errors('Object.keys(errors).some(Boolean)'),
    'a key by its name': errors(`'name' in errors`),
    'a key of a copy': errors('Object.keys({ ...errors }).length'),
    'a loop over the keys': handler(
      `const errors: any = {}; if (!data.name) errors.name = 'missing'; for (const key of Object.keys(errors)) throw new Error(key); ${work}`,
    ),
    'filled by a closure': handler(
      `const errors: any = {}; const add = (key: string) => { errors[key] = 'missing' }; if (!data.name) add('name'); if (Object.keys(errors).length) return { errors }; ${work}`,
    ),
    'a key that is taken out again': handler(
      `const flags: any = { a: 1 }; delete flags.a; if (Object.keys(flags).length) return null; ${work}`,
    ),
  })
  isPublic({
    'a key that is there on all paths': handler(
      `const flags: any = { a: 1 }; if (data.b) flags.b = 2; if ('a' in flags) return null; ${work}`,
    ),
    'keys of which one is there on all paths': handler(
      `const flags: any = { a: 1 }; if (Object.keys(flags).length === 1) return null; ${work}`,
    ),
  })
})

describe('what is written over by what may be missing', () => {
  const id = '{ organizationId: data.organizationId, '
  const where = (spread: string): string =>
    `${signedIn} const own: any = {}; if (data.mine) own.organizationId = session.session.activeOrganizationId; return prisma.invoice.findMany({ where: ${spread} })`
  scopes(
    { tenant: 'client-chosen' },
    { 'in a spread': where(`${id}...own }`), 'by assign': where(`Object.assign(${id}}, own)`) },
  )
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'it is there on all paths': `${signedIn} const own = { organizationId: session.session.activeOrganizationId }; return prisma.invoice.findMany({ where: ${id}...own } })`,
    },
  )
})
