import { describe, expect, it } from 'vitest'
import {
  broken,
  contradictions,
  csrfContradictions,
  pageContradictions,
  stillOpen,
} from '../../scripts/attack/judge.mjs'

interface Outcome {
  readonly refused: boolean
  readonly read: string[]
  readonly wrote: string[]
  readonly foreign: boolean
}

const refused: Outcome = { refused: true, read: [], wrote: [], foreign: false }
const nothing: Outcome = { ...refused, refused: false }
const wrote: Outcome = { ...nothing, wrote: ['notes'] }
const read: Outcome = { ...nothing, read: ['notes'] }

const guarded = { verdict: 'guarded', proofs: ['authenticated'] }
const open = { verdict: 'unguarded', exposure: 'write', proofs: [] }
const everybody = (outcome: Outcome) => ({
  nobody: outcome,
  forger: outcome,
  outsider: outcome,
  member: outcome,
  rightful: wrote,
})

describe('a verdict is contradicted', () => {
  it.each([
    [
      'a guarded entry point lets nobody in',
      guarded,
      { nobody: read },
      'it is called guarded, and an anonymous caller got through',
    ],
    [
      'a guarded one lets a forger in',
      guarded,
      { forger: wrote },
      'it is called guarded, and an anonymous caller got through',
    ],
    ['an open one lets no anonymous caller in', open, {}, 'it is called open, and no anonymous caller got through'],
    ['an open write changes nothing', open, { nobody: read }, 'anybody is said to write, and nothing changed'],
    ['the rightful caller is refused', guarded, { rightful: refused }, 'its rightful caller was refused'],
    ['the rightful caller gets no row', guarded, { rightful: nothing }, 'its rightful caller got nothing'],
    [
      'a role is asked for, and somebody without it gets in',
      { ...guarded, proofs: ['authenticated', 'role:admin'] },
      { member: read },
      'it is said to ask for a role or permission, and somebody without got through',
    ],
    [
      'what is bound to the tenant shows another one',
      { ...guarded, tenant: 'scoped' },
      { outsider: { ...read, foreign: true } },
      'its rows are called bound to the tenant, and another one got through',
    ],
    [
      'what is bound to the caller shows another one’s rows to a colleague',
      { ...guarded, object: 'bound' },
      { member: { ...read, foreign: true } },
      'its rows are called bound to the caller, and somebody else got through',
    ],
    [
      'what is bound to no tenant shows only the own rows',
      { ...guarded, tenant: 'unscoped' },
      { outsider: read },
      'its rows are called bound to nobody, and somebody else got only their own',
    ],
    [
      'what is bound to no caller shows only the own rows',
      { ...guarded, object: 'unbound' },
      { outsider: read },
      'its rows are called bound to nobody, and somebody else got only their own',
    ],
    [
      'what has no effect has one',
      { verdict: 'public', reason: 'no protected effect', proofs: [] },
      { nobody: read },
      'it is called harmless, and an anonymous caller got something',
    ],
    [
      'a credential endpoint writes what is no credential',
      { verdict: 'public', reason: 'credential endpoint', proofs: [] },
      { nobody: wrote },
      'it is called a credential endpoint, and wrote other tables',
    ],
  ])('when %s', (_, entry, outcomes, problem) => {
    expect(contradictions({ entry, got: { ...everybody(refused), ...outcomes } })).toEqual([problem])
  })

  it('when nobody knows how to call the entry point', () => {
    expect(contradictions({ entry: guarded })).toEqual(['the attack does not know how to call it'])
  })
})

describe('a verdict stands', () => {
  it.each([
    ['a guarded entry point refuses the anonymous', guarded, {}],
    ['an open one lets only a forger in', open, { forger: wrote }],
    ['an open read gives rows away', { ...open, exposure: 'read' }, { nobody: read, rightful: read }],
    [
      'a credential endpoint opens a session',
      { verdict: 'public', reason: 'credential endpoint', proofs: [] },
      { nobody: { ...wrote, wrote: ['session'] } },
    ],
    [
      'somebody has declared it public',
      { verdict: 'public', reason: 'the contact form', proofs: [] },
      { nobody: wrote },
    ],
    ['rows that are bound to nobody are behind a secret', { ...guarded, tenant: 'unscoped' }, {}],
    [
      'rows that are bound to nobody show those of others',
      { ...guarded, tenant: 'client-chosen' },
      { outsider: { ...read, foreign: true } },
    ],
    [
      'the caller works in any tenant, and that is said',
      { ...guarded, tenant: 'client-chosen', object: 'bound' },
      { outsider: { ...wrote, foreign: true } },
    ],
    ['it says that it does not know', { verdict: 'unverifiable', proofs: [] }, { nobody: wrote }],
    ['the tenant’s own members see the rows', { ...guarded, tenant: 'scoped' }, { outsider: read, member: read }],
  ])('when %s', (_, entry, outcomes) => {
    expect(contradictions({ entry, got: { ...everybody(refused), ...outcomes } })).toEqual([])
  })
})

