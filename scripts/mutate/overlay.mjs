// Texts that stand for files on disk, for everything in this process that reads them: no file is written.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const instead = new Map()
let changes = 0
const { readFileSync, statSync } = fs

fs.readFileSync = (file, ...rest) => {
  const text = instead.get(file)?.text
  return text === undefined ? readFileSync(file, ...rest) : Buffer.from(text)
}

// What a reader knows of a file holds as long as its times and its size are the same.
fs.statSync = (file, ...rest) => {
  const stat = statSync(file, ...rest)
  const other = instead.get(file)
  return stat && other ? Object.assign(stat, { size: other.text.length, mtimeMs: stat.mtimeMs + other.change }) : stat
}
syncBuiltinESMExports()

/** Runs `visit` as if the file said that. */
export function whileItSays(file, text, visit) {
  instead.set(file, { text, change: ++changes })
  try {
    return visit()
  } finally {
    instead.delete(file)
  }
}
