/**
 * What libraries mean, as data.
 *
 * The analysis asks one question of a library value: what does an **anonymous caller** get from it, what does a
 * **signed-in caller** get, and what does it touch? A session getter answers `null` to the first and a principal to the
 * second; a signature check throws for the first; a query is an effect for both. Nothing here is a name heuristic: an entry
 * applies only to a value that was followed to an export of the named package.
 */

/** What is known about the caller once something is passed (design.md, "proof"). */
export type Proof =
  | 'authenticated'
  | 'tenant'
  | 'owner'
  | 'signature'
  | 'secret'
  | 'capability'
  | 'env-gate'
  | 'anonymous-session'
  | `role:${string}`
  | `permission:${string}`
  /** Any one of these will do: `authenticated|secret`. */
  | `${string}|${string}`
  /** What this names is tied to the caller (`src/analysis/ties.ts`): never shown to anyone. */
  | `bound:${string}`
  /** No other site can make a browser send it (`src/analysis/caller/unforged.ts`): says nothing of who calls, never shown to anyone. */
  | 'unforged'
  /** The caller says so, and was believed (`src/analysis/claims.ts`): never shown to anyone. */
  | `asked:${string}`
  | `wanted:${string}`

export interface Library {
  /** Package names as imported: 'drizzle-orm', 'drizzle-orm/*' for every sub path, 'node:fs'. */
  readonly packages: readonly string[]
  readonly category: 'auth' | 'data' | 'effect' | 'harmless' | 'framework'
  /** A word for `detected` in the inventory: 'better-auth', 'drizzle'. Absent: not listed there. */
  readonly detects?: string
  /** By exported name; a dotted path reaches into an exported object ('auth.protect'); 'default' for default exports. */
  readonly exports: Readonly<Record<string, Meaning>>
  /**
   * What an export that is not listed means. 'unknown', as for a package that is not in the catalogue: it may be an effect, or
   * the guard. 'harmless' is a fact like any other: whatever else the package exports, now and in its next release, computes
   * from its arguments only. It follows from the category of the same name; any other library says why.
   */
  readonly unlisted: Unlisted
  /** Why all the rest is harmless, where `category` does not say so. */
  readonly because?: string
  /** Its functions make schemas; whether the members of an object have to be there unless it says otherwise. */
  readonly schemas?: 'present' | 'optional'
  /** It exports the enums of the schema: objects whose values are called like their keys. */
  readonly enums?: true
  /** Its functions give what they are given in another arrangement: functions that stand in it stand in there as well. */
  readonly arranges?: true
  /** Directives at the head of a function or a module whose functions' answers are kept, and for whom. */
  readonly keeps?: Readonly<Record<string, KeptFor>>
  /** Objects that calls hand out (`{ instance: 'better-auth' }`), by a name that is unique in the catalogue. */
  readonly instances?: Readonly<Record<string, Instance>>
}

/**
 * unknown: may be a guard or an effect; harmless: computes from its arguments only; effect-read / effect-write: touches
 * protected things.
 */
export type Unlisted = 'unknown' | 'harmless' | 'effect-read' | 'effect-write'

/** Whoever calls with the same arguments gets what is kept; or the caller alone, who may be asked for in there. */
export type KeptFor = 'everybody' | 'caller'

export interface Instance {
  /**
   * By member path. A segment '*' matches any one name, and is tried after exact names: 'api.getSession', 'api.*',
   * 'query.*.findFirst'.
   */
  readonly members: Readonly<Record<string, Meaning>>
  /** The object itself is called or used as a template tag. */
  readonly call?: Meaning
  readonly unlisted: Unlisted
  /** Its sessions are also handed to callers who proved nothing, where this holds. */
  readonly anonymousSessions?: AnonymousSessions
  /** Properties come from the object that was passed when it was made (`betterAuth({ plugins })` → `options`). */
  readonly note?: string
}

export type AnonymousSessions =
  /** An object of that instance stands in a list of its configuration. */
  | { readonly configured: ArgPath; readonly instance: string }
  /** Something in the application calls a method of that name. */
  | { readonly calls: string }

