/**
 * `export const dynamic = 'force-static'`: what is served is made once, and without cookies and headers, whoever asks (docs:
 * route segment config; seen in Next.js 16.4, also for POST). `revalidate` alone is none of it: reading either makes a page
 * or a route dynamic, whatever it says.
 */
import type { Machine } from '../../analysis/machine.ts'
import type { Note } from '../../analysis/caller/notes.ts'
import { exportedValue } from '../../analysis/code/module-exports.ts'
import { moduleForm } from '../../analysis/code/module-values.ts'
import type { PageFolders } from '../entry-point.ts'
import { layoutsAbove } from './above.ts'
import type { Role } from './conventions.ts'

const option = 'dynamic'

/** What makes a page, a layout or a route so: its own option, else that of the layout nearest above. */
export function prerendered(m: Machine, file: string, role: Role, pages: PageFolders): readonly Note[] {
  if (role === 'api' || role === 'pages-page') return []
  const above = role === 'route' ? [] : layoutsAbove(m.world, file, pages).filter((layout) => layout !== file)
  for (const at of [file, ...above]) {
    const exported = moduleForm(m, at).exports.find((one) => one.exported === option)
    if (!exported) continue
    const site = { file: at, range: exported.range }
    const value = exportedValue(m, at, option, site)
    const isStatic = value.t === 'const' && value.value === 'force-static'
    return isStatic ? [{ cause: 'prerendered', name: `${option} = 'force-static'`, site }] : []
  }
  return []
}
