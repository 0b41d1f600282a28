import { all, asyncGives, asyncPure, call, gives, pure, verifies } from './define.ts'
import type { CallMeaning, Library, Result } from './meaning.ts'
import { randomBytes, randomUuid, randomValues } from './random.ts'

/** A digest that a callback receives, which stands at one of these positions; made to promise it, it gives it. */
const digestAt = (...positions: readonly number[]): CallMeaning =>
  call({
    returns: 'digest',
    runs: positions.map((at) => ({ at: [at], given: ['null', 'digest'] })),
    source: 'https://nodejs.org/api/crypto.html#cryptopbkdf2password-salt-iterations-keylen-digest-callback',
  })

/** Password and digest comparisons: who does not know the original gets false. */
const matches: CallMeaning = call({
  async: true,
  proves: 'secret',
  anonymous: 'false',
  returns: 'boolean',
  compares: [0, 1],
})
const matchesNow: CallMeaning = { ...matches, async: false }
const claims: Result = { object: { payload: 'principal', protectedHeader: 'unknown' }, rest: 'unknown' }

/**
 * A secret that browsers get is none: anybody signs with it. The name of a public key, which signs nothing, says so.
 * (https://nextjs.org/docs/app/guides/environment-variables#bundling-environment-variables-for-the-browser)
 */
const keyOfAll: NonNullable<CallMeaning['variants']>[number] = {
  when: {
    at: [1],
    env: '^(NEXT_PUBLIC|VITE|REACT_APP|EXPO_PUBLIC|NUXT_PUBLIC)_(?!.*(PUBLIC_?KEY|PUB_?KEY|PEM|CERT|JWKS?|URL|ISSUER))',
  },
  then: gives('input'),
}

/** A token that the server signed: what it says, the server said. Whether that is an identity, the token's purpose decides. */
const jwt = verifies(claims, {
  async: true,
  source: 'https://github.com/panva/jose/blob/main/docs/jwt/verify/functions/jwtVerify.md',
  variants: [{ ...keyOfAll, then: asyncGives('input') }],
})