export type Meaning = CallMeaning | QueryMeaning | ValueMeaning | BuilderMeaning

/** A plain value: `process.env`, an instance that a package exports ready-made, a constant. */
export interface ValueMeaning {
  readonly kind: 'value'
  readonly is: Result
}

/** A function (or constructor, or template tag) and what comes of calling it. */
export interface CallMeaning {
  readonly kind: 'call'
  /** Calling gives a promise. */
  readonly async?: boolean
  /** Older releases give it without a promise: what is read of it unawaited is there, or is not. */
  readonly plainBefore?: boolean
  /** What a caller has proved who gets `returns` rather than `anonymous`. Required when `anonymous` is given. */
  readonly proves?: Proof
  /** What the anonymous caller gets. Absent: the same as everybody. */
  readonly anonymous?: Result
  /** What a caller with the proof (or everybody) gets. Default 'unknown'. */
  readonly returns?: Result
  /** What the call touches. With `anonymous: 'throws'` only callers with the proof reach it. */
  readonly effect?: EffectMeaning
  /**
   * What somebody gets whose session anonymous sign-in has handed out, of a call that asks for a session and then touches
   * something (`effect`): that is done to what is theirs. Absent: they are refused as well, for lack of more than a session.
   */
  readonly guests?: Result
  /** Functions among the arguments that are run at once: position, or position and property path. Their result: see `returns: 'callback'`. */
  readonly runs?: readonly CallbackMeaning[]
  /** Asks for a role or permission: the argument that names it, so that the proof can be `permission:<literal>`. */
  readonly permission?: PermissionMeaning
  /** It creates, ends or verifies the caller's own credentials or session (sign-in, sign-up, sign-out, reset, verify). */
  readonly credential?: boolean
  /** The argument that must be truthy for the call to return (`invariant(user)`): it throws otherwise. */
  readonly asserts?: number
  /** The effect happens only for callers with the proof, although the call returns for the others as well (`{ data, error }`). */
  readonly gated?: boolean
  /** What it is given is part of the answer: in its body, or as headers: one, by name and value, or an object of them; or as a cookie. */
  readonly answersWith?: 'body' | 'header' | 'headers' | 'cookie'
  /** Another spelling of argument 0 (`btoa`): what nobody could guess of that, nobody can of this. */
  readonly spells?: boolean
  /** Fills the list at argument 0 by chance, which nobody foresees: at least so many bits for each item. */
  readonly draws?: number
  /** A comparison: `anonymous` holds only if these two arguments are not both the caller's own to choose. */
  readonly compares?: readonly [number, number]
  /** Argument 0 (or what it gives for what was there, when it is a function) is merged into this property of the object that it is called on. */
  readonly keepsIn?: string
  /** What the server takes for the truth from here on, when the caller shows it: what is sealed into a session, or signed; 'self': what it is called on holds. */
  readonly vouches?: ArgPath | 'self'
  /** Hands the request to a router of its own: 'auth' is the auth library's (credential) router, 'procedures' decide one by one. */
  readonly mounts?: 'auth' | 'procedures'
  /** A store of the request: `runs` keeps argument 0 while it runs argument 1, `enters` keeps it from here on, `reads` gives what is kept. */
  readonly store?: 'runs' | 'enters' | 'reads'
  /** From here on the object sends argument 0 along with its calls: the token of whoever it acts for (`client.setAuth(token)`). */
  readonly carries?: boolean
  /** Tried in order; the first whose condition holds replaces this meaning. */
  readonly variants?: readonly { readonly when: ArgumentTest; readonly then: CallMeaning }[]
  /** Where the fact comes from: documentation page, claim number. */
  readonly source?: string
}

