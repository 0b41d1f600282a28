/** What two runs meet at the same place has to be one thing, or nothing that is known of the one is found again in the other. */
import { expect, test } from 'vitest'
import { interning } from '../../src/analysis/values/interning.ts'
import type { OpaqueRef, Source } from '../../src/analysis/values/origins.ts'

const site = { file: '/app/a.ts', range: [1, 2] } as const
const source: Source = { t: 'source', proof: 'authenticated', name: 'getSession', site, trust: 'catalogue' }
const opaque: OpaqueRef = { t: 'opaque', name: 'check', reason: 'it is not there', site, mayBeEffect: true }

test('equal ones are one', () => {
  const same = interning()
  expect(same({ ...source })).toBe(same({ ...source, site: { ...site } }))
  expect(same({ ...opaque })).toBe(same({ ...opaque }))
  expect(same({ ...opaque, asks: { ...source } })).toBe(same({ ...opaque, asks: { ...source } }))
})

test.each<[string, Source | OpaqueRef, Source | OpaqueRef]>([
  ['a source and what could not be followed', source, { ...opaque, name: source.name }],
  ['two places', source, { ...source, site: { file: site.file, range: [1, 3] } }],
  ['two files', opaque, { ...opaque, site: { ...site, file: '/app/b.ts' } }],
  ['two proofs', source, { ...source, proof: 'secret' }],
  ['one that is declared', source, { ...source, trust: 'declared' }],
  ['two reasons', opaque, { ...opaque, reason: 'it could not be read' }],
  ['one that may act', opaque, { ...opaque, mayBeEffect: false }],
  ['one that decides by the token that it is given', opaque, { ...opaque, delegated: true }],
  ['one that is handed around', opaque, { ...opaque, kept: true }],
  ['one that asks for something', opaque, { ...opaque, asks: source }],
])('others are not: %s', (_, a, b) => {
  const same = interning()
  expect(same(a)).not.toBe(same(b))
})
