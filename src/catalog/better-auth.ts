import {
  all,
  asyncGives,
  asyncPure,
  builder,
  call,
  credential,
  effect,
  fn,
  gives,
  pure,
  session,
  signsIn,
  value,
} from './define.ts'
import type { CallMeaning, EffectMeaning, Library, Meaning, PermissionMeaning, Result } from './meaning.ts'

// Read in better-auth 1.7.25, dist/api/routes and dist/plugins: which endpoints use a session middleware.
const source = 'https://www.better-auth.com/docs/concepts/api'

const signedIn: Result = {
  object: {
    user: 'principal',
    session: {
      // columns of the session's row: null where there is none
      object: {
        activeOrganizationId: { maybe: 'tenant', absent: 'null' },
        activeTeamId: { maybe: 'tenant', absent: 'null' },
      },
      rest: 'principal',
    },
  },
  rest: 'principal',
}

/** `asResponse: true` answers 401 with a Response instead of throwing; the effect is refused all the same. */
const asResponse = (meaning: CallMeaning): CallMeaning => ({
  ...meaning,
  anonymous: 'response',
  returns: 'response',
  ...(meaning.guests === undefined ? {} : { guests: 'response' }),
  gated: true,
})
const refusing = (meaning: CallMeaning): CallMeaning => ({
  ...meaning,
  variants: [{ when: { at: [0, 'asResponse'], is: true }, then: asResponse(meaning) }],
})

interface Asked {
  /** What a user of the anonymous plugin gets where the endpoint wants a session and nothing besides. */
  readonly guests?: Result
}

/** The endpoint asks for a session by itself, with or without headers. */
const refuses = (
  what: string,
  mode: 'read' | 'write' = 'write',
  returns: Result = 'unknown',
  asked: Asked = {},
): CallMeaning => {
  const done: EffectMeaning = { kind: 'identity', write: mode === 'write', what }
  return refusing(session('throws', returns, { effect: done, source, ...asked }))
}

/**
 * `isAnonymous` is looked at by the anonymous plugin alone (src/plugins/anonymous of 1.7.1): an endpoint that wants a session,
 * as by `sessionMiddleware`, works for its users as for everybody.
 */
const anySession: Asked = { guests: 'unknown' }
const whoeverIsSignedIn = (what: string, mode: 'read' | 'write' = 'write'): CallMeaning =>
  refuses(what, mode, 'unknown', anySession)

/** Without the caller's headers it does as it is told, to whom the body names. */
const asTold = {
  privileged: true,
  subject: [
    [0, 'body', 'organizationId'],
    [0, 'body', 'userId'],
    [0, 'body', 'memberId'],
    [0, 'body', 'id'],
    [0, 'query', 'organizationId'],
    [0, 'query', 'userId'],
    [0, 'query', 'id'],
  ],
} as const

/** The endpoint asks for a session only if it is given the caller's headers or request; otherwise it does as it is told. */
const refusesWithHeaders = (
  what: string,
  mode: 'read' | 'write' = 'write',
  returns: Result = 'unknown',
  asked: Asked = {},
): CallMeaning =>
  effect('identity', mode, what, {
    ...asTold,
    returns,
    variants: [
      { when: { at: [0, 'headers'], present: true }, then: refuses(what, mode, returns, asked) },
      { when: { at: [0, 'request'], present: true }, then: refuses(what, mode, returns, asked) },
    ],
    source,
  })

/** Server-only endpoints without any check of their own. */
const unchecked = (what: string, mode: 'read' | 'write' = 'write'): CallMeaning =>
  effect('identity', mode, what, { ...asTold, source })

const table = (make: (what: string) => CallMeaning, entries: Record<string, string>): Record<string, CallMeaning> =>
  Object.fromEntries(Object.entries(entries).map(([name, what]) => [`api.${name}`, make(what)]))

const api = (names: string, meaning: CallMeaning): Record<string, CallMeaning> =>
  Object.fromEntries(Object.entries(all(names, meaning)).map(([name, each]) => [`api.${name}`, each]))

