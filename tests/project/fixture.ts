import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

export interface Fixture {
  readonly root: string
  path(relative: string): string
  /** Writes as an editor does; `at` sets the file's time, e.g. to one that a coarse clock cannot tell from the last. */
  write(relative: string, text: string | Uint8Array, at?: Date): void
  remove(relative: string): void
  link(relative: string, target: string): void
}

/** A project in a folder of its own, removed when the test has finished. */
export function project(files: Readonly<Record<string, string | Uint8Array>>): Fixture {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'authz-project-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const fixture: Fixture = {
    root,
    path: (relative) => path.join(root, relative),
    write: (relative, text, at) => {
      const file = path.join(root, relative)
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, text)
      if (at !== undefined) utimesSync(file, at, at)
    },
    remove: (relative) => rmSync(path.join(root, relative), { recursive: true }),
    link: (relative, target) => {
      const file = path.join(root, relative)
      mkdirSync(path.dirname(file), { recursive: true })
      symlinkSync(path.resolve(path.dirname(file), target), file, 'junction')
    },
  }
  for (const [file, text] of Object.entries(files)) fixture.write(file, text)
  return fixture
}
