/** The examples of the rules' pages: small projects that the tests lint. */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface Example {
  readonly title: string
  readonly kind: 'incorrect' | 'correct'
  readonly options: readonly object[]
  readonly files: ReadonlyMap<string, string>
}

const folder = join(import.meta.dirname, '../docs/rules')

/** Names of rules to the texts of their pages. */
export const pages: ReadonlyMap<string, string> = new Map(
  readdirSync(folder).map((file) => [file.replace('.md', ''), readFileSync(join(folder, file), 'utf8')]),
)

/** Blocks marked `shared` are part of every example of their page; `// file: …` begins a file. */
export function examplesOf(page: string): Example[] {
  const shared = new Map<string, string>()
  const examples: Example[] = []
  let title = ''
  for (const { groups } of page.matchAll(
    /^(?:```(?<language>tsx?) (?<kind>shared|incorrect|correct)(?<options>.*)\n(?<code>[\s\S]*?)^```$|```[\s\S]+?^```$|(?<line>\S.*)$)/gm,
  )) {
    const { language, kind, options = '', code, line } = groups!
    if (line !== undefined) title = line.replace(/^#+ |:$/g, '')
    if (code === undefined) continue
    const files = filesOf(code, `src/example.${language!}`)
    if (kind === 'shared') {
      for (const [path, text] of files) shared.set(path, text)
    } else {
      examples.push({
        title,
        kind: kind as Example['kind'],
        options: options.trim() ? [JSON.parse(options) as object] : [],
        files: new Map([...shared, ...files]),
      })
    }
  }
  return examples
}

function filesOf(code: string, unnamed: string): Map<string, string> {
  const [head = '', ...rest] = code.split(/^\/\/ file: (.*)$/m)
  const files = new Map<string, string>()
  if (head.trim()) files.set(unnamed, head)
  for (let index = 0; index < rest.length; index += 2) files.set(rest[index]!.trim(), rest[index + 1]!)
  return files
}
