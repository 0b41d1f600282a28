import { all, call, credential, effect, gives, pure, query, session, signsIn, something } from './define.ts'
import type {
  ArgPath,
  CallMeaning,
  Library,
  Meaning,
  QueryMeaning,
  QueryResult,
  Result,
  WherePlace,
} from './meaning.ts'

const docs = 'https://supabase.com/docs/guides/auth/server-side/creating-a-client'
const failed = something

const privilegedKey = 'service_?role|service_?key|secret|admin'
const client: Result = { instance: 'supabase.client' }
/** Made for a request: it is given the request's cookies. */
const callers: Result = { instance: 'supabase.client', ofCaller: true }
const admin: Result = { instance: 'supabase.admin' }

/** Which key the client is made with decides what it may do; only the name of the variable tells. */
const create: CallMeaning = gives(client, {
  variants: [{ when: { at: [1], env: privilegedKey }, then: gives(admin) }],
  source: docs,
})

const createForRequest: CallMeaning = { ...create, returns: callers }

const where: readonly WherePlace[] = [
  ...['eq', 'is', 'in'].map((method) => ({ method, column: 0, value: 1 })),
  ...['neq', 'gt', 'gte', 'lt', 'lte', 'like', 'ilike', 'contains', 'containedBy', 'overlaps'].map((method) => ({
    method,
    column: 0,
    op: 'compare' as const,
    value: 1,
  })),
  { method: 'match', at: [0] },
  { method: 'filter', column: 0, op: 1, value: 2 },
  { method: 'not', column: 0, op: 'compare', value: 2 },
  { method: 'or', at: [0] },
]

const values: readonly WherePlace[] = ['insert', 'upsert', 'update'].map((method) => ({ method, at: [0] }))

const rows: QueryResult = 'data-error-rows'
const methods: QueryMeaning['methods'] = {
  insert: { verb: 'insert', write: true },
  upsert: { verb: 'upsert', write: true },
  update: { verb: 'update', write: true },
  delete: { verb: 'delete', write: true },
  single: { returns: 'data-error-row' },
  maybeSingle: { returns: 'data-error-row' },
}

type Rights = { readonly rowLevel: true } | { readonly privileged: true }

const data = (rights: Rights): Record<string, Meaning> => {
  const instance = 'rowLevel' in rights ? client : admin
  const mode = 'privileged' in rights ? { privileged: true } : { delegated: true }
  const path = 'privileged' in rights ? { subject: [[0]] } : {}
  const bucket = (name: string, kind: 'read' | 'write', what: string): Record<string, Meaning> =>
    all(name, effect('storage', kind, what, { ...mode, ...path }))
  // https://supabase.com/docs/reference/javascript/storage-from-upload: what is there is overwritten with `upsert` only
  const uploads = (name: string, at: ArgPath, what: string): Record<string, Meaning> => ({
    [name]: effect('storage', 'write', what, {
      ...mode,
      variants: [{ when: { at, is: true }, then: effect('storage', 'write', what, { ...mode, ...path }) }],
    }),
  })
  const storage: Record<string, Meaning> = {
    ...bucket('list info exists download', 'read', 'reads the bucket'),
    ...bucket('createSignedUrl createSignedUrls', 'read', 'makes a download address'),
    ...bucket('update move copy remove', 'write', 'writes the bucket'),
    ...uploads('upload', [2, 'upsert'], 'writes the bucket'),
    ...uploads('createSignedUploadUrl', [1, 'upsert'], 'makes an upload address'),
    // the token of the address decides
    uploadToSignedUrl: effect('storage', 'write', 'writes the bucket', mode),
    getPublicUrl: pure,
  }
  return {
    from: query('select', { model: [{ at: [0] }], where, values, returns: rows, methods, ...rights }),
    schema: gives(instance),
    rpc: query('call', {
      model: [{ at: [0] }],
      where,
      returns: 'unknown',
      methods: { single: {}, maybeSingle: {} },
      // https://supabase.com/docs/reference/javascript/rpc: these call the function with read-only access.
      readsIf: [
        { at: [2, 'get'], is: true },
        { at: [2, 'head'], is: true },
      ],
      ...rights,
    }),
    'storage.from': gives({ instance: 'rowLevel' in rights ? 'supabase.bucket' : 'supabase.admin-bucket' }),
    ...Object.fromEntries(
      Object.entries(all('listBuckets getBucket', effect('storage', 'read', 'reads the bucket', mode))).map(
        ([name, meaning]) => [`storage.${name}`, meaning],
      ),
    ),
    'storage.*': effect('storage', 'write', 'changes a bucket', mode),
    'functions.invoke': effect('http', 'write', 'calls an edge function', mode),
    'realtime.*': pure,
    ...all('channel removeChannel removeAllChannels getChannels', gives('unknown')),
    ...Object.fromEntries(Object.entries(storage).map(([name, meaning]) => [`bucket.${name}`, meaning])),
  }
}

const unverified: Result = { object: {}, rest: 'input' }
const noUser: Result = { object: { data: { object: { user: 'null', session: 'null' } }, error: failed } }
const userAndSession: Result = {
  object: { data: { object: { user: 'principal', session: 'principal' } }, error: 'null' },
}

const own = (what: string, mode: 'read' | 'write' = 'write'): CallMeaning =>
  session(noUser, userAndSession, {
    gated: true,
    effect: { kind: 'identity', write: mode === 'write', what },
    // https://supabase.com/docs/guides/auth/auth-anonymous: such a user is one as all others
    guests: userAndSession,
  })

