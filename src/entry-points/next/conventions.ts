/** What a file is by its name and its place (docs: getting-started/project-structure, file conventions). */
import type { PageFolders } from '../entry-point.ts'

export type Role = 'page' | 'layout' | 'template' | 'default' | 'route' | 'api' | 'pages-page'

/**
 * Functions of a page of the Pages Router that run for a request. What they give is sent to whoever asks for the page, or
 * for its data alone under `/_next/data/` (docs: pages/building-your-application/data-fetching/get-server-side-props). `getStaticProps` is
 * none: it runs when the application is built, or the page is made anew, and knows no request.
 */
export const pageData = { perRequest: 'getServerSideProps', initial: 'getInitialProps' } as const

export const isPageData = (name: string): boolean => Object.values<string>(pageData).includes(name)

/** What stands around pages, and what is shown for errors: `getServerSideProps` is not run there. */
const notPages: ReadonlySet<string> = new Set(['_app', '_document', '_error', '404', '500'])

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
  const [first, ...others] = segmentsBelow(pages.pagesFolder, stem) ?? []
  if (first === undefined || (others.length === 0 && notPages.has(first))) return undefined
  return first === 'api' ? 'api' : 'pages-page'
}

function segmentsBelow(folder: string | undefined, file: string): string[] | undefined {
  if (folder === undefined || !file.startsWith(folder) || !/[\\/]/.test(file[folder.length] ?? '')) return undefined
  return file.slice(folder.length + 1).split(/[\\/]/)
}

/** Whether a file may be a page of the Pages Router that does something for a request: most only show something. */
export const mayHavePageData = (file: string, text: string): boolean =>
  /(?:^|[\\/])pages[\\/]/.test(file) && /\bget(?:ServerSide|Initial)Props\b/.test(text)

/** Whether a file may have a role of another kind, or should have one, by its path alone: most have none. */
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
