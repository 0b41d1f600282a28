/** What the analysis says about one file: read by the rules (ranges) and by the inventory (lines). One analysis, two views. */
import type { Proof, WherePlace } from '../catalog/meaning.ts'
import type { Range } from './form.ts'

export type Verdict = 'guarded' | 'unguarded' | 'public' | 'unverifiable'

export type EntryPointKind =
  'server-fn' | 'server-route' | 'server-action' | 'route-handler' | 'page' | 'layout' | 'metadata' | 'mount'

export type Framework = 'tanstack-start' | 'next'

/** Why an entry point is open. These are the message ids of the `no-unguarded-*` rules. */
export type Cause =
  | 'noGuard' // nothing on the way looks at the caller
  | 'notAwaited' // an async check is called and not awaited
  | 'resultIgnored' // the check gives an answer that nothing tests
  | 'passesNull' // a test that an anonymous caller passes: `session && session.role !== 'admin'`, or an inverted test
  | 'denialDropped' // `redirect()` or `new Response()` is built and neither thrown nor returned
  | 'swallowed' // the denial is caught, and the work goes on
  | 'tooLate' // the check stands after the effect, or beside it
  | 'clientOnly' // the only check runs in the caller's browser (`.client()` middleware)
  | 'soft' // middleware looks the caller up and lets everybody through
  | 'injectableContext' // the deciding `context` key can be set by the caller
  | 'untrusted' // the check reads something that the caller chose (cookie presence, header, unverified token)
  | 'anonymousSession' // any session passes, and anonymous sign-in hands one to everybody
  | 'onlyInBeforeLoad' // only the route that calls it has a guard
  | 'onlyInLayout' // only a layout around the page has one
  | 'onlyInProxy' // only the proxy in front of the application has one
  | 'noGuardInProject' // nothing in this project refuses anybody

export interface Place {
  readonly file: string
  readonly range: Range
  /** 1-based. */
  readonly line: number
}

export interface GuardEvidence {
  readonly name: string
  readonly place: Place
  readonly how: 'middleware' | 'global' | 'call' | 'inline' | 'wrapper' | 'delegated' | 'declared'
  readonly trust: 'verified' | 'catalogue' | 'declared'
  /** The calls that lead to its tests, from the entry point's own code inwards. */
  readonly asked: readonly Place[]
  readonly tests: readonly Place[]
  /** Names of what brings it along, from what the entry point names inwards: a middleware's parent runs first. */
  readonly through?: readonly string[]
}

export interface EffectEvidence {
  /** In the user's words: "writes `invoices`". */
  readonly what: string
  readonly place: Place
  readonly write: boolean
  /** Of a query: what it is called there. */
  readonly model?: string
  /** It changes what is kept, and is what the entry point is for, not part of how it guards itself. */
  readonly change?: true
  /** What comes to it was sent by no other site's page: it carries a secret, or what this application gave that browser. */
  readonly unforged?: true
  /** Of a guarded one: what has to be proved to come to it. */
  readonly proofs?: readonly Proof[]
}

export interface EvidenceStep {
  readonly place: Place
  readonly what: string
}

export type Exposure = 'write' | 'owned-read' | 'read' | 'other'

/** Of these, `injectableContext` is a test of what the caller may send. */
export type LostCause =
  | 'injectableContext'
  | 'secretUnset'
  | 'notAwaited'
  | 'resultIgnored'
  | 'denialDropped'
  | 'swallowed'
  | 'tooLate'
  | 'crashOnly'

/**
 * What is for one caller and is kept for others. `header`: by caches on the way; `staticFunction`, `prerendered`: in a file
 * that is written once; `moduleState`: by the module; `capturedIdentity`: in a cache that is not asked for whom;
 * `askedWhenKept`: in one within which nobody can be asked for.
 */
export type Leak = 'header' | 'staticFunction' | 'moduleState' | 'capturedIdentity' | 'askedWhenKept' | 'prerendered'

export interface LostCheck {
  readonly cause: LostCause | Leak
  readonly name: string
  /** Of an answer that is not looked at: the property that says yes or no. */
  readonly member?: string
  readonly place: Place
}