const getSession = session('null', signedIn, {
  source: 'https://www.better-auth.com/docs/concepts/session-management',
  variants: [
    {
      // A response in any case: its body is the session, or null.
      when: { at: [0, 'asResponse'], is: true },
      then: asyncGives({
        object: { headers: 'headers', ok: 'boolean', status: 'number', json: fn(session('null', signedIn)) },
        rest: 'unknown',
      }),
    },
    {
      when: { at: [0, 'returnHeaders'], is: true },
      then: session(
        { object: { headers: 'headers', response: 'null' } },
        { object: { headers: 'headers', response: signedIn } },
      ),
    },
  ],
})

const verdict: Result = { object: { success: 'boolean', error: 'unknown' } }
const noVerdict: Result = { object: { success: 'false', error: 'unknown' } }

/** Of the organization that is named, or else of the active one, in which the caller must be a member. */
const permissionIn = (key: string): PermissionMeaning => ({
  proof: 'permission',
  at: [0, 'body', key],
  within: [0, 'body', 'organizationId'],
  denied: noVerdict,
})

const members: Record<string, Meaning> = {
  'api.getSession': getSession,

  // Credentials: whoever can sign in is signed in afterwards.
  ...api('signInEmail signInUsername signInPhoneNumber', signsIn('throws', signedIn, { source })),
  ...api('verifyTOTP verifyTwoFactorOTP verifyBackupCode verifyPassword', signsIn('throws', signedIn, { source })),
  ...api('signInEmailOTP magicLinkVerify verifyOneTimeToken', signsIn('throws', signedIn, { source })),
  ...api(
    'passkeyVerifyAuthentication verifyPasskeyAuthentication verifySiweMessage',
    signsIn('throws', signedIn, { source }),
  ),
  ...api('resetPassword resetPasswordEmailOTP resetPasswordPhoneNumber', signsIn('throws', 'unknown', { source })),
  ...api('verifyEmail verifyEmailOTP verifyPhoneNumber deviceToken', signsIn('throws', 'unknown', { source })),
  ...api(
    `signUpEmail signOut signInSocial signInOAuth2 signInMagicLink signInAnonymous signInSSO callbackOAuth oAuth2Callback
     oneTapCallback requestPasswordReset forgetPassword requestPasswordResetCallback forgetPasswordCallback
     forgetPasswordEmailOTP requestPasswordResetEmailOTP requestPasswordResetPhoneNumber sendVerificationEmail
     sendVerificationOTP checkVerificationOTP sendPhoneNumberOTP sendTwoFactorOTP generatePasskeyAuthenticationOptions
     getSiweNonce getNonce deviceCode oAuthProxy setActiveSession revokeDeviceSession deleteUserCallback
     isUsernameAvailable`,
    credential({ source }),
  ),
  ...api('ok error getJwks getOpenIdConfig getOAuthServerConfig generateOpenAPISchema openAPIReference', asyncPure),
  ...api('deviceVerify', asyncGives('unknown')),

  // The caller's own account.
  ...table(whoeverIsSignedIn, {
    updateUser: "changes the caller's account",
    updateSession: "changes the caller's session",
    setPassword: "sets the caller's password",
    changeEmail: "changes the caller's mail address",
    requestEmailChangeEmailOTP: "changes the caller's mail address",
    changeEmailEmailOTP: "changes the caller's mail address",
    deleteUser: "deletes the caller's account",
    deleteAnonymousUser: "deletes the caller's account",
    linkSocialAccount: "links an account to the caller's",
    oAuth2LinkAccount: "links an account to the caller's",
    unlinkAccount: "unlinks an account from the caller's",
    revokeSession: "ends a session of the caller's",
    revokeSessions: "ends the caller's sessions",
    revokeOtherSessions: "ends the caller's other sessions",
    enableTwoFactor: "changes the caller's second factor",
    disableTwoFactor: "changes the caller's second factor",
    generateBackupCodes: "makes the caller's backup codes",
    generateOneTimeToken: 'makes a one-time token for the caller',
    deviceApprove: 'approves a device of the caller',
    deviceDeny: 'denies a device of the caller',
    generatePasskeyRegistrationOptions: 'registers a passkey of the caller',
    verifyPasskeyRegistration: 'registers a passkey of the caller',
    deletePasskey: 'deletes a passkey of the caller',
    updatePasskey: 'changes a passkey of the caller',
  }),
  // They want the password as well, or the session that `impersonateUser` made.
  ...table(refuses, {
    changePassword: "changes the caller's password",
    stopImpersonating: "changes the caller's session",
  }),
  ...table((what) => whoeverIsSignedIn(what, 'read'), {
    listSessions: "reads the caller's sessions",
    listUserAccounts: "reads the caller's accounts",
    getTOTPURI: "reads the caller's second factor",
    getToken: 'makes a token for the caller',
    listPasskeys: "reads the caller's passkeys",
  }),
  // It asks for nothing: whoever has no session gets the sessions of none.
  'api.listDeviceSessions': session('empty-list', 'unknown', {
    effect: { kind: 'identity', write: false, what: "reads the caller's sessions" },
    guests: 'unknown',
    gated: true,
    source,
  }),
  ...table((what) => refusesWithHeaders(what, 'read'), {
    getAccessToken: 'reads an access token',
    refreshToken: 'refreshes an access token',
    accountInfo: 'reads an account',
  }),

  // Admin plugin.
  ...table(refuses, {
    setRole: "sets a user's role",
    adminUpdateUser: 'changes a user',
    banUser: 'bans a user',
    unbanUser: 'unbans a user',
    impersonateUser: 'signs in as another user',
    revokeUserSession: "ends a user's session",
    revokeUserSessions: "ends a user's sessions",
    removeUser: 'deletes a user',
    setUserPassword: "sets a user's password",
  }),
  ...table((what) => refuses(what, 'read'), {
    listUsers: 'reads all users',
    getUser: 'reads a user',
    listUserSessions: "reads a user's sessions",
  }),
  'api.createUser': refusesWithHeaders('creates a user'),
  'api.userHasPermission': call({
    async: true,
    returns: verdict,
    permission: { proof: 'permission', at: [0, 'body', 'permissions'], denied: noVerdict },
    variants: [
      {
        when: { at: [0, 'headers'], present: true },
        then: session('throws', verdict, {
          permission: { proof: 'permission', at: [0, 'body', 'permissions'], denied: noVerdict },
        }),
      },
      // Without headers it answers for the user or role that it is told.
    ],
    source,
  }),

  // Organization plugin.
  // What they refuse is callers who are no members, or whom an invitation does not name. These want a session alone.
  'api.createOrganization': refusesWithHeaders('creates an organization', 'write', 'unknown', anySession),
  'api.createTeam': refusesWithHeaders('creates a team'),
  'api.removeTeam': refusesWithHeaders('deletes a team'),
  'api.addMember': unchecked('adds a member to an organization'),
  'api.checkOrganizationSlug': refusesWithHeaders('reads an organization', 'read', 'unknown', anySession),
  // Without an organization they leave the active one.
  ...table((what) => refuses(what, 'write', 'unknown', { guests: 'null' }), {
    setActiveOrganization: "changes the caller's session",
    setActiveTeam: "changes the caller's session",
  }),
  ...table((what) => whoeverIsSignedIn(what, 'read'), {
    listOrganizations: "reads the caller's organizations",
    listUserTeams: "reads the caller's teams",
  }),
  ...table(refuses, {
    updateOrganization: 'changes an organization',
    deleteOrganization: 'deletes an organization',
    inviteMember: 'invites a member',
    createInvitation: 'invites a member',
    acceptInvitation: 'accepts an invitation',
    rejectInvitation: 'rejects an invitation',
    cancelInvitation: 'cancels an invitation',
    removeMember: 'removes a member',
    updateMemberRole: "sets a member's role",
    leaveOrganization: 'leaves an organization',
    createOrgRole: 'creates a role',
    updateOrgRole: 'changes a role',
    deleteOrgRole: 'deletes a role',
    updateTeam: 'changes a team',
    addTeamMember: 'adds a member to a team',
    removeTeamMember: 'removes a member from a team',
  }),
  ...table((what) => refuses(what, 'read'), {
    getInvitation: 'reads an invitation',
    listInvitations: 'reads invitations',
    listOrgRoles: 'reads roles',
    getOrgRole: 'reads a role',
    listOrganizationTeams: 'reads teams',
    listTeamMembers: 'reads members of a team',
    listMembers: 'reads members of an organization',
  }),
  'api.listUserInvitations': refusesWithHeaders('reads invitations', 'read', 'unknown', anySession),
  // These refuse callers that are no members: what comes back belongs to the caller. Who has no active one gets none.
  'api.getOrganization': refuses('reads an organization', 'read', { maybe: 'tenant' }, { guests: 'null' }),
  'api.getFullOrganization': refuses('reads an organization', 'read', { maybe: 'tenant' }, { guests: 'null' }),
  'api.getActiveMember': refuses("reads the caller's membership", 'read', {
    maybe: { object: { organizationId: 'tenant', role: 'membership' }, rest: 'principal' },
  }),
  'api.getActiveMemberRole': refuses("reads the caller's role", 'read', { object: { role: 'membership' } }),
  'api.hasPermission': session('throws', verdict, {
    permission: permissionIn('permissions'),
    variants: [
      {
        when: { at: [0, 'body', 'permission'], present: true },
        then: session('throws', verdict, { permission: permissionIn('permission') }),
      },
    ],
    source,
  }),

  // API keys, tokens, subscriptions.
  // A key is the caller's own, or is not found.
  'api.createApiKey': refusesWithHeaders('creates an API key', 'write', 'unknown', anySession),
  'api.updateApiKey': refusesWithHeaders('changes an API key', 'write', 'unknown', anySession),
  ...table(whoeverIsSignedIn, {
    deleteApiKey: 'deletes an API key',
    upgradeSubscription: "changes the caller's subscription",
  }),
  // There is a subscription, or a customer, only of those who have given their details.
  ...table(refuses, {
    cancelSubscription: "cancels the caller's subscription",
    restoreSubscription: "changes the caller's subscription",
    createBillingPortal: "opens the caller's billing portal",
  }),
  ...table((what) => whoeverIsSignedIn(what, 'read'), {
    getApiKey: 'reads an API key',
    listApiKeys: "reads the caller's API keys",
    listActiveSubscriptions: "reads the caller's subscriptions",
  }),
  'api.verifyApiKey': call({
    async: true,
    proves: 'secret',
    anonymous: { object: { valid: 'false', error: { object: { message: 'string', code: 'string' } }, key: 'null' } },
    returns: { object: { valid: 'boolean', error: 'unknown', key: { maybe: 'principal' } } },
    source: 'https://www.better-auth.com/docs/plugins/api-key',
  }),
  'api.verifyJWT': call({
    async: true,
    proves: 'signature',
    anonymous: { object: { payload: 'null' } },
    returns: { object: { payload: { maybe: 'principal' } } },
  }),
  'api.signJWT': unchecked('signs a token', 'read'),
  ...table((what) => unchecked(what, 'read'), {
    viewBackupCodes: 'reads backup codes',
    generateTOTP: 'makes a one-time password',
    createVerificationOTP: 'makes a one-time password',
    getVerificationOTP: 'reads a one-time password',
  }),

  // The library's own router: every endpoint above by HTTP.
  handler: call({ async: true, credential: true, mounts: 'auth', returns: 'response' }),
  $context: value({ instance: 'better-auth.context' }),
  $Infer: value('unknown'),
  options: value('unknown'),
}

