// `node scripts/mutate-guards.mjs <folder>… [--json <file>] [--only <text>] [--in <text>]`: breaks the guards of real applications, one at a time.
// Of every entry point that the inventory calls guarded it removes the `await`, the test or the denial that the evidence names,
// or moves the check behind the work, and asks again. A mutant is noticed when the verdict changes or a rule reports the guard.
// Nothing is written: the files of the applications stay as they are. With `--only` guards of files with that in their path, with
// `--in` entry points of such files: an application of a thousand entry points takes hours.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt, main } from './ensure.mjs'
import { whileItSays } from './mutate/overlay.mjs'
import { apply, ofCall, ofTest } from './mutate/mutants.mjs'
import { isFunction, isTested, parse } from './mutate/syntax.mjs'
import { builtWorkspace } from './mutate/workspace.mjs'

/** The rules that speak about guards that do not guard. */
const ours = new Set(['no-ineffective-guard', 'no-injectable-context', 'no-shared-cache-of-private-data'])

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, only: { type: 'string', default: '' }, in: { type: 'string' } },
})

await main(async () => {
  if (positionals.length === 0)
    throw new Error('At least one folder is wanted: an application whose guards are to be broken.')
  ensureBuilt()
  const { createWorkspace } = await builtWorkspace()
  const all = []
  for (const folder of positionals.map((given) => resolve(given))) {
    const started = performance.now()
    const results = mutate(createWorkspace(), folder)
    all.push(...results.map((result) => ({ application: basename(folder), ...result })))
    const seconds = Math.round((performance.now() - started) / 1000)
    console.log(`${basename(folder)}: ${summary(results)}, ${seconds} s`)
    if (values.json) writeFileSync(values.json, JSON.stringify(all, null, 1))
    for (const one of results.filter(({ outcome }) => outcome === 'survived')) console.log(`  ${shown(one)}`)
  }
  console.log(`all: ${summary(all)}`)
  const counted = all.filter(isOpen)
  const survived = counted.filter(({ outcome }) => outcome === 'survived').length
  return survived > counted.length * 0.03 ? 1 : 0
})

/** Of the others something still refuses callers who proved nothing: there is nothing to be noticed. */
function isOpen({ outcome }) {
  return outcome !== 'another guard' && outcome !== 'a crash' && outcome !== 'nobody gets through'
}

function summary(results) {
  const of = (outcome) => results.filter((result) => result.outcome === outcome).length
  const counted = results.filter(isOpen).length
  const share = counted === 0 ? '' : ` (${Math.round((1 - of('survived') / counted) * 1000) / 10} %)`
  const kinds = ['await', 'test', 'deny', 'move'].map(
    (kind) => `${kind} ${results.filter((result) => result.kind === kind).length}`,
  )
  return (
    `${results.length} mutants (${kinds.join(', ')}); ${of('verdict')} change the verdict, ${of('reported')} are reported, ` +
    `${of('survived')} are not noticed${share}; ${of('another guard')} leave another guard, ${of('a crash')} a crash, ${of('nobody gets through')} let nobody through`
  )
}

function shown({ kind, file, line, entry, of, what, now }) {
  return `${kind} ${file}:${line} in ${entry} of ${of}: ${what}${now ? ` → ${now}` : ''}`
}

function sourcesWith(root, text) {
  return readdirSync(root, { recursive: true })
    .filter((file) => file.includes(text) && /\.[jt]sx?$/.test(file))
    .map((file) => join(root, file))
}

function mutate(workspace, root) {
  const looked = values.in === undefined ? undefined : sourcesWith(root, values.in)
  const { entryPoints } = workspace.inventory(root, undefined, looked)
  const files = [
    ...new Set(entryPoints.filter(({ verdict }) => verdict === 'guarded').map(({ file }) => join(root, file))),
  ]
  const before = new Map(files.map((file) => [file, workspace.analyse(file)]))
  const trees = new Map()
  const tree = (file) => {
    if (!trees.has(file)) trees.set(file, parse(file, readFileSync(file, 'utf8').replace(/^\uFEFF/, '')))
    return trees.get(file)
  }
  // the same edit of a shared guard is made once, and all are asked who stand behind it
  const mutants = new Map()
  for (const [file, report] of before)
    for (const entry of report.entryPoints.filter(({ verdict }) => verdict === 'guarded'))
      for (const mutant of mutantsOf(tree, file, entry)) {
        const key = JSON.stringify([mutant.file, mutant.edits])
        if (!mutants.has(key)) mutants.set(key, { ...mutant, asked: [] })
        mutants.get(key).asked.push({ file, entry })
      }
  const results = []
  for (const mutant of mutants.values()) {
    const { text } = tree(mutant.file)
    if (values.only && !relative(root, mutant.file).includes(values.only)) continue
    mutant.text = apply(text, mutant.edits)
    const told = findings(workspace.analyse(mutant.file))
    whileItSays(mutant.file, mutant.text, () => {
      const there = workspace.analyse(mutant.file)
      if (there.problems.length > 0) throw new Error(`${mutant.file}: ${there.problems[0].message}\n${mutant.text}`)
      const news = findings(there).filter((key) => !told.includes(key))
      for (const file of new Set(mutant.asked.map((one) => one.file))) {
        const now = workspace.analyse(file)
        const known = findings(before.get(file))
        const more = [...news, ...findings(now).filter((key) => !known.includes(key))]
        for (const { entry } of mutant.asked.filter((one) => one.file === file))
          results.push({
            kind: mutant.kind,
            file: relative(root, mutant.file),
            line: mutant.line,
            what: mutant.what,
            entry: entry.name,
            of: relative(root, file),
            ...outcome(root, tree, mutant, entry, before.get(file), now, more),
          })
      }
    })
  }
  return results
}

