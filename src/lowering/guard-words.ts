/** What the scan of nesting has to know of words, and of what follows them. */

/** What follows belongs to it: an operand, a regular expression. */
export const OPERATOR = 1
/** The same, when a word follows; it may be a name as well. */
export const PREFIX = 16
/** It carries on the statement before it, also on a new line. */
export const CONTINUES = 2
/** A parenthesis after it is not a call. */
export const HEADER = 4
/** It is a link of a chain; most are, so that each known word has at least this. */
const LINK = 8

const WORDS: ReadonlyMap<string, number> = new Map([
  ...flagged(
    OPERATOR | LINK,
    'return typeof case do new void delete throw yield await default try const class function',
  ),
  ...flagged(OPERATOR | CONTINUES | LINK, 'in instanceof extends else finally'),
  ...flagged(OPERATOR | HEADER | LINK, 'if for while with switch'),
  ...flagged(PREFIX | LINK, 'keyof infer readonly unique asserts abstract static accessor get set out async declare'),
  ...flagged(PREFIX | CONTINUES | LINK, 'as satisfies is of implements from'),
  ...flagged(CONTINUES | LINK, 'catch'),
  ...flagged(LINK, 'type interface'),
])

function flagged(flags: number, words: string): [string, number][] {
  return words.split(' ').map((word) => [word, flags])
}

/** 0 for any other word. */
export function wordFlags(word: string): number {
  return WORDS.get(word) ?? 0
}

/** How many characters of a text could open something or continue a chain. */
export function count(text: string): number {
  let found = 0
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 33: // !
      case 40: // (
      case 58: // :
      case 60: // <
      case 61: // =
      case 63: // ?
      case 91: // [
      case 96: // `
      case 123: // {
        found++
        break
      default:
        break
    }
  }
  return found
}

const TAG_START = /<\s*(?:>|(?:(const)\s+)?([A-Za-z_$][\w$.:-]*)\s*(,|=|extends\s+(?![=>/])|>\s*\()?)/y

/** Whether `<` at an operand's place starts JSX, and not the type parameters of an arrow function. */
export function startsJsx(text: string, at: number): boolean {
  TAG_START.lastIndex = at
  const match = TAG_START.exec(text)
  if (!match) return false
  const [, constant, name, after] = match
  if (name === undefined) return true
  if (constant !== undefined) return false
  if (after === undefined) return true
  // `<T>(x: T) => x` in a type, or `<b>(text)</b>`.
  return after.startsWith('>') && text.includes(`</${name}`, at)
}

const TYPE_ALIAS = /[ \t]+[\w$]+\s*(?:=(?![=>])|<)/y
const INTERFACE = /[ \t]+[\w$]+\s*(?:\{|<|extends\b)/y

/** Whether a type declaration follows the word. */
export function declaresType(text: string, at: number, word: string): boolean {
  const pattern = word === 'type' ? TYPE_ALIAS : INTERFACE
  pattern.lastIndex = at
  return pattern.test(text)
}
