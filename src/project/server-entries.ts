/** A server entry that the application writes itself: it sees every request before the framework does. */
import path from 'node:path'
import type { App } from './app-root.ts'
import type { Project } from './project.ts'

const names = ['server', 'ssr', 'entry-server', 'server-entry']
const extensions = ['.ts', '.tsx', '.js', '.jsx', '.mts', '.mjs']

export function serverEntries(project: Project, app: App): readonly string[] {
  return names
    .flatMap((name) => extensions.map((extension) => path.join(app.sourceFolder, name + extension)))
    .filter((file) => project.isFile(file))
    .filter(
      (file) =>
        project.scan('server entry', file, (text) =>
          /\bexport\s+default\b|\bexport\s*\{[^}]*\bdefault\b/.test(text),
        ) === true,
    )
}

/** A program that starts the framework itself: `import next from 'next'`. */
const startsFramework = /\bimport\s+next[\s,][^;\n]*\bfrom\s*['"]next['"]|\brequire\(\s*['"]next['"]\s*\)/

const serves =
  /\bcreateStartHandler\b|\/server-entry['"]|\bexport\s+default\s*\{[\s\S]{0,400}?\bfetch\b|\bcreateServer\s*\(|\.listen\s*\(|\.serve\s*\(|\bgetRequestHandler\b|\.open-next\//

/** The program hands requests to a framework itself, or waits for them. */
export const servesRequests = (text: string): boolean => serves.test(text)

export function hasOwnServer(project: Project, app: App): boolean {
  if (serverEntries(project, app).length > 0) return true
  for (const file of project.sources(app.root))
    if (project.scan('starts the framework', file, (text) => startsFramework.test(text)) === true) return true
  return false
}
