import { describe, expect, it } from 'vitest'
import { beyond, cell, table, verdict } from '../../scripts/attack/table.mjs'

const refused = { refused: true, read: [], wrote: [], foreign: false }
const nothing = { ...refused, refused: false }
const wrote = { ...nothing, wrote: ['notes'] }
const everybody = (outcome: object) => ({
  nobody: outcome,
  forger: outcome,
  outsider: outcome,
  member: outcome,
  rightful: wrote,
})

describe('the verdict in a line of the table', () => {
  it.each([
    [{ verdict: 'unguarded', cause: 'denialDropped', proofs: [] }, 'open: denial dropped'],
    [{ verdict: 'unguarded', proofs: [] }, 'open: no guard'],
    [{ verdict: 'guarded', proofs: ['authenticated'] }, 'guarded: authenticated'],
    [{ verdict: 'guarded', proofs: ['authenticated', 'role:admin'] }, 'guarded: role:admin'],
    [{ verdict: 'guarded', proofs: ['authenticated', 'owner', 'permission:a:b'] }, 'guarded: permission:a:b'],
    [
      { verdict: 'guarded', proofs: ['authenticated'], tenant: 'unscoped', object: null },
      'guarded: authenticated, unscoped',
    ],
    [{ verdict: 'guarded', proofs: ['authenticated'], tenant: 'scoped', object: 'bound' }, 'guarded: authenticated'],
    [{ verdict: 'public', reason: 'credential endpoint', proofs: [] }, 'public: credential endpoint'],
    [{ verdict: 'unverifiable', proofs: [] }, 'unverifiable'],
  ])('%o is %s', (entry, text) => {
    expect(verdict(entry)).toBe(text)
  })

  it('names what is reported beside it', () => {
    const claims = ['no-ineffective-guard/notAwaited', 'require-tenant-scope/missing']
    expect(verdict({ verdict: 'guarded', proofs: ['authenticated'], tenant: 'unscoped' }, claims)).toBe(
      'guarded: authenticated, unscoped, not awaited',
    )
  })
})

it.each([
  ['no-untrusted-identity/actor', 'guarded: authenticated, claimed actor'],
  ['no-unknown-permission/misspelt', 'guarded: authenticated, unbound, misspelt'],
])('says it of %s in words of its own, or beside whose rows they are', (claim, text) => {
  expect(verdict({ verdict: 'guarded', proofs: ['authenticated'], object: 'unbound' }, [claim])).toBe(text)
})

describe('what a caller got', () => {
  it.each([
    ['a refusal', refused, 'refused'],
    ['an answer without a row', nothing, 'nothing'],
    ['rows that changed', wrote, 'wrote'],
    ['rows that left', { ...nothing, read: ['notes'] }, 'read'],
    ['both', { ...wrote, read: ['notes'] }, 'wrote+read'],
    ['rows that changed before the refusal', { ...wrote, refused: true }, 'wrote'],
    ['rows of somebody else', { ...wrote, foreign: true }, 'wrote!'],
  ])('%s', (_, outcome, text) => {
    expect(cell(outcome)).toBe(text)
  })
})

it('the table has a line for each entry point: what is wrong first, then what is open', () => {
  const results = [
    {
      title: 'listNotes',
      entry: { verdict: 'guarded', proofs: ['authenticated'] },
      got: everybody(refused),
      wrong: [],
    },
    { title: 'newNote', entry: { verdict: 'guarded', proofs: ['authenticated'] }, wrong: ['not called'] },
    {
      title: 'createNote',
      entry: { verdict: 'unguarded', cause: 'noGuard', proofs: [] },
      got: everybody(wrote),
      wrong: [],
    },
  ]

  expect(table(results)).toBe(
    `
entry point  the plugin says         nobody      forger      outsider    member      rightful    rows of
✗ newNote    guarded: authenticated  not called  not called  not called  not called  not called
createNote   open: no guard          wrote       wrote       wrote       wrote       wrote       notes
listNotes    guarded: authenticated  refused     refused     refused     refused     wrote       notes`.trimStart(),
  )
})

it('a long reason does not widen the table', () => {
  const reason = 'the contact form of the marketing site, which everybody may send'
  const line = table([
    { title: 'x', entry: { verdict: 'public', reason, proofs: [] }, got: everybody(wrote), wrong: [] },
  ])
  expect(line).toContain('public: the contact form of the marketi…  wrote')
})

it('what an image, another site and a cache brought about has lines of its own', () => {
  const got = { ...everybody(refused), lured: wrote, cached: { ...nothing, read: ['notes'] } }
  const guarded = { verdict: 'guarded', proofs: [] }
  const results = [
    { title: 'leave', entry: { ...guarded, method: 'GET' }, got },
    { title: 'signOut', entry: { ...guarded, method: 'POST' }, got: { ...got, cached: undefined } },
    { title: 'quiet', entry: guarded, got: { ...everybody(refused), lured: refused } },
  ]
  const pages = [{ title: '/ledger', got: { cached: { ...nothing, read: ['invoices'] } } }]
  expect(beyond({ results, pages, unchecked: true })).toBe(
    `
leave    an image made the rightful caller’s browser write notes
leave    after the rightful caller, a cache gave nobody notes
signOut  another site made the rightful caller’s browser write notes
/ledger  after the rightful caller, a cache gave nobody invoices`.trimStart(),
  )
  expect(beyond({ results: [results[1]!], pages: [], unchecked: false })).toBe('')
})