export interface CallbackMeaning {
  /**
   * Path from the argument list: [1] is the second argument, [0, 'onSuccess'] a property of the first. '*' is any property, or
   * item of a list: the request decides for which of them it runs, and one that has no such function lets everybody through.
   */
  readonly at: ArgPath
  /** Whose arguments these are: of the call at hand, or of the one that made the object that it is called on. */
  readonly of?: 'maker'
  /** What the callback receives. */
  readonly given?: readonly Result[]
  /** It may not run (event listeners that run later are not to be listed at all). */
  readonly maybe?: boolean
  /** What runs once it has returned, of the same '*' (its path goes on from there): 'callback' is what that gave. */
  readonly then?: CallbackMeaning
  /** Each of '*' may run or not, and what it throws goes no further than the library: none stands in front of another. */
  readonly apart?: boolean
}

export interface PermissionMeaning {
  readonly proof: 'role' | 'permission'
  /** Where the name stands: a string, an array of strings, or an object { resource: [actions] }. */
  readonly at: ArgPath
  /** Where the tenant stands in which the caller must have it: whoever passes belongs to that one. */
  readonly within?: ArgPath
  /** What a caller gets who is signed in and lacks it. Default: what the anonymous one gets. */
  readonly denied?: Result
}

/** Path into the arguments: position first, then names of properties, or of methods that a builder has recorded. */
export type ArgPath = readonly (number | string)[]

export interface ArgumentTest {
  readonly at: ArgPath
  /** The value there equals this literal, or one of these. */
  readonly is?: string | number | boolean | readonly string[]
  /** Something stands there (true), or nothing does (false). */
  readonly present?: boolean
  /** The value there is an environment variable whose name matches this regular expression (source, case-insensitive). */
  readonly env?: string
  /** An object of this instance stands there: `client.send(new GetObjectCommand(…))`. */
  readonly instance?: string
  /** A GraphQL document stands there, or the text of a body that holds one, and changes nothing. */
  readonly document?: 'query'
  /** What kind of value stands there, or may stand there: of an object and a text nobody can tell where it comes from elsewhere. */
  readonly type?: 'function' | 'array' | 'object' | 'string'
}

