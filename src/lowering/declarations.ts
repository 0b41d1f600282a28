/** Declarations of TypeScript that run: enums, namespaces, import aliases. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Expr, ObjectProp, Stmt } from '../model/form.ts'
import { lookup, newScope, rangeOf, type Context } from './context.ts'
import { expression, keyOf } from './expressions.ts'
import { bodyFunction } from './functions.ts'
import { namespaceName } from './scope.ts'

/** An enum is an object of its members. */
export function enumObject(cx: Context, node: TSESTree.TSEnumDeclaration): Stmt {
  const binding = lookup(cx, node.id.name)
  const members = new Set<string>()
  const outer = cx.scope
  cx.scope = { ...newScope(outer), enumeration: { binding, members } }
  const props: ObjectProp[] = []
  let next: number | undefined = 0
  // Parsers of older versions hold the members in the declaration itself.
  const body = node.body as TSESTree.TSEnumBody | undefined
  for (const member of body?.members ?? (node as unknown as TSESTree.TSEnumBody).members) {
    const range = rangeOf(member)
    const key = keyOf(cx, member.id, member.id.type !== 'Identifier')
    let value: Expr
    if (member.initializer) {
      value = expression(cx, member.initializer)
      next = value.t === 'literal' && typeof value.value === 'number' ? value.value + 1 : undefined
    } else if (next === undefined) value = { t: 'opaque', what: 'enum member', parts: [], range }
    else value = { t: 'literal', value: next++, range }
    props.push({ t: 'prop', key, value, range, keyRange: rangeOf(member.id), shorthand: false })
    if (typeof key === 'string') members.add(key)
  }
  cx.scope = outer
  const range = rangeOf(node)
  const pattern = { t: 'bind', binding, range: rangeOf(node.id) } as const
  return { t: 'declare', pattern, init: { t: 'object', props, range }, kind: 'enum', range }
}

/** A namespace is a function that runs where it stands, and whose result nobody knows. */
export function namespace(cx: Context, node: TSESTree.TSModuleDeclaration, out: Stmt[]): void {
  const id = namespaceName(node)
  if (!id) return
  // Older parsers nest `namespace A.B` as two declarations.
  let body = node.body as TSESTree.TSModuleDeclaration['body'] | TSESTree.TSModuleDeclaration | undefined
  while (body?.type === 'TSModuleDeclaration') body = body.body
  if (!body) return
  const range = rangeOf(node)
  const fn = bodyFunction(cx, node, body.body, id.name, 'function')
  const run: Expr = {
    t: 'call',
    callee: { t: 'function', fn, range },
    args: [],
    optional: false,
    construct: false,
    range,
  }
  const value: Expr = { t: 'opaque', what: 'namespace', parts: [run], range }
  const binding = lookup(cx, id.name)
  const kind = binding >= 0 ? cx.bindings[binding]!.kind : 'const'
  // Merged with a function, a class or an enum it leaves those what they are.
  if (binding < 0 || kind !== 'const') out.push({ t: 'expr', expr: value, range })
  else
    out.push({ t: 'declare', pattern: { t: 'bind', binding, range: rangeOf(id) }, init: value, kind: 'const', range })
}

/** `import x = A.B`; `import x = require()` is read with the imports. */
export function importAlias(cx: Context, node: TSESTree.TSImportEqualsDeclaration, out: Stmt[]): void {
  if (node.moduleReference.type === 'TSExternalModuleReference' || node.importKind === 'type') return
  const binding = lookup(cx, node.id.name)
  const pattern = { t: 'bind', binding, range: rangeOf(node.id) } as const
  const init = expression(cx, node.moduleReference)
  out.push({ t: 'declare', pattern, init, kind: 'const', range: rangeOf(node) })
}
