import * as typescript from '@typescript-eslint/parser'
import { parseSync } from 'oxc-parser'
import { lower } from '../../src/lowering/lower.ts'
import type { ModuleForm } from '../../src/model/form.ts'
import { dump } from '../../src/model/dump.ts'

type Lang = 'ts' | 'tsx' | 'jsx'

/** Lowers as `project/` does for dependencies. Undefined for a syntax error. */
export function viaOxc(text: string, lang: Lang = 'tsx', range = true): ModuleForm | undefined {
  const result = parseSync(`file.${lang}`, text, { lang, astType: 'ts', range, preserveParens: false })
  if (result.errors.length > 0) return undefined
  return lower(result.program, text, `/file.${lang}`, result.comments)
}

/** Lowers as a rule does for the linted file. Undefined for a syntax error. */
export function viaHost(text: string, lang: Lang = 'tsx'): ModuleForm | undefined {
  let ast
  try {
    ast = typescript.parseForESLint(text, {
      range: true,
      comment: true,
      ecmaFeatures: { jsx: lang !== 'ts' },
      filePath: `file.${lang}`,
    }).ast
  } catch (error) {
    if (error instanceof RangeError) throw error
    return undefined
  }
  return lower(ast, text, `/file.${lang}`, ast.comments)
}

/** The dump of a text, which has to be the same through both parsers. */
export function dumped(text: string, lang: Lang = 'tsx'): string {
  const form = viaOxc(text, lang)
  if (!form) throw new Error(`syntax error in ${text}`)
  const host = viaHost(text, lang)
  if (!host || dump(host) !== dump(form)) throw new Error(`the parsers disagree about ${text}`)
  return dump(form)
}

/** The statements of the module body, as dumped. */
export function body(text: string, lang: Lang = 'tsx'): string[] {
  const lines = dumped(text, lang).split('\n')
  const start = lines.findIndex((line) => line.startsWith('fn0 '))
  const end = lines.findIndex((line, i) => i > start && !line.startsWith(' '))
  return lines.slice(start + 1, end < 0 ? undefined : end).map((line) => line.slice(2))
}
