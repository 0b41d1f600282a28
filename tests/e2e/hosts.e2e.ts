/** The packed plugin in real hosts, set up by the blocks of the README: all find the same, and what the inventory says. */
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Inventory } from '../../src/model/inventory.ts'

const folder = process.env.AUTHZ_HOSTS
if (!folder) throw new Error('Run it by `npm run test:hosts`, which installs the hosts.')

const presets = ['recommended', 'strict'] as const
type Preset = (typeof presets)[number]

interface Finding {
  readonly rule: string
  readonly file: string
  readonly line: number
  readonly message: string
}

const page = (file: string): string => readFileSync(path.join(import.meta.dirname, '../..', file), 'utf8')
const readme = page('README.md')
const hosts = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .filter((name) => /^(?:eslint|oxlint)/.test(name))
const cwdOf = (host: string): string => path.join(folder, host)
const found = new Map<string, readonly Finding[]>()

/** The block of a page that is the whole of a file. */
function blockFor(file: string, text = readme): string {
  const block = new RegExp(`^\`\`\`js(?:on)? title="${file}"\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(text)
  if (!block) throw new Error(`There is no ${file} to copy`)
  return block[1]!
}

function run(host: string, program: string, args: readonly string[]): string {
  const script = path.join(cwdOf(host), 'node_modules', program)
  const { stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: cwdOf(host),
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  expect(stderr).toBe('')
  return stdout
}

function configure(host: string, file: string, preset: Preset): void {
  const text = blockFor(file)
  expect(text).toContain('recommended')
  writeFileSync(path.join(cwdOf(host), file), text.replaceAll('recommended', preset))
}

interface EslintResult {
  readonly filePath: string
  readonly messages: readonly { readonly ruleId: string | null; readonly line: number; readonly message: string }[]
}

function eslint(host: string): Finding[] {
  const results = JSON.parse(run(host, 'eslint/bin/eslint.js', ['src', '--format', 'json'])) as EslintResult[]
  expect(results.length).toBeGreaterThan(30)
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, line, message }) => ({
      rule: ruleId ?? 'none',
      file: path.relative(cwdOf(host), filePath).replaceAll('\\', '/'),
      line,
      message,
    })),
  )
}

interface OxlintOutput {
  readonly diagnostics: readonly {
    readonly code: string
    readonly message: string
    readonly filename: string
    readonly labels: readonly { readonly span: { readonly line: number } }[]
  }[]
}

function oxlint(host: string): Finding[] {
  const { diagnostics } = JSON.parse(run(host, 'oxlint/bin/oxlint', ['src', '--format', 'json'])) as OxlintOutput
  return diagnostics
    .map(({ code, message, filename, labels }) => ({
      rule: code.replace('(', '/').replace(')', ''),
      file: filename.replaceAll('\\', '/'),
      line: labels[0]!.span.line,
      message,
    }))
    .filter(({ rule }) => rule.startsWith('authz/'))
}

function findings(host: string, preset: Preset): readonly Finding[] {
  const key = `${host} ${preset}`
  const known = found.get(key)
  if (known) return known
  configure(host, host === 'oxlint' ? '.oxlintrc.json' : 'eslint.config.js', preset)
  const sorted = (host === 'oxlint' ? oxlint(host) : eslint(host)).toSorted((a, b) =>
    JSON.stringify(a) < JSON.stringify(b) ? -1 : 1,
  )
  found.set(key, sorted)
  return sorted
}

const inventory = (host: string): Inventory =>
  JSON.parse(run(host, 'eslint-plugin-authz/dist/cli.js', ['audit', '--format', 'json'])) as Inventory

/** Who is open: a report stands at the cause, so that it is told by the name in its message. */
function reported(host: string, preset: Preset): string[] {
  return findings(host, preset)
    .filter(({ rule }) => rule.startsWith('authz/no-unguarded-'))
    .map(({ file, message }) => {
      const open = inventories.get(host)!.entryPoints.filter((entry) => entry.file === file)
      const names = open.map(({ name }) => name).filter((name) => message.includes(`\`${name}\``))
      expect(names).toHaveLength(1)
      return `${file} ${names[0]!}`
    })
    .toSorted()
}

const inventories = new Map<string, Inventory>()

it('there are four hosts', () => {
  expect(hosts.toSorted()).toEqual(['eslint-10', 'eslint-9', 'eslint-9.22', 'oxlint'])
})

describe.each(hosts)('%s', (host) => {
  it('has an inventory, the same as the others', () => {
    const { root, ...rest } = inventory(host)
    inventories.set(host, { root, ...rest })
    const [first] = inventories.values()
    expect(rest.problems).toEqual([])
    expect(rest.entryPoints).toEqual(first!.entryPoints)
  })

  it.each(presets)('finds the same as the others with %s', (preset) => {
    const here = findings(host, preset)
    expect(here.map(({ rule }) => rule)).toContain('authz/no-unguarded-server-fn')
    expect(here).toEqual(findings(hosts[0]!, preset))
  })

  it('reports with recommended what the inventory calls open, but for reads of what belongs to nobody', () => {
    const open = inventories
      .get(host)!
      .entryPoints.filter(({ verdict, exposure }) => verdict === 'unguarded' && exposure !== 'read')
    expect(reported(host, 'recommended')).toEqual(open.map(({ file, name }) => `${file} ${name}`).toSorted())
  })

  it('reports with strict all that the inventory calls open', () => {
    const open = inventories.get(host)!.entryPoints.filter(({ verdict }) => verdict === 'unguarded')
    expect(reported(host, 'strict')).toEqual(open.map(({ file, name }) => `${file} ${name}`).toSorted())
  })
})

const cli = (...args: string[]): string => run(hosts[0]!, 'eslint-plugin-authz/dist/cli.js', args)

describe('the README', () => {
  it('shows what is printed', () => {
    const [, shown] = /^\$ npx eslint-plugin-authz explain .*\n([\s\S]*?)^```$/m.exec(readme)!
    expect(cli('explain', 'src/features/invoices/functions.ts#sendReminder')).toContain(shown)
    expect(readme).toContain(cli('audit').trimEnd().split('\n').at(-1))
    const reminder = findings(hosts[0]!, 'recommended').find(({ message }) =>
      message.includes('`sendReminder` writes'),
    )!
    expect(readme).toContain(`${reminder.line}:5  error  ${reminder.message.replace(/\.$/, '')}  ${reminder.rule}`)
  })
})

it('the policy of its page is one', () => {
  writeFileSync(path.join(cwdOf(hosts[0]!), 'page-policy.json'), blockFor('authz.config.json', page('docs/policy.md')))
  expect(cli('audit', '--config', 'page-policy.json')).toContain('entry points')
})