it('a right that nobody should have any more lets those in who were left with it', () => {
  const entry = { verdict: 'guarded', proofs: ['permission:leads:read'] }
  const attacked = { entry, got: { ...everybody(refused), outsider: read, member: read } }
  expect(contradictions({ ...attacked, claims: ['no-unknown-permission/misspelt'] })).toEqual([])
  expect(contradictions(attacked)).toHaveLength(1)
})

describe('after a change', () => {
  const before = { entry: open, got: everybody(wrote) }

  it('all is well where the anonymous are refused and the rightful are served', () => {
    const after = { entry: guarded, got: everybody(refused) }
    expect([...stillOpen(before, after), ...broken(before, after)]).toEqual([])
  })

  it.each([
    ['a forger gets in', { forger: wrote }, 'forger'],
    ['nobody gets an answer that is no refusal', { nobody: nothing }, 'nobody'],
    ['rows change before the refusal', { nobody: { ...wrote, refused: true } }, 'nobody'],
  ])('an entry point is still open where %s', (_, outcomes, caller) => {
    const after = { entry: guarded, got: { ...everybody(refused), ...outcomes } }
    expect(stillOpen(before, after)).toEqual([`it was reported, and is still open to the ${caller}`])
  })

  it('a check that was lost must refuse', () => {
    const lost = { entry: guarded, got: { ...everybody(refused), member: wrote }, lost: ['member' as const] }
    expect(stillOpen(lost, { entry: guarded, got: everybody(refused) })).toEqual([])
    expect(stillOpen(lost, lost)).toEqual(['it was reported, and is still open to the member'])
  })

  it('what was not reported may stay open', () => {
    const unreported = { entry: { ...open, exposure: 'read' }, got: everybody(read) }
    expect(stillOpen(unreported, unreported)).toEqual([])
  })

  it('an entry point is broken where the rightful are no longer served', () => {
    const after = { entry: guarded, got: { ...everybody(refused), rightful: refused } }
    expect(broken(before, after)).toEqual(['its rightful caller no longer gets the same'])
  })

  it('an entry point is broken where it is gone', () => {
    expect(broken(before, undefined)).toEqual(['it is no longer there'])
  })
})

describe('what is reported beside the verdict', () => {
  const claims = ['no-ineffective-guard/notAwaited']
  const lost = ['member']

  it('must be seen', () => {
    const unseen = { entry: guarded, claims, lost, got: everybody(refused) }
    expect(contradictions(unseen)).toEqual(['no-ineffective-guard/notAwaited is reported, and nobody could show it'])
    expect(contradictions({ ...unseen, got: { ...everybody(refused), member: wrote } })).toEqual([])
  })

  it('must be over after the suggestions', () => {
    const before = { entry: guarded, claims, lost, got: { ...everybody(refused), member: wrote } }
    expect(stillOpen(before, before)).toContain('no-ineffective-guard/notAwaited was reported, and is still so')
    expect(stillOpen(before, { entry: guarded, got: everybody(refused) })).toEqual([])
  })

  it('a secret that may be unset lets nobody in', () => {
    const unset = { entry: guarded, claims: ['no-ineffective-guard/secretUnset'], got: everybody(wrote) }
    expect(contradictions(unset)).toEqual([])
    expect(contradictions({ ...unset, got: everybody(refused) })).toHaveLength(1)
  })

  it('a guard that the environment switches off is off', () => {
    const entry = { verdict: 'unverifiable', reason: 'the guard is skipped in some environments', proofs: [] }
    expect(contradictions({ entry, got: everybody(wrote) })).toEqual([])
    expect(contradictions({ entry, got: everybody(refused) })).toHaveLength(1)
  })
})

describe('a page', () => {
  const got = { nobody: refused, rightful: read, cached: refused }
  const shared = ['no-shared-cache-of-private-data/routeHeaders']
  it.each([
    ['that guards itself', [], {}, 0],
    ['that shows rows to nobody', [], { nobody: read }, 1],
    ['that a cache gives to nobody', [], { cached: read }, 1],
    ['of which that is said', shared, { cached: read }, 0],
    ['of which it is said, and is not so', shared, {}, 1],
  ])('%s', (_, claims, seen, problems) => {
    expect(pageContradictions({ claims, got: { ...got, ...seen } })).toHaveLength(problems)
  })
})

it('the check for other sites is missing where one of them makes something act', () => {
  const entry = { kind: 'server-fn', method: 'POST', name: 'signOut' }
  const acted = [{ entry, got: { ...everybody(refused), lured: wrote } }]
  const refusedAll = [{ entry, got: { ...everybody(refused), lured: refused } }]
  expect([csrfContradictions(true, acted), csrfContradictions(false, refusedAll)]).toEqual([[], []])
  expect(csrfContradictions(true, refusedAll)).toHaveLength(1)
  expect(csrfContradictions(false, acted)).toEqual([
    'signOut: another site made it act, and no check is said to be missing',
  ])
})
