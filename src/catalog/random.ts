/** What chance makes, and how much of it: what is made without a secure source (`Math.random`, `nanoid/non-secure`) is not here. */
import { all, call, gives, pure } from './define.ts'
import type { CallMeaning, Library } from './meaning.ts'

/** 122 of its 128 bits are random (RFC 9562, 5.4): `crypto.randomUUID`, version 4 of others. */
export const randomUuid: CallMeaning = gives({ bits: 122 }, { source: 'https://www.rfc-editor.org/rfc/rfc9562' })

/** With a callback it gives them there. */
export const randomBytes: CallMeaning = gives(
  { bits: 8, times: [0] },
  {
    runs: [{ at: [1], given: ['null', { bits: 8, times: [0] }] }],
    source: 'https://nodejs.org/api/crypto.html#cryptorandombytessize-callback',
  },
)

/** Typed arrays of whole numbers: of at least eight bits each. */
export const randomValues: CallMeaning = gives(
  { arg: 0 },
  { draws: 8, source: 'https://developer.mozilla.org/en-US/docs/Web/API/Crypto/getRandomValues' },
)

export const random: readonly Library[] = [
  {
    // https://github.com/ai/nanoid#readme: 21 of 64 letters, unless told otherwise.
    packages: ['nanoid'],
    category: 'harmless',
    exports: {
      nanoid: gives({ bits: 6, times: [0], usually: 21 }),
      customAlphabet: gives({ lettersOf: 'argument' }),
      customRandom: pure,
    },
    unlisted: 'harmless',
  },
  {
    // Versions 1, 3, 5 and 6 are made of the time, or of a name.
    packages: ['uuid'],
    category: 'harmless',
    exports: { ...all('v4 default.v4', randomUuid) },
    unlisted: 'harmless',
  },
  {
    // https://github.com/paralleldrive/cuid2#readme: a letter, and 23 of 36.
    packages: ['@paralleldrive/cuid2'],
    category: 'harmless',
    exports: { createId: gives({ bits: 123 }), init: pure, isCuid: call({ returns: 'boolean' }) },
    unlisted: 'harmless',
  },
  {
    // https://github.com/ulid/spec: 80 bits behind the time.
    packages: ['ulid', 'ulidx'],
    category: 'harmless',
    exports: { ulid: gives({ bits: 80 }) },
    unlisted: 'harmless',
  },
]
