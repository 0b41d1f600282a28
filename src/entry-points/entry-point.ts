/** What can be called from outside, found in a module: each framework's file gives these. */
import type { EntryRun } from '../analysis/verdict/runs.ts'
import type { Site } from '../analysis/values/origins.ts'
import type { Machine } from '../analysis/machine.ts'
import type { Value } from '../analysis/values/value.ts'
import type { Range } from '../model/form.ts'
import type { EntryPointKind, EntryPointReport, EntryPointShape, Finding, Framework } from '../model/report.ts'
import type { BuilderBehaviour, World } from '../analysis/world.ts'
import type { Note } from '../analysis/caller/notes.ts'

export interface FoundEntryPoint {
  readonly name: string
  readonly kind: EntryPointKind
  readonly framework: Framework
  readonly method?: string
  /** Its kind where it hands every request to a router of another library. */
  readonly whenMounted?: EntryPointKind
  readonly range: Range
  readonly shape: EntryPointShape
  /** Where a marker comment may stand: starts of the statement, the property, the function. */
  readonly markerAnchors: readonly number[]
  /** Where a server function is given its handler: tells it from others. */
  readonly handlerSite?: Site
  /** What is attached in front of it, by where that is made. */
  readonly chain?: readonly Site[]
  /** The same with names, and how it came there; of server routes too. */
  readonly inFront?: readonly InFront[]
  readonly run: EntryRun
  /** Seen while it was found: a guard that only runs in the browser. */
  readonly notes: readonly Note[]
  /** It can be reached, but what answers was not found. */
  readonly hidden?: string
}

export interface InFront {
  readonly name: string
  /** Where the function stands that it runs. */
  readonly file: string
  /** What brings it along, the attached one first; nothing where it is attached itself. */
  readonly through: readonly Through[]
}

export interface Through {
  readonly name: string
  readonly site: Site
}

/** Where an application keeps what the frameworks find by convention. */
export interface AppFacts {
  readonly root: string
  /** Names of the packages that it depends on. */
  readonly dependencies: ReadonlySet<string>
  readonly routesFolder: string | undefined
  readonly startFile: string | undefined
  /** Where pages and routes are found by their names. */
  readonly pages?: PageFolders
}

export interface PageFolders {
  readonly root: string
  readonly appFolder: string | undefined
  readonly pagesFolder: string | undefined
  /** What their files end with, without the dot. */
  readonly pageExtensions: readonly string[]
  /** What runs in front of them. */
  readonly proxyFile: string | undefined
  readonly problem?: string
}

export interface PlacingProblem {
  readonly message: string
  /** Nothing is wrong where a file that is served takes what this one exports. */
  readonly stray?: true
}

/** A framework: how its builders behave, and which entry points a module has. */
export interface FrameworkEntryPoints {
  readonly behaviours: ReadonlyMap<string, BuilderBehaviour>
  readonly find: (m: Machine, file: string, app: AppFacts) => readonly FoundEntryPoint[]
  /** What is not as the framework wants it, so that it may not be found. */
  readonly problems?: (m: Machine, file: string, app: AppFacts) => readonly PlacingProblem[]
  /** What else is wrong in a module, besides what its entry points do. */
  readonly findings?: (request: FindingsRequest) => readonly Finding[]
}

export interface FindingsRequest {
  readonly world: World
  readonly file: string
  readonly app: AppFacts
  /** Keeps an answer as long as what it rests on stays the same. */
  readonly ask: <T>(question: string, compute: () => T) => T
  /** The range of versions that the application asks for of a package. */
  readonly rangeOf: (name: string) => string | undefined
  /** Reports on the entry points of the application in front of which something stands that is called `name`. */
  readonly usersOf: (name: string, site: Site) => readonly EntryPointReport[]
  /** Reports on those of the files that call something of that name. */
  readonly callersOf: (name: string) => readonly EntryPointReport[]
  /** The files in the folder of the routes. */
  readonly routeFiles: () => readonly string[]
  /** What the policy file calls a record of a denial. */
  readonly recorders: (m: Machine) => readonly Value[]
}
