/** Finds Next.js' entry points in a module. */
import { moduleForm } from '../../analysis/code/module-values.ts'
import type { Machine } from '../../analysis/machine.ts'
import type { Site } from '../../analysis/values/origins.ts'
import { alternatives, type BuilderValue, type Value } from '../../analysis/values/value.ts'
import type { BuilderBehaviour } from '../../analysis/world.ts'
import type { EntryPointKind } from '../../model/report.ts'
import type { AppFacts, FoundEntryPoint, FrameworkEntryPoints, PlacingProblem } from '../entry-point.ts'
import { prerendered } from './prerendered.ts'
import { behaviourOf, type ActionLibrary } from './action-clients.ts'
import { matcherOf } from './above.ts'
import { inlineActions, isActionModule, isServedByNext } from './actions.ts'
import { callAction, callApiHandler, callPage, callPageData, callRouteHandler } from './calls.ts'
import { addressOf, isNamedRoute, roleOf, type Role } from './conventions.ts'
import { exportsOf, type Exported } from './exports.ts'
import { pageDataOf, type PageData } from './page-data.ts'
import { render } from './render.ts'
import { safeAction } from './safe-action.ts'
import { zsa } from './zsa.ts'

const libraries: readonly ActionLibrary[] = [safeAction, zsa]
const behaviours: ReadonlyMap<string, BuilderBehaviour> = new Map(
  libraries.flatMap((library) => library.builders.map((name) => [name, behaviourOf(library)] as const)),
)

export const next: FrameworkEntryPoints = { behaviours, find, problems }

/** docs: file-conventions/route, "HTTP methods". */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

const kinds: Readonly<Record<Exclude<Role, 'route' | 'api' | 'pages-page'>, EntryPointKind>> = {
  page: 'page',
  layout: 'layout',
  template: 'layout',
  default: 'layout',
}

function find(m: Machine, file: string, app: AppFacts): FoundEntryPoint[] {
  if (!isServedByNext(app)) return []
  const form = moduleForm(m, file)
  const role = app.pages && roleOf(file, app.pages)
  const directives = form.functions[0]?.directives ?? []
  const actions = isActionModule(form)
    ? actionsOf(m, file, form.head ?? 0)
    : inlineActions(m, file).map(({ value, ...place }) =>
        entry('server-action', place, (machine) =>
          callAction(machine, value, { file, range: place.range }, place.name),
        ),
      )
  if (role === 'pages-page') return [...pageDataOf(m, file).map((one) => loadedBy(one, file)), ...actions]
  if (role === undefined || directives.includes('use client')) return actions
  const once = app.pages ? prerendered(m, file, role, app.pages) : []
  const served = servedBy(role, m, file, app.pages && addressOf(file, app.pages))
  return [...served.map((one) => ({ ...one, notes: once })), ...actions]
}

type Place = Pick<Exported, 'name' | 'range' | 'statement' | 'markerAnchors' | 'fn'>

const entry = (kind: EntryPointKind, place: Place, run: FoundEntryPoint['run'], method?: string): FoundEntryPoint => ({
  name: place.name,
  kind,
  framework: 'next',
  ...(method === undefined ? {} : { method }),
  ...(kind === 'route-handler' ? { whenMounted: 'mount' } : {}),
  range: place.range,
  shape: { declaration: place.statement, ...(place.fn ? { handler: place.fn.range } : {}) },
  markerAnchors: place.markerAnchors,
  notes: [],
  run,
})

/** Whatever such a module exports can be called from outside. */
function actionsOf(m: Machine, file: string, head: number): FoundEntryPoint[] {
  return exportsOf(m, file).flatMap((exported) => {
    // it is an action of the module that it comes from
    const elsewhere = exported.from !== undefined && isActionModule(moduleForm(m, exported.from))
    if (elsewhere || !mayBeCalled(exported.value)) return []
    const site = { file, range: exported.range }
    const place = { ...exported, markerAnchors: [...exported.markerAnchors, head] }
    const found = entry('server-action', place, runOf(exported.value, site, exported.name))
    const unread = alternatives(exported.value).some((part) => part.t === 'builder' && isUnread(part))
    return [unread ? { ...found, hidden: 'what this builder makes could not be followed' } : found]
  })
}

