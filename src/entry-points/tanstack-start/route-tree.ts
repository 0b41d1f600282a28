/** The file route tree: which routes stand above a route (claims.md 1: pathless layouts, dots, folders, `route.tsx`). */
import type { Machine } from '../../analysis/machine.ts'

const extensions = ['.tsx', '.ts', '.jsx', '.js']

/** Files of the routes above, outermost first, that exist. */
export function ancestorRoutes(m: Machine, file: string, routesFolder: string | undefined): string[] {
  if (routesFolder === undefined || !file.startsWith(routesFolder)) return []
  const inside = file
    .slice(routesFolder.length)
    .replace(/^[\\/]/, '')
    .replaceAll('\\', '/')
  const path = inside.replace(/\.[tj]sx?$/, '').replace(/\.(?:lazy|route)$/, '')
  // `_authed/invoices.list` has the parents `_authed`, `_authed/invoices`
  const segments = path.split(/[/.]/).filter((segment) => segment !== 'route' && segment !== 'index')
  const separators = [...path.matchAll(/[/.]/g)].map((match) => match[0])
  const found: string[] = []
  const root = existing(m, `${routesFolder}/__root`)
  if (root !== undefined && root !== file) found.push(root)
  let prefix = routesFolder
  segments.slice(0, -1).forEach((segment, i) => {
    prefix = i === 0 ? `${prefix}/${segment}` : `${prefix}${separators[i - 1] ?? '/'}${segment}`
    for (const candidate of [prefix, `${prefix}/route`]) {
      const route = existing(m, candidate)
      if (route !== undefined && route !== file) found.push(route)
    }
  })
  return found
}

/** Only then can one route stand above another: cheaper than to look for all that do. */
export const mayBeAbove = (file: string, other: string): boolean => {
  const stem = file.replace(/\.[tj]sx?$/, '').replace(/[/.\\]route$/, '')
  return stem.endsWith('__root') || other.startsWith(stem)
}

function existing(m: Machine, stem: string): string | undefined {
  return extensions.map((extension) => stem + extension).find((file) => m.world.exists(file))
}
