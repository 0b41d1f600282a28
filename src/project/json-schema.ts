import { isList, isObject, type Json, type JsonObject } from './json.ts'

/**
 * Checks a value against the part of JSON Schema that our own schema uses, and says the first thing that is wrong, with the
 * path of the key.
 *
 * Not a library: the one sentence that a user reads is what counts here (general validators speak of schema paths and of
 * each failed alternative), and whatever this package depends on, every project that lints with it installs. What the
 * schema must not use beyond this is refused when the tests run it over the schema itself.
 */
export function firstProblem(value: Json, schema: JsonObject, root: JsonObject, at = ''): string | undefined {
  const ref = schema.$ref
  if (typeof ref === 'string') {
    const target = ref.split('/').slice(1).reduce<Json | undefined>(member, root)
    return isObject(target) ? firstProblem(value, target, root, at) : undefined
  }
  const wrong = (expected: string): string => `${at === '' ? 'the file' : at} must be ${expected}, not ${shown(value)}`
  const title = at !== '' && typeof schema.title === 'string' ? schema.title : undefined

  if (schema.const !== undefined && value !== schema.const) return wrong(title ?? shown(schema.const ?? null))
  if (isList(schema.enum) && !schema.enum.includes(value)) {
    return wrong(title ?? `one of ${schema.enum.map(shown).join(', ')}`)
  }
  if (typeof schema.type === 'string' && typeOf(value) !== schema.type) return wrong(title ?? NAMES[schema.type]!)
  if (typeof value === 'string') {
    if (schema.minLength === 1 && value === '') return wrong(title ?? 'a text that is not empty')
    if (typeof schema.pattern === 'string' && !new RegExp(schema.pattern).test(value))
      return wrong(title ?? 'different')
  }
  if (isList(value)) {
    if (schema.minItems === 1 && value.length === 0) return wrong(title ?? 'a list that is not empty')
    if (isObject(schema.items)) {
      for (const [index, item] of value.entries()) {
        const problem = firstProblem(item, schema.items, root, `${at}[${index}]`)
        if (problem !== undefined) return problem
      }
    }
  }
  const problem = isObject(value) ? ofObject(value, schema, root, at) : undefined
  if (problem !== undefined) return problem
  if (isList(schema.anyOf)) {
    const problems = schema.anyOf.map((one) => (isObject(one) ? firstProblem(value, one, root, at) : undefined))
    if (problems.every((one) => one !== undefined))
      return deepest(problems, at) ?? (title === undefined ? problems[0] : wrong(title))
  }
  return undefined
}

function ofObject(value: JsonObject, schema: JsonObject, root: JsonObject, at: string): string | undefined {
  const properties = isObject(schema.properties) ? schema.properties : {}
  for (const key of isList(schema.required) ? schema.required : []) {
    if (typeof key === 'string' && !Object.hasOwn(value, key)) return `${at === '' ? 'the file' : at} needs “${key}”`
  }
  for (const [key, item] of Object.entries(value)) {
    const path = /^[\w$]+$/.test(key) ? (at === '' ? key : `${at}.${key}`) : `${at}[${JSON.stringify(key)}]`
    const known = Object.hasOwn(properties, key) ? properties[key] : schema.additionalProperties
    if (known === false) return `${path} is not a known key${nearest(key, Object.keys(properties))}`
    const problem = isObject(known) ? firstProblem(item, known, root, path) : undefined
    if (problem !== undefined) return problem
  }
  return undefined
}

/** Of the alternatives that failed, the one that fitted until some way inside. */
function deepest(problems: readonly (string | undefined)[], at: string): string | undefined {
  return problems.find((problem) => problem?.startsWith(`${at}[`) === true || problem?.startsWith(`${at}.`) === true)
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
}

function typeOf(value: Json): string {
  if (value === null) return 'null'
  return isList(value) ? 'array' : typeof value
}

function shown(value: Json): string {
  if (isList(value)) return 'a list'
  if (isObject(value)) return 'an object'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text
}

function member(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) ? value[key] : undefined
}

/** A misspelt key differs in two letters at most. */
function nearest(key: string, known: readonly string[]): string {
  const close = known.find((one) => distance(key.toLowerCase(), one.toLowerCase()) <= 2)
  return close === undefined ? '' : `; did you mean “${close}”?`
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]!
}
