// What the mutants need to know of a syntax tree: what stands at a range, and what stands around that.
import { parseSync } from 'oxc-parser'

export function parse(file, text) {
  const { program } = parseSync(file, text, { astType: 'ts', range: true, preserveParens: false, sourceType: 'module' })
  const parents = new Map()
  const nodes = []
  const visit = (node, parent) => {
    if (typeof node !== 'object' || node === null) return
    if (Array.isArray(node)) for (const item of node) visit(item, parent)
    else {
      if (typeof node.type === 'string') {
        parents.set(node, parent)
        nodes.push(node)
      }
      for (const [key, inner] of Object.entries(node))
        if (key !== 'range' && key !== 'parent') visit(inner, typeof node.type === 'string' ? node : parent)
    }
  }
  visit(program, undefined)
  return {
    text,
    parentOf: (node) => parents.get(node),
    /** The outermost node of exactly that range. */
    at: ([start, end]) => nodes.find((node) => node.start === start && node.end === end),
    contains: (node, [start, end]) => node.start <= start && end <= node.end,
  }
}

export const isFunction = (node) =>
  node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'

const wrappers = new Set(['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression', 'ChainExpression'])

/** The node around it that is more than another way to write it. */
export function around(tree, node) {
  let parent = tree.parentOf(node)
  while (parent && wrappers.has(parent.type)) parent = tree.parentOf(parent)
  return parent
}

/** The statement that ends a branch: a `throw` or a `return`. */
export function ending(branch) {
  const last = branch?.type === 'BlockStatement' ? branch.body.at(-1) : branch
  return last?.type === 'ThrowStatement' || last?.type === 'ReturnStatement' ? last : undefined
}

/** The list of statements that a statement stands in, if it is the body of a function or of a `try` in one. */
export function listAround(tree, statement) {
  const block = tree.parentOf(statement)
  if (block?.type !== 'BlockStatement') return undefined
  const owner = tree.parentOf(block)
  if (owner && isFunction(owner)) return { list: block.body, fn: owner }
  if (owner?.type !== 'TryStatement' || owner.block !== block) return undefined
  let fn = owner
  while (fn && !isFunction(fn)) fn = tree.parentOf(fn)
  return fn && { list: block.body, fn }
}

/** Something branches on it, or it is a call that refuses by itself: no mere reading of a property. */
export function isTested(tree, range) {
  const node = tree.at(range)
  for (let at = node; at && !isFunction(at); at = tree.parentOf(at)) {
    const parent = tree.parentOf(at)
    if (at === node && /^(?:Await|Call)Expression$/.test(at.type)) return true
    if (parent?.test === at || parent?.discriminant === at) return true
    if (parent?.type === 'LogicalExpression' && parent.left === at) return true
  }
  return false
}
