import type { ParseResult } from 'oxc-parser'
import { nestedTooDeep } from '../lowering/guard-depth.ts'
import { loadParser } from './parse.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = Readonly<Record<string, Json>>

/**
 * JSON as tsconfig writes it: comments and trailing commas. Such a text is a JavaScript expression, so the parser that is
 * already here reads it, and no other is needed. Undefined when it is no JSON.
 */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return parseRelaxed(text)
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

export function strings(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value]
  return isList(value) ? value.filter((item) => typeof item === 'string') : []
}

function parseRelaxed(text: string): Json | undefined {
  const result = readAsExpression(text)
  if (result === undefined || result.errors.length > 0) return undefined
  const [statement] = result.program.body
  return statement?.type === 'ExpressionStatement' ? literalOf(statement.expression) : undefined
}

/** Where a text stops to be JSON, in words. (What `JSON.parse` says differs between engines, and often has no place.) */
export function jsonProblem(text: string): string {
  if (text.trim() === '') return ': it is empty'
  const result = readAsExpression(text)
  if (result?.errors.length === 0) return ': comments and trailing commas are not allowed in it'
  const start = result?.errors[0]?.labels[0]?.start
  if (start === undefined) return ''
  // One character stands before the text, and its end is behind its last line.
  return ` in line ${
    text
      .trimEnd()
      .slice(0, Math.max(0, start - 1))
      .split('\n').length
  }`
}

function readAsExpression(text: string): ParseResult | undefined {
  try {
    if (nestedTooDeep(text)) return undefined
    return loadParser()?.parseSync('config.js', `(${text}\n)`, { lang: 'js', preserveParens: false })
  } catch {
    return undefined
  }
}

/** The value of a literal expression (or of literal paths put together); undefined for anything that would have to run. */
export function literalOf(node: unknown): Json | undefined {
  if (!isNode(node)) return undefined
  switch (node.type) {
    case 'Literal': {
      const { value } = node
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null
        ? value
        : undefined
    }
    case 'TemplateLiteral': {
      const quasis = node.quasis as { value: { cooked: string | null } }[]
      return quasis.length === 1 ? (quasis[0]!.value.cooked ?? undefined) : undefined
    }
    case 'UnaryExpression': {
      const value = literalOf(node.argument)
      return node.operator === '-' && typeof value === 'number' ? -value : undefined
    }
    case 'ArrayExpression':
      return (node.elements as unknown[]).map(literalOf).filter((value) => value !== undefined)
    case 'ObjectExpression': {
      const entries: [string, Json][] = []
      for (const property of node.properties as unknown[]) {
        if (!isNode(property) || property.type !== 'Property' || property.computed === true) continue
        const key = property.key as { name?: string; value?: unknown }
        const value = literalOf(property.value)
        if (value !== undefined) entries.push([key.name ?? String(key.value), value])
      }
      return Object.fromEntries(entries)
    }
    case 'CallExpression': {
      // `path.join(import.meta.dirname, 'prisma', 'schema')`
      const callee = node.callee as { name?: string; property?: { name?: string } }
      if (!/^(?:join|resolve)$/.test(callee.property?.name ?? callee.name ?? '')) return undefined
      const parts = (node.arguments as unknown[]).map(literalOf).filter((part) => typeof part === 'string')
      return parts.length > 0 ? parts.join('/') : undefined
    }
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return literalOf(node.expression)
    default:
      return undefined
  }
}

function isNode(value: unknown): value is Readonly<Record<string, unknown>> & { readonly type: string } {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
