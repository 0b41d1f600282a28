// The workspace is not part of what the package exports: it is built apart.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'tsdown'
import { root } from '../ensure.mjs'

/** Its dependencies are looked up from here, and `#prisma-ast` in the folder itself. */
const folder = join(root, 'node_modules/.cache/authz-workspace')

export async function builtWorkspace() {
  mkdirSync(folder, { recursive: true })
  copyFileSync(join(root, 'dist/prisma-ast.cjs'), join(folder, 'prisma-ast.cjs'))
  writeFileSync(
    join(folder, 'package.json'),
    '{ "type": "module", "imports": { "#prisma-ast": "./prisma-ast.cjs" } }\n',
  )
  await build({
    config: false,
    cwd: root,
    entry: { workspace: 'src/workspace/workspace.ts' },
    outDir: folder,
    clean: false,
    dts: false,
    platform: 'node',
    tsconfig: 'tsconfig.build.json',
    fixedExtension: false,
    logLevel: 'error',
  })
  return import(pathToFileURL(join(folder, 'workspace.js')).href)
}
