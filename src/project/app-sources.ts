import path from 'node:path'
import type { Disk } from './disk.ts'
import { isSourceName, isSourceFolder } from './files.ts'

/** An application of more files than this has its guards found by other ways. */
const MAX_FILES = 20_000

/**
 * The source files below a folder, through the tracked disk. Unlike the inventory's listing it reads no `.gitignore`: what
 * is found here only helps to choose, and one file too many does no harm.
 */
export function* appSources(disk: Disk, root: string): Iterable<string> {
  const open = [root]
  let left = MAX_FILES
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const names = disk.list(folder)
    const isPackage = names.includes('package.json')
    // another application
    if (isPackage && folder !== root) continue
    const folders: string[] = []
    for (const name of names) {
      const at = path.join(folder, name)
      if (isSourceName(name)) {
        if (--left < 0) return
        if (disk.isFile(at)) yield at
      } else if (name.lastIndexOf('.') <= 0 && isSourceFolder(name, isPackage) && disk.isDirectory(at)) folders.push(at)
    }
    open.push(...folders.reverse())
  }
}
