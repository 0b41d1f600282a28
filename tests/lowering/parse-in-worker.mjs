// Parses the texts of a JSON file (`[name, lang, text][]`) one by one in a worker, whose stack is smaller than the main
// thread's, and prints each name once it is through.
import { readFileSync, writeSync } from 'node:fs'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { parseSync } from 'oxc-parser'

if (isMainThread) {
  new Worker(new URL(import.meta.url), { workerData: process.argv[2] })
} else {
  for (const [name, lang, text] of JSON.parse(readFileSync(workerData, 'utf8'))) {
    const { program, errors } = parseSync(`file.${lang}`, text, {
      lang,
      astType: 'ts',
      range: true,
      preserveParens: false,
    })
    writeSync(1, `${JSON.stringify([name, program.type, errors.length])}\n`)
  }
}