/** What a client made is run as the framework does, which is not how other code sees its answer. */
function runOf(value: Value, site: Site, name: string): FoundEntryPoint['run'] {
  for (const part of alternatives(value)) {
    const action = part.t === 'builder' ? actionOf(part) : undefined
    if (action) return action
  }
  return (machine) => callAction(machine, value, site, name)
}

const actionOf = (builder: BuilderValue): ((m: Machine) => Value) | undefined =>
  libraries.find(({ builders }) => builders.includes(builder.builder))?.actionOf(builder)

/** A builder of which nobody here knows how it is run. */
const isUnread = ({ builder }: BuilderValue): boolean => builder !== 'column' && !behaviours.has(builder)

const mayBeCalled = (value: Value): boolean =>
  alternatives(value).some(
    (part) =>
      part.t === 'function' ||
      part.t === 'native' ||
      part.t === 'library' ||
      part.t === 'unknown' ||
      (part.t === 'builder' && (actionOf(part) !== undefined || isUnread(part))),
  )

function servedBy(
  role: Exclude<Role, 'pages-page'>,
  m: Machine,
  file: string,
  path: string | undefined,
): FoundEntryPoint[] {
  const exported = exportsOf(m, file)
  const named = (name: string): Exported[] => exported.filter((one) => one.name === name)
  if (role === 'route')
    return exported
      .filter(({ name }) => methods.has(name))
      .map((one) =>
        entry(
          'route-handler',
          one,
          (machine) => callRouteHandler(machine, one.value, { file, range: one.range }, one.name, path),
          one.name,
        ),
      )
  if (role === 'api')
    return named('default').map((one) =>
      entry('route-handler', one, (machine) =>
        callApiHandler(machine, one.value, { file, range: one.range }, one.name),
      ),
    )
  return [
    ...named('default').map((one) => shownBy(kinds[role], one, file)),
    ...named('generateMetadata').map((one) => shownBy('metadata', one, file)),
  ]
}

function shownBy(kind: EntryPointKind, one: Exported, file: string): FoundEntryPoint {
  const site = { file, range: one.range }
  return entry(kind, one, (machine) => render(machine, callPage(machine, one.value, site, one.name), site))
}

function loadedBy(one: PageData, file: string): FoundEntryPoint {
  const site = { file, range: one.range }
  return entry('page', one, (machine) => one.answer(machine, callPageData(machine, one.value, site, one.name)))
}

function problems(m: Machine, file: string, app: AppFacts): PlacingProblem[] {
  if (!isServedByNext(app)) return []
  const found: PlacingProblem[] = []
  if (app.pages?.problem !== undefined && roleOf(file, app.pages) !== undefined)
    found.push({ message: app.pages.problem })
  if (app.pages?.proxyFile === file && matcherOf(m, file) === undefined)
    found.push({
      message: 'the matcher is not written as plain texts, so it is not known for which addresses this runs',
    })
  if (app.dependencies.has('next') && isLostRoute(m, file, app))
    found.push({
      message:
        'it is named and written like a route handler and stands outside of the app folder: Next.js does not serve it',
      stray: true,
    })
  if (isActionModule(moduleForm(m, file)))
    for (const { name, value } of exportsOf(m, file))
      if (!mayBeCalled(value))
        found.push({
          message: `\`${name}\` is exported from a 'use server' file and is no function: Next.js refuses to build it`,
        })
  return found
}

const isLostRoute = (m: Machine, file: string, { pages }: AppFacts): boolean =>
  isNamedRoute(file) &&
  [undefined, 'pages-page'].includes(pages && roleOf(file, pages)) &&
  moduleForm(m, file).exports.some(({ exported, typeOnly }) => !typeOnly && methods.has(exported))
