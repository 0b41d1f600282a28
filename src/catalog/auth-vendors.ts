import {
  all,
  asyncPure,
  builder,
  call,
  credential,
  effect,
  fn,
  gives,
  pure,
  session,
  spells,
  value,
  verifies,
} from './define.ts'
import type { ArgPath, CallMeaning, Library, Result } from './meaning.ts'

const response = gives('response')
const mounted = call({ async: true, credential: true, mounts: 'auth', returns: 'response' })
const read = (what: string): CallMeaning => effect('identity', 'read', what, { privileged: true })
const write = (what: string): CallMeaning => effect('identity', 'write', what, { privileged: true })

/** A wrapper that answers anonymous callers itself and never runs the handler for them. */
const protects = (denied: Result, wraps: number | ArgPath = 0): CallMeaning =>
  call({ proves: 'authenticated', anonymous: fn(call({ async: true, returns: denied })), returns: { wraps } })

// ---------------------------------------------------------------------------------------------------------------- Kinde

const kindeSession: Result = { instance: 'kinde.session' }
const kindePermission = (isGranted: Result): Result => ({
  object: { isGranted, orgCode: { maybe: 'tenant', absent: 'null' } },
})
const kinde: Library = {
  packages: ['@kinde-oss/kinde-auth-nextjs/server', '@kinde-oss/kinde-auth-nextjs'],
  category: 'auth',
  detects: 'kinde',
  exports: {
    ...all('useKindeBrowserClient useKindeAuth', pure),

    // Reads the tokens from cookies and checks them against the key set (validateToken, kinde-auth-nextjs 2.13).
    getKindeServerSession: gives(kindeSession, {
      source: 'https://docs.kinde.com/developer-tools/sdks/backend/nextjs-sdk/',
    }),
    handleAuth: gives(fn(mounted)),
    ...all('withAuth authMiddleware', builder('pass-through')),
    createKindeManagementAPIClient: call({ async: true, returns: { instance: 'kinde.management' } }),
  },
  unlisted: 'unknown',
  instances: {
    'kinde.session': {
      members: {
        isAuthenticated: session('false', 'true'),
        ...all('getUser getIdToken getAccessToken getIdTokenRaw getAccessTokenRaw', session('null', 'principal')),
        ...all('getRoles getEntitlements', session('null', 'principal')),
        // dist/src/session in kinde-auth-nextjs 2.13: `null` is for who is not signed in, all others get an object.
        getClaim: session('null', { object: { name: 'string', value: { maybe: 'principal', absent: 'null' } } }),
        getOrganization: session('null', { object: { orgCode: { maybe: 'tenant' } }, rest: 'principal' }),
        getUserOrganizations: session('null', { object: { orgCodes: 'principal', orgs: 'principal' } }),
        getPermissions: session('null', {
          object: { permissions: 'principal', orgCode: { maybe: 'tenant', absent: 'null' } },
        }),
        getPermission: session('null', kindePermission('boolean'), {
          permission: { proof: 'permission', at: [0], denied: kindePermission('false') },
        }),
        ...all('getFlag getBooleanFlag getStringFlag getIntegerFlag', asyncPure),
        refreshTokens: credential(),
      },
      unlisted: 'unknown',
    },
    'kinde.management': { members: { '*.*': write('changes identities at Kinde') }, unlisted: 'effect-write' },
  },
}

// ---------------------------------------------------------------------------------------------------------------- Auth0

