import { describe, expect, it } from 'vitest'
import { claimsAbout, claimsOf, isSeen, unsaid } from '../../scripts/attack/claims.mjs'

const refused = { refused: true, read: [], wrote: [], foreign: false }
const wrote = { ...refused, refused: false, wrote: ['notes'] }
const read = { ...refused, refused: false, read: ['notes'] }
const everybody = {
  nobody: refused,
  forger: refused,
  outsider: refused,
  member: refused,
  rightful: wrote,
  lured: refused,
}

describe('what a finding says can be seen', () => {
  it.each([
    ['no-ineffective-guard/secretUnset', { nobody: wrote }],
    ['no-ineffective-guard/notAwaited', { member: wrote }],
    ['no-injectable-context/neverSet', { member: wrote }],
    ['require-tenant-scope/missing', { outsider: { ...read, foreign: true } }],
    ['require-resource-check/owner', { member: { ...read, foreign: true } }],
    ['require-proof/lacksProof', { member: wrote }],
    ['no-mutation-in-get/mutation', { lured: wrote }],
    ['require-org-scoped-role/wide', { outsider: { ...wrote, foreign: true } }],
    ['no-untrusted-identity/asked', { member: read }],
    ['no-untrusted-identity/role', { outsider: wrote }],
    ['no-untrusted-identity/actor', { outsider: { ...wrote, foreign: true } }],
    ['no-untrusted-identity/input', { member: { ...wrote, foreign: true } }],
    ['no-unknown-permission/misspelt', { member: read }],
    ['no-standing-privileged-client/chosen', { outsider: { ...wrote, foreign: true } }],
    ['no-shared-cache-of-private-data/header', { cached: read }],
    ['no-shared-cache-of-private-data/moduleState', { member: { ...read, foreign: true } }],
  ])('%s', (claim, seen) => {
    const lost = ['member']
    const got = { ...everybody, cached: refused }
    expect(isSeen(claim, { got: { ...got, ...seen }, lost })).toBe(true)
    expect(isSeen(claim, { got, lost })).toBe(false)
  })

  it('or cannot be', () => {
    expect(claimsOf({ claims: ['valid-public-marker/stale', 'require-proof/lacksProof'] })).toEqual([
      'require-proof/lacksProof',
    ])
  })
})

describe('what was seen and not said', () => {
  const entry = { verdict: 'guarded', method: 'GET' }
  it.each([
    ['a cache', { cached: read }, 'a cache gave its answer to nobody, and nothing is said of that'],
    ['an image', { lured: wrote }, 'an image made it change something, and nothing is said of that'],
    ['a lost check', { member: wrote }, 'a check of it is lost, and nothing is said of that'],
  ])('%s', (_, seen, said) => {
    expect(unsaid({ entry, got: { ...everybody, ...seen }, lost: ['member'] })).toEqual([said])
  })

  it('is nothing where it was said', () => {
    const claims = ['no-shared-cache-of-private-data/header', 'no-mutation-in-get/mutation']
    expect(unsaid({ entry, claims, got: { ...everybody, cached: read, lured: wrote } })).toEqual([])
  })
})

it('a finding is about the entry point of its file that it names', () => {
  const message = '`deleteNote` goes on'
  const findings = [
    { file: 'a.ts', claim: 'x/y', message },
    { file: 'b.ts', claim: 'x/z', message },
    { file: 'a.ts', claim: 'x/w', message: '`deleteNotes` goes on' },
  ]
  expect(claimsAbout({ file: 'a.ts', name: 'deleteNote' }, findings)).toEqual(['x/y'])
})
