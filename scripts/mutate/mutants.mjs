// The ways to break one guard: each an edit of one file, at a place that the evidence of an entry point names.
import { around, ending, isFunction, listAround } from './syntax.mjs'

/**
 * @param tree of the file in which the test stands
 * @param effects ranges of what is guarded, in that file
 */
export function ofTest(tree, range, effects, own) {
  const node = tree.at(range)
  if (!node) return []
  const branch = branchOn(tree, node)
  if (!branch) return ofCall(tree, range, own, true)
  const { test, whole, denies } = branchesOf(tree, branch, effects)
  if (!denies) return []
  const mutants = [{ kind: 'test', at: whole, edits: [replace(test, denies === 'then' ? 'false' : 'true')] }]
  const end = denies === 'then' ? ending(whole.consequent) : ending(whole.alternate)
  if (whole.type === 'IfStatement' && end) mutants.push({ kind: 'deny', at: whole, edits: [dropped(tree, end)] })
  if (own && whole.type === 'IfStatement' && !whole.alternate) mutants.push(...moved(tree, whole))
  return mutants
}

/** @param own it stands in the code that goes on to the effect, not in a helper */
export function ofCall(tree, range, own, itself = false) {
  const node = tree.at(range)
  if (!node) return []
  const mutants = []
  const parent = around(tree, node)
  const awaited = parent?.type === 'AwaitExpression' ? parent : undefined
  const outer = awaited ? around(tree, awaited) : parent
  // what is returned is awaited all the same
  const handedOn = outer && (outer.type === 'ReturnStatement' || isFunction(outer) || isOnlyReturned(tree, outer))
  if (awaited && !handedOn)
    mutants.push({
      kind: 'await',
      at: awaited,
      edits: [{ start: awaited.start, end: awaited.argument.start, text: '' }],
    })
  if (outer?.type === 'ExpressionStatement') {
    if (itself && !awaited) mutants.push({ kind: 'test', at: outer, edits: [replace(outer, '')] })
    if (own) mutants.push(...moved(tree, outer))
  }
  return mutants
}

/** `const session = await …; return session` */
function isOnlyReturned(tree, { type, id, end }) {
  if (type !== 'VariableDeclarator' || id.type !== 'Identifier') return false
  return new RegExp(`^\\s*;?\\s*return ${id.name}\\s*[;}\\n]`).test(tree.text.slice(end))
}

const replace = ({ start, end }, text) => ({ start, end, text })

/** What branches on an expression: the nearest statement or conditional whose test it is part of. */
function branchOn(tree, node) {
  let at = node
  let logical
  for (let parent = tree.parentOf(at); parent && !isFunction(parent); at = parent, parent = tree.parentOf(at)) {
    if ((parent.type === 'IfStatement' || parent.type === 'ConditionalExpression') && parent.test === at) return parent
    if (parent.type === 'LogicalExpression' && parent.left === at) logical ??= parent
    if (parent.type.endsWith('Statement') || parent.type === 'VariableDeclarator') break
    if (parent.type === 'CallExpression' && parent.callee !== at) break
  }
  return logical
}

function branchesOf(tree, branch, effects) {
  if (branch.type === 'LogicalExpression') {
    // `session && work()` goes on at the right, `session ?? deny()` at the left
    const denies = branch.operator === '&&' ? 'else' : 'then'
    return denies === 'else'
      ? { test: branch.left, whole: branch, denies }
      : { test: branch, whole: branch, denies: undefined }
  }
  const { test, consequent, alternate } = branch
  const works = (part) => part && effects.some((effect) => tree.contains(part, effect))
  if (branch.type === 'ConditionalExpression') {
    const denies = works(consequent) ? 'else' : works(alternate) ? 'then' : isNothing(consequent) ? 'then' : 'else'
    return { test, whole: branch, denies }
  }
  if (works(consequent)) return { test, whole: branch, denies: 'else' }
  if (ending(consequent)) return { test, whole: branch, denies: 'then' }
  return { test, whole: branch, denies: alternate && ending(alternate) ? 'else' : undefined }
}

const isNothing = (node) =>
  node.type === 'Literal' ||
  (node.type === 'Identifier' && node.name === 'undefined') ||
  (node.type === 'ArrayExpression' && node.elements.length === 0)

/** What it throws or returns is made, and nothing more. */
function dropped(tree, end) {
  if (!end.argument) return replace(end, '')
  const what = tree.text.slice(end.argument.start, end.argument.end)
  return replace(end, /^(?:new\s|[\w$.]+\()/.test(what) ? `${what};` : `(${what});`)
}

/** Behind everything that follows, an answer computed before. */
function moved(tree, statement) {
  const found = listAround(tree, statement)
  const last = found?.list.at(-1)
  if (!last || last === statement || last.type === 'ThrowStatement') return []
  const text = tree.text.slice(statement.start, statement.end)
  const edits = [replace(statement, '')]
  if (last.type === 'ReturnStatement') {
    if (!last.argument) return []
    const answer = tree.text.slice(last.argument.start, last.argument.end)
    const computed = found.fn.async ? `await (${answer})` : `(${answer})`
    edits.push(replace(last, `const mutated = ${computed}; ${text}; return mutated`))
  } else edits.push({ start: last.end, end: last.end, text: `\n${text}` })
  return [{ kind: 'move', at: statement, edits }]
}

export function apply(text, edits) {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((before, { start, end, text: by }) => before.slice(0, start) + by + before.slice(end), text)
}
