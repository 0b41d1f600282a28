/** Backends that keep the data and the accounts: what a client may do hangs on whose session it carries. */
import { all, asyncPure, call, credential, effect, fn, gives, pure, session, signsIn, value } from './define.ts'
import type { CallMeaning, EffectMeaning, Library, Meaning, Result } from './meaning.ts'

type Rights = Pick<EffectMeaning, 'privileged' | 'delegated'>

const reads = (rights: Rights): CallMeaning => effect('db', 'read', 'reads the database', rights)
const writes = (rights: Rights): CallMeaning => effect('db', 'write', 'writes the database', rights)
const callers: Rights = { delegated: true }
const servers: Rights = { privileged: true }

// ------------------------------------------------------------------------------------------------------------- Appwrite

const appwriteClient: Result = { instance: 'appwrite.client' }
const appwriteData = (rights: Rights): Record<string, Meaning> => ({
  ...all(
    `listDocuments getDocument listRows getRow listFiles getFile getFileDownload getFileView getFilePreview list get
     getPrefs listMemberships getMembership listExecutions getExecution`,
    reads(rights),
  ),
  '*': writes(rights),
})
/** Which client it is made with decides what it may do. */
const appwriteService = (own: string, admin: string): CallMeaning =>
  gives(
    { instance: own },
    { variants: [{ when: { at: [0], instance: 'appwrite.admin' }, then: gives({ instance: admin }) }] },
  )

const appwrite: Library = {
  packages: ['node-appwrite', 'appwrite'],
  category: 'auth',
  detects: 'appwrite',
  exports: {
    Client: gives(appwriteClient, { source: 'https://appwrite.io/docs/products/auth/server-side-rendering' }),
    Account: gives({ instance: 'appwrite.account' }),
    ...all(
      'Databases TablesDB Storage Teams Functions Messaging',
      appwriteService('appwrite.data', 'appwrite.admin-data'),
    ),
    Users: gives({ instance: 'appwrite.users' }),
    ...all('ID Query Permission Role', value('unknown')),
    AppwriteException: pure,
  },
  unlisted: 'unknown',
  instances: {
    'appwrite.client': {
      members: {
        ...all('setEndpoint setProject setLocale setSelfSigned addHeader', gives(appwriteClient)),
        // A key is the server's: what it may do has nothing to do with who calls.
        setKey: call({ carries: true, returns: { instance: 'appwrite.admin' } }),
        ...all('setSession setJWT', call({ carries: true, returns: appwriteClient })),
      },
      unlisted: 'unknown',
    },
    'appwrite.admin': {
      members: {
        ...all('setEndpoint setProject setLocale setSelfSigned addHeader', gives({ instance: 'appwrite.admin' })),
      },
      unlisted: 'unknown',
    },
    'appwrite.account': {
      members: {
        ...all('get getSession getPrefs listSessions listIdentities listLogs', session('throws', 'principal')),
        ...all('createEmailPasswordSession createSession updateMagicURLSession', credential()),
        ...all(
          `create createEmailSession createAnonymousSession createMagicURLToken createEmailToken createPhoneToken
           createOAuth2Token createOAuth2Session createRecovery updateRecovery createVerification updateVerification
           deleteSession deleteSessions updateSession`,
          credential(),
        ),
        '*': session('throws', 'principal', {
          effect: { kind: 'identity', write: true, what: "changes the caller's account" },
        }),
      },
      unlisted: 'unknown',
    },
    'appwrite.data': { members: appwriteData(callers), unlisted: 'unknown' },
    'appwrite.admin-data': { members: appwriteData(servers), unlisted: 'effect-write' },
    'appwrite.users': {
      members: {
        ...all('get list listSessions listLogs getPrefs', effect('identity', 'read', 'reads users', servers)),
        '*': effect('identity', 'write', 'changes users', servers),
      },
      unlisted: 'effect-write',
    },
  },
}

// ----------------------------------------------------------------------------------------------------------- PocketBase

const record: Result = { object: { record: 'principal', token: 'principal', meta: 'unknown' } }