export interface EntryPointReport {
  readonly name: string
  readonly kind: EntryPointKind
  readonly framework: Framework
  readonly method?: string
  /** The declared name; of the function where there is none. In the linted file. */
  readonly range: Range
  readonly verdict: Verdict
  readonly cause?: Cause
  /** Where the cause stands, when that is in the linted file (the ignored call, the soft test, the late check). */
  readonly causeRange?: Range
  /** The name of what fails to guard: `authMiddleware`, `getSession`; for messages. */
  readonly culprit?: string
  /** Of a page that only a layout guards: which, and what it asks of the caller. */
  readonly above?: { readonly file: string; readonly proofs: readonly Proof[] }
  /** Why public, why unverifiable. */
  readonly reason?: string
  readonly reasonAt?: Place
  readonly proofs: readonly Proof[]
  readonly guards: readonly GuardEvidence[]
  readonly effects: readonly EffectEvidence[]
  readonly evidence: readonly EvidenceStep[]
  readonly exposure?: Exposure
  /** Checks that something else makes up for: it stays guarded without them. */
  readonly lost?: readonly LostCheck[]
  /** What the policy file demands of it and it does not prove. */
  readonly lacks?: readonly Proof[]
  readonly strangers?: readonly StrangerReport[]
  /** The public marker that speaks for this entry point, if any (its index in `ModuleForm.markers`). */
  readonly marker?: number
  /** Where a guard can be put: read by the suggestions. */
  readonly shape: EntryPointShape
}

/** A permission that is asked for and that the project's catalogue does not have. */
export interface StrangerReport {
  readonly name: string
  /** The one that it is misspelt from. */
  readonly nearest?: string
  /** What may be meant, the likeliest first. */
  readonly instead: readonly string[]
}

/** Whose rows a guarded entry point touches. */
export interface ScopeReport {
  readonly tenant: 'scoped' | 'unscoped' | 'client-chosen' | 'delegated' | null
  readonly object: 'bound' | 'unbound' | null
  /** Of delegated queries: what decides instead of the code. */
  readonly delegatedTo: readonly string[]
  /** Queries whose rows may be somebody else's, the loosest first. */
  readonly loose: readonly LooseQueryReport[]
  /** Who somebody is, or what they may do, by the caller's own word. */
  readonly claims: readonly ClaimReport[]
  /** Queries on a tenant's rows that a role decides which the user has everywhere. */
  readonly wide: readonly WideReport[]
}

export interface WideReport {
  readonly role: string
  readonly what: string
  /** The tenant's column. */
  readonly column: string
  /** The caller says which tenant. */
  readonly chosen: boolean
  /** What the column could be compared with. */
  readonly proved?: string
  readonly place: Place
}

export interface ClaimReport {
  /** Whose a new row is; what a user may do; in which tenant; by writing all that was sent; by a test of what was sent. */
  readonly kind: 'actor' | 'role' | 'tenant' | 'input' | 'asked'
  readonly what: string
  readonly column: string
  readonly model: string
  /** Of a new row: what the column could be set to. */
  readonly proved?: string
  /** Of all that was sent, into a row that is there: the columns to name instead, and where in the query it stands. */
  readonly columns?: readonly string[]
  readonly written?: readonly WherePlace[]
  /** Of a test of what was sent: the role that the session should be asked for. */
  readonly role?: string
  readonly place: Place
}

export interface LooseQueryReport {
  /** Whose rows they are; 'service': what a service keeps under an id, `column` names the argument. */
  readonly kind: 'tenant' | 'owner' | 'parent' | 'service'
  /** Nothing says whose; the caller says it; what says it may be left out; another side of an `or` does not say it. */
  readonly problem: 'missing' | 'chosen' | 'mayBeMissing' | 'otherSide'
  readonly what: string
  readonly model: string
  readonly column: string
  /** What the column could be compared with: an expression in reach of the query that holds the caller's own. */
  readonly proved?: string
  /** Of a service: what the caller sends that says it, where that has a name. */
  readonly sent?: string
  readonly place: Place
  readonly write: boolean
}

/** The parts of the entry point's declaration in the linted file that a suggestion edits. */
export interface EntryPointShape {
  /** `createServerFn({ … })`, or the base variable, that the chain starts with; middleware goes directly behind it. */
  readonly chainStart?: Range
  /** The argument of an existing `.middleware(…)`, or the value of a `middleware` property. */
  readonly middleware?: Range
  /** For server routes: the `server` object, and the verb's own property value. */
  readonly server?: Range
  readonly handler?: Range
  /** The statement or property that a marker comment goes above. */
  readonly declaration: Range
}

