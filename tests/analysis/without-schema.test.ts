/** Tables of which no schema is at hand, asked by a client that no row-level security holds back. */
import { describe } from 'vitest'
import { handler } from './harness.ts'
import { scopes, signedIn } from './scopes.ts'

const client = `import { createClient } from '@supabase/supabase-js'
const service = createClient(process.env.SUPABASE_URL!, process.env.SERVICE_ROLE_KEY!)
`
const run = (body: string): string => client + handler(`${signedIn} ${body}`)
const membership = (id: string): string =>
  `const { data: m } = await service.from('org_members').select('role').eq('user_id', me.id).eq('organization_id', ${id}).single(); if (!m) throw new Error()`

describe('the column on which membership is decided', () => {
  scopes(
    { tenant: 'scoped', loose: [] },
    {
      'names the tenant that was checked': run(
        `${membership('data.organizationId')}; await service.from('tickets').delete().eq('id', data.id).eq('organization_id', data.organizationId)`,
      ),
      'is that of the new row, as checked': run(
        `${membership('data.organizationId')}; await service.from('tickets').insert({ title: data.title, organization_id: data.organizationId })`,
      ),
    },
  )
  scopes(
    { tenant: 'client-chosen', loose: ['tenant chosen: tickets.organization_id'] },
    {
      'names another tenant than the one that was checked': run(
        `${membership('data.organizationId')}; await service.from('tickets').delete().eq('id', data.id).eq('organization_id', data.other)`,
      ),
      'is that of the new row, and another one': run(
        `${membership('data.organizationId')}; await service.from('tickets').insert({ title: data.title, organization_id: data.other })`,
      ),
    },
  )
})

describe('what is excluded', () => {
  scopes(
    { tenant: 'unscoped', loose: ['tenant missing: invoices.organizationId'] },
    {
      'says nothing of whose the rest is': run(
        `return service.from('invoices').select('*').neq('organizationId', session.session.activeOrganizationId).eq('id', data.id)`,
      ),
    },
  )
})

describe('nothing is said', () => {
  scopes(
    { tenant: null, loose: [] },
    {
      'of rows by their id: nobody can tell whose they are': run(
        `await service.from('tickets').delete().eq('id', data.id)`,
      ),
      'of a column that is only called like one': run(
        `return service.from('players').select('*').eq('team_id', data.teamId)`,
      ),
    },
  )
})
