/** What a message calls the guard, and what is wrong with it: by the words of the entry point's own code. */
import { describe, expect, it } from 'vitest'
import { act, handler, session, work } from './harness.ts'

const lookup = `async function currentSession() { return auth.api.getSession({ headers: getRequestHeaders() }) }\n`

describe('the guard is called', () => {
  it('by the helper that looks the caller up, when the handler tests its answer', () => {
    const { guards } = act(
      `${lookup}${handler(`const s = await currentSession(); if (!s) throw new Error(); ${work}`)}`,
    )
    expect(guards).toEqual(['currentSession'])
  })

  it('by the lookup, when the handler makes it itself', () => {
    const { guards } = act(handler(`${session}if (!session) throw new Error(); ${work}`))
    expect(guards).toEqual(['auth.api.getSession'])
  })

  it('by the helper that compares a signature, not by what it compares first', () => {
    const isSigned = `
import { createHmac, timingSafeEqual } from 'node:crypto'
function isSigned(body: string, sent: string) {
  const known = createHmac('sha256', process.env.HOOK_SECRET!).update(body).digest()
  const received = Buffer.from(sent, 'hex')
  return received.length === known.length && timingSafeEqual(received, known)
}\n`
    const check = `if (!isSigned(await getRequest().text(), getRequestHeader('x-signature') ?? '')) throw new Error()\n`
    expect(act(`${isSigned}${handler(check + work)}`).guards).toEqual(['isSigned'])
  })
})

describe('what is wrong is called', () => {
  it('by the helper whose answer lets callers without a session pass', () => {
    const test = `const s = await currentSession(); if (s && s.user.role !== 'admin') throw new Error()\n`
    expect(act(`${lookup}${handler(test + work)}`)).toMatchObject({ cause: 'passesNull', culprit: 'currentSession' })
  })

  it.each([
    [
      'by the header that is believed',
      `if (getRequestHeader('x-user-role') !== 'admin') throw new Error()`,
      'x-user-role',
    ],
    [
      'by the variable that holds it',
      `const role = getRequestHeader('x-user-role'); if (!role) throw new Error()`,
      'role',
    ],
    ['by the cookie', `if (!getCookie('session')) throw new Error()`, 'session'],
  ])('%s', (_, test, culprit) => {
    expect(act(handler(`${test}\n${work}`))).toMatchObject({ cause: 'untrusted', culprit })
  })
})

describe('a header that says how a message is sent, or from where, is no word about the caller', () => {
  it.each([
    ['its kind', `if (getRequestHeader('content-type') !== 'application/json') throw new Error('415')`],
    ['its address', `if (getRequestHeader('x-forwarded-for') === '10.0.0.1') throw new Error('429')`],
  ])('%s', (_, test) => {
    expect(act(handler(`${test}\n${work}`))).toMatchObject({ verdict: 'unguarded', cause: 'noGuard' })
  })
})

it('how much, or how often, is no word about the caller', () => {
  const test = `if (Number(getRequestHeader('x-hits')) > 5) throw new Error('429')`
  expect(act(handler(`${test}\n${work}`))).toMatchObject({ verdict: 'unguarded', cause: 'noGuard' })
})

it('the evidence begins with what is wrong, wherever that was noticed', () => {
  const test = `const s = await currentSession(); if (s && s.user.role !== 'admin') throw new Error()\n`
  const { judgement } = act(`${lookup}${handler(test + work)}`)
  expect(judgement.evidence.map(({ what }) => what)).toEqual([
    '`currentSession`: callers without a session pass this test',
    'writes `invoices`',
  ])
})
