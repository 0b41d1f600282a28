/**
 * A lowered module as text, for tests and bug reports: JavaScript-like, one statement a line, casts and parentheses gone.
 *
 * `^fetch` is a name that the module does not declare, `x#3` the fourth binding when several are called `x`, `fn2` and
 * `class1` point to the functions and classes below, `chain(…)` is where an optional chain ends.
 */
import type {
  Arg,
  BindingForm,
  ClassMemberForm,
  ExportForm,
  Expr,
  FunctionForm,
  ImportForm,
  ModuleForm,
  ObjectProp,
  Pattern,
  Stmt,
} from './form.ts'

export function dump(form: ModuleForm): string {
  return new Printer(form).module()
}

class Printer {
  private readonly form: ModuleForm
  private readonly lines: string[] = []
  /** Names that several bindings share. */
  private readonly shared = new Set<string>()

  constructor(form: ModuleForm) {
    this.form = form
    const seen = new Set<string>()
    for (const { name } of form.bindings) (seen.has(name) ? this.shared : seen).add(name)
  }

  module(): string {
    const { form, lines } = this
    if (form.unreadable !== undefined) lines.push(`unreadable: ${form.unreadable}`)
    for (const item of form.imports) lines.push(this.import(item))
    for (const item of form.exports) lines.push(this.export(item))
    for (const { text, block, nextToken } of form.markers) {
      lines.push(`marker ${block ? 'block' : 'line'} ${quote(text)} before ${nextToken}`)
    }
    for (const [name, { members }] of Object.entries(form.types)) lines.push(`type ${name} ${JSON.stringify(members)}`)
    const written = form.bindings.filter(({ reassigned }) => reassigned)
    if (written.length > 0)
      lines.push(`reassigned ${written.map((b) => this.name(form.bindings.indexOf(b))).join(', ')}`)
    form.functions.forEach((fn, id) => this.function(fn, id))
    form.classes.forEach(({ name, base, construct, members }, id) => {
      const ends = base ? ` extends ${this.expr(base)}` : ''
      lines.push(`class${id}${name && ` ${name}`}${ends}`)
      if (construct !== undefined) lines.push(`  constructor fn${construct}`)
      for (const member of members) lines.push(`  ${this.member(member)}`)
    })
    return lines.join('\n')
  }

  private import({ binding, imported, from, typeOnly }: ImportForm): string {
    const what = binding === undefined ? '' : ` ${this.name(binding)} = ${imported ?? ''}`
    return `import${typeOnly ? ' type' : ''}${what} from ${quote(from)}`
  }

  private export({ exported, binding, value, from, imported, typeOnly }: ExportForm): string {
    let line = `export${typeOnly ? ' type' : ''} ${exported}`
    if (binding !== undefined) line += ` = ${this.name(binding)}`
    if (value) line += ` = ${this.expr(value)}`
    if (imported !== undefined) line += ` = ${imported}`
    if (from !== undefined) line += ` from ${quote(from)}`
    return line
  }

  private function(fn: FunctionForm, id: number): void {
    const { kind, name, parent } = fn
    let line = `fn${id} ${fn.async ? 'async ' : ''}${kind}${fn.generator ? '*' : ''}${name && ` ${name}`}`
    if (kind !== 'module')
      line += `(${fn.params.map((p) => (p.rest ? '...' : '') + this.pattern(p.pattern)).join(', ')})`
    if (parent > 0) line += ` in fn${parent}`
    if (fn.signature) line += ` ${fn.signature}`
    if (fn.usesThis) line += ' this'
    if (fn.directives.length > 0) line += ` ${fn.directives.map(quote).join(' ')}`
    this.lines.push(line)
    this.statements(fn.body, '  ')
  }

  private member({ key, static: isStatic, kind, fn, value }: ClassMemberForm): string {
    const what = fn !== undefined ? ` fn${fn}` : value ? ` = ${this.expr(value)}` : ''
    return `${isStatic ? 'static ' : ''}${kind}${key === '' ? '' : ` ${this.key(key)}`}${what}`
  }

