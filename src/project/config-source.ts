import path from 'node:path'
import { nestedTooDeep } from '../lowering/guard-depth.ts'
import type { Disk } from './disk.ts'
import { literalOf, type Json } from './json.ts'
import { decode, loadParser, MAX_BYTES } from './parse.ts'

type Node = Readonly<Record<string, unknown>> & { readonly type: string }

/** A call in a configuration file, or its default export (`default`): which function, from which module, and the literal part of its first argument. */
export interface ConfigCall {
  readonly callee: string
  /** The module that the function is imported from, when it is. */
  readonly from: string | undefined
  readonly argument: Json | undefined
}

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs', '.cts', '.cjs']

/** The first of `name.ts`, `name.mts`, … in a folder. */
export function configFile(disk: Disk, folder: string, name: string): string | undefined {
  return EXTENSIONS.map((extension) => path.join(folder, name + extension)).find((file) => disk.isFile(file))
}

/**
 * What can be read of a configuration file without running it, which is never done with a project's files: the calls in it
 * whose argument is an object, as far as that is written literally.
 */
export function configCalls(disk: Disk, file: string): readonly ConfigCall[] {
  return disk.parsed('config calls', file, MAX_BYTES, (content): readonly ConfigCall[] => {
    const text = content.state === 'read' ? decode(content.bytes) : undefined
    return typeof text === 'string' ? callsIn(file, text) : []
  })
}

function callsIn(file: string, text: string): readonly ConfigCall[] {
  try {
    if (nestedTooDeep(text)) return []
    const program = loadParser()?.parseSync(file, text, { preserveParens: false }).program
    if (program === undefined) return []
    const imported = new Map<string, string>()
    const calls: ConfigCall[] = []
    visit(program, (node) => {
      if (node.type === 'ImportDeclaration') {
        const source = (node.source as { value: string }).value
        for (const specifier of node.specifiers as { local: { name: string } }[])
          imported.set(specifier.local.name, source)
      } else if (node.type === 'ExportDefaultDeclaration') {
        calls.push({ callee: 'default', from: undefined, argument: literalOf(node.declaration) })
      } else if (node.type === 'CallExpression') {
        const callee = node.callee as { type: string; name?: string }
        if (callee.type !== 'Identifier' || callee.name === undefined) return
        const [argument] = node.arguments as unknown[]
        calls.push({ callee: callee.name, from: imported.get(callee.name), argument: literalOf(argument) })
      }
    })
    return calls
  } catch {
    return []
  }
}

function visit(value: unknown, each: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, each)
  } else if (typeof value === 'object' && value !== null) {
    if ('type' in value && typeof value.type === 'string') each(value as Node)
    for (const child of Object.values(value)) visit(child, each)
  }
}
