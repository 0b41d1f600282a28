import { expect, it } from 'vitest'
import { staleLines } from '../../scripts/attack/readme.mjs'

const readme = (...lines: string[]): string =>
  ['# x', '```text', '$ npm run demo:attack', ...lines, '```', 'end'].join('\n')

it('the README may leave lines out', () => {
  expect(staleLines(readme('a  b', '…', 'c'), 'a  b\nx\n\nc\n')).toEqual([])
})

it('the README may not show what was not printed', () => {
  expect(staleLines(readme('a b', 'c'), 'a  b\nc')).toEqual(['a b'])
})

it('the README must show the attack', () => {
  expect(staleLines('# x', 'a')).toEqual(['it shows nothing of the attack'])
})
