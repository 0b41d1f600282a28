/**
 * Whether a text nests so deep that the fast parser's native code could overflow its stack, which ends the process.
 *
 * One pass over the tokens keeps, for each open bracket, how high the syntax tree of the current statement can be: the
 * operators of its chain, plus the highest bracket that was closed in it. Beyond 500 open brackets, or a height of 2,000
 * over all that is open, the file is refused; the parser dies at 3,000 brackets (in a worker) and 5,000 links of the
 * worst chain. What the scan cannot follow (a syntax error, a string without an end) it judges by sheer number.
 */
import { isDigit, isLineEnd, isWord } from './characters.ts'
import { Heights } from './guard-heights.ts'
import { CONTINUES, count, declaresType, HEADER, OPERATOR, PREFIX, startsJsx, wordFlags } from './guard-words.ts'

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

/** `jsx`: whether the file is parsed as JSX; when it is not given, the text decides. */
export function nestedTooDeep(text: string, jsx?: boolean): boolean {
  // Elements have to be closed: without that, `<` starts casts.
  let result = new Scan(text, jsx ?? /<\s*\/|\/\s*>/.test(text)).run()
  if (result === undefined && jsx === undefined) result = new Scan(text, false).run()
  return result ?? count(text) > MAX_UNSCANNED
}

class Scan {
  private readonly text: string
  private readonly jsx: boolean
  private at = 0
  /** The scan could not follow the text. */
  private lost = false
  private readonly heights = new Heights(BLOCK)
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
  }

  /** Whether the text nests too deep; undefined when the scan could not follow it. */
  run(): boolean | undefined {
    const { text } = this
    if (text.startsWith('#!')) this.skipLine()
    const { heights } = this
    while (this.at < text.length && !this.lost && !heights.tooDeep) {
      const kind = heights.kind()
      if (kind === TAG) this.tag()
      else if (kind === CHILDREN) this.children()
      else this.token(text.charCodeAt(this.at))
    }
    if (heights.tooDeep) return true
    return this.lost || heights.level > 0 ? undefined : false
  }

  private push(kind: number): void {
    this.heights.push(kind)
    this.last = OPEN
    this.semicolon = true
    this.blockNext = kind === BLOCK
  }

  private pop(): void {
    this.heights.pop()
    this.last = OPERAND
    this.semicolon = false
    this.newline = false
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
        if (this.last === OPERAND && !this.newline) this.heights.link(1)
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
      if (this.semicolon || ends) this.heights.cut()
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
    if (word === 'case') this.heights.cut()
    else if (word === 'extends') this.heights.extends()
    if (word === 'type' || word === 'interface') {
      if (declaresType(text, end, word)) this.heights.startTypes()
      return
    }
    // `else if` is one link.
    if (word !== 'if' || text.slice(start - 5, start - 1) !== 'else') this.heights.link(1)
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
        if (last === OPERAND && !header) this.heights.link(1)
        this.at++
        this.push(header ? HEADER_PAREN : PAREN)
        break
      case 91: // [
        if (last === OPERAND) this.heights.link(1)
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
        this.heights.comma()
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
        } else if (last === OPERAND && !this.newline) this.heights.link(1)
        else this.operator(1)
        break
      case 61: // =
        this.equals(next)
        break
      case 63: // ?
        this.heights.comparison(next !== 63)
        this.at += next === 63 || (next === 46 && !isDigit(text.charCodeAt(this.at + 2))) ? 2 : 1
        this.operator(1)
        this.afterDot = next === 46
        break
      case 43: // +
      case 45: // -
        this.at += next === code ? 2 : 1
        this.heights.link(1)
        // `x++` is still an operand.
        if (next !== code) this.operator(0)
        break
      case 124: // |
      case 38: // &
        this.at += next === code ? 2 : 1
        if (next === code) this.heights.comparison(false)
        this.operator(this.heights.inTypes() && next !== code ? 0 : 1)
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
    if (links > 0) this.heights.link(links)
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
    const kind = this.heights.kind()
    const matches =
      this.heights.level > 0 &&
      (code === 41
        ? kind === PAREN || kind === HEADER_PAREN
        : code === 93
          ? kind === BRACKET
          : kind === BLOCK || kind === OBJECT || kind === TEMPLATE)
    if (!matches) {
      this.lost = true
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
      if (end < 0) this.lost = true
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
    this.lost = true
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
    this.lost = true
  }

  private skipLine(): void {
    const { text } = this
    while (this.at < text.length && !isLineEnd(text.charCodeAt(this.at))) this.at++
  }

  // --- angle brackets ---

  private less(): void {
    const { text } = this
    if (this.jsx && !this.heights.inTypes() && this.last !== OPERAND && this.last !== AFTER_BLOCK) {
      if (startsJsx(text, this.at)) {
        this.startOperand(0)
        this.at++
        this.push(TAG)
        return
      }
    }
    this.at++
    this.heights.openAngle()
    this.operator(1)
  }

  private greater(): void {
    // The end of type arguments or of a cast; of a tag's type arguments; or a comparison.
    const closed = this.heights.closeAngle()
    if (!closed && this.heights.kind() === TYPE_ARGUMENTS) {
      this.pop()
      return
    }
    this.operator(1)
    // The next member of an interface may follow without a semicolon.
    if (closed && this.heights.inTypes()) this.last = OPERAND
  }

  /** Inside `<name …>`, after the `<`. */
  private tag(): void {
    const { text } = this
    const code = text.charCodeAt(this.at)
    const next = text.charCodeAt(this.at + 1)
    this.at++
    if (code === 62) {
      this.heights.setKind(CHILDREN)
    } else if (code === 47 && next === 62) {
      this.at++
      this.pop()
      this.endOperand()
    } else if (code === 47 && (next === 47 || next === 42)) {
      this.at--
      this.slash()
    } else if (code === 34 || code === 39) {
      const end = text.indexOf(code === 34 ? '"' : "'", this.at)
      if (end < 0) this.lost = true
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
    if (at >= text.length) this.lost = true
    else if (code === 123) this.push(OBJECT)
    else {
      while (text.charCodeAt(this.at) <= 32) this.at++
      if (text.charCodeAt(this.at) !== 47) this.push(TAG)
      else {
        const end = text.indexOf('>', this.at)
        if (end < 0) this.lost = true
        else {
          this.at = end + 1
          this.pop()
          this.endOperand()
        }
      }
    }
  }
}
