/** The lowered form of the host's tree. Unsaved text is part of it. */
import type { TSESLint } from '@typescript-eslint/utils'
import type { ModuleForm } from '../model/form.ts'

export function formOf(_sourceCode: Readonly<TSESLint.SourceCode>, _file: string): ModuleForm | undefined {
  return undefined
}
