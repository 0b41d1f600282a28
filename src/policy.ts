/** The policy file, `authz.config.json`: what the analysis cannot see, and what a project decides. */
import path from 'node:path'
import schema from '../schema/authz.config.schema.json' with { type: 'json' }
import type { Modules, Resolution } from './analysis/code/modules.ts'
import type { Proof } from './catalog/meaning.ts'
import { matchesGlob } from './project/glob.ts'
import { problemsIn } from './project/json-schema.ts'
import { jsonProblem, type Json, type JsonObject } from './project/json.ts'

export const POLICY_FILE = 'authz.config.json'

export interface Policy {
  /** The nearest policy file; undefined when there is none and everything is as by default. */
  readonly file: string | undefined
  /** All files that it was read from: the nearest one, and what it extends. */
  readonly files: readonly string[]
  readonly guards: readonly DeclaredGuard[]
  readonly public: readonly PublicDeclaration[]
  readonly external: readonly ExternalDeclaration[]
  readonly inlinePublic: 'allow' | 'forbid'
  readonly insert: { readonly middleware?: Reference; readonly call?: Reference; readonly wrapper?: Reference }
  readonly tenant: {
    readonly keys: readonly string[]
    /** By model: its tenant column, or false when it belongs to no tenant. */
    readonly models: Readonly<Record<string, string | false>>
    readonly proved: readonly string[]
  }
  /** Undefined when the project does not list its permissions. */
  readonly permissions: readonly (string | Reference)[] | undefined
  readonly require: readonly Requirement[]
  readonly denialLog: readonly Reference[]
  readonly follow: readonly string[]
  /** Relative to the application's root. */
  readonly routesDirectory: string | undefined
  /** What the nearest file itself points at, by the path of the key. */
  readonly points: Pointers
}

export interface Pointers {
  readonly globs: readonly { readonly key: string; readonly glob: string }[]
  readonly references: readonly { readonly key: string; readonly reference: Reference }[]
}

/** An export of a module; `policyFile` is the file that names it, which relative paths are relative to. */
export interface Reference {
  readonly name: string
  readonly from: string
  readonly policyFile: string
}

export interface DeclaredGuard extends Reference {
  readonly proves: readonly Proof[]
  readonly denies: 'throws' | 'returns' | 'result'
}

export interface PublicDeclaration {
  readonly files?: readonly string[]
  readonly wrapper?: Reference
  readonly reason: string
}

export interface ExternalDeclaration {
  readonly files: readonly string[]
  readonly proves: readonly Proof[]
  readonly reason: string
}

export interface Requirement {
  readonly models?: readonly string[]
  readonly files?: readonly string[]
  /** `*` stands for any letters. */
  readonly names?: readonly string[]
  readonly writes?: boolean
  readonly proves: readonly Proof[]
}

/** What reading needs of the disk; a `Project` is one. */
export interface PolicyHost {
  isFile(file: string): boolean
  text(file: string): string | undefined
  /** The folder of a package, in the workspace or installed. */
  packageNamed(name: string, from: string): string | undefined
}

export type PolicyResult = { readonly policy: Policy } | { readonly problem: string }

export const DEFAULT_POLICY: Policy = {
  file: undefined,
  files: [],
  guards: [],
  public: [],
  external: [],
  inlinePublic: 'allow',
  insert: {},
  tenant: { keys: [], models: {}, proved: [] },
  permissions: undefined,
  require: [],
  denialLog: [],
  follow: [],
  routesDirectory: undefined,
  points: { globs: [], references: [] },
}

const MAX_EXTENDS = 20

/**
 * The policy for a file: the nearest `authz.config.json` upward, or the one at `explicit`. Never throws; a wrong policy is
 * one sentence that names the file and the keys.
 */
export function readPolicy(fromFile: string, host: PolicyHost, explicit?: string): PolicyResult {
  const file = explicit === undefined ? nearest(fromFile, host) : path.resolve(explicit)
  if (file === undefined) return { policy: DEFAULT_POLICY }
  const chain: Layer[] = []
  for (let next = file; ;) {
    const layer = readLayer(next, file, host)
    if ('problem' in layer) return layer
    if (chain.some((one) => one.file === layer.file) || chain.length >= MAX_EXTENDS) {
      return { problem: `${shown(layer.file, file)}: extends itself` }
    }
    chain.push(layer)
    const base = layer.json.extends
    if (base === undefined) return combined(chain)
    const found = extended(base, layer.file, host)
    if (found === undefined) return { problem: `${shown(layer.file, file)}: extends: “${base}” was not found` }
    next = found
  }
}

/** Whether one of the globs of a policy names a file. Globs are relative to the project's own policy file. */
export function policyNames(policy: Policy, globs: readonly string[] | undefined, file: string): boolean {
  if (globs === undefined || policy.file === undefined) return false
  const relative = path.relative(path.dirname(policy.file), file).split(path.sep).join('/')
  return globs.some((glob) => matchesGlob(relative, glob))
}