const client: Meaning = gives({ instance: 'better-auth.client' })

export const betterAuth: readonly Library[] = [
  {
    packages: ['better-auth', 'better-auth/minimal', '@better-auth/core'],
    category: 'auth',
    detects: 'better-auth',
    exports: {
      betterAuth: gives({ instance: 'better-auth' }),
      ...all('generateId generateRandomString generateState parseState', pure),
      ...all('isAPIError logger createLogger BetterAuthError capitalizeFirstLetter', pure),
      APIError: gives('denial'),
    },
    unlisted: 'unknown',
    instances: {
      'better-auth': {
        members,
        unlisted: 'unknown',
        // https://www.better-auth.com/docs/plugins/anonymous
        anonymousSessions: { configured: [0, 'plugins'], instance: 'better-auth.anonymous-plugin' },
      },
      'better-auth.context': {
        members: {
          ...all(
            `internalAdapter.findUserByEmail internalAdapter.findUserById internalAdapter.findSession
             internalAdapter.findSessions internalAdapter.listSessions internalAdapter.findAccounts
             internalAdapter.findAccountByUserId internalAdapter.findAccount internalAdapter.listUsers
             internalAdapter.countTotalUsers internalAdapter.findVerificationValue internalAdapter.findOAuthUser`,
            effect('identity', 'read', 'reads a user', { privileged: true, returns: { maybe: 'unknown' } }),
          ),
          ...all(
            `internalAdapter.updateUser internalAdapter.deleteUser internalAdapter.updatePassword
             internalAdapter.createSession internalAdapter.deleteSessions internalAdapter.deleteAccounts`,
            effect('identity', 'write', 'changes a user', { privileged: true, subject: [[0]] }),
          ),
          'internalAdapter.*': effect('identity', 'write', 'changes a user', { privileged: true }),
          ...all(
            'adapter.findOne adapter.findMany adapter.count',
            effect('db', 'read', 'reads the auth tables', { privileged: true }),
          ),
          'adapter.*': effect('db', 'write', 'writes the auth tables', { privileged: true }),
          'password.hash': asyncPure,
          'password.verify': call({ async: true, proves: 'secret', anonymous: 'false', returns: 'boolean' }),
          secret: value('secret'),
        },
        unlisted: 'unknown',
      },
      'better-auth.client': {
        members: {
          // In a browser these carry its cookie; on a server they carry none, and are no proof either way.
          ...all('useSession useActiveOrganization useListOrganizations useActiveMember', pure),
          'signIn.*': credential(),
          'signUp.*': credential(),
          ...all(
            'signOut requestPasswordReset forgetPassword resetPassword verifyEmail sendVerificationEmail',
            credential(),
          ),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: [
      'better-auth/client',
      'better-auth/react',
      'better-auth/solid',
      'better-auth/vue',
      'better-auth/svelte',
      'better-auth/lynx',
    ],
    category: 'auth',
    detects: 'better-auth',
    exports: {
      useStore: pure,
      createAuthClient: client,
    },
    unlisted: 'unknown',
  },
  {
    packages: [
      'better-auth/client/plugins',
      'better-auth/social-providers',
      'better-auth/types',
      'better-auth/adapters/*',
    ],
    category: 'auth',
    detects: 'better-auth',
    exports: {},
    unlisted: 'harmless',
    because: 'configuration of the auth router or of its client',
  },
  {
    packages: ['better-auth/crypto', '@better-auth/utils', '@better-auth/utils/*'],
    category: 'auth',
    exports: {
      ...all('hashPassword symmetricEncrypt symmetricDecrypt makeSignature hashToBase64', asyncPure),
      verifyPassword: call({ async: true, proves: 'secret', anonymous: 'false', returns: 'boolean' }),
    },
    unlisted: 'harmless',
    because: 'cryptography and encodings',
  },
  {
    packages: ['better-auth/api', 'better-auth/plugins', 'better-auth/plugins/*', 'better-auth/oauth2'],
    category: 'auth',
    detects: 'better-auth',
    exports: {
      // Hooks and endpoints of the auth router: what they hold runs when that router answers, not where they are made.
      ...all('createAuthMiddleware createAuthEndpoint', pure),
      anonymous: gives({ instance: 'better-auth.anonymous-plugin' }),
      // https://www.better-auth.com/docs/concepts/plugins: what a plugin does, the auth router does when it answers.
      ...all(
        `admin apiKey bearer captcha customSession deviceAuthorization emailOTP genericOAuth haveIBeenPwned jwt
         lastLoginMethod magicLink mcp multiSession oAuthProxy oauthProxy oidcProvider oneTap oneTimeToken openAPI
         organization passkey phoneNumber siwe testUtils twoFactor username createAccessControl role access
         i18n inferAdditionalFields`,
        pure,
      ),
      ...all('APIError APIError.fromStatus APIError.from isAPIError', pure),
    },
    unlisted: 'unknown',
    instances: { 'better-auth.anonymous-plugin': { members: {}, unlisted: 'harmless' } },
  },
  {
    packages: ['better-auth/db', 'better-auth/db/*', '@better-auth/*'],
    category: 'auth',
    exports: {
      ...all(
        `passkey stripe sso scim expo oauthProvider i18n apiKey electron passkeyClient stripeClient ssoClient scimClient
         expoClient oauthProviderClient oauthProviderResourceClient apiKeyClient drizzleAdapter prismaAdapter
         kyselyAdapter mongodbAdapter memoryAdapter isValidIP normalizeIP`,
        pure,
      ),
      // Documents that say where the endpoints are: https://www.better-auth.com/docs/plugins/oauth-provider
      ...all('oauthProviderAuthServerMetadata oauthProviderOpenIdConfigMetadata', gives(fn(asyncGives('response')))),
    },
    unlisted: 'unknown',
  },
  {
    packages: ['better-auth/cookies', 'better-auth/cookies/utils'],
    category: 'auth',
    detects: 'better-auth',
    exports: {
      ...all('parseSetCookieHeader getCookies', pure),
      ...all('setSessionCookie deleteSessionCookie setCookieCache', credential()),

      // Only looks whether the cookie is there (claims.md 35).
      getSessionCookie: gives({ maybe: 'cookie' }, { source: 'https://www.better-auth.com/docs/integrations/next' }),
      // Checks the signature of the cookie cache.
      getCookieCache: session('null', signedIn),
      parseCookies: gives('cookies'),
    },
    unlisted: 'unknown',
  },
  {
    packages: [
      'better-auth/tanstack-start',
      'better-auth/tanstack-start/solid',
      'better-auth/react-start',
      'better-auth/next-js',
      'better-auth/node',
      'better-auth/solid-start',
      'better-auth/svelte-kit',
    ],
    category: 'auth',
    detects: 'better-auth',
    exports: {
      ...all('tanstackStartCookies reactStartCookies nextCookies fromNodeHeaders', pure),
      toNextJsHandler: gives({
        object: {
          GET: fn(mounted()),
          POST: fn(mounted()),
          PUT: fn(mounted()),
          PATCH: fn(mounted()),
          DELETE: fn(mounted()),
        },
      }),
      ...all('toNodeHandler toSolidStartHandler', gives({ fn: mounted() })),
      reactStartHandler: mounted(),
    },
    unlisted: 'unknown',
  },
  {
    packages: [
      '@daveyplate/better-auth-ui',
      '@daveyplate/better-auth-ui/*',
      '@daveyplate/better-auth-tanstack',
      '@daveyplate/better-auth-tanstack/*',
    ],
    category: 'auth',
    exports: { prefetchSession: builder('better-auth-ui.prefetch') },
    unlisted: 'unknown',
  },
]

function mounted(): CallMeaning {
  return call({ async: true, credential: true, mounts: 'auth', returns: 'response' })
}
