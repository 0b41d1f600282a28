/** Where a text stands in the code. */
import type { TSESLint } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'

/** The first literal that says just this, without its quotes. */
export function literalRange(source: Readonly<TSESLint.SourceCode>, text: string): Range | undefined {
  const found = ["'", '"', '`']
    .map((quote) => source.text.indexOf(`${quote}${text}${quote}`))
    .filter((at) => at >= 0)
    .toSorted((a, b) => a - b)
  const [at] = found
  return at === undefined ? undefined : [at + 1, at + 1 + text.length]
}
