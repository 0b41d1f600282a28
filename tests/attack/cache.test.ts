import { expect, it } from 'vitest'
import { mayKeep, sharedCache } from '../../scripts/attack/cache.mjs'

const answer = (control: string, body = 'rows', more: Record<string, string> = {}) =>
  new Response(body, { headers: { 'cache-control': control, ...more } })

it.each([
  ['public, max-age=300', true],
  ['s-maxage=60', true],
  ['max-age=60', false],
  ['private, no-store', false],
  ['public, no-store', false],
])('an answer with %s is kept: %s', (control, kept) => {
  expect(mayKeep(answer(control))).toBe(kept)
})

it('a refusal is not kept', () => {
  expect(mayKeep(new Response('', { status: 401, headers: { 'cache-control': 'public' } }))).toBe(false)
})

it.each([
  ['what is public is given to the next one', answer('public, max-age=9'), 'rows'],
  ['what is private is asked for again', answer('private, no-store'), 'nothing'],
  ['what varies by cookie is for the same cookie', answer('public', 'rows', { vary: 'Cookie' }), 'nothing'],
])('%s', async (_, first, second) => {
  const answers = [first, answer('private', 'nothing')]
  const cached = sharedCache(() => Promise.resolve(answers.shift()!))
  await cached('/export', { headers: { cookie: 'session=1' } })
  expect(await (await cached('/export')).text()).toBe(second)
})