/** Where a reference leads, seen from a file of the application, whose aliases it may use. */
export function resolveReference(reference: Reference, modules: Modules, fromFile: string): Resolution {
  const first = modules.resolve(reference.from, reference.policyFile)
  if (first.kind === 'module' || /^\.{1,2}(?:\/|$)/.test(reference.from)) return first
  const second = modules.resolve(reference.from, fromFile)
  return second.kind === 'unresolved' ? first : second
}

/** `settings.authz` of ESLint and oxlint. */
export interface Settings {
  /** Another place for the policy file. */
  readonly config?: string
  readonly types?: boolean
  readonly projectHash?: string
}

export function readSettings(settings: unknown): { readonly settings: Settings } | { readonly problem: string } {
  if (settings === undefined) return { settings: {} }
  const problems = problemsIn(settings as Json, SETTINGS_SCHEMA, SETTINGS_SCHEMA, 'settings.authz')
  return problems.length === 0 ? { settings: settings as Settings } : { problem: inOneSentence(problems) }
}

const SETTINGS_SCHEMA: JsonObject = {
  type: 'object',
  additionalProperties: false,
  properties: { config: { type: 'string', minLength: 1 }, types: { type: 'boolean' }, projectHash: { type: 'string' } },
}

// --- reading --------------------------------------------------------------------------------------------------------

/** A file that the schema has accepted. */
interface Layer {
  readonly file: string
  readonly text: string
  readonly json: Written
}

interface Written {
  readonly extends?: string
  readonly projectMay?: readonly ('public' | 'external' | 'inlinePublic')[]
  readonly guards?: readonly (WrittenReference &
    Pick<DeclaredGuard, 'proves'> &
    Partial<Pick<DeclaredGuard, 'denies'>>)[]
  readonly public?: readonly (Partial<WrittenReference> & { readonly files?: Globs; readonly reason: string })[]
  readonly external?: readonly { readonly files: Globs; readonly proves: readonly Proof[]; readonly reason: string }[]
  readonly inlinePublic?: Policy['inlinePublic']
  readonly insert?: Readonly<Partial<Record<'middleware' | 'call' | 'wrapper', WrittenReference>>>
  readonly tenant?: Partial<Policy['tenant']>
  readonly permissions?: readonly (string | WrittenReference)[]
  readonly require?: readonly (Omit<Requirement, 'files'> & { readonly files?: Globs })[]
  readonly denialLog?: readonly WrittenReference[]
  readonly follow?: readonly string[]
  readonly routesDirectory?: string
}

type Globs = string | readonly string[]
type WrittenReference = Pick<Reference, 'name' | 'from'>

function nearest(fromFile: string, host: PolicyHost): string | undefined {
  for (let at = path.dirname(path.resolve(fromFile)); ; at = path.dirname(at)) {
    const file = path.join(at, POLICY_FILE)
    if (host.isFile(file)) return file
    if (path.dirname(at) === at) return undefined
  }
}

function readLayer(file: string, leaf: string, host: PolicyHost): Layer | { readonly problem: string } {
  const name = shown(file, leaf)
  if (!host.isFile(file)) return { problem: `${name}: there is no such policy file (${file})` }
  const text = host.text(file)
  if (text === undefined) return { problem: `${name}: cannot be read as UTF-8 text` }
  let json: Json
  try {
    json = JSON.parse(text) as Json
  } catch {
    return { problem: `${name}: is not valid JSON${jsonProblem(text)}` }
  }
  const problems = problemsIn(json, SCHEMA, SCHEMA)
  return problems.length === 0
    ? { file, text, json: json as Written }
    : { problem: `${name}: ${inOneSentence(problems)}` }
}

const MAX_PROBLEMS = 5

/** It stands in one line of an editor, of each file: whoever mends these sees the rest. */
function inOneSentence(problems: readonly string[]): string {
  if (problems.length === 1) return problems[0]!
  const first = problems
    .slice(0, MAX_PROBLEMS)
    .map((one, index) => `(${index + 1}) ${one}${one.endsWith('?') ? '' : '.'}`)
  const rest = problems.length - first.length
  return `${problems.length} problems: ${first.join(' ')}${rest > 0 ? ` And ${rest} more.` : ''}`
}

const SCHEMA: JsonObject = schema as unknown as JsonObject

function extended(base: string, file: string, host: PolicyHost): string | undefined {
  const folder = path.dirname(file)
  let at: string
  if (/^\.{1,2}(?:[/\\]|$)/.test(base) || path.isAbsolute(base)) {
    at = path.resolve(folder, base)
  } else {
    const slash = base.indexOf('/', base.startsWith('@') ? base.indexOf('/') + 1 : 0)
    const name = slash <= 0 ? base : base.slice(0, slash)
    const found = host.packageNamed(name, folder)
    if (found === undefined) return undefined
    at = slash <= 0 ? found : path.join(found, base.slice(slash + 1))
  }
  return [at, `${at}.json`, path.join(at, POLICY_FILE)].find((place) => host.isFile(place))
}

