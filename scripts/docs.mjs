// Writes what derives from the rules: the head of each docs page, the README's table, the presets for oxlint.
// `node scripts/docs.mjs` writes, `--check` only compares.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureBuilt, ensureInstalled, main, root } from './ensure.mjs'

const presets = ['recommended', 'multi-tenant', 'strict']
const rulesMark = ['<!-- begin rules -->', '<!-- end rules -->']
const headEnd = '<!-- end head -->'

await main(async () => {
  ensureInstalled()
  ensureBuilt()
  const check = process.argv.includes('--check')
  const { default: plugin } = await import(pathToFileURL(join(root, 'dist/index.js')).href)
  const { format, resolveConfig } = await import('prettier')

  const wanted = [...pages(plugin), ...readme(plugin), ...oxlint(plugin)]
  let stale = 0
  for (const [path, text] of wanted) {
    const file = join(root, path)
    const formatted = await format(text, { ...(await resolveConfig(file)), filepath: file })
    if (existsSync(file) && readFileSync(file, 'utf8') === formatted) continue
    stale++
    if (check) {
      console.error(`${path} is not up to date. Run: node scripts/docs.mjs`)
    } else {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, formatted)
      console.log(`Wrote ${path}`)
    }
  }
  return check && stale > 0 ? 1 : 0
})

function pages(plugin) {
  return Object.entries(plugin.rules).map(([name, rule]) => {
    const path = `docs/rules/${name}.md`
    const text = existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : `${headEnd}\n`
    const end = text.indexOf(headEnd)
    if (end < 0) throw new Error(`${path} has no ${headEnd}`)
    return [path, head(plugin, name, rule) + text.slice(end)]
  })
}

function head(plugin, name, { meta }) {
  const { docs } = meta
  const included = presets.filter((preset) => `authz/${name}` in plugin.configs[preset].rules)
  const options = presets
    .map((preset) => [preset, plugin.configs[preset].rules[`authz/${name}`]])
    .filter(([, entry]) => Array.isArray(entry))
    .map(([preset, entry]) => `\`${preset}\` sets \`${JSON.stringify(entry[1])}\`.`)
  const lines = [
    `Presets: ${included.map((preset) => `\`${preset}\``).join(', ')}. ${options.join(' ')}`,
    meta.hasSuggestions ? '💡 Has suggestions that an editor can apply. Nothing is changed by `--fix`.' : '',
    `Weaknesses: ${docs.cwe.map(cwe).join(', ')} · OWASP: ${docs.owasp.join(', ')} · NIST CSF 2.0: ${docs.nist.join(', ')}`,
  ]
  return `# ${name}\n\n<!-- This head is written by scripts/docs.mjs from the rule itself. -->\n\n${sentence(docs.description)}\n\n${lines
    .filter(Boolean)
    .map((line) => `- ${line.trim()}`)
    .join('\n')}\n\n`
}

function readme(plugin) {
  const file = join(root, 'README.md')
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const [start, end] = rulesMark.map((mark) => text.indexOf(mark))
  if (start < 0 || end < 0) return []
  const rows = Object.entries(plugin.rules).map(([name, { meta }]) =>
    [
      '',
      `[${name}](docs/rules/${name}.md)`,
      sentence(meta.docs.description).replace(/\.$/, ''),
      presets.find((preset) => `authz/${name}` in plugin.configs[preset].rules),
      meta.hasSuggestions ? '💡' : '',
      meta.docs.cwe.map(cwe).join(', '),
      '',
    ].join(' | '),
  )
  const table = ['| Rule | What it does | Preset | 💡 | CWE |', '| --- | --- | --- | --- | --- |', ...rows].join('\n')
  return [['README.md', `${text.slice(0, start + rulesMark[0].length)}\n\n${table}\n\n${text.slice(end)}`]]
}

function oxlint(plugin) {
  return presets.map((preset) => [
    `configs/oxlint-${preset}.json`,
    JSON.stringify({ jsPlugins: [plugin.meta.name], rules: plugin.configs[preset].rules }, null, 2),
  ])
}

function cwe(number) {
  return `[CWE-${number}](https://cwe.mitre.org/data/definitions/${number}.html)`
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}.`
}