const pocketBase: Library = {
  packages: ['pocketbase', 'pocketbase/cjs'],
  category: 'auth',
  detects: 'pocketbase',
  exports: {
    default: gives({ instance: 'pocketbase' }),
    ...all('ClientResponseError LocalAuthStore AsyncAuthStore BaseAuthStore getTokenPayload isTokenExpired', pure),
  },
  unlisted: 'unknown',
  instances: {
    pocketbase: {
      members: {
        collection: gives({ instance: 'pocketbase.collection' }),
        // The store keeps the token without checking it: only `authRefresh` asks the server (its documentation says so).
        ...all('authStore.loadFromCookie authStore.save', call({ carries: true })),
        'authStore.clear': call({ carries: true }),
        ...all('authStore.isValid authStore.token authStore.record authStore.model authStore.isAdmin', value('cookie')),
        ...all('authStore.exportToCookie authStore.onChange autoCancellation filter beforeSend afterSend', pure),
        ...all('files.getURL files.getUrl getFileUrl buildURL', pure),
        'files.getToken': session('throws', 'principal'),
        'admins.authWithPassword': signsIn('throws', record),
        createBatch: gives({ instance: 'pocketbase.batch' }),
        send: writes(callers),
      },
      unlisted: 'effect-write',
    },
    'pocketbase.collection': {
      members: {
        ...all('getList getFullList getOne getFirstListItem', reads(callers)),
        ...all('create update delete', writes(callers)),
        authRefresh: session('throws', record),
        ...all('authWithPassword authWithOTP authWithOAuth2Code', signsIn('throws', record)),
        ...all(
          `authWithOAuth2 requestOTP requestPasswordReset confirmPasswordReset requestVerification confirmVerification
           requestEmailChange confirmEmailChange`,
          credential(),
        ),
        ...all('listAuthMethods subscribe unsubscribe', asyncPure),
        impersonate: effect('identity', 'write', 'acts as another user', servers),
      },
      unlisted: 'effect-write',
    },
    'pocketbase.batch': { members: { send: writes(callers) }, unlisted: 'harmless' },
  },
}

// ------------------------------------------------------------------------------------------------ Firebase, for browsers

const firebaseUser: Result = { object: { user: 'principal', operationType: 'string', providerId: 'string' } }

/**
 * The SDK of browsers, run on a server: nobody is signed in there but who the running code signs in, and the rules of the
 * project decide over the rest. https://firebase.google.com/docs/reference/js
 */
const firebaseClient: readonly Library[] = [
  {
    packages: ['firebase/app'],
    category: 'framework',
    exports: all('initializeApp initializeServerApp getApp getApps deleteApp onLog setLogLevel', pure),
    unlisted: 'unknown',
  },
  {
    packages: ['firebase/auth'],
    category: 'auth',
    detects: 'firebase',
    exports: {
      ...all('getAuth initializeAuth connectAuthEmulator', pure),
      ...all('signInWithEmailAndPassword signInWithEmailLink', signsIn('throws', firebaseUser)),
      ...all(
        `createUserWithEmailAndPassword sendPasswordResetEmail confirmPasswordReset verifyPasswordResetCode signOut
         sendSignInLinkToEmail sendEmailVerification applyActionCode checkActionCode`,
        credential(),
      ),
    },
    unlisted: 'unknown',
  },
  {
    packages: ['firebase/firestore', 'firebase/firestore/lite'],
    category: 'data',
    detects: 'firebase',
    exports: {
      ...all(
        `getFirestore initializeFirestore connectFirestoreEmulator collection collectionGroup doc documentId query where
         and or orderBy limit limitToLast startAt startAfter endAt endBefore serverTimestamp increment arrayUnion
         arrayRemove deleteField Timestamp Timestamp.now Timestamp.fromDate Timestamp.fromMillis GeoPoint`,
        pure,
      ),
      ...all(
        `getDoc getDocs getDocFromServer getDocsFromServer getDocFromCache getDocsFromCache getCountFromServer
         getAggregateFromServer getCount getAggregate`,
        reads(callers),
      ),
      ...all('addDoc setDoc updateDoc deleteDoc', writes(callers)),
      writeBatch: gives({ instance: 'firebase.client-batch' }),
    },
    unlisted: 'unknown',
    instances: {
      'firebase.client-batch': {
        members: { ...all('set update delete', pure), commit: writes(callers) },
        unlisted: 'effect-write',
      },
    },
  },
  {
    packages: ['firebase/storage'],
    category: 'data',
    exports: {
      ...all('getStorage ref connectStorageEmulator', pure),
      ...all(
        'getDownloadURL getBytes getBlob getStream getMetadata list listAll',
        effect('storage', 'read', 'reads the bucket', callers),
      ),
      ...all(
        'uploadBytes uploadBytesResumable uploadString deleteObject updateMetadata',
        effect('storage', 'write', 'writes the bucket', callers),
      ),
    },
    unlisted: 'unknown',
  },
]

// ----------------------------------------------------------------------------------------------------------- InstantDB

const instantData = (rights: Rights): Record<string, Meaning> => ({
  ...all('query queryOnce', reads(rights)),
  transact: writes(rights),
})

const instant: Library = {
  // https://www.instantdb.com/docs/backend: an admin client sees everything, `asUser` scopes it to somebody.
  packages: ['@instantdb/admin'],
  category: 'data',
  detects: 'instantdb',
  exports: {
    init: gives({ instance: 'instant.admin' }),
    ...all('id tx lookup i', pure),
  },
  unlisted: 'unknown',
  instances: {
    'instant.admin': {
      members: {
        ...instantData(servers),
        asUser: gives({ instance: 'instant.user' }),
        'auth.verifyToken': session('throws', 'principal'),
        ...all(
          'auth.getUser auth.createToken auth.deleteUser auth.signOut',
          effect('identity', 'write', 'changes users', servers),
        ),
        ...all('storage.list', effect('storage', 'read', 'reads the bucket')),
        ...all('storage.*', effect('storage', 'write', 'writes the bucket')),
        'tx.*': pure,
        'tx.*.*': pure,
      },
      unlisted: 'unknown',
    },
    'instant.user': { members: instantData(callers), unlisted: 'unknown' },
  },
}

