import { describe, expect, it } from 'vitest'
import type { EntryPointReport, ScopeReport } from '../../src/model/report.ts'
import { DEFAULT_POLICY, type Requirement } from '../../src/policy.ts'
import { lacking } from '../../src/workspace/requirements.ts'
import { entryPoint } from '../rules/reports.ts'

const effect = (model: string, write: boolean) => ({
  what: '',
  model,
  write,
  place: { file: '/p/src/db.ts', range: [0, 1] as const, line: 1 },
})
const guarded: EntryPointReport = entryPoint({
  name: 'removeUser',
  range: [0, 1],
  verdict: 'guarded',
  proofs: ['authenticated'],
  effects: [effect('invoices', true), effect('plans', false)],
})
const missing = (
  requirement: Requirement,
  given: Partial<EntryPointReport> = {},
  scope: Partial<ScopeReport> = {},
): readonly string[] =>
  lacking(
    { ...DEFAULT_POLICY, file: '/p/authz.config.json', require: [requirement] },
    '/p/src/admin/users.ts',
    { ...guarded, ...given },
    () => ({ tenant: null, object: null, delegatedTo: [], claims: [], wide: [], loose: [], ...scope }),
  )

describe('which entry points a row of the policy speaks of', () => {
  const proves = ['role:admin'] as const
  it.each<[string, Omit<Requirement, 'proves'>, boolean]>([
    ['all', {}, true],
    ['those in a folder', { files: ['src/admin/**'] }, true],
    ['not those in another folder', { files: ['src/public/**'] }, false],
    ['those of a name', { names: ['removeUser'] }, true],
    ['those whose name begins so', { names: ['add*', 'remove*'] }, true],
    ['not those of another name', { names: ['remove', 'User'] }, false],
    ['not those of the name that are in another folder', { names: ['remove*'], files: ['src/public/**'] }, false],
    ['not those of the name that touch another model', { names: ['remove*'], models: ['users'] }, false],
    ['those that touch a model', { models: ['plans'] }, true],
    ['not those that touch another', { models: ['users'] }, false],
    ['those that write a model', { models: ['invoices'], writes: true }, true],
    ['not those that only read it', { models: ['plans'], writes: true }, false],
    ['those that read it', { models: ['plans'], writes: false }, true],
    ['not those that are in the folder and touch another', { files: ['src/admin/**'], models: ['users'] }, false],
  ])('%s', (_, row, concerned) => {
    expect(missing({ ...row, proves })).toEqual(concerned ? ['role:admin'] : [])
  })

  it('has nothing to say about open and undecided ones', () => {
    expect(missing({ proves }, { verdict: 'unguarded' })).toEqual([])
    expect(missing({ proves }, { verdict: 'unverifiable' })).toEqual([])
  })

  it('speaks about those that are public', () => {
    expect(missing({ proves }, { verdict: 'public', proofs: [] })).toEqual(['role:admin'])
  })
})

describe('what proves what', () => {
  it.each<[string, Requirement['proves'], Partial<EntryPointReport>, Partial<ScopeReport>]>([
    ['the proof itself', ['role:admin'], { proofs: ['authenticated', 'role:admin'] }, {}],
    ['one of several permissions', ['permission:a'], { proofs: ['permission:b,a'] }, {}],
    ['whoever has a role is signed in', ['authenticated'], { proofs: ['role:admin'] }, {}],
    ['a tenant in all queries', ['tenant'], {}, { tenant: 'scoped' }],
    ['a tenant that the database keeps', ['tenant'], {}, { tenant: 'delegated' }],
    ['an owner in all queries', ['owner'], {}, { object: 'bound' }],
  ])('%s', (_, proves, given, scope) => {
    expect(missing({ proves }, given, scope)).toEqual([])
  })

  it.each<[string, Requirement['proves'], Partial<EntryPointReport>, Partial<ScopeReport>]>([
    ['another role', ['role:admin'], { proofs: ['role:editor'] }, {}],
    ['either of two roles', ['role:admin'], { proofs: ['role:admin|editor'] }, {}],
    ['a permission of the name of a role', ['role:admin'], { proofs: ['permission:admin'] }, {}],
    ['a tenant of the caller’s choice', ['tenant'], {}, { tenant: 'client-chosen' }],
    ['a row of somebody else', ['owner'], {}, { object: 'unbound' }],
  ])('but not %s', (_, proves, given, scope) => {
    expect(missing({ proves }, given, scope)).toEqual(proves)
  })

  it('has to be proved before what the row speaks of', () => {
    const effects = [
      { ...effect('plans', true), proofs: ['authenticated'] as const },
      { ...effect('invoices', true), proofs: ['authenticated', 'role:admin'] as const },
    ]
    const proves = ['role:admin'] as const
    expect(missing({ proves, models: ['invoices'], writes: true }, { effects })).toEqual([])
    expect(missing({ proves, models: ['plans'], writes: true }, { effects })).toEqual(['role:admin'])
    expect(missing({ proves, writes: true }, { effects })).toEqual(['role:admin'])
    expect(missing({ proves }, { effects })).toEqual(['role:admin'])
  })

  it('is not one of two that will do', () => {
    expect(missing({ proves: ['authenticated'] }, { proofs: ['authenticated|secret'] })).toEqual(['authenticated'])
  })

  it('is not that some other row is the caller’s', () => {
    const loose = [
      {
        kind: 'owner',
        problem: 'missing',
        what: '',
        model: 'invoices',
        column: 'ownerId',
        place: { file: '/p/src/db.ts', range: [0, 1], line: 1 },
        write: true,
      },
    ] as const
    const proofs = ['authenticated', 'owner'] as const
    expect(missing({ proves: ['owner'] }, { proofs }, { object: 'unbound', loose })).toEqual(['owner'])
    expect(missing({ proves: ['owner'], models: ['plans'] }, { proofs }, { object: 'unbound', loose })).toEqual([])
  })

  it('lists each once', () => {
    expect(missing({ proves: ['tenant', 'role:admin', 'tenant'] })).toEqual(['tenant', 'role:admin'])
  })
})
