/** What a file is by its name and its place (docs: getting-started/project-structure, file conventions). */
import type { PageFolders } from '../entry-point.ts'

export type Role = 'page' | 'layout' | 'template' | 'default' | 'route' | 'api'

const names: ReadonlySet<string> = new Set(['page', 'layout', 'template', 'default', 'route'])

/** The role of a file in its application; undefined for one that is not served by its place. */
export function roleOf(file: string, pages: PageFolders): Role | undefined {
  const extension = pages.pageExtensions.find((ending) => file.endsWith(`.${ending}`))
  if (extension === undefined) return undefined
  const stem = file.slice(0, -extension.length - 1)
  const inApp = segmentsBelow(pages.appFolder, stem)
  // a folder that begins with an underscore is private
  if (inApp && !inApp.some((segment) => segment.startsWith('_'))) {
    const name = inApp.at(-1) ?? ''
    return names.has(name) ? (name as Role) : undefined
  }
  return segmentsBelow(pages.pagesFolder, stem)?.[0] === 'api' ? 'api' : undefined
}

function segmentsBelow(folder: string | undefined, file: string): string[] | undefined {
  if (folder === undefined || !file.startsWith(folder) || !/[\\/]/.test(file[folder.length] ?? '')) return undefined
  return file.slice(folder.length + 1).split(/[\\/]/)
}

/** Whether a file may have a role, or should have one, by its path alone: most have none. */
export const mayHaveRole = (file: string): boolean =>
  /(?:^|[\\/])app[\\/](?:.*[\\/])?(?:page|layout|template|default|route)\.[\w.]+$|(?:^|[\\/])pages[\\/]api[\\/]/.test(
    file,
  ) || /[\\/](?:route|proxy|middleware)\.[jt]sx?$/.test(file)

/** Named like a route handler, wherever it is. */
export const isNamedRoute = (file: string): boolean => /[\\/]route\.[jt]sx?$/.test(file)

/** The address of a page or a route, as its matchers see it: without groups and slots. `[id]` stays. */
export function addressOf(file: string, pages: PageFolders): string {
  const inApp = segmentsBelow(pages.appFolder, file)
  const segments = inApp ?? segmentsBelow(pages.pagesFolder, file) ?? []
  const kept = inApp
    ? segments.slice(0, -1)
    : segments.map((segment) => segment.replace(/\.[\w.]+$/, '')).filter((segment) => segment !== 'index')
  const shown = kept
    .filter((segment) => !/^\(\w[\w-]*\)$/.test(segment) && !segment.startsWith('@'))
    .map((segment) => segment.replace(/^(?:\(\.{1,3}\))+/, ''))
  return `/${shown.join('/')}`
}