// ------------------------------------------------------------------------------------------------- OpenAuth, Stack Auth

const openAuth: Library = {
  packages: ['@openauthjs/openauth/client'],
  category: 'auth',
  detects: 'openauth',
  exports: { createClient: gives({ instance: 'openauth' }, { source: 'https://openauth.js.org/docs/client' }) },
  unlisted: 'unknown',
  instances: {
    openauth: {
      members: {
        // It does not throw: it gives `{ err }`, or the subject.
        verify: session(
          { object: { err: { object: {}, rest: 'unknown' }, subject: 'undefined', tokens: 'undefined' } },
          {
            object: {
              err: 'undefined',
              subject: { object: { properties: 'principal', type: 'string', id: 'principal' } },
              aud: 'string',
              tokens: { maybe: { object: { access: 'string', refresh: 'string' }, rest: 'unknown' } },
            },
          },
        ),
        ...all('exchange refresh', credential()),
        authorize: call({ async: true, returns: { object: { url: 'string' }, rest: 'unknown' } }),
      },
      unlisted: 'unknown',
    },
  },
}
const mounted = call({ async: true, credential: true, mounts: 'auth', returns: 'response' })
const openAuthParts: Library = {
  packages: ['@openauthjs/openauth', '@openauthjs/openauth/subject', '@openauthjs/openauth/*'],
  category: 'auth',
  detects: 'openauth',
  exports: {
    // A Hono app: https://openauth.js.org/docs/issuer
    issuer: gives({ object: { fetch: fn(mounted), request: fn(mounted) }, rest: 'unknown' }),
    createSubjects: pure,
  },
  unlisted: 'harmless',
  because: 'providers, pages and stores that an issuer is made of',
}

const stackUsers: Result = { document: 'stack.user' }
const stackTeams: Result = { document: 'stack.team' }
const changesUsers = effect('identity', 'write', 'changes users', servers)
const readsUsers = (returns: Result): CallMeaning => effect('identity', 'read', 'reads users', { ...servers, returns })
const stackUser = session('null', 'principal', {
  // With an id it is a lookup of somebody, whoever calls.
  variants: [
    { when: { at: [0], type: 'string' }, then: readsUsers({ maybe: stackUsers, absent: 'null' }) },
    { when: { at: [0, 'or'], is: 'redirect' }, then: session('redirects', 'principal') },
    { when: { at: [0, 'or'], is: 'throw' }, then: session('throws', 'principal') },
    { when: { at: [0, 'or'], is: 'anonymous' }, then: call({ async: true }) },
  ],
  source: 'https://docs.stack-auth.com/docs/js/sdk/objects/stack-app',
})
const stack: Library = {
  packages: ['@stackframe/stack', '@stackframe/js', '@stackframe/react'],
  category: 'auth',
  detects: 'stack-auth',
  exports: {
    ...all('StackServerApp StackClientApp', gives({ instance: 'stack' })),
    ...all('useUser useStackApp', pure),
  },
  unlisted: 'unknown',
  instances: {
    stack: {
      members: {
        getUser: stackUser,
        listUsers: readsUsers({ list: stackUsers }),
        getTeam: readsUsers({ maybe: stackTeams, absent: 'null' }),
        listTeams: readsUsers({ list: stackTeams }),
        ...all('createUser createTeam', changesUsers),
        ...all(
          'signInWithCredential signUpWithCredential signInWithOAuth signOut sendForgotPasswordEmail',
          credential(),
        ),
        ...all('sendMagicLinkEmail resetPassword verifyEmail', credential()),
        getProject: asyncPure,
        'urls.*': value('string'),
      },
      unlisted: 'unknown',
    },
    // https://docs.stack-auth.com/docs/js/sdk/types/user and …/types/team: whoever they are, not the caller.
    'stack.user': {
      members: {
        ...all(
          `update delete setDisplayName setPrimaryEmail setClientMetadata setServerMetadata setClientReadOnlyMetadata
           setPassword updatePassword createTeam leaveTeam setSelectedTeam grantPermission revokePermission createSession
           createContactChannel createApiKey`,
          changesUsers,
        ),
        ...all(
          `getPermission hasPermission listPermissions listContactChannels listOAuthProviders getOAuthProvider
           getConnectedAccount listTeams getTeam getTeamProfile listApiKeys toClientJson`,
          asyncPure,
        ),
      },
      unlisted: 'unknown',
    },
    'stack.team': {
      members: {
        ...all('update delete addUser removeUser inviteUser createApiKey', changesUsers),
        ...all('listUsers listInvitations listApiKeys', asyncPure),
      },
      unlisted: 'unknown',
    },
  },
}

export const backends: readonly Library[] = [
  appwrite,
  pocketBase,
  ...firebaseClient,
  instant,
  openAuth,
  openAuthParts,
  stack,
]
