/** `// authz: public -- <reason>` above the declaration. Until the reason is filled in, `valid-public-marker` reports it. */
import type { EntryPointReport } from '../model/report.ts'
import { insertAt, type Suggestion } from './edit.ts'
import { indentAt, lineEnd, startsLine, type Source } from './source.ts'

export function declarePublic(source: Source, { name, shape }: EntryPointReport): Suggestion {
  const [start] = shape.declaration
  const marker = 'authz: public -- <reason>'
  const text = startsLine(source, start)
    ? `// ${marker}${lineEnd(source)}${indentAt(source, start)}`
    : `/* ${marker} */ `
  return { id: 'declarePublic', data: { name }, edits: [insertAt(start, text)] }
}
