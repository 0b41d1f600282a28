/** Classes of characters, by UTF-16 code. */

/** Part of a word; numbers, escapes and private names are words here. */
export function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    isDigit(code) ||
    code === 95 ||
    code === 36 ||
    code === 35 ||
    code === 92 ||
    (code > 160 && code !== 0x2028 && code !== 0x2029 && code !== 0xfeff)
  )
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

export function isLineEnd(code: number): boolean {
  return code === 10 || code === 13 || code === 0x2028 || code === 0x2029
}
