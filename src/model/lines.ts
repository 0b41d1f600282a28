import type { ModuleForm } from './form.ts'

/** The line of an offset, 1-based. */
export function lineAt(form: Pick<ModuleForm, 'lineStarts'>, offset: number): number {
  let low = 0
  let high = form.lineStarts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (form.lineStarts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return low + 1
}
