import { describe, expect, it } from 'vitest'
import { idsIn, isRefusal, serverFnRequest, luredRequest } from '../../scripts/attack/wire.mjs'

const id = 'a'.repeat(64)
const serialize = (value: unknown): Promise<string> => Promise.resolve(JSON.stringify(value))

it('finds the address of each server function in what the build lists', () => {
  const manifest = `var manifest = {
	"${id}": {
		functionName: "createNote_createServerFn_handler",
		importer: () => import("./functions-1.js")
	},
	"${'b'.repeat(64)}": {
		functionName: "list_notes_createServerFn_handler",
		importer: () => import("./functions-1.js")
	}
};`
  expect([...idsIn(manifest)]).toEqual([
    ['createNote', id],
    ['list_notes', 'b'.repeat(64)],
  ])
})

describe('a call of a server function', () => {
  const call = { id, data: { noteId: 'a&b' }, context: { user: 'me' }, serialize }

  it('by GET carries input and context in its address', async () => {
    const { path, init } = await serverFnRequest({ ...call, method: 'GET' })

    const url = new URL(path, 'http://localhost')
    expect(url.pathname).toBe(`/_serverFn/${id}`)
    expect(JSON.parse(url.searchParams.get('payload')!)).toEqual({ data: { noteId: 'a&b' }, context: { user: 'me' } })
    expect(init).toMatchObject({ method: 'GET', headers: { 'x-tsr-serverfn': 'true' } })
    expect(init).not.toHaveProperty('body')
  })

  it('by POST carries them in its body', async () => {
    const { path, init } = await serverFnRequest({ ...call, method: 'POST' })

    expect(path).toBe(`/_serverFn/${id}`)
    expect(init).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } })
    expect(init).toHaveProperty('body', '{"data":{"noteId":"a&b"},"context":{"user":"me"}}')
  })
})

describe('an answer is a refusal', () => {
  it.each([
    [
      'when the result is an error, though the status is 200',
      200,
      '{"t":10,"i":0,"p":{"k":["error"],"v":[{"t":25}]},"o":0}',
    ],
    ['when it sends the caller elsewhere', 200, '{"to":"/login","isSerializedRedirect":true}'],
    ['when it redirects', 307, ''],
    ['when a route says so', 401, 'Unauthorized'],
  ])('%s', (_, status, text) => {
    expect(isRefusal(status, text)).toBe(true)
  })
})

describe('an answer is none', () => {
  it.each([
    ['when there is a result', 200, '{"t":10,"i":0,"p":{"k":["result"],"v":[{"t":2}]},"o":0}'],
    [
      'when the result is called error',
      200,
      '{"t":10,"p":{"k":["result"],"v":[{"t":10,"p":{"k":["error"],"v":[{"t":2}]}}]}}',
    ],
    ['when a route answers with text', 200, 'number,customer'],
    ['when a route answers with nothing', 204, ''],
    ['when a route answers with null', 200, 'null'],
  ])('%s', (_, status, text) => {
    expect(isRefusal(status, text)).toBe(false)
  })
})

describe('what another page makes a browser send', () => {
  const cookie = 'session=1'
  it('an image asks by GET, from a page of the application itself', () => {
    expect(luredRequest({ path: '/x', init: { method: 'GET' } }, { cookie })).toEqual({
      path: '/x',
      init: { method: 'GET', headers: { cookie, 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'image' } },
    })
  })

  it('a form on a neighbouring site sends what forms send', () => {
    const { init } = luredRequest({ path: '/x', init: { method: 'POST' } }, { cookie, data: { id: 1 } })!
    expect(init.headers).toMatchObject({ cookie, 'sec-fetch-site': 'same-site' })
    expect([...(init.body as FormData)]).toEqual([['id', '1']])
  })

  it('nothing else goes without leave', () => {
    expect(luredRequest({ path: '/x', init: { method: 'DELETE' } }, { cookie })).toBeUndefined()
  })
})
