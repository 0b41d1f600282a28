import { all, asyncPure, builder, call, effect, fn, gives, pure, session, value, verifies } from './define.ts'
import type { CallMeaning, Library, Meaning, Result } from './meaning.ts'

const source = 'https://clerk.com/docs/reference/backend/types/auth-object'

const has: CallMeaning = call({
  proves: 'authenticated',
  anonymous: 'false',
  returns: 'boolean',
  source,
  variants: [
    {
      when: { at: [0, 'role'], present: true },
      then: call({
        proves: 'authenticated',
        anonymous: 'false',
        returns: 'boolean',
        permission: { proof: 'role', at: [0, 'role'] },
      }),
    },
    {
      when: { at: [0, 'permission'], present: true },
      then: call({
        proves: 'authenticated',
        anonymous: 'false',
        returns: 'boolean',
        permission: { proof: 'permission', at: [0, 'permission'] },
      }),
    },
  ],
})

const redirects = { redirectToSignIn: fn(gives('redirects')), redirectToSignUp: fn(gives('redirects')) }

const signedOut = {
  object: {
    isAuthenticated: 'false',
    isSignedIn: 'false',
    userId: 'null',
    sessionId: 'null',
    sessionClaims: 'null',
    sessionStatus: 'null',
    actor: 'null',
    orgId: 'null',
    orgRole: 'null',
    orgSlug: 'null',
    orgPermissions: 'null',
    factorVerificationAge: 'null',
    has: fn(gives('false')),
    getToken: fn(call({ async: true, returns: 'null' })),
    ...redirects,
  },
} satisfies Result

const signedIn = {
  object: {
    isAuthenticated: 'true',
    isSignedIn: 'true',
    userId: 'principal',
    sessionId: 'principal',
    sessionClaims: 'principal',
    orgId: { maybe: 'tenant' },
    orgSlug: { maybe: 'tenant' },
    orgRole: { maybe: 'membership' },
    orgPermissions: { maybe: 'membership' },
    has: fn(has),
    getToken: fn(asyncPure),
    ...redirects,
  },
  rest: 'principal',
} satisfies Result

const auth = session(signedOut, signedIn, { source })

// `redirects` covers all its denials: redirect, notFound(), unauthorized() (protect.js of @clerk/nextjs 7.9).
const protect = session('redirects', signedIn, {
  source: 'https://clerk.com/docs/reference/nextjs/app-router/auth',
  variants: [
    {
      when: { at: [0, 'role'], present: true },
      then: session('redirects', signedIn, { permission: { proof: 'role', at: [0, 'role'] } }),
    },
    {
      when: { at: [0, 'permission'], present: true },
      then: session('redirects', signedIn, { permission: { proof: 'permission', at: [0, 'permission'] } }),
    },
  ],
})

// Release 5 of @clerk/nextjs gives no promise, and what it gives has `protect` (its upgrade guides to 5 and to 6).
const protectAtOnce: Record<string, Result> = { protect: fn({ ...protect, async: false }) }
const authOfNext = session(
  { object: { ...signedOut.object, ...protectAtOnce } },
  { ...signedIn, object: { ...signedIn.object, ...protectAtOnce } },
  { source: 'https://clerk.com/docs/upgrade-guides/nextjs/v6', plainBefore: true },
)

const currentUser = session('null', 'principal', {
  source: 'https://clerk.com/docs/reference/nextjs/app-router/current-user',
})

const verifyWebhook = verifies('unknown', {
  async: true,
  source: 'https://clerk.com/docs/reference/backend/verify-webhook',
})
const verifyToken = verifies('principal', { async: true, proves: 'authenticated' })

const client: Meaning = gives({ instance: 'clerk.client' })
const backendRights = { privileged: true, subject: [[0], [0, 'organizationId'], [0, 'userId']] } as const
const read = (what: string): CallMeaning => effect('identity', 'read', what, backendRights)
const write = (what: string): CallMeaning => effect('identity', 'write', what, backendRights)

const backend: Record<string, Meaning> = {
  createClerkClient: client,
  Clerk: client,
  verifyToken,
  verifyWebhook,
  ...all('createRouteMatcher buildClerkProps clerkFrontendApiProxy createFrontendApiProxyHandlers', pure),
  ...all('reverificationError', gives('unknown')),
  reverificationErrorResponse: gives('response'),
}

