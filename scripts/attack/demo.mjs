// The whole demonstration: the application as it is, as the plugin's suggestions make it, and behind a global middleware.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { attack } from './attack.mjs'
import { claimsAbout } from './claims.mjs'
import { build, copyOf, typeCheck } from './copy.mjs'
import { broken, contradictions, csrfContradictions, pageContradictions, stillOpen } from './judge.mjs'
import { findingsIn, lint } from './lint.mjs'
import { grouped } from './grouped.mjs'
import { missing, notHere } from './mistakes.mjs'
import { run } from './processes.mjs'
import { staleLines } from './readme.mjs'
import { applySuggestions, reasonOf } from './suggestions.mjs'
import { beyond, legend, row, table } from './table.mjs'

/** @returns how often a verdict and what happened contradict each other, or a suggestion did not do what it should. */
export async function demoAttack({ example, readme, plugin, cli }) {
  // Two at a time: a machine has at least as many cores.
  const [original, behind] = await Promise.all([
    attacked(copyOf(example), { cli, plugin }),
    attacked(copyGuarded(example), { cli, plugin }),
  ])
  console.log('Every entry point of the example application, called over HTTP by five callers\n')
  console.log(`${table(original.results)}\n\n${legend}\n\n${beyond(original)}\n`)

  const rule = 'require-csrf-middleware'
  const [mended, checked] = await Promise.all([
    repaired(copyOf(example), { cli, plugin }),
    repaired(copyGuarded(example), { cli, plugin, rule, only: ['rightful', 'lured'] }),
  ])
  console.log('After the plugin’s own suggestions, one for each finding\n')
  console.log(`${suggested(mended)}\n\n${differences(original, mended)}\n`)

  console.log('As it was, behind one global middleware with a list of what is open (src/start.guarded.ts)\n')
  console.log(`${differences(original, behind)}\n\n${beyond(behind)}\n`)

  console.log('The same, with the check for other sites that the plugin suggests\n')
  console.log(`${suggested(checked)}\n\n${beyond(checked)}\n`)

  const all = [original, mended, behind, checked]
  console.log(`Mistakes that the rules name and that are not here\n\n${notHere.map((line) => `  ${line}\n`).join('')}`)
  const problems = [
    ...all.flatMap(({ problems: found }) => found),
    ...problemsOf(original, mended, stillOpen, 'after the suggestions'),
    ...problemsOf(original, mended, broken, 'after the suggestions'),
    ...problemsOf(original, behind, broken, 'behind the middleware'),
    ...problemsOf(behind, checked, broken, 'behind the middleware, with the check'),
    ...missing(plugin, [...original.findings, ...behind.findings]),
    ...staleLines(readme, table(original.results)).map((line) => `The README shows what is not so: ${line}`),
  ]
  for (const problem of problems) console.error(problem)
  const calls = all.flatMap(({ results, pages }) => [...results, ...pages]).flatMap(({ got }) => Object.keys(got ?? {}))
  console.log(
    `${original.results.length} entry points, ${original.findings.length} findings, ${mended.applied.length} suggestions applied, ${calls.length} calls: ${
      problems.length === 0 ? 'every verdict is what happened' : `${problems.length} problems`
    }`,
  )
  return problems.length
}

function copyGuarded(example) {
  const copy = copyOf(example)
  replaceIn(join(copy, 'vite.config.ts'), 'tanstackStart()', "tanstackStart({ start: { entry: 'start.guarded' } })")
  return copy
}

/** Builds and attacks a copy, and compares what happened with what the plugin says of it; by `only` these callers, less. */
async function attacked(folder, { cli, plugin, only }) {
  const [entryPoints, findings] = await Promise.all([
    inventory(folder, cli),
    lint(folder, plugin).then((results) => findingsIn(results, folder)),
    build(folder),
  ])
  const { results, pages } = await attack(folder, entryPoints, only)
  const judged = results.map((result) => {
    const withClaims = { ...result, claims: claimsAbout(result.entry, findings) }
    return { ...withClaims, wrong: only ? [] : contradictions(withClaims) }
  })
  const judgedPages = pages.map((page) => {
    const claims = findings.filter(({ file }) => file === page.file).map(({ claim }) => claim)
    return { ...page, claims, wrong: pageContradictions({ claims, got: page.got }) }
  })
  const unchecked = findings.some(({ claim }) => claim === 'require-csrf-middleware/missing')
  const problems = [
    ...[...judged, ...judgedPages].flatMap(({ title, wrong }) => wrong.map((what) => `${title}: ${what}`)),
    ...csrfContradictions(unchecked, judged),
  ]
  return { findings, results: judged, pages: judgedPages, unchecked, problems }
}

/** Applies the suggestions first, and says which. */
async function repaired(folder, { cli, plugin, rule, only }) {
  const { applied, elsewhere, left } = await applySuggestions(folder, plugin, rule)
  const [types, found] = await Promise.all([rule ? [] : typeCheck(folder), attacked(folder, { cli, plugin, only })])
  const unexplained = elsewhere.filter((finding) => reasonOf(finding) === undefined)
  const problems = [
    ...found.problems.map((problem) => `After the suggestions: ${problem}`),
    ...unexplained.map(({ claim, message }) => `Nothing is suggested (${claim}): ${message}`),
    ...left.map(({ message }) => `The lint is not clean after the suggestions: ${message}`),
    ...types.map((line) => `The types are broken after the suggestions: ${line}`),
  ]
  return { ...found, applied, elsewhere, problems }
}

/** What was applied, and why the others need nothing of their own. */
function suggested({ applied, elsewhere }) {
  const reasons = Object.entries(grouped(elsewhere, (finding) => reasonOf(finding) ?? 'that is a mistake'))
  return [
    ...applied.map(({ desc }) => `  ${desc}`),
    ...reasons.map(([reason, findings]) => `  ${findings.length} without a suggestion: ${reason}`),
  ].join('\n')
}

async function inventory(folder, cli) {
  const { status, output } = await run([cli, 'audit', '--format', 'json'], { cwd: folder })
  if (status !== 0) throw new Error(`The audit could not run: ${output}`)
  return JSON.parse(output).entryPoints
}

function differences({ results: before }, { results: after }) {
  const changed = after.filter((result) => {
    const then = sameIn(before, result)
    return !then || row(then).join() !== row(result).join()
  })
  return `${table(changed)}\n\nand ${after.length - changed.length} as before`
}

const sameIn = (results, { title }) => results.find((result) => result.title === title)

function problemsOf({ results: before }, { results: after }, judge, when) {
  return before.flatMap((result) =>
    judge(result, sameIn(after, result)).map((what) => `${result.title}: ${when}: ${what}`),
  )
}

function replaceIn(file, from, to) {
  const text = readFileSync(file, 'utf8')
  if (!text.includes(from)) throw new Error(`${file} no longer has ${from}`)
  writeFileSync(file, text.replace(from, to))
}