  // --- statements ---

  private statements(body: readonly Stmt[], indent: string): void {
    for (const stmt of body) this.statement(stmt, indent)
  }

  private block(head: string, body: readonly Stmt[], indent: string): void {
    this.lines.push(indent + head)
    this.statements(body, `${indent}  `)
  }

  private statement(stmt: Stmt, indent: string): void {
    switch (stmt.t) {
      case 'expr':
        this.lines.push(indent + this.expr(stmt.expr))
        break
      case 'declare':
        this.lines.push(`${indent}${stmt.kind} ${this.pattern(stmt.pattern)}${this.optional(' = ', stmt.init)}`)
        break
      case 'if':
        this.block(`if ${this.expr(stmt.test)}`, stmt.then, indent)
        if (stmt.else.length > 0) this.block('else', stmt.else, indent)
        break
      case 'switch':
        this.lines.push(`${indent}switch ${this.expr(stmt.on)}`)
        for (const { test, body } of stmt.cases) {
          this.block(test ? `case ${this.expr(test)}` : 'default', body, `${indent}  `)
        }
        break
      case 'loop':
        this.loop(stmt, indent)
        break
      case 'try':
        this.block('try', stmt.body, indent)
        if (stmt.handler) this.block(`catch${stmt.param ? ` ${this.pattern(stmt.param)}` : ''}`, stmt.handler, indent)
        if (stmt.finalizer) this.block('finally', stmt.finalizer, indent)
        break
      case 'throw':
        this.lines.push(`${indent}throw ${this.expr(stmt.expr)}`)
        break
      case 'return':
        this.lines.push(`${indent}return${this.optional(' ', stmt.expr)}`)
        break
      case 'break':
      case 'continue':
        this.lines.push(`${indent}${stmt.t}${stmt.label === undefined ? '' : ` ${stmt.label}`}`)
        break
      case 'block':
        this.block(stmt.label === undefined ? 'block' : `${stmt.label}:`, stmt.body, indent)
        break
    }
  }

  private loop(stmt: Extract<Stmt, { t: 'loop' }>, indent: string): void {
    let head = `for${stmt.await ? ' await' : ''}`
    if (stmt.item && stmt.iterable) head += ` ${this.pattern(stmt.item)} ${stmt.kind} ${this.expr(stmt.iterable)}`
    else if (stmt.kind === 'do') head = 'do'
    head += this.optional(' while ', stmt.test) + this.optional(' then ', stmt.update)
    this.statements(stmt.init, indent)
    this.block(head, stmt.body, indent)
  }

  // --- patterns and expressions ---

  private pattern(pattern: Pattern): string {
    switch (pattern.t) {
      case 'bind':
        return this.name(pattern.binding)
      case 'object': {
        const props = pattern.props.map(({ key, value }) => `${this.key(key)}: ${this.pattern(value)}`)
        if (pattern.rest) props.push(`...${this.pattern(pattern.rest)}`)
        return `{${props.join(', ')}}`
      }
      case 'array': {
        const items = pattern.items.map((item) => (item ? this.pattern(item) : ''))
        if (pattern.rest) items.push(`...${this.pattern(pattern.rest)}`)
        return `[${items.join(', ')}]`
      }
      case 'default':
        return `${this.pattern(pattern.pattern)} = ${this.expr(pattern.value)}`
      case 'target':
        return this.expr(pattern.target)
    }
  }

