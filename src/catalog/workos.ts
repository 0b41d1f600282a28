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
  verifies,
} from './define.ts'
import type { CallMeaning, Library, Meaning, Result } from './meaning.ts'

// Read in @workos/authkit-tanstack-react-start 0.9.1, @workos-inc/authkit-nextjs 3.0.1, @workos-inc/node.
const source = 'https://workos.com/docs/authkit'

const signedOut: Result = { object: { user: 'null' }, rest: 'undefined' }
const signedIn: Result = {
  object: {
    user: 'principal',
    organizationId: { maybe: 'tenant' },
    role: { maybe: 'membership' },
    roles: { maybe: 'membership' },
    permissions: { maybe: 'membership' },
    accessToken: 'principal',
  },
  rest: 'principal',
}

const getAuth = session(signedOut, signedIn, { source })
const refused = session('redirects', signedIn, { source })
const withAuth: CallMeaning = {
  ...getAuth,
  variants: [{ when: { at: [0, 'ensureSignedIn'], is: true }, then: refused }],
}
const signOut = credential({ returns: 'redirects', source })
const urls = all('getSignInUrl getSignUpUrl getAuthorizationUrl', credential({ returns: 'string', source }))
const callback = gives(fn(call({ async: true, credential: true, mounts: 'auth', returns: 'response' })))

const rights = { privileged: true, subject: [[0], [0, 'organizationId'], [0, 'organization'], [0, 'userId']] } as const
const read = (what: string): CallMeaning => effect('identity', 'read', what, rights)
const write = (what: string): CallMeaning => effect('identity', 'write', what, rights)

const noKey: Result = { object: { apiKey: 'null' } }
const key: Result = { object: { apiKey: { maybe: 'principal' } } }
const validateApiKey = call({ async: true, proves: 'secret', anonymous: noKey, returns: key })

const failure: Result = { object: { authenticated: 'false', reason: 'string' } }
const success: Result = {
  object: {
    authenticated: 'true',
    user: 'principal',
    organizationId: { maybe: 'tenant' },
    role: { maybe: 'membership' },
    roles: { maybe: 'membership' },
    permissions: { maybe: 'membership' },
  },
  rest: 'principal',
}

const workos: Record<string, Meaning> = {
  // Radar's challenges are a step of signing in, for whoever holds the pending token of the step before:
  // https://github.com/workos/workos-node/blob/main/src/user-management/user-management.ts
  ...all(
    `userManagement.authenticateWithCode userManagement.authenticateWithCodeAndVerifier
     userManagement.authenticateWithPassword userManagement.authenticateWithMagicAuth
     userManagement.authenticateWithRefreshToken userManagement.authenticateWithTotp
     userManagement.authenticateWithEmailVerification userManagement.authenticateWithOrganizationSelection
     userManagement.authenticateWithRadarEmailChallenge userManagement.authenticateWithRadarSmsChallenge
     userManagement.verifyEmail userManagement.resetPassword`,
    session(
      'throws',
      { object: { user: 'principal', organizationId: { maybe: 'tenant' } }, rest: 'principal' },
      { credential: true },
    ),
  ),
  'userManagement.authenticateWithSessionCookie': session(failure, success),
  'userManagement.loadSealedSession': gives({ instance: 'workos.session' }),
  ...all('userManagement.getAuthorizationUrl userManagement.getLogoutUrl userManagement.getJwksUrl', gives('string')),
  'userManagement.getAuthorizationUrlWithPKCE': asyncPure,
  ...all(
    `userManagement.createPasswordReset userManagement.createMagicAuth userManagement.sendVerificationEmail
     userManagement.sendRadarSmsChallenge`,
    credential(),
  ),
  ...all(
    `userManagement.getUser userManagement.listUsers userManagement.getUserByExternalId userManagement.listSessions
     userManagement.getOrganizationMembership userManagement.listOrganizationMemberships
     userManagement.getInvitation userManagement.listInvitations userManagement.findInvitationByToken
     organizations.getOrganization organizations.listOrganizations organizations.listOrganizationRoles
     organizationDomains.get directorySync.listUsers directorySync.getUser directorySync.listGroups
     fga.check authorization.check auditLogs.getExport`,
    read('reads identities at WorkOS'),
  ),
  'userManagement.deleteUser': write('deletes a user at WorkOS'),
  'userManagement.createUser': write('creates a user at WorkOS'),
  'userManagement.sendInvitation': write('invites a user at WorkOS'),
  'userManagement.*': write('changes a user at WorkOS'),
  'organizations.*': write('changes an organization at WorkOS'),
  'portal.generateLink': write('opens the WorkOS admin portal'),
  'auditLogs.createEvent': effect('other', 'write', 'writes the audit log'),
  'vault.*': effect('secret', 'write', 'changes secrets at WorkOS', { privileged: true }),
  'vault.readObject': effect('secret', 'read', 'reads secrets at WorkOS', { privileged: true }),
  'sso.getAuthorizationUrl': gives('string'),
  'sso.getProfileAndToken': session('throws', 'principal', { credential: true }),
  'webhooks.constructEvent': verifies('unknown', { async: true }),
  'webhooks.verifyHeader': verifies('true', { async: true }),
  'actions.constructAction': verifies('unknown', { async: true }),
  'actions.verifyHeader': verifies('true', { async: true }),
  'apiKeys.validateApiKey': validateApiKey,
  'apiKeys.createValidation': validateApiKey,
  '*.*': write('changes something at WorkOS'),
}

