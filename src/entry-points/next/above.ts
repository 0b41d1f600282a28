/**
 * What stands above pages and routes and may look like their guard. A layout is rendered beside its pages, and not again
 * when somebody moves between them; a proxy runs for what its matcher names (docs: guides/authentication, file
 * conventions proxy). Neither protects what is below it.
 */
import { callValue } from '../../analysis/code/calls.ts'
import { judge } from '../../analysis/verdict/judge.ts'
import { Machine } from '../../analysis/machine.ts'
import { exportedValue, shortName } from '../../analysis/code/module-exports.ts'
import { moduleForm } from '../../analysis/code/module-values.ts'
import { isRefusal } from '../../analysis/caller/decisions.ts'
import type { Proof } from '../../catalog/meaning.ts'
import { requestValue } from '../../analysis/library/request.ts'
import { alternatives, isNullish, native, undefinedValue, type Value } from '../../analysis/values/value.ts'
import type { World } from '../../analysis/world.ts'
import { isHidden } from '../../model/proofs.ts'
import type { Cause, EntryPointKind, EntryPointReport } from '../../model/report.ts'
import type { PageFolders } from '../entry-point.ts'
import { callPage } from './calls.ts'
import { addressOf } from './conventions.ts'
import { coveredBy } from './matcher.ts'
import { render } from './render.ts'

export interface Above {
  readonly cause: Cause
  readonly culprit: string
  /** Of a layout: what it asks of those to whom it shows its pages. */
  readonly above?: EntryPointReport['above']
}

/**
 * What checks the caller above an entry point that does not do so itself. An action belongs to the pages that use it: here,
 * to those of its folder.
 */
export function guardAbove(world: World, file: string, kind: EntryPointKind, pages: PageFolders): Above | undefined {
  const inApp = pages.appFolder !== undefined && file.startsWith(pages.appFolder)
  const isPage = kind === 'page' || kind === 'metadata' || (kind === 'server-action' && inApp)
  if (isPage) {
    for (const layout of layoutsAbove(world, file, pages)) {
      const proofs = askedBy(world, layout)
      if (proofs) return { cause: 'onlyInLayout', culprit: shortName(layout), above: { file: layout, proofs } }
    }
  }
  return isPage || kind === 'route-handler' ? proxyOf(world, file, pages) : undefined
}

/** The innermost first. */
export function layoutsAbove(world: World, file: string, { appFolder, pageExtensions }: PageFolders): string[] {
  if (appFolder === undefined || !file.startsWith(appFolder)) return []
  const layouts: string[] = []
  for (let at = folderOf(file); at.length >= appFolder.length; at = folderOf(at))
    layouts.push(...pageExtensions.map((ending) => `${at}${file[appFolder.length] ?? '/'}layout.${ending}`))
  return layouts.filter((layout) => world.exists(layout))
}

const folderOf = (file: string): string => file.replace(/[\\/][^\\/]*$/, '')

/** What is below it is not shown to somebody who proved nothing, and is to others: to those who have shown this. */
function askedBy(world: World, layout: string): readonly Proof[] | undefined {
  const { verdict, proofs } = judge(world, (m) => renderLayout(m, layout, undefinedValue))
  const open = verdict !== 'guarded' || shownWith(machine(world), layout) !== undefined
  if (open) return undefined
  // the verdict says what is asked of those who show nothing; they may be asked for more than that
  const more = shownWith(new Machine(world, { kind: 'signed-in', environment: 'production' }), layout) ?? []
  return [...new Set([...proofs, ...more.filter((proof) => !isHidden(proof))])]
}

/**
 * What is proved wherever what is below it is shown, if it is. It may refuse in its own work alone: a menu that shows the rows
 * of those who are signed in.
 */
function shownWith(m: Machine, layout: string): readonly Proof[] | undefined {
  const shown: (readonly Proof[])[] = []
  const page = native('children', (inner) => {
    shown.push(inner.state.proofs)
    return undefinedValue
  })
  const children = m.heap.newObject({ type: page, props: m.heap.newObject({}) }, { is: 'element' })
  const answer = renderLayout(m, layout, children)
  const [first, ...others] = shown
  if (!first || !m.state.alive || isRefusal(m, answer)) return undefined
  return others.reduce((some, more) => some.filter((proof) => more.includes(proof)), first)
}

function renderLayout(m: Machine, layout: string, children: Value): Value {
  const site = { file: layout, range: [0, 0] as const }
  return render(m, callPage(m, exportedValue(m, layout, 'default', site), site, 'default', children), site)
}

function proxyOf(world: World, file: string, pages: PageFolders): Above | undefined {
  const { proxyFile } = pages
  if (proxyFile === undefined) return undefined
  const address = addressOf(file, pages)
  const matcher = matcherOf(machine(world), proxyFile)
  const covering = matcher === 'everything' ? '' : matcher?.find((source) => coveredBy(source, address))
  if (covering === undefined || !looksAtCaller(world, proxyFile, address)) return undefined
  const name = proxyFile.slice(folderOf(proxyFile).length + 1)
  return { cause: 'onlyInProxy', culprit: covering === '' ? name : `${name} (${covering})` }
}

const machine = (world: World): Machine => new Machine(world, { kind: 'anonymous', environment: 'production' })

/** What the proxy's matcher names; undefined where it is not written as plain texts, which Next.js refuses to build. */
export function matcherOf(m: Machine, proxyFile: string): readonly string[] | 'everything' | undefined {
  if (!moduleForm(m, proxyFile).exports.some(({ exported }) => exported === 'config')) return 'everything'
  const config = exportedValue(m, proxyFile, 'config', { file: proxyFile, range: [0, 0] })
  const matcher = m.heap.object(config)?.props.get('matcher')
  if (!matcher) return m.heap.object(config)?.rest ? undefined : 'everything'
  const sources = (m.heap.array(matcher)?.items ?? [matcher]).map(
    (item) => m.heap.object(item)?.props.get('source') ?? item,
  )
  const texts = sources.flatMap((source) =>
    source.t === 'const' && typeof source.value === 'string' ? [source.value] : [],
  )
  return texts.length === sources.length && !m.heap.array(matcher)?.rest ? texts : undefined
}

/** It stops somebody, whether by what proves something or by what anybody may send. */
function looksAtCaller(world: World, proxyFile: string, address: string): boolean {
  const m = machine(world)
  const found = ['proxy', 'middleware', 'default'].find((name) =>
    moduleForm(m, proxyFile).exports.some(({ exported }) => exported === name),
  )
  if (found === undefined) return false
  const site = { file: proxyFile, range: [0, 0] as const }
  const proxy = exportedValue(m, proxyFile, found, site)
  if (!alternatives(proxy).some((part) => part.t === 'function' || part.t === 'native')) return false
  const answer = callValue(m, proxy, [requestValue(m, { path: address })], site, {
    awaited: true,
    how: 'handler',
    name: found,
  })
  if (m.log.denials.length > 0) return true
  return m.log.notes.some(({ cause }) => cause === 'untrusted') && (m.sink.thrown.length > 0 || !goesOn(m, answer))
}

/** Whatever it has looked at, the request goes on: to the page that was asked for, or to another one. */
const goesOn = (m: Machine, answer: Value): boolean =>
  alternatives(answer).every((part) => {
    const cell = m.heap.object(part)
    return isNullish(part) === true || (cell?.is === 'response' && cell.status !== undefined && cell.status < 300)
  })
