/** Where a text stands in the code. */
import type { TSESLint } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'

/** Literals that say just this, without their quotes; of all of the file, or of a part. */
export function literalRanges(
  source: Readonly<TSESLint.SourceCode>,
  text: string,
  [start, end]: Range = [0, source.text.length],
): readonly Range[] {
  const found: Range[] = []
  for (
    let at = source.text.indexOf(text, start);
    at >= 0 && at + text.length < end;
    at = source.text.indexOf(text, at + 1)
  ) {
    const [before, behind] = [source.text[at - 1], source.text[at + text.length]]
    if (before === behind && /^['"`]$/.test(before ?? '')) found.push([at, at + text.length])
  }
  return found
}
