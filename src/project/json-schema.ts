import { nearestTo } from '../spelling.ts'
import { isList, isObject, type Json, type JsonObject } from './json.ts'

/**
 * Checks a value against the part of JSON Schema that our own schema uses, and says everything that is wrong, each with the
 * path of the key. What is wrong as a whole is not looked into.
 *
 * Not a library: the sentences that a user reads are what counts here (general validators speak of schema paths and of
 * each failed alternative), and whatever this package depends on, every project that lints with it installs. What the
 * schema must not use beyond this is refused when the tests run it over the schema itself.
 */
export function problemsIn(value: Json, schema: JsonObject, root: JsonObject, at = ''): string[] {
  const ref = schema.$ref
  if (typeof ref === 'string') {
    const target = ref.split('/').slice(1).reduce<Json | undefined>(member, root)
    return isObject(target) ? problemsIn(value, target, root, at) : []
  }
  const wrong = (expected: string): string[] => [
    `${at === '' ? 'the file' : at} must be ${expected}, not ${shown(value)}${meant(value, schema)}`,
  ]
  const title = at !== '' && typeof schema.title === 'string' ? schema.title : undefined

  if (schema.const !== undefined && value !== schema.const) return wrong(title ?? shown(schema.const ?? null))
  if (isList(schema.enum) && !schema.enum.includes(value))
    return wrong(title ?? `one of ${schema.enum.map(shown).join(', ')}`)
  if (typeof schema.type === 'string' && typeOf(value) !== schema.type) return wrong(title ?? NAMES[schema.type]!)
  if (typeof value === 'string') {
    if (schema.minLength === 1 && value === '') return wrong(title ?? 'a text that is not empty')
    if (typeof schema.pattern === 'string' && !new RegExp(schema.pattern).test(value))
      return wrong(title ?? 'different')
  }
  if (schema.minItems === 1 && isList(value) && value.length === 0)
    return [`${at} must be ${title ?? 'a list that is not empty'}`]

  const inside = isList(value)
    ? ofItems(value, schema, root, at)
    : isObject(value)
      ? ofObject(value, schema, root, at)
      : []
  if (inside.length > 0 || !isList(schema.anyOf)) return inside
  const failed = schema.anyOf.map((one) => (isObject(one) ? problemsIn(value, one, root, at) : []))
  if (failed.some((problems) => problems.length === 0)) return []
  return deepest(failed, at) ?? (title === undefined ? failed[0]! : wrong(title))
}

function ofItems(value: readonly Json[], { items }: JsonObject, root: JsonObject, at: string): string[] {
  return isObject(items) ? value.flatMap((item, index) => problemsIn(item, items, root, `${at}[${index}]`)) : []
}

function ofObject(value: JsonObject, schema: JsonObject, root: JsonObject, at: string): string[] {
  const properties = isObject(schema.properties) ? schema.properties : {}
  const misspelt = new Set<string>()
  const problems = Object.entries(value).flatMap(([key, item]) => {
    const path = /^[\w$]+$/.test(key) ? (at === '' ? key : `${at}.${key}`) : `${at}[${JSON.stringify(key)}]`
    const known = Object.hasOwn(properties, key) ? properties[key] : schema.additionalProperties
    if (known !== false) return isObject(known) ? problemsIn(item, known, root, path) : []
    const nearest = nearestTo(key, Object.keys(properties))
    if (nearest !== undefined) misspelt.add(nearest)
    return [`${path} is not a known key${didYouMean(nearest)}`]
  })
  const missing = (isList(schema.required) ? schema.required : [])
    .filter((key) => typeof key === 'string')
    .filter((key) => !Object.hasOwn(value, key) && !misspelt.has(key))
  return [...missing.map((key) => `${at === '' ? 'the file' : at} needs “${key}”`), ...problems]
}

/** Of the alternatives that failed, the one that fitted until some way inside. */
function deepest(failed: readonly string[][], at: string): string[] | undefined {
  return failed.find(([problem]) => problem?.startsWith(`${at}[`) === true || problem?.startsWith(`${at}.`) === true)
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

/** One of the values that are possible here, also within an alternative. */
function meant(value: Json, schema: JsonObject): string {
  if (typeof value !== 'string') return ''
  const listed = [schema, ...(isList(schema.anyOf) ? schema.anyOf : [])].flatMap((one) =>
    isObject(one) && isList(one.enum) ? one.enum : [],
  )
  return didYouMean(
    nearestTo(
      value,
      listed.filter((one) => typeof one === 'string'),
    ),
  )
}

const didYouMean = (nearest: string | undefined): string =>
  nearest === undefined ? '' : `; did you mean “${nearest}”?`
