/** The JSON contract of `eslint-plugin-authz audit --format json` (design.md, "The inventory"). */
import type { EntryPointKind, Exposure, Framework, GuardEvidence, Verdict } from './report.ts'

export interface Inventory {
  readonly version: 1
  readonly root: string
  readonly detected: { readonly frameworks: string[]; readonly auth: string[]; readonly data: string[] }
  readonly entryPoints: EntryPoint[]
  readonly notAnalysed: { readonly what: string; readonly file?: string }[]
  readonly problems: { readonly file: string; readonly message: string }[]
}

export interface EntryPoint {
  /** Relative to the root, with `/`. */
  readonly file: string
  /** 1-based, of the declared name; of the function for '<inline>'. */
  readonly line: number
  readonly column: number
  readonly name: string
  readonly kind: EntryPointKind
  readonly framework: Framework
  readonly method?: string
  readonly verdict: Verdict
  /** Of an unguarded one: the message id. */
  readonly cause?: string
  readonly reason?: string
  readonly reasonAt?: { readonly file: string; readonly line: number }
  readonly proofs: string[]
  readonly guards: {
    readonly name: string
    readonly file: string
    readonly line: number
    readonly how: GuardEvidence['how']
    readonly trust: GuardEvidence['trust']
    /** What brings it along, from what the entry point names inwards. */
    readonly through?: readonly string[]
  }[]
  readonly effects: { readonly what: string; readonly file: string; readonly line: number; readonly write: boolean }[]
  /** What the policy file demands and is not proved. */
  readonly lacks?: readonly string[]
  /** Permissions that are asked for and that the catalogue of the policy file does not have. */
  readonly unknownPermissions?: readonly string[]
  readonly evidence: { readonly file: string; readonly line: number; readonly what: string }[]
  readonly exposure?: Exposure
  readonly tenant?: 'scoped' | 'unscoped' | 'client-chosen' | 'delegated' | null
  /** Of delegated queries: what decides instead of the code. */
  readonly delegatedTo?: readonly string[]
  readonly object?: 'bound' | 'unbound' | null
}
