/** Code that cannot be read and is asked whether the caller may have a row: nobody can tell whose the row is. */
import { describe } from 'vitest'
import { handler } from './harness.ts'
import { scopes, signedIn } from './scopes.ts'

const find =
  'const row = await db.query.invoices.findFirst({ where: eq(invoices.id, data.id) }); if (!row) throw new Error()'
const remove = 'await db.delete(invoices).where(eq(invoices.id, data.id))'
const asking = (body: string): string =>
  `import { mayTouch, limiter } from 'acme-authz'\n` + handler(`${signedIn} ${find}; ${body}; ${remove}`)

describe('a refusal by code that cannot be read', () => {
  scopes(
    { tenant: null, loose: [] },
    {
      'is given the row and who asks': asking('if (!(await mayTouch(me.id, row))) throw new Error()'),
      'is given what the row was found by': asking('if (!(await mayTouch(me, data.id))) throw new Error()'),
      'answers with an object': asking(
        'const { allowed } = await mayTouch({ user: me, invoice: row }); if (!allowed) throw new Error()',
      ),
      'stands in a helper':
        `import { mayTouch } from 'acme-authz'\nasync function check(user: any, id: string) { if (!(await mayTouch(user, id))) return false; return true }\n` +
        handler(`${signedIn} if (!(await check(me, data.id))) throw new Error(); ${remove}`),
      'speaks of the rows that are shown': `import { mayTouch } from 'acme-authz'\n${handler(
        `${signedIn} ${find}; if (!(await mayTouch(me, row))) throw new Error(); return row`,
      )}`,
      'speaks of the tenant of a new row': `import { mayTouch } from 'acme-authz'\n${handler(
        `${signedIn} if (!(await mayTouch(me, data.organizationId))) throw new Error(); await db.insert(invoices).values({ organizationId: data.organizationId })`,
      )}`,
      'is asked of rules that were made for the caller': `import { AbilityBuilder, createMongoAbility, subject } from '@casl/ability'
function rulesFor(organizationId: string) {
  const { can, build } = new AbilityBuilder(createMongoAbility)
  can('delete', 'Invoice', { organizationId })
  return build()
}
${handler(
  `${signedIn} ${find}; const ability = rulesFor(session.session.activeOrganizationId); if (ability.cannot('delete', subject('Invoice', row))) throw new Error(); ${remove}`,
)}`,
    },
  )
  scopes(
    { tenant: 'unscoped', loose: ['tenant missing: invoices.organizationId'] },
    {
      'is not told who asks': asking('if (!(await mayTouch(row))) throw new Error()'),
      'is not given the row': asking("if (!(await mayTouch(me, 'invoices'))) throw new Error()"),
      'is given another row': asking('if (!(await mayTouch(me, data.other))) throw new Error()'),
      'refuses nobody': asking('if (!(await mayTouch(me, row))) console.log(1)'),
      'is not looked at': asking('await mayTouch(me, row)'),
      'counts how often the row was asked for': asking('if (!(await limiter.take(data.id))) throw new Error()'),
      'is asked of rules that are the same for all': `import { AbilityBuilder, createMongoAbility, subject } from '@casl/ability'
${handler(
  `${signedIn} ${find}; const { can, build } = new AbilityBuilder(createMongoAbility); can('delete', 'Invoice', { draft: true }); if (build().cannot('delete', subject('Invoice', row))) throw new Error(); ${remove}`,
)}`,
      'is asked of the kind of row': `import { AbilityBuilder, createMongoAbility } from '@casl/ability'
${handler(
  `${signedIn} ${find}; const { can, build } = new AbilityBuilder(createMongoAbility); can('delete', 'Invoice', { ownerId: me.id }); if (build().cannot('delete', 'Invoice')) throw new Error(); ${remove}`,
)}`,
    },
  )
})
