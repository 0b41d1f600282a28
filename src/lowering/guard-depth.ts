/**
 * Whether a text nests so deep that the fast parser's native code could overflow its stack, which ends the process.
 *
 * One pass over the tokens keeps, for each open bracket, how high the syntax tree of the current statement can be: the
 * operators of its chain, plus the highest bracket that was closed in it. Beyond 500 open brackets, or a height of 2,000
 * over all that is open, the file is refused; the parser dies at 3,000 brackets (in a worker) and 5,000 links of the
 * worst chain. What the scan cannot follow (a syntax error, a string without an end) it judges by sheer number.
 */
import { count, CONTINUES, HEADER, OPERATOR, PREFIX, wordFlags } from './guard-words.ts'

const MAX_NESTING = 500
const MAX_HEIGHT = 2_000

/** Opening characters that a text may have in all when the scan cannot follow it. */
const MAX_UNSCANNED = 1_500

const PAREN = 1
const BRACKET = 2
const BLOCK = 3
const OBJECT = 4
const TEMPLATE = 5
const TAG = 6
const CHILDREN = 7
const TYPE_ARGUMENTS = 8
const HEADER_PAREN = 9

/** What the last token was: an operator or nothing; the end of an operand; `if (…)`; the end of a block. */
const OPEN = 0
const OPERAND = 1
const AFTER_HEADER = 2
const AFTER_BLOCK = 3

const FINE = 0
const TOO_DEEP = 1
const LOST = 2

/** `jsx`: whether the file is parsed as JSX; when it is not given, the text decides. */
export function nestedTooDeep(text: string, jsx?: boolean): boolean {
  let result = new Scan(text, jsx ?? true).run()
  if (result === LOST && jsx === undefined) result = new Scan(text, false).run()
  return result === LOST ? count(text) > MAX_UNSCANNED : result === TOO_DEEP
}

// What is known of each open bracket, by level. One scan runs at a time, so they are allocated once.
const kinds = new Uint8Array(MAX_NESTING + 2)
/** Height below each level: operators of the statements around. */
const below = new Int32Array(MAX_NESTING + 2)
/** Links of the current chain. */
const links = new Int32Array(MAX_NESTING + 2)
/** Highest closed bracket in the current chain. */
const closed = new Int32Array(MAX_NESTING + 2)
/** Highest chain so far. */
const highest = new Int32Array(MAX_NESTING + 2)
/** Type arguments, or comparisons, that are open in the current statement. */
const angles = new Int32Array(MAX_NESTING + 2)
/** Inside types `|` and `&` make flat lists. Bit 1: of the bracket, bit 2: of the statement. */
const types = new Uint8Array(MAX_NESTING + 2)

class Scan {
  private readonly text: string
  private readonly jsx: boolean
  private at = 0
  private result = FINE

  private level = 0
  /** Open angles on all levels. */
  private openAngles = 0
  private last = OPEN
  private newline = false
  private semicolon = true
  private afterDot = false
  /** The last token was a word like `keyof`: the next word belongs to it. */
  private prefix = false
  private header = false
  /** The last token starts a block when `{` follows it: `=>`, `else`, `;`. */
  private blockNext = true
  private afterEquals = false

  constructor(text: string, jsx: boolean) {
    this.text = text
    this.jsx = jsx
    this.reset(0, 0)
    kinds[0] = BLOCK
    types[0] = 0
  }

  run(): number {
    const { text } = this
    if (text.startsWith('#!')) this.skipLine()
    while (this.at < text.length && this.result === FINE) {
      const kind = kinds[this.level]!
      if (kind === TAG) this.tag()
      else if (kind === CHILDREN) this.children()
      else this.token(text.charCodeAt(this.at))
    }
    if (this.result === FINE && this.level > 0) return LOST
    return this.result
  }

  // --- heights ---

  private link(n = 1): void {
    const { level } = this
    links[level]! += n
    if (below[level]! + links[level]! + closed[level]! + angles[level]! > MAX_HEIGHT) {
      this.result = TOO_DEEP
    }
  }

