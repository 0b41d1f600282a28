// The whole demonstration: the application as it is, and as the plugin's suggestions make it.
import { attack } from './attack.mjs'
import { build, copyOf, typeCheck } from './copy.mjs'
import { contradictions, notMended } from './judge.mjs'
import { run } from './processes.mjs'
import { applySuggestions } from './suggestions.mjs'
import { legend, row, table } from './table.mjs'

/** @returns how many times a verdict and what happened contradict each other, and the like. */
export async function demoAttack({ example, plugin, cli }) {
  console.log('Every entry point of the example application, called over HTTP by five callers\n')
  const asItIs = await attacked(copyOf(example), cli)
  console.log(`${table(asItIs.results)}\n\n${legend}\n`)

  console.log('The same after the plugin’s own suggestions, one for each finding\n')
  const copy = copyOf(example)
  const { findings, applied, left } = await applySuggestions(copy, plugin)
  for (const text of applied) console.log(`  ${text}`)
  const [types, mended] = await Promise.all([typeCheck(copy), attacked(copy, cli)])
  const then = new Map(asItIs.results.map((result) => [result.title, result]))
  const now = new Map(mended.results.map((result) => [result.title, result]))
  const changed = mended.results.filter((result) => row(result).join() !== row(then.get(result.title) ?? result).join())
  const same = mended.results.length - changed.length
  console.log(`\n${table(changed)}\n\nand ${same} as before\n`)

  const problems = [
    ...asItIs.problems,
    ...mended.problems.map((problem) => `After the suggestions: ${problem}`),
    ...asItIs.results.flatMap((before) =>
      notMended(before, now.get(before.title)).map((what) => `After the suggestions: ${before.title}: ${what}`),
    ),
    ...left.map(({ message }) => `After the suggestions, the lint still says: ${message}`),
    ...types.map((line) => `After the suggestions, the types are broken: ${line}`),
  ]
  for (const problem of problems) console.error(problem)
  console.log(
    `${asItIs.results.length} entry points, ${findings.length} findings, ${applied.length} suggestions, ${
      asItIs.calls + mended.calls
    } calls: ${problems.length === 0 ? 'every verdict is what happened' : `${problems.length} problems`}`,
  )
  return problems.length
}

async function attacked(folder, cli) {
  const [entryPoints] = await Promise.all([inventory(folder, cli), build(folder)])
  const results = (await attack(folder, entryPoints)).map((result) => ({ ...result, wrong: contradictions(result) }))
  return {
    results,
    calls: results.reduce((sum, { got }) => sum + Object.keys(got ?? {}).length, 0),
    problems: results.flatMap(({ title, wrong }) => wrong.map((what) => `${title}: ${what}`)),
  }
}

async function inventory(folder, cli) {
  const { status, output } = await run([cli, 'audit', '--format', 'json'], { cwd: folder })
  if (status !== 0) throw new Error(`The audit could not run: ${output}`)
  return JSON.parse(output).entryPoints
}
