// The whole demonstration: the application as it is, as the plugin's suggestions make it, and behind a global middleware.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { attack } from './attack.mjs'
import { build, copyOf, typeCheck } from './copy.mjs'
import { broken, contradictions, stillOpen } from './judge.mjs'
import { run } from './processes.mjs'
import { staleLines } from './readme.mjs'
import { applySuggestions } from './suggestions.mjs'
import { legend, row, table } from './table.mjs'

/** @returns how often a verdict and what happened contradict each other, or a suggestion did not do what it should. */
export async function demoAttack({ example, readme, plugin, cli }) {
  console.log('Every entry point of the example application, called over HTTP by five callers\n')
  const original = await attacked(copyOf(example), cli)
  console.log(`${table(original)}\n\n${legend}\n`)

  console.log('After the plugin’s own suggestions, one for each finding\n')
  const copy = copyOf(example)
  const { findings, applied, left } = await applySuggestions(copy, plugin)
  console.log(`${applied.map((text) => `  ${text}\n`).join('')}`)
  const [types, mended] = await Promise.all([typeCheck(copy), attacked(copy, cli)])
  console.log(`${differences(original, mended)}\n`)

  console.log('As it was, behind one global middleware with a list of what is open (src/start.guarded.ts)\n')
  const behind = copyOf(example)
  replaceIn(join(behind, 'vite.config.ts'), 'tanstackStart()', "tanstackStart({ start: { entry: 'start.guarded' } })")
  const guarded = await attacked(behind, cli)
  console.log(`${differences(original, guarded)}\n`)

  const problems = [
    ...problemsOf(original, contradictions),
    ...problemsOf(mended, contradictions, 'after the suggestions'),
    ...problemsOf(guarded, contradictions, 'behind the middleware'),
    ...problemsOf(original, (before) => stillOpen(before, sameIn(mended, before)), 'after the suggestions'),
    ...problemsOf(original, (before) => broken(before, sameIn(mended, before)), 'after the suggestions'),
    ...problemsOf(original, (before) => broken(before, sameIn(guarded, before)), 'behind the middleware'),
    ...left.map(({ message }) => `The lint is not clean after the suggestions: ${message}`),
    ...types.map((line) => `The types are broken after the suggestions: ${line}`),
    ...staleLines(readme, table(original)).map((line) => `The README shows what is not so: ${line}`),
  ]
  for (const problem of problems) console.error(problem)
  const calls = [original, mended, guarded].flat().flatMap(({ got }) => Object.keys(got ?? {})).length
  console.log(
    `${original.length} entry points, ${findings.length} findings, ${applied.length} suggestions applied, ${calls} calls: ${
      problems.length === 0 ? 'every verdict is what happened' : `${problems.length} problems`
    }`,
  )
  return problems.length
}

async function attacked(folder, cli) {
  const [entryPoints] = await Promise.all([inventory(folder, cli), build(folder)])
  const results = await attack(folder, entryPoints)
  return results.map((result) => ({ ...result, wrong: contradictions(result) }))
}

async function inventory(folder, cli) {
  const { status, output } = await run([cli, 'audit', '--format', 'json'], { cwd: folder })
  if (status !== 0) throw new Error(`The audit could not run: ${output}`)
  return JSON.parse(output).entryPoints
}

function differences(before, after) {
  const changed = after.filter((result) => {
    const then = sameIn(before, result)
    return !then || row(then).join() !== row(result).join()
  })
  return `${table(changed)}\n\nand ${after.length - changed.length} as before`
}

const sameIn = (results, { title }) => results.find((result) => result.title === title)

function problemsOf(results, judge, when) {
  return results.flatMap((result) =>
    judge(result).map((what) => [result.title, ...(when ? [when] : []), what].join(': ')),
  )
}

function replaceIn(file, from, to) {
  const text = readFileSync(file, 'utf8')
  if (!text.includes(from)) throw new Error(`${file} no longer has ${from}`)
  writeFileSync(file, text.replace(from, to))
}