  /** The chain ends: at a comma, a semicolon, a new statement. */
  private cut(): void {
    const { level } = this
    const height = links[level]! + closed[level]! + angles[level]!
    if (height > highest[level]!) highest[level] = height
    links[level] = 0
    closed[level] = 0
    types[level]! &= 1
    this.openAngles -= angles[level]!
    angles[level] = 0
  }

  private push(kind: number): void {
    const { level } = this
    if (level + 1 + this.openAngles > MAX_NESTING) {
      this.result = TOO_DEEP
      return
    }
    const height = below[level]! + links[level]! + angles[level]! + 1
    if (height > MAX_HEIGHT) this.result = TOO_DEEP
    const next = level + 1
    this.level = next
    kinds[next] = kind
    this.reset(next, height)
    types[next] = types[level] === 0 ? 0 : 1
    this.last = OPEN
    this.semicolon = true
    this.blockNext = kind === BLOCK
  }

  private reset(level: number, height: number): void {
    below[level] = height
    links[level] = 0
    closed[level] = 0
    highest[level] = 0
    angles[level] = 0
  }

  private pop(): void {
    this.cut()
    const height = highest[this.level]! + 1
    this.level--
    if (height > closed[this.level]!) closed[this.level] = height
    this.last = OPERAND
    this.semicolon = false
    this.newline = false
    this.link(0)
  }

  // --- tokens ---

  private token(code: number): void {
    switch (code) {
      case 32:
      case 9:
        this.at++
        return
      case 10:
      case 13:
      case 0x2028:
      case 0x2029:
        this.newline = true
        this.at++
        return
      case 47: // /
        this.slash()
        return
      case 34: // "
      case 39: // '
        this.startOperand(0)
        this.string(code)
        this.endOperand()
        return
      case 96: // `
        // A tag's template is a link of its chain.
        if (this.last === OPERAND && !this.newline) this.link()
        else this.startOperand(0)
        this.at++
        this.template()
        return
      default:
        if (isWord(code)) this.word(code)
        else this.punctuator(code)
    }
  }

  /** A word, string or number follows: after an operand on another line, that is a new statement. */
  private startOperand(flags: number): void {
    if ((flags & CONTINUES) === 0) {
      const ends = this.last === AFTER_BLOCK || (this.last === OPERAND && this.newline && !this.prefix)
      if (this.semicolon || ends) this.cut()
    }
    this.semicolon = false
  }

  private endOperand(): void {
    this.last = OPERAND
    this.newline = false
    this.afterDot = false
    this.header = false
    this.blockNext = false
    this.prefix = false
    this.afterEquals = false
  }

  private word(code: number): void {
    const { text } = this
    const start = this.at
    let end = start + 1
    while (end < text.length && isWord(text.charCodeAt(end))) end++
    this.at = end
    const flags = this.afterDot || end - start > 10 ? 0 : wordFlags(text.slice(start, end))
    if (this.afterDot) this.semicolon = false
    else this.startOperand(flags)
    if (code >= 48 && code <= 57 && text.charCodeAt(end) === 46) this.at++ // 1.5
    const awaited = this.header && flags !== 0
    this.endOperand()
    if (flags === 0) return
    const word = text.slice(start, end)
    if (word === 'case') this.cut()
    if (word === 'type' || word === 'interface') {
      if (declaresType(text, end, word)) types[this.level]! |= 2
      return
    }
    // `else if` is one link.
    if (word !== 'if' || text.slice(start - 5, start - 1) !== 'else') this.link()
    this.prefix = (flags & PREFIX) !== 0
    this.header = (flags & HEADER) !== 0 || (awaited && word === 'await')
    if ((flags & OPERATOR) !== 0) {
      this.last = OPEN
      this.blockNext = word === 'else' || word === 'do' || word === 'try' || word === 'finally'
    }
  }

