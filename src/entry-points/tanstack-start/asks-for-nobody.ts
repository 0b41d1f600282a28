/** Tests in a browser, by their shape: whether one is true where nobody is signed in. */
import type { Expr, ModuleForm, Stmt } from '../../model/form.ts'

/** A test of something about the caller that is true where nobody is signed in. */
export function asksForNobody(form: ModuleForm, test: Expr): boolean {
  switch (test.t) {
    case 'unary':
      return test.op === '!' && isAboutCaller(form, test.expr, 3) && !isTraitOfSomebody(form, test.expr)
    case 'logical': {
      const [one, other] = [asksForNobody(form, test.left), asksForNobody(form, test.right)]
      if (test.op !== '&&' || (one && other)) return one || other
      // `user && !user.isPremium` sends away somebody who is signed in
      if (one) return !isSomebody(form, test.right) || asksForPrivilege(form, test.left)
      return other && (!isSomebody(form, test.left) || asksForPrivilege(form, test.right))
    }
    case 'binary': {
      const asked = comparedIn(test)
      const asks = asked.nothing ? isEqual(test.op) : isUnequal(test.op)
      return asks && isAboutCaller(form, asked.side, 3)
    }
    default:
      return false
  }
}

const isEqual = (op: string): boolean => op === '==' || op === '==='
const isUnequal = (op: string): boolean => op === '!=' || op === '!=='

/** What is compared, and whether it is with what nobody has. */
function comparedIn(test: Extract<Expr, { t: 'binary' }>): { readonly side: Expr; readonly nothing: boolean } {
  const [side, other] =
    test.right.t === 'literal' || test.right.t === 'undefined' ? [test.left, test.right] : [test.right, test.left]
  const nothing = other.t === 'undefined' || (other.t === 'literal' && (other.value === null || other.value === false))
  return { side, nothing }
}

/** True of somebody who is signed in, and of nobody else: `user`, `!!session`, `session?.user != null`. */
function isSomebody(form: ModuleForm, test: Expr): boolean {
  switch (test.t) {
    case 'name':
    case 'member':
    case 'chain': {
      const name = lastName(form, test)
      return identity.test(name) && !aboutAsking.test(name) && isAboutCaller(form, test, 3)
    }
    case 'unary':
      return test.op === '!' && test.expr.t === 'unary' && test.expr.op === '!' && isSomebody(form, test.expr.expr)
    case 'logical':
      return test.op === '&&' && (isSomebody(form, test.left) || isSomebody(form, test.right))
    case 'binary': {
      const { side, nothing } = comparedIn(test)
      return nothing && isUnequal(test.op) && isSomebody(form, side)
    }
    default:
      return false
  }
}

/** `!user.isAdmin`, `user.role !== 'admin'`: a page that few are let in to. */
function asksForPrivilege(form: ModuleForm, test: Expr): boolean {
  if (test.t === 'unary') return privilege.test(lastName(form, test.expr))
  return test.t === 'binary' && privilege.test(lastName(form, comparedIn(test).side))
}

/** `user.isPremium`: read of somebody who is there, and neither who that is nor what they may do. */
function isTraitOfSomebody(form: ModuleForm, e: Expr): boolean {
  if (e.t !== 'member' || e.optional || typeof e.key !== 'string') return false
  return person.test(lastName(form, e.object)) && !identity.test(e.key) && !privilege.test(e.key)
}

/** `c` of `a.b?.c`. */
export function lastName(form: ModuleForm, e: Expr): string {
  if (e.t === 'chain' || e.t === 'await') return lastName(form, e.expr)
  if (e.t === 'member') return typeof e.key === 'string' ? e.key : ''
  return e.t === 'call' ? lastName(form, e.callee) : rootName(form, e)
}

const person = /user|viewer|principal|member|profile|^me$/i
const privilege = /role|permission|admin|scope|^can[A-Z]/i
/** What is known of the question, and not of who asks. */
const aboutAsking = /load|ready|pending|init|check|hydrat|fetch|settled|status|error/i

const identity = /user|session|auth|identity|principal|token|viewer|log(?:ged)?in|sign(?:ed)?in|admin|^me$/i

/** `useAuth()`, `authClient.getSession()`, `localStorage.getItem('token')`, or a variable that holds what these gave. */
function isAboutCaller(form: ModuleForm, e: Expr, hops: number): boolean {
  if (hops < 0) return false
  switch (e.t) {
    case 'name': {
      const binding = form.bindings[e.binding]
      if (!binding) return false
      if (binding.kind === 'parameter') return identity.test(binding.name)
      const init = initOf(form, e.binding)
      return init ? isAboutCaller(form, init, hops - 1) : binding.kind === 'import' && identity.test(binding.name)
    }
    case 'member':
      return (
        (typeof e.key === 'string' && e.key !== 'data' && identity.test(e.key) && rootName(form, e) !== 'params') ||
        isAboutCaller(form, e.object, hops)
      )
    case 'chain':
    case 'await':
      return isAboutCaller(form, e.expr, hops)
    case 'call':
      // what is looked up by the page's address is data
      if (e.args.some((arg) => mentions(form, arg, /^(?:params|search|deps|location)$/))) return false
      return (
        isAboutCaller(form, e.callee, hops) ||
        (rootName(form, e.callee) === 'localStorage' &&
          e.args.some((arg) => arg.t === 'literal' && identity.test(String(arg.value))))
      )
    case 'logical':
      return isAboutCaller(form, e.left, hops) || isAboutCaller(form, e.right, hops)
    default:
      return false
  }
}

function mentions(form: ModuleForm, node: unknown, name: RegExp): boolean {
  if (typeof node !== 'object' || node === null) return false
  if (Array.isArray(node)) return node.some((inner) => mentions(form, inner, name))
  const e = node as Partial<Expr>
  if (e.t === 'name') return name.test(form.bindings[(node as { binding: number }).binding]?.name ?? '')
  return Object.values(node).some((inner) => mentions(form, inner, name))
}

/** `a` of `a.b?.c`. */
export function rootName(form: ModuleForm, e: Expr): string {
  if (e.t === 'member') return rootName(form, e.object)
  if (e.t === 'chain') return rootName(form, e.expr)
  return e.t === 'global' ? e.name : e.t === 'name' ? (form.bindings[e.binding]?.name ?? '') : ''
}

/** What a variable of a function begins with. */
export function initOf(form: ModuleForm, binding: number): Expr | undefined {
  const owner = form.bindings[binding]?.owner ?? 0
  return owner === 0 ? undefined : declaredIn(form.functions[owner]?.body ?? [], binding)
}

function declaredIn(body: readonly Stmt[], binding: number): Expr | undefined {
  for (const s of body) {
    if (s.t === 'declare' && s.init && JSON.stringify(s.pattern).includes(`"binding":${String(binding)},`))
      return s.init
    if (s.t === 'block' || s.t === 'try') {
      const inner = declaredIn(s.body, binding)
      if (inner) return inner
    }
  }
  return undefined
}
