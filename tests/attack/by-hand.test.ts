import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { byHand, repairByHand } from '../../scripts/attack/by-hand.mjs'

const finding = (claim: string, name: string) => ({ claim, message: `\`${name}\` does it`, file: 'functions.ts' })

let folder: string
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'authz-by-hand-'))))
afterEach(() => rmSync(folder, { recursive: true }))
const file = (): string => path.join(folder, 'functions.ts')

it('what no suggestion can write is done as somebody wrote it down', () => {
  const found = finding('no-unknown-permission/unknown', 'previewAnnouncements')
  writeFileSync(file(), "const other = ask('beta')\nexport const previewAnnouncements = ask('beta')\n")
  repairByHand(folder, found)
  expect(readFileSync(file(), 'utf8')).toBe(
    "const other = ask('beta')\nexport const previewAnnouncements = ask('announcement:read')\n",
  )
  expect(byHand(found)?.desc).toContain('`previewAnnouncements` asks for the permission that is meant')
})

it.each([
  ['no-unknown-permission/unknown', 'somethingElse'],
  ['no-ineffective-guard/notAwaited', 'previewAnnouncements'],
])('nobody wrote down what to do about %s of %s', (claim, name) => {
  expect(byHand(finding(claim, name))).toBeUndefined()
})

it('what is no longer there cannot be repaired', () => {
  writeFileSync(file(), "export const previewAnnouncements = ask('announcement:read')\n")
  expect(() => repairByHand(folder, finding('no-unknown-permission/unknown', 'previewAnnouncements'))).toThrow(
    'no longer has',
  )
})