const auth0Session: Result = { object: { user: 'principal' }, rest: 'principal' }
const auth0Page = call({ async: true, returns: { object: { props: { object: { user: 'principal' } } } } })
/** Around a page of the App Router; or what `getServerSideProps` is made of, which may be nothing but the check. */
const auth0Pages: CallMeaning = {
  ...protects('redirects', [0, 'getServerSideProps']),
  source: 'https://github.com/auth0/nextjs-auth0/blob/main/EXAMPLES.md#protecting-a-server-side-rendered-ssr-page',
  variants: [
    { when: { at: [0], type: 'function' }, then: protects('redirects') },
    {
      when: { at: [0, 'getServerSideProps'], present: false },
      then: { ...protects('redirects'), returns: fn(auth0Page) },
    },
  ],
}
const auth0Members = {
  getSession: session('null', auth0Session, { source: 'https://github.com/auth0/nextjs-auth0#the-auth0-client' }),
  ...all(
    'getAccessToken getAccessTokenForConnection',
    session('throws', { object: { token: 'principal', accessToken: 'principal' }, rest: 'principal' }),
  ),
  getConnectedAccounts: session('throws', 'principal'),
  ...all(
    'updateSession startInteractiveLogin startEnterpriseLogin revokeRefreshToken connectAccount disconnectAccount',
    credential(),
  ),
  ...all('middleware', mounted),
  withPageAuthRequired: auth0Pages,
  withApiAuthRequired: protects('response'),
}
const auth0: Library = {
  packages: ['@auth0/nextjs-auth0', '@auth0/nextjs-auth0/server', '@auth0/nextjs-auth0/edge'],
  category: 'auth',
  detects: 'auth0',
  exports: {
    ...all('useUser AccessTokenError SdkError', pure),

    Auth0Client: gives({ instance: 'auth0' }),
    initAuth0: gives({ instance: 'auth0' }),
    // Releases before 4.
    getSession: auth0Members.getSession,
    getAccessToken: session('throws', { object: { accessToken: 'principal' } }),
    updateSession: credential(),
    withApiAuthRequired: auth0Members.withApiAuthRequired,
    withPageAuthRequired: auth0Members.withPageAuthRequired,
    withMiddlewareAuthRequired: builder('pass-through'),
    ...all('handleAuth handleLogin handleLogout handleCallback', gives(fn(mounted))),
  },
  unlisted: 'unknown',
  instances: { auth0: { members: auth0Members, unlisted: 'unknown' } },
}
const auth0Management: Library = {
  packages: ['auth0'],
  category: 'auth',
  detects: 'auth0',
  exports: {
    ...all('ManagementApiError AuthApiError', pure),

    ManagementClient: gives({ instance: 'auth0.management' }),
    AuthenticationClient: gives({ instance: 'auth0.authentication' }),
    UserInfoClient: gives({ instance: 'auth0.userinfo' }),
  },
  unlisted: 'unknown',
  instances: {
    'auth0.management': {
      members: {
        '*.get': read('reads identities at Auth0'),
        '*.list': read('reads identities at Auth0'),
        '*.getAll': read('reads identities at Auth0'),
        '*.*': write('changes identities at Auth0'),
      },
      unlisted: 'effect-write',
    },
    'auth0.authentication': {
      members: { 'oauth.*': credential(), 'database.*': credential(), 'passwordless.*': credential() },
      unlisted: 'unknown',
    },
    'auth0.userinfo': {
      members: { getUserInfo: session('throws', { object: { data: 'principal' } }) },
      unlisted: 'unknown',
    },
  },
}

// -------------------------------------------------------------------------------------------------------------- Descope

