/** `Cache-Control: public, max-age=300` of an answer that is for one caller: `private, no-store`. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Range } from '../model/form.ts'
import type { Suggestion } from './edit.ts'
import { childrenOf, pathTo, quote, type Source } from './source.ts'

export function makePrivate(source: Source, near: Range, value: string): Suggestion | undefined {
  const path = pathTo(source, near)
  const node = path.at(-1)
  // of the key of a property, the property
  const around = node?.type === 'Identifier' ? path.at(-2) : node
  const found = around && literalsIn(source, around).filter((literal) => literal.value === value)
  const [literal] = found ?? []
  if (!literal || found!.length !== 1) return undefined
  const mark = quote(source)
  return { id: 'makePrivate', data: {}, edits: [{ range: literal.range, text: `${mark}private, no-store${mark}` }] }
}

function literalsIn(source: Source, node: TSESTree.Node): TSESTree.Literal[] {
  return node.type === 'Literal' ? [node] : childrenOf(source, node).flatMap((child) => literalsIn(source, child))
}