/** A route that guards itself in `beforeLoad` (or similar) and calls server functions. For no-authz-in-beforeload-only. */
export interface RouteReport {
  readonly path: string
  /** The route's own guard in this file: the throw or the call that denies; or where the open function is called. */
  readonly range: Range
  readonly guardedIn: 'beforeLoad' | 'loader' | 'component' | 'server.middleware'
  /** File of the guard, when it is an ancestor's. */
  readonly inherited?: string
  /** Server functions that this route calls and that are open. */
  readonly opens: readonly OpenFunction[]
}

export interface OpenFunction {
  readonly name: string
  readonly file: string
  /** What it does: "reads `invoices`". */
  readonly what: string
  readonly callRange?: Range
  readonly exposure?: Exposure
}

export interface MarkerReport {
  readonly range: Range
  readonly problem: 'noReason' | 'stale' | 'orphaned' | 'misspelt' | 'forbidden'
  readonly text: string
  /** As it is written, where that is not `authz:` at the head of the comment. */
  readonly head?: string
  /** The name of the entry point below, when there is one. */
  readonly name?: string
}

/** What is wrong at a place of the file, by the rule that says so. The problems are its message ids. */
export interface Problems {
  /** `neverSet`: no middleware in front writes the key; `sometimesUnset`: the call that goes on leaves it to the caller. */
  readonly 'no-injectable-context': 'neverSet' | 'sometimesUnset'
  readonly 'no-ineffective-guard': IneffectiveGuard
  /** A start instance without the check that an application without one is given. */
  readonly 'require-csrf-middleware': 'missing'
  /** `header`: in the handler; `routeHeaders`: of a page; the others: see `Leak`. */
  readonly 'no-shared-cache-of-private-data': 'routeHeaders' | Leak
  readonly 'no-mutation-in-get': 'mutation'
  /** A shared guard that refuses callers and tells nobody. */
  readonly 'require-denial-log': 'silent'
  /** `effect`: it touches what is protected; `secret`: it reads one; `serverModule`: it calls what exists on a server only. */
  readonly 'no-protected-work-in-loader': 'effect' | 'secret' | 'serverModule'
}

export type IneffectiveGuard =
  | 'notAwaited'
  | 'resultIgnored'
  | 'passesNull'
  | 'denialDropped'
  | 'swallowed'
  | 'tooLate'
  | 'clientOnly'
  | 'switchedOff' // an environment variable decides whether anybody is refused
  | 'crashOnly' // nothing tests the answer: reading a property of nothing is what stops the request
  | 'secretUnset' // a secret that is accepted when its variable is not set
  | 'besideOthers' // in a loader, beside those of the routes below
  | 'replaced' // a second `.middleware()` takes the place of the first

export type Finding = {
  readonly [Rule in keyof Problems]: {
    readonly rule: Rule
    readonly problem: Problems[Rule]
    readonly range: Range
    /** What the message is filled with. */
    readonly data: Readonly<Record<string, string>>
    /** What a suggestion edits, where that is another place. */
    readonly repair?: Range
  }
}[keyof Problems]

export interface FileReport {
  readonly file: string
  readonly entryPoints: readonly EntryPointReport[]
  readonly routes: readonly RouteReport[]
  readonly findings: readonly Finding[]
  readonly markers: readonly MarkerReport[]
  /** Reachable but not analysed: mounted routers, custom server entries. */
  readonly notAnalysed: readonly { readonly what: string; readonly file?: string }[]
  /** `stray`: nothing is wrong where a file with entry points takes what this one exports. */
  readonly problems: readonly { readonly file: string; readonly message: string; readonly stray?: true }[]
  /** The policy accepts no public markers in comments. */
  readonly inlinePublicForbidden?: boolean
  /** Set when the policy file is wrong: one message for the user. */
  readonly policyProblem?: string
}

export const emptyReport = (file: string): FileReport => ({
  file,
  entryPoints: [],
  routes: [],
  findings: [],
  markers: [],
  notAnalysed: [],
  problems: [],
})
