/** Finds expressions in a lowered module, with what stands around them. */
import type { Expr, FunctionId, ModuleForm, Range, Stmt } from '../model/form.ts'

export interface Around {
  /** The function whose body it stands in; 0 at module level. */
  readonly fn: FunctionId
  /** The variable that it initialises, directly or below calls and objects. */
  readonly variable?: {
    readonly name: string
    readonly binding: number
    readonly range: Range
    readonly direct: boolean
  }
  /** The statement at the top of the function, with its `export`: a comment about it stands above. */
  readonly statement: Range
  /** The innermost property that it is the value of. */
  readonly property?: {
    readonly key: string
    readonly range: Range
    readonly keyRange: Range
    /** Of an element: `<form action={…}>`. */
    readonly attribute: boolean
  }
}

type Visit = (e: Expr, around: Around) => void

/** Visits every expression of every function of the module. */
export function walk(form: ModuleForm, visit: Visit): void {
  form.functions.forEach((fn, id) => {
    for (const param of fn.params) patternDefaults(param.pattern, visit, { fn: id, statement: fn.range })
    for (const statement of fn.body) statementExpressions(statement, visit, id, statement.range)
  })
}

function patternDefaults(pattern: unknown, visit: Visit, around: Around): void {
  const node = pattern as { t?: string; value?: Expr; pattern?: unknown }
  if (node.t === 'default' && node.value) expression(node.value, visit, around)
}

function statementExpressions(s: Stmt, visit: Visit, fn: FunctionId, top: Range): void {
  const around: Around = { fn, statement: top }
  const body = (list: readonly Stmt[] | undefined): void => {
    for (const inner of list ?? []) statementExpressions(inner, visit, fn, inner.range)
  }
  switch (s.t) {
    case 'expr':
    case 'throw':
      expression(s.expr, visit, around)
      return
    case 'return':
      if (s.expr) expression(s.expr, visit, around)
      return
    case 'declare': {
      if (!s.init) return
      const variable =
        s.pattern.t === 'bind'
          ? { name: '', binding: s.pattern.binding, range: s.pattern.range, direct: true }
          : undefined
      const here: Around = fn === 0 && s.statement ? { ...around, statement: s.statement } : around
      expression(s.init, visit, variable ? { ...here, variable } : here)
      return
    }
    case 'if':
      expression(s.test, visit, around)
      body(s.then)
      body(s.else)
      return
    case 'switch':
      expression(s.on, visit, around)
      for (const c of s.cases) {
        if (c.test) expression(c.test, visit, around)
        body(c.body)
      }
      return
    case 'loop':
      body(s.init)
      for (const e of [s.test, s.iterable, s.update]) if (e) expression(e, visit, around)
      body(s.body)
      return
    case 'try':
      body(s.body)
      body(s.handler)
      body(s.finalizer)
      return
    case 'block':
      body(s.body)
      return
    case 'break':
    case 'continue':
  }
}

function expression(e: Expr, visit: Visit, around: Around): void {
  visit(e, around)
  const below: Around =
    around.variable?.direct && e.t !== 'chain' ? { ...around, variable: { ...around.variable, direct: false } } : around
  const go = (inner: Expr | undefined): void => {
    if (inner) expression(inner, visit, below)
  }
  switch (e.t) {
    case 'member':
      go(e.object)
      if (typeof e.key !== 'string') go(e.key)
      return
    case 'chain':
    case 'await':
    case 'unary':
    case 'update':
      go(e.expr)
      return
    case 'yield':
      go(e.expr)
      return
    case 'call':
      go(e.callee)
      for (const arg of e.args) go(arg.t === 'spread' ? arg.expr : arg)
      return
    case 'tagged':
      go(e.tag)
      e.exprs.forEach(go)
      return
    case 'object':
    case 'jsx':
      if (e.t === 'jsx') go(e.component)
      for (const prop of e.props) {
        if (prop.t === 'spread') go(prop.expr)
        else {
          const property =
            typeof prop.key === 'string'
              ? {
                  property: {
                    key: prop.key,
                    range: prop.range,
                    keyRange: prop.keyRange,
                    attribute: e.t === 'jsx',
                  },
                }
              : {}
          expression(prop.value, visit, { ...below, ...property })
        }
      }
      if (e.t === 'jsx') e.children.forEach(go)
      return
    case 'array':
      for (const item of e.items) if (item) go(item.t === 'spread' ? item.expr : item)
      return
    case 'template':
      e.exprs.forEach(go)
      return
    case 'binary':
    case 'logical':
      go(e.left)
      go(e.right)
      return
    case 'conditional':
      go(e.test)
      go(e.then)
      go(e.else)
      return
    case 'assign':
      go(e.value)
      return
    case 'sequence':
      e.exprs.forEach(go)
      return
    case 'import':
      go(e.source)
      return
    case 'opaque':
      e.parts.forEach(go)
      return
    default:
  }
}
