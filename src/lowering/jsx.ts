/** JSX: what it evaluates. Markup text is dropped. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Expr, ObjectProp } from '../model/form.ts'
import { rangeOf, reference, type Context } from './context.ts'
import { expression } from './expressions.ts'

export function jsx(cx: Context, node: TSESTree.JSXElement | TSESTree.JSXFragment): Expr {
  const props: ObjectProp[] = []
  let component: Expr | undefined
  if (node.type === 'JSXElement') {
    component = componentOf(cx, node.openingElement.name)
    for (const attribute of node.openingElement.attributes) props.push(attributeOf(cx, attribute))
  }
  const children: Expr[] = []
  for (const child of node.children) {
    if (child.type === 'JSXText') continue
    if (child.type === 'JSXExpressionContainer' || child.type === 'JSXSpreadChild') {
      if (child.expression.type !== 'JSXEmptyExpression') children.push(expression(cx, child.expression))
    } else children.push(expression(cx, child))
  }
  const range = rangeOf(node)
  return component ? { t: 'jsx', component, props, children, range } : { t: 'jsx', props, children, range }
}

/** `<div>` is markup; `<Page>`, `<ui.page>` are names. */
function componentOf(cx: Context, name: TSESTree.JSXTagNameExpression): Expr | undefined {
  if (name.type === 'JSXNamespacedName') return undefined
  if (name.type === 'JSXIdentifier') return isMarkup(name.name) ? undefined : reference(cx, name.name, rangeOf(name))
  const path: TSESTree.JSXMemberExpression[] = []
  let root: TSESTree.JSXTagNameExpression = name
  while (root.type === 'JSXMemberExpression') {
    path.push(root)
    root = root.object
  }
  if (root.type !== 'JSXIdentifier' || path.length > 50) return undefined
  let object: Expr = thisOr(cx, root)
  for (let i = path.length - 1; i >= 0; i--) {
    const { property } = path[i]!
    const range = rangeOf(path[i]!)
    object = { t: 'member', object, key: property.name, optional: false, range, keyRange: rangeOf(property) }
  }
  return object
}

function isMarkup(name: string): boolean {
  return /^[a-z]/.test(name) || name.includes('-')
}

function thisOr(cx: Context, node: TSESTree.JSXIdentifier): Expr {
  if (node.name !== 'this') return reference(cx, node.name, rangeOf(node))
  cx.fn.usesThis = true
  return { t: 'this', range: rangeOf(node) }
}

function attributeOf(cx: Context, node: TSESTree.JSXAttribute | TSESTree.JSXSpreadAttribute): ObjectProp {
  const range = rangeOf(node)
  if (node.type === 'JSXSpreadAttribute') return { t: 'spread', expr: expression(cx, node.argument), range }
  const key =
    node.name.type === 'JSXNamespacedName' ? `${node.name.namespace.name}:${node.name.name.name}` : node.name.name
  const keyRange = rangeOf(node.name)
  return { t: 'prop', key, value: valueOf(cx, node, key), range, keyRange, shorthand: false }
}

function valueOf(cx: Context, node: TSESTree.JSXAttribute, key: string): Expr {
  const { value } = node
  if (!value) return { t: 'literal', value: true, range: rangeOf(node) }
  // As written: not every parser decodes entities (`&amp;`).
  if (value.type === 'Literal') return { t: 'literal', value: value.raw.slice(1, -1), range: rangeOf(value) }
  if (value.type !== 'JSXExpressionContainer') return expression(cx, value)
  const inner = value.expression
  return inner.type === 'JSXEmptyExpression' ? { t: 'undefined', range: rangeOf(inner) } : expression(cx, inner, key)
}