export const workOs: readonly Library[] = [
  {
    packages: ['@workos/authkit-tanstack-react-start'],
    category: 'auth',
    detects: 'workos',
    exports: {
      ...all('getAuth getAuthAction refreshAuthAction', getAuth),
      ...urls,
      signOut,
      ...all('switchToOrganization switchToOrganizationAction', session('throws', signedIn, { credential: true })),
      handleCallbackRoute: callback,
      // Resolves the session and lets everybody pass.
      authkitMiddleware: builder('pass-through'),
      getAuthKitContext: gives({ object: { auth: fn({ ...getAuth, async: false }), request: 'request' } }),
      getAuthKitContextOrNull: gives({
        maybe: { object: { auth: fn({ ...getAuth, async: false }), request: 'request' } },
      }),
      getAuthkit: asyncGives({ instance: 'workos.authkit' }),
      getAccessTokenAction: session('undefined', 'principal'),
      refreshAccessTokenAction: session('undefined', 'principal'),
      checkSessionAction: session('false', 'true'),
      getOrganizationAction: session('null', { maybe: 'tenant' }),
    },
    unlisted: 'unknown',
    instances: {
      'workos.authkit': {
        members: {
          withAuth: session({ object: { auth: signedOut } }, { object: { auth: signedIn }, rest: 'unknown' }),
          getSession: session('null', signedIn),
          ...all(
            'createSignIn createSignUp createAuthorization getSignInUrl getSignUpUrl getAuthorizationUrl',
            credential(),
          ),
          ...all('signOut handleCallback saveSession clearSession switchOrganization', credential()),
          getWorkOS: gives({ instance: 'workos' }),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['@workos-inc/authkit-nextjs'],
    category: 'auth',
    detects: 'workos',
    exports: {
      withAuth,
      ...all('getUser', withAuth),
      refreshSession: withAuth,
      getTokenClaims: session({ object: {}, rest: 'undefined' }, 'principal', {
        // A token that is handed in is only decoded.
        variants: [{ when: { at: [0], present: true }, then: asyncGives('input') }],
      }),
      ...urls,
      signOut,
      switchToOrganization: session('throws', signedIn, { credential: true }),
      saveSession: credential(),
      handleAuth: callback,
      validateApiKey,
      getWorkOS: gives({ instance: 'workos' }),
      ...all('authkitMiddleware authkitProxy', builder('pass-through')),
      authkit: session(
        { object: { session: signedOut, headers: 'headers' } },
        { object: { session: signedIn, headers: 'headers' } },
      ),
      ...all('applyResponseHeaders handleAuthkitHeaders handleAuthkitProxy partitionAuthkitHeaders', pure),
    },
    unlisted: 'unknown',
  },
  {
    packages: ['@workos-inc/node', '@workos-inc/node/worker'],
    category: 'auth',
    detects: 'workos',
    exports: {
      ...all(
        `AuthenticationException OauthException NotFoundException UnauthorizedException BadRequestException
         ConflictException UnprocessableEntityException RateLimitExceededException GenericServerException
         SignatureVerificationException NoApiKeyProvidedException`,
        pure,
      ),
      ...all('WorkOS createWorkOS', gives({ instance: 'workos' })),
    },
    unlisted: 'unknown',
    instances: {
      workos: { members: workos, unlisted: 'unknown' },
      'workos.session': {
        members: {
          authenticate: session(failure, success),
          refresh: session(failure, success),
          getLogoutUrl: credential(),
        },
        unlisted: 'unknown',
      },
    },
  },
]
