/** Sign-ups that an application writes itself. */
import { describe } from 'vitest'
import { isPublic, notSafe, type Case, type Files } from './harness.ts'

const files: Files = {
  'src/people.ts': `// as it is
    import { boolean, pgTable, text } from 'drizzle-orm/pg-core'
    export const people = pgTable('users', {
      id: text('id').primaryKey(), email: text('email'), password: text('password'), role: text('role'), teamId: text('team_id') })`,
}
const signsUp = (
  values: string,
  after = 'await auth.api.signInEmail({ body: data })',
  hash = 'await hash(data.password, 10)',
): Case => [
  `import { hash } from 'bcryptjs'
  import { people } from '~/people'
  export const act = createServerFn({ method: 'POST' }).handler(async ({ data }) => {
    const password = ${hash}
    await db.insert(people).values(${values})
    ${after}
  })`,
  files,
]

describe('a user who is made and signed in', () => {
  isPublic({
    'has the password that was sent': signsUp('{ email: data.email, password }'),
    'is told when there is one already': [
      signsUp('{ email: data.email, password }')[0].replace(
        'const password',
        `const [known] = await db.select().from(people).where(eq(people.email, data.email)); if (known) return { status: 'taken' }\n    const password`,
      ),
      files,
    ],
    'has a role that the code gives': signsUp("{ email: data.email, password, role: 'member' }"),
  })
})

describe('a user who is made', () => {
  notSafe({
    'and not signed in': signsUp('{ email: data.email, password }', ''),
    'with a role that was sent': signsUp('{ email: data.email, password, role: data.role }'),
    'with a team that was sent': signsUp('{ email: data.email, password, teamId: data.teamId }'),
    'with whatever was sent': signsUp('{ ...data, password }'),
    'with a password as it was sent': signsUp('{ email: data.email, password }', undefined, 'data.password'),
    'beside other work': signsUp(
      '{ email: data.email, password }',
      'await db.delete(invoices); await auth.api.signInEmail({ body: data })',
    ),
    'for each of a list': signsUp('data.people.map((one: any) => ({ email: one.email, password }))'),
  })
})