export const clerk: readonly Library[] = [
  {
    packages: ['@clerk/nextjs/server', '@clerk/nextjs/webhooks'],
    category: 'auth',
    detects: 'clerk',
    exports: {
      ...backend,
      auth: authOfNext,
      'auth.protect': protect,
      currentUser,
      getAuth: { ...auth, async: false },
      // Nothing is refused unless the callback says so, and a proxy is no guard of what is behind it.
      clerkMiddleware: builder('pass-through'),
      authMiddleware: builder('pass-through'),
      // Called and awaited since @clerk/nextjs 6, an object before.
      clerkClient: value({ instance: 'clerk.client' }),
    },
    unlisted: 'unknown',
    instances: {
      'clerk.client': {
        call: call({ async: true, returns: { instance: 'clerk.client' } }),
        members: {
          ...all(
            `users.getUser users.getUserList users.getCount users.getOrganizationMembershipList
             users.getOrganizationInvitationList users.getBillingSubscription`,
            read('reads a user at Clerk'),
          ),
          'users.getUserOauthAccessToken': read('reads an access token at Clerk'),
          'users.verifyPassword': call({ async: true, proves: 'secret', anonymous: 'throws', returns: 'unknown' }),
          'users.verifyTOTP': call({ async: true, proves: 'secret', anonymous: 'throws', returns: 'unknown' }),
          'users.deleteUser': write('deletes a user at Clerk'),
          'users.createUser': write('creates a user at Clerk'),
          'users.banUser': write('bans a user at Clerk'),
          'users.*': write('changes a user at Clerk'),
          ...all(
            `organizations.getOrganization organizations.getOrganizationList organizations.getOrganizationMembershipList
             organizations.getOrganizationInvitationList organizations.getOrganizationInvitation
             organizations.getInstanceOrganizationMembershipList organizations.getOrganizationDomainList`,
            read('reads an organization at Clerk'),
          ),
          'organizations.*': write('changes an organization at Clerk'),
          ...all('sessions.getSession sessions.getSessionList', read('reads a session at Clerk')),
          'sessions.verifySession': verifyToken,
          'sessions.*': write('changes a session at Clerk'),
          'invitations.getInvitationList': read('reads invitations at Clerk'),
          'invitations.*': write('changes an invitation at Clerk'),
          'signInTokens.*': write('makes a sign-in token at Clerk'),
          'actorTokens.*': write('makes a sign-in token at Clerk'),
          authenticateRequest: session(
            {
              object: {
                isAuthenticated: 'false',
                isSignedIn: 'false',
                status: 'string',
                reason: 'string',
                headers: 'headers',
                toAuth: fn(gives('null')),
              },
            },
            {
              object: {
                isAuthenticated: 'true',
                isSignedIn: 'true',
                status: 'string',
                headers: 'headers',
                toAuth: fn(gives(signedIn)),
              },
            },
          ),
          'apiKeys.verify': call({ async: true, proves: 'secret', anonymous: 'throws', returns: 'principal' }),
          'apiKeys.verifySecret': call({ async: true, proves: 'secret', anonymous: 'throws', returns: 'principal' }),
          'm2m.verify': call({ async: true, proves: 'secret', anonymous: 'throws', returns: 'principal' }),
          'm2m.verifyToken': call({ async: true, proves: 'secret', anonymous: 'throws', returns: 'principal' }),
          '*.*': write('changes something at Clerk'),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: [
      '@clerk/tanstack-react-start/server',
      '@clerk/tanstack-react-start/webhooks',
      '@clerk/tanstack-start/server',
    ],
    category: 'auth',
    detects: 'clerk',
    exports: {
      ...backend,
      auth,
      getAuth: auth,
      clerkMiddleware: builder('pass-through'),
      clerkClient: client,
      createClerkHandler: pure,
    },
    unlisted: 'unknown',
  },
  {
    packages: ['@clerk/backend', '@clerk/backend/*'],
    category: 'auth',
    detects: 'clerk',
    exports: { ...backend, verifyJwt: verifyToken, decodeJwt: gives('input') },
    unlisted: 'unknown',
  },
  {
    packages: [
      '@clerk/nextjs',
      '@clerk/tanstack-react-start',
      '@clerk/tanstack-start',
      '@clerk/clerk-react',
      '@clerk/react',
      '@clerk/themes',
      '@clerk/localizations',
      '@clerk/types',
    ],
    category: 'auth',
    detects: 'clerk',
    // Releases before 5 of @clerk/nextjs exported the server functions here (dist/types/index.d.ts of 4.23 and of 5.7).
    exports: {
      auth: { ...auth, async: false },
      currentUser,
      clerkClient: value({ instance: 'clerk.client' }),
      ...all('redirectToSignIn redirectToSignUp', gives('response')),
      ...all('authMiddleware withClerkMiddleware', builder('pass-through')),
    },
    unlisted: 'harmless',
    because: 'components, hooks, texts and types',
  },
]
