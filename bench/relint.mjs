// `node bench/relint.mjs [--files 2000] [--dependencies 100] [--runs 60]`: what an open file costs an editor at each key that is
// typed into it. One process lints the same file again and again, its text a little different each time, and what it imports
// unchanged, by ESLint with the parser alone and with `recommended` in turns. README.md beside this file has the results.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import parser from '@typescript-eslint/parser'
import { Linter } from 'eslint'
import { ensureBuilt, main } from '../scripts/ensure.mjs'
import { defaults, generate } from './generate.mjs'

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '2000' },
    dependencies: { type: 'string', default: '100' },
    runs: { type: 'string', default: '60' },
  },
})
const dependencies = Number(values.dependencies)
const runs = Number(values.runs)
const openFiles = [
  { name: 'calls every tenth, has no finding', guarded: true, each: 10 },
  { name: 'calls every tenth, has two findings', guarded: false, each: 10 },
  { name: 'calls all of them, has no finding', guarded: true, each: 1 },
  { name: 'calls all of them, has two findings', guarded: false, each: 1 },
]
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

await main(async () => {
  ensureBuilt()
  const { default: authz } = await import('../dist/index.js')
  const parsed = { files: ['**/*.ts'], languageOptions: { parser } }
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'authz-bench-relint-')))
  try {
    const made = generate(root, { ...defaults, files: Number(values.files) })
    console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0].model}, median of ${runs}`)
    console.log(`${made.files} files; the open one imports ${dependencies} of them\n`)
    console.log('| the open file | plain | recommended | more | processor time more |\n| --- | --- | --- | --- | --- |')
    for (const { name, guarded, each } of openFiles) {
      const file = join(root, 'src/open', `${guarded ? 'guarded' : 'open'}-${each}.ts`)
      const text = openFile(guarded, each)
      mkdirSync(join(root, 'src/open'), { recursive: true })
      writeFileSync(file, text)
      const linter = new Linter({ cwd: root })
      const cases = { plain: [parsed], recommended: [parsed, authz.configs.recommended] }
      const all = { plain: [], recommended: [] }
      for (let run = -10; run < runs; run++) {
        // neither is always the first
        for (const one of run % 2 === 0 ? ['plain', 'recommended'] : ['recommended', 'plain']) {
          const result = lint(linter, `${text}// ${run}\n`, cases[one], file)
          const wanted = one === 'recommended' && !guarded ? 2 : 0
          if (result.findings !== wanted) throw new Error(`${result.findings} findings with ${one}, and not ${wanted}`)
          if (run >= 0) all[one].push(result)
        }
      }
      const of = (one, key) => median(all[one].map((result) => result[key]))
      const more = (key) => (of('recommended', key) - of('plain', key)).toFixed(1)
      const shown = ['plain', 'recommended'].map((one) => `${of(one, 'milliseconds').toFixed(1)} ms`)
      console.log(`| ${name} | ${shown.join(' | ')} | ${more('milliseconds')} ms | ${more('processor')} ms |`)
    }
    return 0
  } finally {
    rmSync(root, { recursive: true })
  }
})

function lint(linter, text, config, file) {
  const [start, used] = [performance.now(), process.cpuUsage()]
  const findings = linter.verify(text, config, file).length
  const milliseconds = performance.now() - start
  const { user, system } = process.cpuUsage(used)
  return { findings, milliseconds, processor: (user + system) / 1_000 }
}

function openFile(guarded, each) {
  const numbers = Array.from({ length: dependencies }, (_, i) => i)
  return `import { createServerFn } from '@tanstack/react-start'
import { eq } from 'drizzle-orm'
${guarded ? "import { authMiddleware } from '@bench/auth'\n" : ''}import { db, invoices } from '@bench/data'
${numbers.map((i) => `import { total${i} } from '~/helpers/part-${Math.floor(i / 10)}/helpers-${i}'\n`).join('')}
export const sum = createServerFn({ method: 'POST' })
${guarded ? '  .middleware([authMiddleware])\n' : ''}  .handler(async () => {
    const sums = [${numbers
      .filter((i) => i % each === 0)
      .map((i) => `total${i}([])`)
      .join(', ')}]
    await db.insert(invoices).values({ id: 'sum', total: sums.length })
    return sums
  })

export const remove = createServerFn({ method: 'POST' })
${guarded ? '  .middleware([authMiddleware])\n' : ''}  .handler(async ({ data }) => {
    await db.delete(invoices).where(eq(invoices.id, data))
  })
`
}
