/** Destructuring patterns, of declarations and of assignments. */
import type { TSESTree } from '@typescript-eslint/utils'
import type { Pattern, PatternProp } from '../model/form.ts'
import { identifierRange, lookup, MAX_DEPTH, rangeOf, reference, tooDeep, type Context, type Node } from './context.ts'
import { expression, keyOf, withoutCasts } from './expressions.ts'

/** `assigning` is true where a name is written that was declared elsewhere. */
export function pattern(cx: Context, written: Node, assigning: boolean): Pattern {
  const node = withoutCasts(written)
  if (cx.depth >= MAX_DEPTH) return { t: 'target', target: tooDeep(cx, node), range: rangeOf(node) }
  cx.depth++
  const result = lowerPattern(cx, node, assigning)
  cx.depth--
  return result
}

function lowerPattern(cx: Context, node: Node, assigning: boolean): Pattern {
  const range = rangeOf(node)
  switch (node.type) {
    case 'Identifier': {
      const binding = lookup(cx, node.name)
      const own = identifierRange(cx, node)
      if (binding < 0) return { t: 'target', target: reference(cx, node.name, own), range: own }
      if (assigning) cx.bindings[binding]!.reassigned = true
      return { t: 'bind', binding, range: own }
    }
    case 'AssignmentPattern': {
      const left = pattern(cx, node.left, assigning)
      const value = expression(cx, node.right, nameOf(node.left))
      // Decorators may be counted in.
      return { t: 'default', pattern: left, value, range: [left.range[0], range[1]] }
    }
    case 'ObjectPattern':
      return objectPattern(cx, node, assigning)
    case 'ArrayPattern':
      return arrayPattern(cx, node, assigning)
    case 'TSParameterProperty':
      return pattern(cx, node.parameter, assigning)
    case 'RestElement':
      return pattern(cx, node.argument, assigning)
    default:
      return { t: 'target', target: expression(cx, node), range }
  }
}

function objectPattern(cx: Context, node: TSESTree.ObjectPattern, assigning: boolean): Pattern {
  const props: PatternProp[] = []
  let rest: Pattern | undefined
  for (const property of node.properties) {
    if (property.type === 'RestElement') rest = pattern(cx, property.argument, assigning)
    else {
      const key = keyOf(cx, property.key, property.computed)
      props.push({ key, value: pattern(cx, property.value, assigning) })
    }
  }
  return rest ? { t: 'object', props, rest, range: rangeOf(node) } : { t: 'object', props, range: rangeOf(node) }
}

function arrayPattern(cx: Context, node: TSESTree.ArrayPattern, assigning: boolean): Pattern {
  const items: (Pattern | null)[] = []
  let rest: Pattern | undefined
  for (const element of node.elements) {
    if (!element) items.push(null)
    else if (element.type === 'RestElement') rest = pattern(cx, element.argument, assigning)
    else items.push(pattern(cx, element, assigning))
  }
  return rest ? { t: 'array', items, rest, range: rangeOf(node) } : { t: 'array', items, range: rangeOf(node) }
}

/** The name that an assignment to this target gives to an anonymous function. */
export function nameOf(target: Node): string {
  const node = withoutCasts(target)
  if (node.type === 'Identifier') return node.name
  if (node.type === 'MemberExpression' && !node.computed) {
    return node.property.type === 'PrivateIdentifier' ? `#${node.property.name}` : node.property.name
  }
  return ''
}