  private punctuator(code: number): void {
    const { text, last, header } = this
    const next = text.charCodeAt(this.at + 1)
    this.header = false
    switch (code) {
      case 40: // (
        if (last === OPERAND && !header) this.link()
        this.at++
        this.push(header ? HEADER_PAREN : PAREN)
        break
      case 91: // [
        if (last === OPERAND) this.link()
        this.at++
        this.push(BRACKET)
        break
      case 123: // {
        this.at++
        this.push(this.blockNext || last !== OPEN ? BLOCK : OBJECT)
        break
      case 41: // )
      case 93: // ]
      case 125: // }
        this.at++
        this.close(code)
        break
      case 59: // ;
        this.at++
        // An `else` may still follow.
        this.operator(0)
        this.semicolon = true
        this.blockNext = true
        break
      case 44: // ,
        this.at++
        if (angles[this.level] === 0) this.cut()
        this.operator(0)
        break
      case 60: // <
        this.less()
        break
      case 62: // >
        this.at++
        this.greater()
        break
      case 46: // .
        if (next >= 48 && next <= 57) {
          this.at++
          this.word(48)
        } else if (next === 46) {
          this.at += 3
          this.operator(0)
        } else {
          this.at++
          this.operator(1)
          this.afterDot = true
        }
        break
      case 33: // !
        this.at++
        if (next === 61) {
          this.at += text.charCodeAt(this.at + 1) === 61 ? 2 : 1
          this.operator(1)
        } else if (last === OPERAND && !this.newline) this.link()
        else this.operator(1)
        break
      case 61: // =
        this.equals(next)
        break
      case 63: // ?
        this.at += next === 63 || (next === 46 && !isDigit(text.charCodeAt(this.at + 2))) ? 2 : 1
        this.operator(1)
        this.afterDot = next === 46
        break
      case 43: // +
      case 45: // -
        this.at += next === code ? 2 : 1
        this.link()
        // `x++` is still an operand.
        if (next !== code) this.operator(0)
        break
      case 124: // |
      case 38: // &
        this.at += next === code ? 2 : 1
        this.operator(types[this.level] === 0 || next === code ? 1 : 0)
        break
      case 42: // *
        this.at += next === code ? 2 : 1
        this.operator(1)
        break
      case 64: // @
        this.at++
        this.startOperand(0)
        this.operator(1)
        break
      default:
        this.at++
        // Other white space is no token.
        if (code > 127 || code <= 32) this.header = header
        else this.operator(1)
    }
  }

  private operator(links: number): void {
    if (links > 0) this.link(links)
    this.last = OPEN
    this.semicolon = false
    this.newline = false
    this.afterDot = false
    this.blockNext = false
    this.afterEquals = false
  }

  private equals(next: number): void {
    if (next === 62) {
      this.at += 2
      this.operator(1)
      this.blockNext = true
    } else if (next === 61) {
      this.at += this.text.charCodeAt(this.at + 2) === 61 ? 3 : 2
      this.operator(1)
    } else {
      this.at++
      this.operator(1)
    }
  }

  private close(code: number): void {
    const kind = kinds[this.level]!
    const matches =
      code === 41
        ? kind === PAREN || kind === HEADER_PAREN
        : code === 93
          ? kind === BRACKET
          : kind === BLOCK || kind === OBJECT || kind === TEMPLATE
    if (!matches) {
      this.result = LOST
      return
    }
    this.pop()
    if (kind === HEADER_PAREN) this.last = AFTER_HEADER
    else if (kind === BLOCK) this.last = AFTER_BLOCK
    else if (kind === TEMPLATE) {
      this.template()
      return
    }
    this.blockNext = kind === BLOCK || kind === HEADER_PAREN || kind === PAREN
  }

  private slash(): void {
    const { text } = this
    const next = text.charCodeAt(this.at + 1)
    if (next === 47) this.skipLine()
    else if (next === 42) {
      const end = text.indexOf('*/', this.at + 2)
      if (end < 0) this.result = LOST
      else {
        if (text.slice(this.at, end).includes('\n')) this.newline = true
        this.at = end + 2
      }
    } else if (this.last === OPERAND || !this.regex()) {
      this.at++
      this.operator(1)
    }
  }