/** What a value is. Strings for the common ones. */
export type Result =
  | 'unknown' // nothing known, derived from the arguments
  | 'null'
  | 'undefined'
  | 'true'
  | 'false'
  | 'boolean'
  | 'string'
  | 'number'
  | 'throws' // the call throws (or rejects)
  | 'redirects' // the call throws a redirect or not-found by itself (next/navigation)
  | 'principal' // a verified identity; its members are the principal's
  | 'tenant' // the verified organisation of the principal
  | 'membership' // what the principal is and may do in that organisation, and in no other
  | 'input' // chosen by the caller: body, params, query
  | 'request' // the request object: its body and URL are input, its headers and cookies are 'header' and 'cookie'
  | 'prepared-request' // a request that is made here, of an address or another request and its options
  | 'url' // an address that is taken apart
  | 'headers' // a header list: get() gives 'header', 'cookie' for the cookie header
  | 'header' // one header's value: the caller's to send
  | 'cookies' // a cookie list: get() gives 'cookie'
  | 'cookie' // one cookie's value: the caller's to send, but opaque tokens in it cannot be guessed
  | 'secret' // known to the server only
  | 'digest' // made of the arguments by a one-way function
  /** Made by chance, which nobody foresees: so many bits, or so many for each that the argument at `times` asks for, or the usual number of those. */
  | { readonly bits: number; readonly times?: ArgPath; readonly usually?: number }
  /** A function that makes such texts: of the letters of argument 0, as many as argument 1 says or its own argument. */
  | { readonly lettersOf: 'argument' }
  | 'env' // environment variables: members are 'secret' or environment switches
  | 'checked-env' // the same, which the application does not start without
  | 'row' // a row or undefined, from the query at hand
  | 'rows' // a list of rows
  | 'response' // a Response; status from its arguments
  | 'ok-response' // the same, which says 200 where they say nothing
  | 'stream-pair' // { readable, writable }: what is written to the one is read from the other
  | 'denial' // a value that denies when it is thrown, or returned from middleware; creating it does nothing
  | 'empty-list'
  | 'aggregate' // a count or a sum over rows, as a field of a query
  | 'callback' // what the callback of `runs` gave
  /** Made of parts of the arguments and of what callbacks gave: functions that stand in these may stand in it (`mapValues`). */
  | 'parts'
  | 'part' // of the same, one: an argument of a callback
  | 'collection' // holds the first argument and what is put into it: `new Headers(init)`
  | 'promise-list' // Promise.all of the first argument
  | { readonly arg: number } // an argument as it is (`cache(fn)` gives `fn`)
  | { readonly awaited: number } // what the promise in that argument gives
  /** An object of `instances`, of any library. `ofCaller`: it carries the caller's cookies or token. */
  | { readonly instance: string; readonly ofCaller?: boolean }
  /** Data that also has what an object of `instances` lists: what was read, with methods that write it. */
  | { readonly document: string }
  | { readonly object: Readonly<Record<string, Result>>; readonly rest?: Result }
  | { readonly fn: CallMeaning } // a function with that meaning
  | { readonly list: Result }
  /** That, or null/undefined: a signed-in caller may have no active organisation. */
  | { readonly maybe: Result; readonly absent?: 'null' }
  /**
   * A function that runs the function in argument `wraps` whenever it is called, with the arguments it is called with; those
   * in `given` stand in for the first ones (`auth((request) => …)`). What is at `sets.at` of them is written before it runs
   * (`req.session`). Its properties in `likewise` are such functions as well.
   */
  | {
      readonly wraps: number | ArgPath
      readonly given?: readonly Result[]
      readonly sets?: { readonly at: ArgPath; readonly to: Result }
      readonly likewise?: readonly string[]
    }
  /**
   * The function in argument `keeps`, whose answers are kept: for whoever calls it with the same arguments, and had the same
   * in argument `key` when it was made. Nothing else that it reads tells callers apart.
   */
  | { readonly keeps: number; readonly key: number }
  /** A query condition: 'eq' compares column argument 0 with value argument 1; 'and'/'or' combine their arguments. */
  | { readonly condition: 'eq' | 'in' | 'compare' | 'and' | 'or' | 'not' | 'raw' }
  /** A model definition: name in argument `name`, columns in argument `columns` (Drizzle tables). */
  | { readonly table: { readonly name: number; readonly columns: number } }
  /** A column definition; the builder's calls are kept (`.references(() => users.id)`, `.notNull()`). */
  | 'column'

export interface EffectMeaning {
  readonly kind:
    'db' | 'mail' | 'payment' | 'storage' | 'ai' | 'http' | 'queue' | 'identity' | 'secret' | 'process' | 'other'
  readonly write: boolean
  /** In the user's words, after the verb: "sends mail", "deletes a user", "reads the bucket". */
  readonly what: string
  /** Acts with more rights than the caller (service role, admin API): for no-standing-privileged-client. */
  readonly privileged?: boolean
  /** What it keeps is found by a key alone, as in a cache. */
  readonly byKey?: boolean
  /** It makes ready what other work needs, and once that is there changes nothing: work where somebody says what, and nowhere else. */
  readonly setsUp?: boolean
  /** What it reads, ends or writes stands under a key: who does not know one that is there gets nothing. */
  readonly keyed?: Keyed
  /**
   * A service behind it decides by the token that it is given. 'caller': the call itself sends the caller's token along;
   * true: whether it does depends on what the client was made with, and on the argument at `token`.
   */
  readonly delegated?: boolean | 'caller'
  readonly token?: ArgPath
  /** Where the id of what it acts on stands: whoever chooses it chooses whose it is. The first that is there. */
  readonly subject?: readonly ArgPath[]
}

/** A place in a store of keys and values. The key is the first argument. */
export interface Keyed {
  /** The second argument may name a field of what is under that key. */
  readonly field?: boolean
  /**
   * Where the part of the store is named that holds these keys and no others: what the store is called that it is a method
   * of (`env.SESSIONS.get`), or arguments of what made the store (`getStore('sessions')`). Absent: the store is shared.
   */
  readonly room?: 'member' | readonly ArgPath[]
  /** What there is for a key that is not there. Absent: it is written there, whatever was before. */
  readonly missing?: 'null' | 'none' | { readonly object: Readonly<Record<string, Result>>; readonly rest?: Result }
}

