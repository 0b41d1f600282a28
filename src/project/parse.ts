import { isUtf8 } from 'node:buffer'
import { createRequire } from 'node:module'
import path from 'node:path'
import type * as OxcParser from 'oxc-parser'
import type { ModuleForm } from '../model/form.ts'
import { nestedTooDeep } from '../lowering/guard-depth.ts'
import { lower } from '../lowering/lower.ts'
import type { Content } from './disk.ts'

/** Generated files beyond this cost more than they say. */
export const MAX_BYTES = 1_048_576

export const SOURCE_EXTENSIONS: readonly string[] = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs']

export function isDeclaration(file: string): boolean {
  return /\.d\.(?:\w+\.)?[cm]?ts$/.test(file)
}

type Lang = 'ts' | 'tsx' | 'jsx' | 'dts'

/** JSX stands in `.js` files too, and the parser refuses it there unless it is told. */
const LANG: Readonly<Record<string, Lang>> = { '.ts': 'ts', '.mts': 'ts', '.cts': 'ts', '.tsx': 'tsx' }

type Parser = Pick<typeof OxcParser, 'parseSync'>

// Not an `import`: where the native binding of the platform is missing that would throw when the plugin is loaded.
const require = createRequire(import.meta.url)
let parser: Parser | null | undefined

export function loadParser(): Parser | null {
  if (parser === undefined) {
    try {
      parser = require('oxc-parser') as Parser
    } catch {
      parser = null
    }
  }
  return parser
}

/** The form of a file from what was read of it. Never throws: what cannot be read says why in `unreadable`. */
export function parseContent(file: string, content: Content): ModuleForm {
  switch (content.state) {
    case 'absent':
      return unreadable(file, 'the file does not exist')
    case 'directory':
      return unreadable(file, 'is a directory')
    case 'too large':
      return unreadable(file, 'larger than 1 MB')
    case 'unreadable':
      return unreadable(file, 'the file cannot be read')
    case 'read': {
      const text = decode(content.bytes)
      return typeof text === 'string' ? parseText(file, text) : unreadable(file, text.problem)
    }
  }
}

/** The form of a text without a byte-order mark (one is tolerated). Never throws. */
export function parseText(file: string, source: string, oxc: Parser | null = loadParser()): ModuleForm {
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source
  if (oxc === null) return unreadable(file, 'parser not available')
  if (text.length > MAX_BYTES) return unreadable(file, 'larger than 1 MB')
  const extension = path.extname(file).toLowerCase()
  try {
    if (nestedTooDeep(text)) return unreadable(file, 'nested too deep')
    const result = oxc.parseSync(file, text, {
      lang: isDeclaration(file) ? 'dts' : (LANG[extension] ?? 'jsx'),
      // A `.js` file may be a script, a `.cjs` file may `return` at its top.
      sourceType: extension === '.cjs' || extension === '.cts' ? 'commonjs' : 'module',
      astType: 'ts',
      range: true,
      preserveParens: false,
    })
    const error = result.errors.find((e) => e.severity === 'Error')
    if (error !== undefined) return unreadable(file, `syntax error${place(text, error)}: ${error.message}`)
    const comments = result.comments.map((c) => ({ type: c.type, value: c.value, range: [c.start, c.end] as const }))
    return lower(result.program, text, file, comments)
  } catch (error) {
    return unreadable(file, `could not be analysed: ${error instanceof Error ? error.message : String(error)}`)
  }
}

export function unreadable(file: string, reason: string): ModuleForm {
  return {
    file,
    lineStarts: [0],
    imports: [],
    exports: [],
    bindings: [],
    functions: [],
    classes: [],
    markers: [],
    types: {},
    unreadable: reason,
  }
}

/** The text of a file, without its byte-order mark. */
export function decode(bytes: Buffer): string | { readonly problem: string } {
  const [a, b] = bytes
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return { problem: 'is UTF-16, not UTF-8' }
  if (bytes.includes(0)) {
    // A NUL may stand in a string of a source; text in UTF-16 without its mark is half of them.
    const sample = bytes.subarray(0, 8_000)
    const zeros = sample.reduce((count, byte) => (byte === 0 ? count + 1 : count), 0)
    if (!isUtf8(bytes) || zeros * 10 > sample.length) return { problem: 'is a binary file' }
  }
  // Bytes that are no UTF-8 become U+FFFD, as in the hosts: an old encoding in a comment does not hide a module.
  const text = bytes.toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

function place(text: string, error: OxcParser.OxcError): string {
  const start = error.labels[0]?.start
  return start === undefined ? '' : ` in line ${text.slice(0, start).split('\n').length}`
}