  private expr(expr: Expr): string {
    switch (expr.t) {
      case 'literal':
        return typeof expr.value === 'string' ? quote(expr.value) : String(expr.value)
      case 'undefined':
      case 'this':
      case 'super':
        return expr.t
      case 'bigint':
        return `${expr.text}n`
      case 'regex':
        return expr.text
      case 'name':
        return this.name(expr.binding)
      case 'global':
        return `^${expr.name}`
      case 'meta':
        return expr.name
      case 'member': {
        const object = this.operand(expr.object)
        if (typeof expr.key === 'string') return `${object}${expr.optional ? '?.' : '.'}${expr.key}`
        return `${object}${expr.optional ? '?.' : ''}[${this.expr(expr.key)}]`
      }
      case 'chain':
        return `chain(${this.expr(expr.expr)})`
      case 'call': {
        const callee = (expr.construct ? 'new ' : '') + this.operand(expr.callee)
        return `${callee}${expr.optional ? '?.' : ''}(${this.args(expr.args)})`
      }
      case 'tagged':
        return this.operand(expr.tag) + this.template(expr.strings, expr.exprs)
      case 'await':
        return `await ${this.operand(expr.expr)}`
      case 'yield':
        return `yield${expr.delegate ? '*' : ''}${this.optional(' ', expr.expr)}`
      case 'function':
        return `fn${expr.fn}`
      case 'class':
        return `class${expr.cls}`
      case 'object':
        return `{${this.props(expr.props)}}`
      case 'array':
        return `[${this.args(expr.items)}]`
      case 'template':
        return this.template(expr.strings, expr.exprs)
      case 'binary':
      case 'logical':
        return `${this.operand(expr.left)} ${expr.op} ${this.operand(expr.right)}`
      case 'unary':
        return `${expr.op}${/\w$/.test(expr.op) ? ' ' : ''}${this.operand(expr.expr)}`
      case 'update':
        return `${this.operand(expr.expr)}${expr.op}`
      case 'conditional':
        return `${this.operand(expr.test)} ? ${this.operand(expr.then)} : ${this.operand(expr.else)}`
      case 'assign':
        return `${this.pattern(expr.target)} ${expr.op} ${this.expr(expr.value)}`
      case 'sequence':
        return `(${expr.exprs.map((item) => this.expr(item)).join(', ')})`
      case 'import':
        return `${expr.required ? 'require' : 'import'}(${this.expr(expr.source)})`
      case 'jsx': {
        const parts = [expr.component ? this.expr(expr.component) : '', this.props(expr.props)].filter(Boolean)
        return `<${parts.join(' ')}>${expr.children.length > 0 ? `(${this.args(expr.children)})` : ''}`
      }
      case 'opaque':
        return `opaque[${expr.what}](${this.args(expr.parts)})`
    }
  }

  /** In parentheses when it is an operator's result. */
  private operand(expr: Expr): string {
    const text = this.expr(expr)
    return COMPOUND.has(expr.t) ? `(${text})` : text
  }

  private optional(prefix: string, expr: Expr | undefined): string {
    return expr ? prefix + this.expr(expr) : ''
  }

  private args(items: readonly (Arg | null)[]): string {
    const texts = items.map((item) =>
      item === null ? '' : item.t === 'spread' ? `...${this.expr(item.expr)}` : this.expr(item),
    )
    return texts.join(', ')
  }

  private props(props: readonly ObjectProp[]): string {
    const texts = props.map((prop) => {
      if (prop.t === 'spread') return `...${this.expr(prop.expr)}`
      if (prop.shorthand) return this.expr(prop.value)
      return `${prop.accessor ? `${prop.accessor} ` : ''}${this.key(prop.key)}: ${this.expr(prop.value)}`
    })
    return texts.join(', ')
  }

  private template(strings: readonly string[], exprs: readonly Expr[]): string {
    const parts = strings.map((text, i) => text + (exprs[i] ? `\${${this.expr(exprs[i])}}` : ''))
    return `\`${parts.join('')}\``
  }

  private key(key: string | Expr): string {
    return typeof key === 'string' ? key : `[${this.expr(key)}]`
  }

  private name(binding: number): string {
    const form: BindingForm | undefined = this.form.bindings[binding]
    if (!form) return `#${binding}`
    return this.shared.has(form.name) ? `${form.name}#${binding}` : form.name
  }
}

const COMPOUND: ReadonlySet<Expr['t']> = new Set(['await', 'yield', 'binary', 'logical', 'conditional', 'assign'])

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
}
