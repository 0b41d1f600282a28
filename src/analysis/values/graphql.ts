/** Documents of GraphQL, which are sent by POST whatever they ask for: the text says whether anything is changed. */
import { callerChosen, type Origins } from './origins.ts'
import type { Value } from './value.ts'

/** What the operations of a document do. */
export type Operation = 'query' | 'mutation'

/** Of a text, as far as it is known; nothing where the caller chooses what comes after that. */
export function operationIn(value: Value, from: Origins): Operation | undefined {
  if (value.t === 'const') return typeof value.value === 'string' ? operationOf(value.value) : undefined
  if (value.t !== 'unknown') return undefined
  if (value.operation) return value.operation
  return value.begins === undefined || (from.flags & callerChosen) !== 0 ? undefined : operationOf(value.begins)
}

/** Texts and comments, in which any word may stand. */
const aside = /"""[\s\S]*?(?:"""|$)|"(?:\\.|[^"\\\n])*"|#[^\n]*/g
const isDocument = /^[\s,]*(?:\{|(?:query|mutation|subscription|fragment)\b)/
/** Definitions stand side by side: what stands in brackets belongs to one of them. */
const words = /[{}()]|\b(?:query|mutation|subscription|fragment)\b/g

/** @returns undefined for what is no such document; one operation that changes something is enough */
export function operationOf(text: string): Operation | undefined {
  const document = text.replace(aside, ' ')
  if (!isDocument.test(document)) return undefined
  let depth = 0
  let isFragment = false
  let found: Operation | undefined
  for (const [word] of document.matchAll(words)) {
    if (word === '(' || word === '{') {
      // without a name in front it is a query
      if (word === '{' && depth === 0 && !isFragment) found ??= 'query'
      depth++
    } else if (word === ')' || word === '}') {
      depth--
      if (word === '}' && depth === 0) isFragment = false
    } else if (depth === 0) {
      if (word === 'mutation' || word === 'subscription') return 'mutation'
      isFragment = word === 'fragment'
      if (word === 'query') found = 'query'
    }
  }
  return found
}