/**
 * Begins a query of a fluent builder, or is one. Later calls on it are recorded; it runs when awaited, returned or
 * settled by one of `settles` (a query that is not `lazy` runs at once).
 */
export interface QueryMeaning {
  readonly kind: 'query'
  readonly verb: 'select' | 'insert' | 'update' | 'delete' | 'upsert' | 'count' | 'raw' | 'call'
  readonly write: boolean
  readonly lazy: boolean
  /** Where the model stands: an argument, an argument of a later method, or the n-th '*' segment of the member path. */
  readonly model: readonly ModelPlace[]
  /** Where the conditions stand. */
  readonly where?: readonly WherePlace[]
  /** Where the columns stand that are written. */
  readonly values?: readonly WherePlace[]
  /** What running it gives. */
  readonly returns: QueryResult
  /** Later methods that change what it gives or does: `.single()`, `.executeTakeFirst()`, `.delete()`, `.get()`. */
  readonly methods?: Readonly<
    Record<
      string,
      {
        readonly returns?: QueryResult
        readonly settles?: boolean
        readonly verb?: QueryMeaning['verb']
        readonly write?: boolean
        /** From here on its rows are plain data. */
        readonly plain?: true
      }
    >
  >
  /** It changes nothing where one of these holds. */
  readonly readsIf?: readonly ArgumentTest[]
  /** Its rows are documents, which also have what this one of `instances` lists: a query there is one on the row itself. */
  readonly documents?: string
  /** The text of raw SQL: an argument whose literal decides read or write; 'tag' when called as a template tag. */
  readonly sql?: { readonly at: ArgPath } | 'tag'
  /**
   * An undefined value in a condition drops that condition (Prisma, TypeORM). `beside-a-key`: where another one is left that
   * rows are found by; with none the query throws.
   */
  readonly dropsUndefined?: boolean | 'beside-a-key'
  /** False: awaiting or returning it does not run it, only `settles` methods do (Kysely). Default true. */
  readonly thenable?: boolean
  /** Rows are filtered by the database for the caller whose token the client carries (row-level security). */
  readonly rowLevel?: boolean
  readonly privileged?: boolean
}

export type ModelPlace =
  | { readonly at: ArgPath }
  | { readonly method: string; readonly at: ArgPath }
  | { readonly segment: number }
  /** An argument of the call that made the instance: `db.collection('users')`, `model('User', schema)`. */
  | { readonly maker: ArgPath }

export type WherePlace =
  /** A condition value, or an object { column: value } (Prisma), or a callback (table, operators) => condition. */
  | { readonly at: ArgPath }
  | { readonly method: string; readonly at: ArgPath }
  /**
   * `.eq('column', value)`, `.where('column', '=', value)`: column and value are arguments of a method, and so may be the
   * operator; 'compare' where it is none that says which rows.
   */
  | { readonly method: string; readonly column: number; readonly value: number; readonly op?: number | 'compare' }

export type QueryResult =
  | 'row' // a row, or null or undefined: which of them is not told
  | 'row-or-null'
  | 'row-or-undefined'
  | 'row-or-throw' // throws when there is none
  | 'rows'
  | 'number'
  | 'affected' // a count or driver result of a write
  | 'data-error-row' // { data: row | null, error }
  | 'data-error-rows' // { data: rows | null, error }
  | 'driver-rows' // { rows: [...] }
  | 'unknown'

/**
 * Begins a fluent builder whose calls are only recorded, for the entry points layer to read (`createServerFn()`,
 * `createMiddleware()`, schema builders). The analysis gives it no behaviour of its own.
 */
export interface BuilderMeaning {
  readonly kind: 'builder'
  /** Unique name, e.g. 'start.server-fn'. */
  readonly builder: string
}
