export function nestedTooDeep(_text: string): boolean {
  return false
}
