import { fileURLToPath } from 'node:url'
import { defineConfig, type UserConfig } from 'tsdown'
import { thirdPartyNotices } from './scripts/third-party-notices.ts'

const notices = thirdPartyNotices()
// `npm run package:check` looks at what the package promises; a build between two edits need not.
const checked = process.env.CHECK_PACKAGE === 'true'

const shared: UserConfig = {
  platform: 'node',
  target: 'node20.19',
  fixedExtension: false,
  tsconfig: 'tsconfig.build.json',
  plugins: [notices],
}

export default defineConfig([
  {
    ...shared,
    entry: { index: 'src/index.ts', engine: 'src/engine.ts', cache: 'src/cache.ts', cli: 'src/cli/main.ts' },
    alias: { '../engine.ts': fileURLToPath(new URL('scripts/engine-when-needed.ts', import.meta.url)) },
    format: 'esm',
    dts: { entry: ['src/index.ts', 'src/cache.ts'] },
    deps: { alwaysBundle: [/^@typescript-eslint\/utils/], onlyBundle: ['@typescript-eslint/utils'] },
    publint: checked && { strict: true },
    attw: checked && { profile: 'esm-only', level: 'error' },
  },
  {
    // Half a megabyte that only a project with a Prisma schema needs. Rules run synchronously, so it cannot be an
    // `import()`: `createRequire(import.meta.url)('#prisma-ast')` loads it at the first schema, in src and in dist alike.
    ...shared,
    entry: { 'prisma-ast': '@mrleebo/prisma-ast' },
    format: 'cjs',
    dts: false,
    clean: false,
    deps: { alwaysBundle: [/./], onlyBundle: false },
    // It looks for a configuration file of its own upward from the working directory and would execute a .js one:
    // nothing of the linted project is ever executed.
    alias: { lilconfig: fileURLToPath(new URL('scripts/no-config.ts', import.meta.url)) },
    outputOptions: { generatedCode: { symbols: false } },
    inputOptions: { resolve: { mainFields: ['module', 'main'] } },
  },
])