const descopeInfo: Result = { object: { token: 'principal', jwt: 'principal' }, rest: 'principal' }
const descope: readonly Library[] = [
  {
    packages: ['@descope/nextjs-sdk/server'],
    category: 'auth',
    detects: 'descope',
    exports: {
      ...all('session getSession', session('undefined', descopeInfo)),
      authMiddleware: builder('pass-through'),
      createSdk: gives({ instance: 'descope' }),
    },
    unlisted: 'unknown',
  },
  {
    packages: ['@descope/node-sdk'],
    category: 'auth',
    detects: 'descope',
    exports: { default: gives({ instance: 'descope' }) },
    unlisted: 'unknown',
    instances: {
      descope: {
        members: {
          ...all(
            'validateSession validateAndRefreshSession validateJwt refreshSession',
            session('throws', descopeInfo),
          ),
          exchangeAccessKey: session('throws', descopeInfo),
          ...all('validatePermissions validateTenantPermissions', gives('boolean')),
          ...all('validateRoles validateTenantRoles getMatchedPermissions getMatchedRoles', gives('boolean')),
          ...all('logout logoutAll me', credential()),
          'management.*.*': write('changes identities at Descope'),
          '*.*': credential(),
          '*.*.*': credential(),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['@descope/nextjs-sdk', '@descope/nextjs-sdk/client', '@descope/react-sdk'],
    category: 'auth',
    detects: 'descope',
    exports: {},
    unlisted: 'harmless',
    because: 'components and hooks of the browser',
  },
]

// --------------------------------------------------------------------------------------------------------------- Stytch

const stytchMember: Result = { object: { organization: 'tenant', organization_id: 'tenant' }, rest: 'principal' }
const stytch: Library = {
  packages: ['stytch'],
  category: 'auth',
  detects: 'stytch',
  exports: {
    ...all('StytchError RequestError ClientError', pure),
    Client: gives({ instance: 'stytch' }),
    B2BClient: gives({ instance: 'stytch' }),
  },
  unlisted: 'unknown',
  instances: {
    stytch: {
      members: {
        ...all('sessions.authenticate sessions.authenticateJwt', session('throws', stytchMember)),
        ...all('sessions.authenticateJwtLocal', session('throws', 'principal')),
        'sessions.get': read('reads sessions at Stytch'),
        'sessions.revoke': credential(),
        'm2m.authenticateToken': session('throws', 'principal', { proves: 'secret' }),
        ...all(
          `magicLinks.authenticate oauth.authenticate passwords.authenticate otps.authenticate totps.authenticate
           sso.authenticate webauthn.authenticate cryptoWallets.authenticate`,
          session('throws', stytchMember, { credential: true }),
        ),
        ...all('magicLinks.email.send magicLinks.email.loginOrCreate magicLinks.email.loginOrSignup', credential()),
        ...all(
          'passwords.create passwords.strengthCheck passwords.email.resetStart passwords.email.reset',
          credential(),
        ),
        ...all('otps.email.loginOrCreate otps.sms.loginOrCreate otps.email.send otps.sms.send', credential()),
        ...all('users.get users.search organizations.get organizations.search', read('reads identities at Stytch')),
        '*.*': write('changes identities at Stytch'),
        '*.*.*': write('changes identities at Stytch'),
      },
      unlisted: 'unknown',
    },
  },
}

// ---------------------------------------------------------------------------------------------------------------- Privy

// `verifyAccessToken` and its like check the signature and throw (lib/auth.d.ts of @privy-io/node 0.35).
const verifiesPrivy = session('throws', 'principal', {
  source: 'https://docs.privy.io/authentication/user-authentication/access-tokens',
})
const readsPrivy = read('reads users at Privy')
const changesPrivy = write('changes users at Privy')
/** By the id token of whoever asks, or by an id, which is anybody's. */
const privyUser: CallMeaning = {
  ...readsPrivy,
  variants: [
    { when: { at: [0], type: 'string' }, then: readsPrivy },
    { when: { at: [0, 'idToken'], present: true }, then: verifiesPrivy },
    { when: { at: [0, 'id_token'], present: true }, then: verifiesPrivy },
  ],
}
const wallets = effect('payment', 'write', 'acts on a wallet')
const readsWallets = effect('payment', 'read', 'reads a wallet')
const privy: Library = {
  packages: ['@privy-io/node', '@privy-io/server-auth'],
  category: 'auth',
  detects: 'privy',
  exports: {
    PrivyClient: gives({ instance: 'privy' }),
    ...all('verifyAccessToken verifyAuthToken verifyIdentityToken', verifiesPrivy),
    ...all(
      `APIError APIConnectionError APIConnectionTimeoutError AuthenticationError BadRequestError ConflictError
       InternalServerError InvalidAuthTokenError NotFoundError PermissionDeniedError PrivyAPIError RateLimitError
       UnprocessableEntityError isEmbeddedWalletLinkedAccount formatRequestForAuthorizationSignature`,
      pure,
    ),
  },
  unlisted: 'unknown',
  instances: {
    privy: {
      members: {
        // https://docs.privy.io/basics/nodeJS/quickstart
        utils: gives({ instance: 'privy.utils' }),
        users: gives({ instance: 'privy.users' }),
        wallets: gives({ instance: 'privy.wallets' }),
        webhooks: gives({ object: { verify: fn(verifies('unknown')) } }),
        ...all('apps policies transactions keyQuorums intents organizations', gives({ instance: 'privy.admin' })),
        // https://www.npmjs.com/package/@privy-io/server-auth
        ...all('verifyAuthToken getUserFromIdToken', verifiesPrivy),
        verifyWebhook: verifies('unknown', { async: true }),
        getUser: privyUser,
        ...all(
          `getUserById getUserByEmail getUserByPhoneNumber getUserByWalletAddress getUserBySmartWalletAddress
           getUserByFarcasterId getUserByDiscordUsername getUserByGithubUsername getUserByTwitterUsername
           getUserByTwitterSubject getUserByTelegramUserId getUserByTelegramUsername getUserByCustomAuthId getUsers
           getAllowlist`,
          readsPrivy,
        ),
        ...all(
          'deleteUser importUser createWallets setCustomMetadata inviteToAllowlist removeFromAllowlist',
          changesPrivy,
        ),
        ...all('getAppSettings getVerificationKey', asyncPure),
        'walletApi.*': wallets,
        'walletApi.*.*': wallets,
      },
      unlisted: 'unknown',
    },
    'privy.utils': {
      members: {
        auth: gives({
          object: {
            verifyAccessToken: fn(verifiesPrivy),
            verifyAuthToken: fn(verifiesPrivy),
            verifyIdentityToken: fn(verifiesPrivy),
          },
        }),
        ...all('requestSigner requestFormatter', gives('unknown')),
      },
      unlisted: 'unknown',
    },
    'privy.users': {
      members: {
        get: privyUser,
        ...all(
          `_get list search getByEmailAddress getByPhoneNumber getByWalletAddress getBySmartWalletAddress
           getByDiscordUsername getByGitHubUsername getByTwitterUsername getByTwitterSubject getByTelegramUsername
           getByTelegramUserID getByFarcasterID getByCustomAuthID`,
          readsPrivy,
        ),
        '*': changesPrivy,
      },
      unlisted: 'unknown',
    },
    'privy.wallets': {
      members: { ...all('get list', readsWallets), ...all('* *.*', wallets) },
      unlisted: 'unknown',
    },
    'privy.admin': {
      members: { ...all('get list', readsWallets), ...all('* *.*', wallets) },
      unlisted: 'unknown',
    },
  },
}

// ------------------------------------------------------------------------------------------------------- Firebase Admin

const firebaseAuth: Result = { instance: 'firebase.auth' }
const firestore: Result = { instance: 'firebase.firestore' }
/** A document that was read, or several: their references write. */
const snapshot: Result = { document: 'firebase.snapshot' }
const readsFirestore = (returns: Result): CallMeaning =>
  effect('db', 'read', 'reads Firestore', { privileged: true, returns })
const refs: Result = { list: { document: 'firebase.ref' } }
const bucket: Result = { instance: 'firebase.bucket' }
const firebaseStorage: Result = { object: { bucket: fn(gives(bucket)) } }
const firebaseApp: Result = { instance: 'firebase.app' }
const firebaseAdmin: Library = {
  packages: ['firebase-admin', 'firebase-admin/*', '@google-cloud/firestore'],
  category: 'auth',
  detects: 'firebase',
  exports: {
    getAuth: gives(firebaseAuth),
    auth: gives(firebaseAuth),
    ...all('getFirestore firestore Firestore initializeFirestore', gives(firestore)),
    ...all('getStorage storage', gives(firebaseStorage)),
    ...all('getMessaging messaging', gives({ instance: 'firebase.messaging' })),
    ...all('initializeApp getApp app', gives(firebaseApp)),
    ...all('getApps cert applicationDefault refreshToken credential.cert credential.applicationDefault', pure),
    apps: value({ list: firebaseApp }),
    ...all(
      'FieldValue.serverTimestamp FieldValue.increment FieldValue.arrayUnion FieldValue.arrayRemove FieldValue.delete',
      pure,
    ),
    ...all(
      `Timestamp Timestamp.now Timestamp.fromDate Timestamp.fromMillis GeoPoint FieldPath FieldPath.documentId Filter.where
       Filter.and Filter.or AggregateField.count AggregateField.sum AggregateField.average`,
      pure,
    ),
    ...all(
      `firestore.FieldValue.serverTimestamp firestore.FieldValue.increment firestore.FieldValue.arrayUnion
       firestore.FieldValue.arrayRemove firestore.FieldValue.delete firestore.Timestamp.now firestore.Timestamp.fromDate
       firestore.Timestamp.fromMillis firestore.FieldPath.documentId`,
      pure,
    ),
  },
  unlisted: 'unknown',
  instances: {
    'firebase.app': {
      members: {
        auth: gives(firebaseAuth),
        firestore: gives(firestore),
        storage: gives(firebaseStorage),
        messaging: gives({ instance: 'firebase.messaging' }),
        ...all('name options', value('unknown')),
      },
      unlisted: 'unknown',
    },
    'firebase.auth': {
      members: {
        // Both check the signature and throw; `checkRevoked` only adds to that.
        ...all(
          'verifyIdToken verifySessionCookie',
          session('throws', 'principal', { source: 'https://firebase.google.com/docs/auth/admin/verify-id-tokens' }),
        ),
        createSessionCookie: session('throws', 'string', { credential: true }),
        ...all('getUser getUserByEmail getUserByPhoneNumber getUsers listUsers', read('reads users')),
        createUser: write('creates a user'),
        ...all('deleteUser deleteUsers', write('deletes a user')),
        ...all('updateUser setCustomUserClaims', write('changes a user')),
        revokeRefreshTokens: write("ends a user's sessions"),
        createCustomToken: write('makes a sign-in token'),
        ...all(
          'generatePasswordResetLink generateEmailVerificationLink generateSignInWithEmailLink',
          write('makes a sign-in link'),
        ),
      },
      unlisted: 'unknown',
    },
    'firebase.firestore': {
      members: {
        ...all('collection doc collectionGroup', gives({ instance: 'firebase.ref' })),
        ...all('batch bulkWriter', gives({ instance: 'firebase.batch' })),
        runTransaction: call({
          async: true,
          runs: [{ at: [0], given: [{ instance: 'firebase.batch' }] }],
          returns: 'callback',
        }),
        getAll: readsFirestore({ list: snapshot }),
        listCollections: readsFirestore(refs),
        recursiveDelete: effect('db', 'write', 'deletes from Firestore', { privileged: true }),
        settings: pure,
      },
      unlisted: 'unknown',
    },
    'firebase.ref': {
      members: {
        ...all(
          'collection doc where orderBy limit startAfter startAt endAt endBefore offset select count withConverter',
          gives({ instance: 'firebase.ref' }),
        ),
        get: readsFirestore(snapshot),
        ...all('listDocuments listCollections', readsFirestore(refs)),
        ...all('set add update create', effect('db', 'write', 'writes Firestore', { privileged: true })),
        delete: effect('db', 'write', 'deletes from Firestore', { privileged: true }),
        ...all('id path', value('string')),
        parent: value({ instance: 'firebase.ref' }),
        firestore: value(firestore),
      },
      unlisted: 'unknown',
    },
    // https://googleapis.dev/nodejs/firestore/latest/DocumentSnapshot.html, and QuerySnapshot.html beside it
    'firebase.snapshot': {
      members: {
        ref: value({ instance: 'firebase.ref' }),
        query: value({ instance: 'firebase.ref' }),
        docs: value({ list: snapshot }),
        forEach: call({ runs: [{ at: [0], given: [snapshot] }], returns: 'undefined' }),
        docChanges: gives({ list: { object: { doc: snapshot }, rest: 'unknown' } }),
        ...all('data get exists id createTime updateTime readTime isEqual empty size metadata', pure),
      },
      unlisted: 'unknown',
    },
    'firebase.batch': {
      members: {
        get: readsFirestore(snapshot),
        getAll: readsFirestore({ list: snapshot }),
        ...all(
          'set create update delete commit',
          effect('db', 'write', 'writes Firestore', { privileged: true, async: false }),
        ),
      },
      unlisted: 'unknown',
    },
    'firebase.bucket': {
      members: {
        file: gives({ instance: 'firebase.bucket' }),
        ...all(
          'getFiles exists getMetadata download createReadStream',
          effect('storage', 'read', 'reads the bucket', { privileged: true }),
        ),
        getSignedUrl: effect('storage', 'read', 'makes a download address', { privileged: true }),
        ...all(
          'upload save delete deleteFiles move copy setMetadata makePublic createWriteStream',
          effect('storage', 'write', 'writes the bucket', { privileged: true }),
        ),
        publicUrl: pure,
      },
      unlisted: 'effect-write',
    },
    'firebase.messaging': {
      members: { '*': effect('other', 'write', 'sends push messages') },
      unlisted: 'effect-write',
    },
  },
}

// ------------------------------------------------------------------------------------------------------- Sealed cookies

const saving = {
  save: fn(credential({ vouches: 'self' })),
  destroy: fn(credential({ async: false })),
  updateConfig: fn(pure),
}
const ironSessions = {
  anonymous: { object: saving, rest: 'undefined' },
  signedIn: { object: saving, rest: 'principal' },
} as const
/** Release 6: the session is put on the request, and nobody is refused. */
const fillsSession = (at: ArgPath): CallMeaning =>
  call({
    proves: 'authenticated',
    anonymous: { wraps: 0, sets: { at, to: ironSessions.anonymous } },
    returns: { wraps: 0, sets: { at, to: ironSessions.signedIn } },
    source: 'https://github.com/vvo/iron-session/tree/v6#nextjs-usage',
  })
const ironSession: Library = {
  packages: ['iron-session', 'iron-session/edge', 'iron-session/next'],
  category: 'auth',
  detects: 'iron-session',
  exports: {
    getIronSession: session(ironSessions.anonymous, ironSessions.signedIn, {
      source: 'https://github.com/vvo/iron-session#readme',
    }),
    // A seal that does not open gives an empty object.
    unsealData: session({ object: {}, rest: 'undefined' }, { object: {}, rest: 'principal' }),
    // https://github.com/vvo/iron-session#sealdatadata-unknown--password-ttl--promisestring
    sealData: { ...asyncPure, vouches: [0] },
    withIronSessionApiRoute: fillsSession([0, 'session']),
    withIronSessionSsr: fillsSession([0, 'req', 'session']),
  },
  unlisted: 'unknown',
}

const lucia: readonly Library[] = [
  {
    packages: ['lucia'],
    category: 'auth',
    detects: 'lucia',
    exports: {
      ...all('TimeSpan Scrypt LegacyScrypt', pure),

      Lucia: gives({ instance: 'lucia' }),
      // https://v3.lucia-auth.com/reference/main/generateId: of 36 letters, and of so many bytes
      generateId: gives({ bits: Math.log2(36), times: [0] }),
      generateIdFromEntropySize: gives({ bits: 8, times: [0] }),
      verifyRequestOrigin: pure,
      lucia: gives({ instance: 'lucia' }),
    },
    unlisted: 'unknown',
    instances: {
      lucia: {
        members: {
          validateSession: session(
            { object: { user: 'null', session: 'null' } },
            { object: { user: 'principal', session: 'principal' } },
          ),
          handleRequest: gives({
            object: {
              validate: fn(session('null', { object: { user: 'principal' }, rest: 'principal' })),
              setSession: fn(credential()),
            },
          }),
          readSessionCookie: gives({ maybe: 'cookie' }),
          readBearerToken: gives({ maybe: 'header' }),
          ...all('createSessionCookie createBlankSessionCookie', pure),
          ...all('createSession invalidateSession', credential()),
          invalidateUserSessions: credential(),
          deleteExpiredSessions: effect('identity', 'write', 'deletes sessions'),
          getUserSessions: effect('identity', 'read', 'reads sessions'),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['arctic'],
    category: 'auth',
    exports: {
      ...all('OAuth2RequestError ArcticFetchError UnexpectedResponseError UnexpectedErrorResponseBodyError', pure),

      ...all('generateState generateCodeVerifier', pure),
      decodeIdToken: gives('input'),
      // Providers: `new GitHub(id, secret, url)`.
      ...all(
        `GitHub Google Discord Facebook Apple MicrosoftEntraId Twitch Twitter Spotify Slack Notion LinkedIn GitLab Auth0
         Okta Keycloak Kakao Line Reddit Dropbox Linear Figma Zoom WorkOS AmazonCognito Bitbucket Box CoinbaseOAuth
         Patreon Salesforce Shikimori Strava TikTok Tumblr VK Yahoo Yandex FortyTwo Atlassian AniList OAuth2Client`,
        gives({ instance: 'arctic' }),
      ),
    },
    unlisted: 'unknown',
    instances: {
      arctic: {
        members: {
          createAuthorizationURL: credential({ async: false }),
          validateAuthorizationCode: session('throws', 'principal', {
            credential: true,
            source: 'https://arcticjs.dev',
          }),
          ...all('refreshAccessToken revokeToken', credential()),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['openid-client', 'oauth4webapi'],
    category: 'auth',
    exports: {
      ...all(
        'authorizationCodeGrant validateAuthResponse processAuthorizationCodeResponse',
        session('throws', 'principal', { credential: true }),
      ),
      ...all('refreshTokenGrant discovery', credential()),
      ...all(
        `randomPKCECodeVerifier randomState randomNonce calculatePKCECodeChallenge buildAuthorizationUrl buildEndSessionUrl
         generateRandomCodeVerifier generateRandomState generateRandomNonce Configuration ClientSecretPost ClientSecretBasic
         ClientSecretJwt PrivateKeyJwt None allowInsecureRequests`,
        pure,
      ),
    },
    unlisted: 'unknown',
  },
  {
    packages: [
      'oslo',
      'oslo/*',
      '@oslojs/crypto/*',
      '@oslojs/encoding',
      '@oslojs/otp',
      '@oslojs/jwt',
      '@oslojs/webauthn',
    ],
    category: 'auth',
    exports: {
      ...all('validateJWT', session('throws', 'principal', { proves: 'signature' })),
      ...all('parseJWT decodeJWT', gives('input')),
      ...all(
        'verifyTOTP verifyHOTP constantTimeEqual',
        call({ proves: 'secret', anonymous: 'false', returns: 'boolean' }),
      ),
      ...all('Argon2id Scrypt Bcrypt', gives({ instance: 'password-hasher' })),
      // https://encoding.oslojs.dev, https://www.rfc-editor.org/rfc/rfc4648
      ...all(
        `encodeHexLowerCase encodeHexUpperCase encodeBase32 encodeBase32NoPadding encodeBase32LowerCase
         encodeBase32LowerCaseNoPadding encodeBase32UpperCase encodeBase32UpperCaseNoPadding encodeBase64
         encodeBase64NoPadding encodeBase64url encodeBase64urlNoPadding`,
        spells,
      ),
      // https://crypto.oslojs.dev: each takes all of the data at once
      ...all(
        'sha1 sha224 sha256 sha384 sha512 sha512_224 sha512_256 sha3_224 sha3_256 sha3_384 sha3_512',
        gives('digest'),
      ),
    },
    unlisted: 'harmless',
    because: 'cryptography and encodings',
    instances: {
      'password-hasher': {
        members: {
          hash: asyncPure,
          verify: call({ async: true, proves: 'secret', anonymous: 'false', returns: 'boolean' }),
        },
        unlisted: 'harmless',
      },
    },
  },
  {
    packages: ['@simplewebauthn/server'],
    category: 'auth',
    exports: {
      ...all('generateRegistrationOptions generateAuthenticationOptions', credential()),
      // Anybody can register a passkey of their own; only its owner can use one.
      verifyRegistrationResponse: credential({ returns: { object: { verified: 'boolean' }, rest: 'unknown' } }),
      verifyAuthenticationResponse: session(
        { object: { verified: 'false' } },
        { object: { verified: 'true' }, rest: 'unknown' },
        { credential: true },
      ),
    },
    unlisted: 'unknown',
  },
  {
    packages: ['otplib', 'speakeasy', 'otpauth'],
    category: 'auth',
    exports: {
      ...all(
        'authenticator.verify authenticator.check totp.verify totp.check totp.verifyDelta verify',
        call({ proves: 'secret', anonymous: 'false', returns: 'boolean' }),
      ),
    },
    unlisted: 'harmless',
    because: 'computes one-time codes',
  },
  {
    // Abilities are rules over the user that they are defined for; the objects are followed by what they test.
    packages: ['@casl/ability', '@casl/prisma'],
    category: 'auth',
    detects: 'casl',
    exports: {},
    unlisted: 'unknown',
  },
  {
    packages: [
      '@auth0/nextjs-auth0/client',
      '@kinde-oss/kinde-auth-react',
      '@kinde-oss/kinde-auth-nextjs/components',
      '@workos/authkit-tanstack-react-start/client',
      '@workos-inc/authkit-nextjs/components',
    ],
    category: 'auth',
    exports: {},
    unlisted: 'harmless',
    because: 'components and hooks of the browser',
  },
  {
    packages: ['@kinde-oss/kinde-auth-nextjs/middleware'],
    category: 'auth',
    exports: { withAuth: builder('pass-through') },
    unlisted: 'unknown',
  },
  {
    packages: ['next-firebase-auth-edge'],
    category: 'auth',
    detects: 'firebase',
    exports: {
      ...all(
        'getTokens getFirebaseAuth',
        session('null', { object: { decodedToken: 'principal', token: 'principal' }, rest: 'principal' }),
      ),
      authMiddleware: response,
    },
    unlisted: 'unknown',
  },
]

export const authVendors: readonly Library[] = [
  kinde,
  auth0,
  auth0Management,
  ...descope,
  stytch,
  firebaseAdmin,
  privy,
  ironSession,
  ...lucia,
]