/** Each of a report by what it says; two that say the same are two. */
function findings(report) {
  const counts = new Map()
  return report.findings
    .filter(({ rule }) => ours.has(rule))
    .map(({ rule, problem, data }) => {
      const key = JSON.stringify([rule, problem, data])
      counts.set(key, (counts.get(key) ?? 0) + 1)
      return `${key}${counts.get(key)}`
    })
}

function outcome(root, tree, mutant, entry, before, after, more) {
  const nth = before.entryPoints.filter(({ name }) => name === entry.name).indexOf(entry)
  const now = after.entryPoints.filter(({ name }) => name === entry.name)[nth]
  if (now?.verdict !== 'guarded')
    return { outcome: 'verdict', now: `${now?.verdict} ${now?.cause ?? now?.reason ?? ''}` }
  if (more.length > 0) return { outcome: 'reported', now: more[0] }
  const others = now.guards
    .flatMap(({ how, place, tests }) => (how === 'delegated' || how === 'declared' ? [place] : tests))
    .filter((test) => !isMutated(mutant, test))
  if (entry.effects.length > 0 && now.effects.length === 0) return { outcome: 'nobody gets through' }
  if (others.length === 0) return { outcome: 'survived' }
  const tested = others.some(({ file, range }) =>
    isTested(file === mutant.file ? parse(file, mutant.text) : tree(file), range),
  )
  return {
    outcome: tested ? 'another guard' : 'a crash',
    now: others.map(({ file, line }) => `${relative(root, file)}:${line}`).join(', '),
  }
}

/** It is the test that was broken, or one that the broken call leads to: as it stood before, or where it stands now. */
function isMutated({ file, edits, of }, test) {
  return of.some((place) => {
    if (place.file !== test.file) return false
    const before = place.file === file ? edits.filter(({ end }) => end <= place.range[0]) : []
    const shift = before.reduce((sum, { start, end, text }) => sum + text.length - (end - start), 0)
    return test.range[0] === place.range[0] + shift
  })
}

function mutantsOf(tree, file, entry) {
  const found = []
  const [start, end] = entry.shape.declaration
  for (const { tests, asked, how } of entry.guards) {
    if (how === 'declared' || how === 'delegated') continue
    for (const [place, make] of [...tests.map((test) => [test, ofTest]), ...asked.map((call) => [call, ofCall])]) {
      if (place.file === '') continue
      const at = tree(place.file)
      const inside = place.file === file && start <= place.range[0] && place.range[1] <= end
      // what was only read is not answered with when a later check throws
      const own = callsNext(at, place.range) || (inside && entry.effects.some(({ change }) => change))
      const effects = entry.effects
        .filter((effect) => effect.place.file === place.file)
        .map((effect) => effect.place.range)
      const made = make === ofTest ? ofTest(at, place.range, effects, own) : ofCall(at, place.range, own)
      for (const { kind, at: node, edits } of made)
        found.push({
          kind,
          edits,
          file: place.file,
          of: make === ofTest ? [place] : tests,
          line: place.line,
          what: at.text.slice(node.start, node.end).replaceAll(/\s+/g, ' ').slice(0, 90),
        })
    }
  }
  return [...new Map(found.map((one) => [JSON.stringify([one.file, one.edits]), one])).values()]
}

/** It stands in a middleware, which goes on by `next()`. */
function callsNext(tree, range) {
  let fn = tree.at(range)
  while (fn && !isFunction(fn)) fn = tree.parentOf(fn)
  return fn !== undefined && /\bnext\s*\(/.test(tree.text.slice(fn.start, fn.end))
}