/** Policies that say the same are the same object, however often they are read. */
const known = new Map<string, PolicyResult>()

/** The nearest file first. What it extends limits it; it adds to that. */
function combined(chain: readonly Layer[]): PolicyResult {
  const key = chain.map((layer) => `${layer.file}\0${layer.text}`).join('\0\0')
  let result = known.get(key)
  if (result === undefined) {
    result = combine(chain)
    if (known.size > 100) known.clear()
    known.set(key, result)
  }
  return result
}

function combine(chain: readonly Layer[]): PolicyResult {
  const leaf = chain[0]!.file
  let policy: Policy = {
    ...DEFAULT_POLICY,
    file: leaf,
    files: chain.map((layer) => layer.file),
    points: pointersIn(chain[0]!.json, leaf),
  }
  let may: ReadonlySet<string> | undefined
  for (const { file, json } of [...chain].reverse()) {
    for (const key of ['public', 'external', 'inlinePublic'] as const) {
      if (may === undefined || may.has(key) || !loosens(key, json, policy)) continue
      return {
        problem: `${shown(file, leaf)}: ${key} is not for this file to say: what it extends does not list it in projectMay`,
      }
    }
    policy = added(policy, json, file)
    const own = new Set<string>(json.projectMay)
    may = may === undefined ? own : new Set([...own].filter((key) => may!.has(key)))
  }
  return { policy }
}

function pointersIn(json: Written, policyFile: string): Pointers {
  const globs = (['public', 'external', 'require'] as const).flatMap((key) =>
    (json[key] ?? []).flatMap(({ files }, index) =>
      files === undefined ? [] : list(files).map((glob) => ({ key: `${key}[${index}].files`, glob })),
    ),
  )
  const inLists = (['guards', 'public', 'denialLog', 'permissions'] as const).flatMap((key) =>
    (json[key] ?? []).map((written, index) => [`${key}[${index}]`, written] as const),
  )
  const inserted = Object.entries(json.insert ?? {}).map(([kind, written]) => [`insert.${kind}`, written] as const)
  const references = [...inLists, ...inserted].flatMap(([key, written]) => {
    if (typeof written === 'string' || written.name === undefined || written.from === undefined) return []
    return [{ key, reference: { name: written.name, from: written.from, policyFile } }]
  })
  return { globs, references }
}

function loosens(key: 'public' | 'external' | 'inlinePublic', json: Written, base: Policy): boolean {
  if (key === 'inlinePublic') return json.inlinePublic === 'allow' && base.inlinePublic === 'forbid'
  return (json[key]?.length ?? 0) > 0
}

function added(base: Policy, json: Written, policyFile: string): Policy {
  const reference = ({ name, from }: WrittenReference): Reference => ({ name, from, policyFile })
  const insert = Object.entries(json.insert ?? {}).map(([kind, written]) => [kind, reference(written)] as const)
  return {
    ...base,
    guards: [
      ...base.guards,
      ...(json.guards ?? []).map((guard) => ({
        ...reference(guard),
        proves: guard.proves,
        denies: guard.denies ?? 'throws',
      })),
    ],
    public: [
      ...base.public,
      ...(json.public ?? []).map(({ files, name, from, reason }) => ({
        reason,
        ...(files === undefined ? {} : { files: list(files) }),
        ...(name === undefined || from === undefined ? {} : { wrapper: reference({ name, from }) }),
      })),
    ],
    external: [...base.external, ...(json.external ?? []).map((one) => ({ ...one, files: list(one.files) }))],
    inlinePublic: json.inlinePublic ?? base.inlinePublic,
    insert: { ...base.insert, ...Object.fromEntries(insert) },
    tenant: {
      keys: union(base.tenant.keys, json.tenant?.keys),
      models: { ...base.tenant.models, ...json.tenant?.models },
      proved: union(base.tenant.proved, json.tenant?.proved),
    },
    permissions:
      json.permissions === undefined
        ? base.permissions
        : [
            ...(base.permissions ?? []),
            ...json.permissions.map((one) => (typeof one === 'string' ? one : reference(one))),
          ],
    require: [
      ...base.require,
      ...(json.require ?? []).map(({ files, ...rest }) => ({
        ...rest,
        ...(files === undefined ? {} : { files: list(files) }),
      })),
    ],
    denialLog: [...base.denialLog, ...(json.denialLog ?? []).map(reference)],
    follow: union(base.follow, json.follow),
    routesDirectory: json.routesDirectory ?? base.routesDirectory,
  }
}

function list(files: Globs): readonly string[] {
  return typeof files === 'string' ? [files] : files
}

function union(a: readonly string[], b: readonly string[] = []): readonly string[] {
  return [...new Set([...a, ...b])]
}

/** The nearest policy by its name, the others by their way from it. */
function shown(file: string, leaf: string): string {
  return file === leaf ? path.basename(file) : path.relative(path.dirname(leaf), file).split(path.sep).join('/')
}