const auth: Record<string, Meaning> = {
  getUser: session(
    { object: { data: { object: { user: 'null' } }, error: failed } },
    { object: { data: { object: { user: 'principal' } }, error: 'null' } },
    { source: docs },
  ),
  // Without a session it gives no error either: { data: null, error: null }.
  getClaims: session(
    { object: { data: 'null', error: 'null' } },
    { object: { data: { object: { claims: 'principal' }, rest: 'unknown' }, error: 'null' } },
    { source: docs },
  ),
  // Reads the cookie without asking anybody (claims.md 36).
  getSession: call({
    async: true,
    returns: {
      object: {
        data: {
          object: {
            session: {
              maybe: {
                object: { user: unverified, access_token: 'cookie', refresh_token: 'cookie' },
                rest: 'input',
              },
            },
          },
        },
        error: 'unknown',
      },
    },
    source: 'claims.md 36',
  }),
  ...all(
    'signInWithPassword verifyOtp exchangeCodeForSession setSession signInWithIdToken refreshSession',
    signsIn(noUser, userAndSession),
  ),
  ...all(
    'signUp signOut signInWithOAuth signInWithOtp signInWithSSO signInAnonymously resetPasswordForEmail resend',
    credential(),
  ),
  ...all('signInWithWeb3 signInWithPasskey initialize', credential()),
  updateUser: own("changes the caller's account"),
  ...all('linkIdentity unlinkIdentity', own("changes the caller's account")),
  ...all('reauthenticate', own("changes the caller's account")),
  getUserIdentities: own("reads the caller's account", 'read'),
  'mfa.listFactors': own("reads the caller's second factor", 'read'),
  'mfa.getAuthenticatorAssuranceLevel': call({
    async: true,
    returns: { object: { data: unverified, error: 'unknown' } },
  }),
  'mfa.*': own("changes the caller's second factor"),
  ...all('onAuthStateChange startAutoRefresh stopAutoRefresh', pure),
}

/** The user that it acts on. */
const user = { privileged: true, subject: [[0], [0, 'userId']] } as const

const administration: Record<string, Meaning> = {
  ...all('getUserById listUsers', effect('identity', 'read', 'reads users', user)),
  'mfa.listFactors': effect('identity', 'read', "reads a user's second factor", user),
  createUser: effect('identity', 'write', 'creates a user', { privileged: true }),
  deleteUser: effect('identity', 'write', 'deletes a user', user),
  updateUserById: effect('identity', 'write', 'changes a user', user),
  inviteUserByEmail: effect('identity', 'write', 'invites a user', { privileged: true }),
  generateLink: effect('identity', 'write', 'makes a sign-in link', { privileged: true }),
  signOut: effect('identity', 'write', "ends a user's sessions", { privileged: true }),
  '*': effect('identity', 'write', 'changes users', user),
  'mfa.*': effect('identity', 'write', "changes a user's second factor", user),
}

const below = (prefix: string, members: Record<string, Meaning>): Record<string, Meaning> =>
  Object.fromEntries(Object.entries(members).map(([name, meaning]) => [`${prefix}.${name}`, meaning]))

const split = (
  rights: Rights,
): { readonly members: Record<string, Meaning>; readonly bucket: Record<string, Meaning> } => {
  const entries = Object.entries(data(rights))
  return {
    members: Object.fromEntries(entries.filter(([name]) => !name.startsWith('bucket.'))),
    bucket: Object.fromEntries(
      entries
        .filter(([name]) => name.startsWith('bucket.'))
        .map(([name, meaning]) => [name.slice('bucket.'.length), meaning]),
    ),
  }
}
const bound = split({ rowLevel: true })
const service = split({ privileged: true })
const authMembers = { ...below('auth.admin', administration), ...below('auth', auth) }

export const supabase: readonly Library[] = [
  {
    packages: [
      '@supabase/supabase-js',
      '@supabase/ssr',
      '@supabase/auth-helpers-nextjs',
      '@supabase/auth-helpers-shared',
    ],
    category: 'data',
    detects: 'supabase',
    exports: {
      ...all(
        `isBrowser AuthError isAuthError AuthApiError isAuthApiError PostgrestError StorageError FunctionsError
         FunctionsHttpError FunctionsRelayError FunctionsFetchError createChunks combineChunks deleteChunks isChunkLike`,
        pure,
      ),
      createClient: create,
      SupabaseClient: create,
      createServerClient: createForRequest,
      createBrowserClient: create,
      ...all(
        'createServerComponentClient createServerActionClient createRouteHandlerClient createMiddlewareClient createPagesServerClient',
        gives(callers),
      ),
      ...all('createClientComponentClient createPagesBrowserClient', gives(client)),
      parseCookieHeader: gives({ list: { object: { name: 'string', value: 'cookie' } } }),
      serializeCookieHeader: pure,
    },
    unlisted: 'unknown',
    instances: {
      'supabase.client': {
        // https://supabase.com/docs/guides/auth/auth-anonymous
        anonymousSessions: { calls: 'signInAnonymously' },
        members: { ...bound.members, ...authMembers },
        unlisted: 'unknown',
        note: 'Made with the publishable key: row-level security decides, for the session that the client carries',
      },
      'supabase.bucket': { members: bound.bucket, unlisted: 'effect-write' },
      'supabase.admin': {
        members: { ...service.members, ...authMembers },
        unlisted: 'unknown',
        note: 'Made with the service role key: row-level security does not apply',
      },
      'supabase.admin-bucket': { members: service.bucket, unlisted: 'effect-write' },
    },
  },
  {
    packages: ['@supabase/postgrest-js'],
    category: 'data',
    detects: 'supabase',
    exports: { PostgrestClient: gives(client) },
    unlisted: 'unknown',
  },
]