  /** Skips a regular expression; false when the slash starts none. */
  private regex(): boolean {
    const { text } = this
    let inClass = false
    for (let at = this.at + 1; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === 92) at++
      else if (code === 10 || code === 13) return false
      else if (code === 91) inClass = true
      else if (code === 93) inClass = false
      else if (code === 47 && !inClass) {
        this.at = at + 1
        while (isWord(text.charCodeAt(this.at))) this.at++
        this.startOperand(0)
        this.endOperand()
        return true
      }
    }
    return false
  }

  private string(quote: number): void {
    const { text } = this
    for (let at = this.at + 1; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === quote) {
        this.at = at + 1
        return
      }
      if (code === 92) {
        if (text.charCodeAt(at + 1) === 13 && text.charCodeAt(at + 2) === 10) at++
        at++
      } else if (code === 10 || code === 13) break
    }
    this.result = LOST
  }

  /** From inside a template to its end, or to its next expression. */
  private template(): void {
    const { text } = this
    for (let { at } = this; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === 92) at++
      else if (code === 96) {
        this.at = at + 1
        this.endOperand()
        return
      } else if (code === 36 && text.charCodeAt(at + 1) === 123) {
        this.at = at + 2
        this.push(TEMPLATE)
        return
      }
    }
    this.result = LOST
  }

  private skipLine(): void {
    const { text } = this
    while (this.at < text.length && !isLineEnd(text.charCodeAt(this.at))) this.at++
  }

  // --- angle brackets ---

  private less(): void {
    const { text } = this
    if (this.jsx && types[this.level] === 0 && this.last !== OPERAND && this.last !== AFTER_BLOCK) {
      if (startsJsx(text, this.at)) {
        this.startOperand(0)
        this.at++
        this.push(TAG)
        return
      }
    }
    this.at++
    angles[this.level]!++
    this.openAngles++
    if (this.level + this.openAngles > MAX_NESTING) this.result = TOO_DEEP
    this.operator(1)
  }

  private greater(): void {
    const { level } = this
    if (angles[level]! > 0) {
      if (angles[level]! > closed[level]!) closed[level] = angles[level]!
      angles[level]!--
      this.openAngles--
      this.operator(1)
      // The end of type arguments, or of a cast.
      return
    }
    if (kinds[level] === TYPE_ARGUMENTS) {
      this.pop()
      return
    }
    this.operator(1)
  }

  /** Inside `<name …>`, after the `<`. */
  private tag(): void {
    const { text } = this
    const code = text.charCodeAt(this.at)
    const next = text.charCodeAt(this.at + 1)
    this.at++
    if (code === 62) {
      kinds[this.level] = CHILDREN
    } else if (code === 47 && next === 62) {
      this.at++
      this.pop()
      this.endOperand()
    } else if (code === 47 && (next === 47 || next === 42)) {
      this.at--
      this.slash()
    } else if (code === 34 || code === 39) {
      const end = text.indexOf(code === 34 ? '"' : "'", this.at)
      if (end < 0) this.result = LOST
      else this.at = end + 1
    } else if (code === 123) this.push(OBJECT)
    else if (code === 60) this.push(this.afterEquals ? TAG : TYPE_ARGUMENTS)
    if (code > 32) this.afterEquals = code === 61
  }

  private children(): void {
    const { text } = this
    let { at } = this
    let code = 0
    while (at < text.length && (code = text.charCodeAt(at)) !== 60 && code !== 123) at++
    this.at = at + 1
    if (at >= text.length) this.result = LOST
    else if (code === 123) this.push(OBJECT)
    else {
      while (text.charCodeAt(this.at) <= 32) this.at++
      if (text.charCodeAt(this.at) !== 47) this.push(TAG)
      else {
        const end = text.indexOf('>', this.at)
        if (end < 0) this.result = LOST
        else {
          this.at = end + 1
          this.pop()
          this.endOperand()
        }
      }
    }
  }
}

function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36 ||
    code === 35 ||
    code === 92 ||
    (code > 160 && code !== 0x2028 && code !== 0x2029 && code !== 0xfeff)
  )
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13 || code === 0x2028 || code === 0x2029
}

const TAG_START = /<\s*(?:>|(?:(const)\s+)?([A-Za-z_$][\w$.:-]*)\s*(,|=|extends\s+(?![=>/])|>\s*\()?)/y

/** Whether `<` at an operand's place starts JSX, and not the type parameters of an arrow function. */
function startsJsx(text: string, at: number): boolean {
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
function declaresType(text: string, at: number, word: string): boolean {
  const pattern = word === 'type' ? TYPE_ALIAS : INTERFACE
  pattern.lastIndex = at
  return pattern.test(text)
}
