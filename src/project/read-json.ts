import type { Disk } from './disk.ts'
import { isObject, parseJson, type JsonObject } from './json.ts'
import { decode } from './parse.ts'

const MAX_JSON_BYTES = 4_000_000

/** A JSON file's object, comments tolerated; undefined when there is none. */
export function readJson(disk: Disk, file: string): JsonObject | undefined {
  return disk.parsed('json', file, MAX_JSON_BYTES, (content) => {
    const text = content.state === 'read' ? decode(content.bytes) : undefined
    const value = typeof text === 'string' ? parseJson(text) : undefined
    return isObject(value) ? value : undefined
  })
}

export function readText(disk: Disk, file: string, maxBytes: number = MAX_JSON_BYTES): string | undefined {
  return disk.parsed('text', file, maxBytes, (content) => {
    const text = content.state === 'read' ? decode(content.bytes) : undefined
    return typeof text === 'string' ? text : undefined
  })
}
