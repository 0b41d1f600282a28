// A copy of the application in a temporary folder, that can be changed and built without touching anything here.
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { firstError } from './first-error.mjs'
import { atEnd, run } from './processes.mjs'

const notCopied = new Set(['node_modules', 'dist', '.output', '.tanstack', '.env', '.data'])

export function copyOf(application) {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'authz-attack-')))
  atEnd(() => rmSync(copy, { recursive: true, force: true }))
  cpSync(application, copy, { recursive: true, filter: (path) => !notCopied.has(basename(path)) })
  symlinkSync(join(application, 'node_modules'), join(copy, 'node_modules'), 'junction')
  return copy
}

/** For production. */
export async function build(folder) {
  const { status, output } = await run([join(folder, 'node_modules/vite/bin/vite.js'), 'build'], { cwd: folder })
  if (status !== 0) throw new Error(`The application does not build: ${firstError(output)}`)
}

/** @returns what the compiler says, a line each. */
export async function typeCheck(folder) {
  const { status, output } = await run([join(folder, 'node_modules/typescript/bin/tsc'), '--noEmit'], { cwd: folder })
  return status === 0 ? [] : output.trim().split('\n')
}