export const tokens: readonly Library[] = [
  {
    packages: ['jose', 'jose/*'],
    category: 'auth',
    detects: 'jose',
    exports: {
      ...all('jwtVerify jwtDecrypt', jwt),
      ...all('compactVerify flattenedVerify generalVerify compactDecrypt flattenedDecrypt generalDecrypt', jwt),
      ...all('SignJWT EncryptJWT', { ...pure, vouches: [0] }),
      'EncryptJWT.decode': gives('input'),
      'UnsecuredJWT.decode': gives({ object: { payload: 'input', header: 'input' } }),
      // Claims that anybody can write (claims.md 36).
      ...all('decodeJwt decodeProtectedHeader', gives('input')),
    },
    unlisted: 'harmless',
    because: 'cryptography: it computes from its arguments',
  },
  {
    packages: ['jsonwebtoken'],
    category: 'auth',
    detects: 'jsonwebtoken',
    exports: {
      verify: verifies('principal', {
        source: 'https://github.com/auth0/node-jsonwebtoken#jwtverifytoken-secretorpublickey-options-callback',
        variants: [
          // With a callback it does not throw; the error comes first.
          { when: { at: [2], type: 'function' }, then: call({ runs: [{ at: [2], given: ['unknown', 'input'] }] }) },
          { when: { at: [3], type: 'function' }, then: call({ runs: [{ at: [3], given: ['unknown', 'input'] }] }) },
          keyOfAll,
        ],
      }),
      decode: gives({ maybe: 'input' }),
      sign: { ...pure, vouches: [0] },
    },
    unlisted: 'harmless',
    because: 'cryptography: it computes from its arguments',
  },
  {
    packages: ['jwt-decode'],
    category: 'auth',
    exports: { ...all('default jwtDecode jwt_decode', gives('input')) },
    unlisted: 'harmless',
    because: 'cryptography: it computes from its arguments',
  },
  {
    packages: ['@tsndr/cloudflare-worker-jwt'],
    category: 'auth',
    exports: {
      verify: call({ async: true, proves: 'signature', anonymous: 'false', returns: 'boolean' }),
      decode: gives('input'),
      sign: asyncPure,
    },
    unlisted: 'harmless',
    because: 'cryptography: it computes from its arguments',
  },
  {
    packages: ['bcrypt', 'bcryptjs', 'bcrypt-ts', '@node-rs/bcrypt'],
    category: 'auth',
    exports: {
      ...all('compare verify', matches),
      ...all('compareSync verifySync', matchesNow),
      hash: asyncGives('digest'),
      hashSync: gives('digest'),
      genSalt: asyncPure,
      genSaltSync: pure,
    },
    unlisted: 'harmless',
    because: 'cryptography: it computes from its arguments',
  },
  {
    packages: ['argon2', '@node-rs/argon2', '@noble/hashes/argon2', 'hash-wasm', 'scrypt-kdf'],
    category: 'auth',
    exports: {
      ...all('verify argon2Verify bcryptVerify', matches),
      verifySync: matchesNow,
      ...all('hash argon2id', asyncGives('digest')),
    },
    unlisted: 'harmless',
    because: 'cryptography: it computes from its arguments',
  },
  {
    packages: ['node:crypto', 'crypto'],
    category: 'auth',
    exports: {
      timingSafeEqual: call({ proves: 'signature', anonymous: 'false', returns: 'boolean', compares: [0, 1] }),
      ...all('verify', call({ proves: 'signature', anonymous: 'false', returns: 'boolean' })),
      createVerify: gives({ instance: 'node.verify' }),
      ...all(
        'webcrypto.subtle.verify subtle.verify',
        call({ async: true, proves: 'signature', anonymous: 'false', returns: 'boolean' }),
      ),
      // An authenticated cipher throws in final(); others give rubbish, so opening one proves nothing by itself.
      ...all('createDecipheriv createDecipher createCipheriv', pure),
      ...all('createHash createHmac hash pbkdf2Sync scryptSync hkdfSync', gives('digest')),
      ...all('pbkdf2 hkdf', digestAt(5)),
      // what it costs may be told in front of the callback
      scrypt: digestAt(3, 4),
      ...all('randomUUID webcrypto.randomUUID', randomUuid),
      ...all('getRandomValues webcrypto.getRandomValues randomFillSync', randomValues),
      randomBytes,
    },
    unlisted: 'harmless',
    because: 'cryptography: it computes from its arguments',
    instances: {
      'node.verify': {
        members: {
          ...all('update write', gives({ instance: 'node.verify' })),
          end: pure,
          verify: call({ proves: 'signature', anonymous: 'false', returns: 'boolean' }),
        },
        unlisted: 'harmless',
      },
    },
  },
  {
    packages: ['safe-compare', 'tsscmp', 'scmp', 'secure-compare'],
    category: 'auth',
    exports: { default: call({ proves: 'secret', anonymous: 'false', returns: 'boolean', compares: [0, 1] }) },
    unlisted: 'harmless',
    because: 'cryptography: it computes from its arguments',
  },
  {
    packages: ['cookie-signature'],
    category: 'auth',
    exports: { sign: pure, unsign: call({ proves: 'signature', anonymous: 'false', returns: 'string' }) },
    unlisted: 'harmless',
    because: 'cryptography: it computes from its arguments',
  },
  {
    packages: [
      'tweetnacl',
      '@noble/ed25519',
      '@noble/curves/*',
      'discord-interactions',
      'elliptic',
      'libsodium-wrappers',
    ],
    category: 'auth',
    exports: {
      ...all(
        'sign.detached.verify crypto_sign_verify_detached',
        call({ proves: 'signature', anonymous: 'false', returns: 'boolean' }),
      ),
      ...all(
        'verify verifyAsync verifyKey',
        call({ async: true, proves: 'signature', anonymous: 'false', returns: 'boolean' }),
      ),
    },
    unlisted: 'harmless',
    because: 'cryptography: it computes from its arguments',
  },
  {
    packages: ['cookie', 'cookie-es', 'set-cookie-parser', 'js-cookie', 'universal-cookie'],
    category: 'harmless',
    exports: {
      ...all('parse parseCookie', gives({ object: {}, rest: 'cookie' })),
      ...all('serialize stringifySetCookie parseSetCookie', pure),
    },
    unlisted: 'harmless',
  },
  {
    packages: ['cookies-next', 'cookies-next/*', 'nookies'],
    category: 'harmless',
    exports: {
      getCookie: call({ async: true, returns: { maybe: 'cookie' } }),
      ...all('getCookies parseCookies', call({ async: true, returns: { object: {}, rest: 'cookie' } })),
    },
    unlisted: 'harmless',
  },
]
