/**
 * A map from small whole numbers that costs nothing to copy and little to merge: a trie whose nodes are shared by all maps
 * that agree there (Okasaki and Gill, "Fast Mergeable Integer Maps", 1998; it is what lets an abstract interpreter join the
 * ends of two branches in the time of what they changed).
 */

const bits = 4
const width = 1 << bits
const mask = width - 1

/** Whoever holds the owner of a node may write into it. */
export interface Owner {
  readonly owner: true
}

interface Node {
  readonly owner: Owner
  /** Values at height 0, else nodes. */
  readonly slots: unknown[]
}

export interface PersistentMap {
  /** How many levels of nodes are below the root. */
  readonly height: number
  readonly root: Node
}

export const newOwner = (): Owner => ({ owner: true })

export const emptyMap: PersistentMap = { height: 0, root: { owner: newOwner(), slots: [] } }

export function lookUp(map: PersistentMap, key: number): unknown {
  if (key >>> (bits * (map.height + 1)) !== 0) return undefined
  let { root: node } = map
  for (let shift = bits * map.height; shift > 0; shift -= bits) {
    const next = node.slots[(key >>> shift) & mask]
    if (next === undefined) return undefined
    node = next as Node
  }
  return node.slots[key & mask]
}

/** The map with a value set, which is the same one where everything on the way belongs to the owner. */
export function withValue(map: PersistentMap, key: number, value: unknown, owner: Owner): PersistentMap {
  let tall = map
  while (key >>> (bits * (tall.height + 1)) !== 0) tall = raised(tall, owner)
  const root = own(tall.root, owner)
  let node = root
  for (let shift = bits * tall.height; shift > 0; shift -= bits) {
    const index = (key >>> shift) & mask
    const next = node.slots[index] as Node | undefined
    const mine = next ? own(next, owner) : { owner, slots: [] }
    if (mine !== next) node.slots[index] = mine
    node = mine
  }
  node.slots[key & mask] = value
  return tall === map && root === map.root ? map : { height: tall.height, root }
}

const own = (node: Node, owner: Owner): Node => (node.owner === owner ? node : { owner, slots: node.slots.slice() })

const raised = (map: PersistentMap, owner: Owner): PersistentMap => ({
  height: map.height + 1,
  root: { owner, slots: map.root.slots.length > 0 ? [map.root] : [] },
})

/** Merges two maps; where they differ, `both` decides. A value that is on one side only is given with `undefined`. */
export function merged(
  a: PersistentMap,
  b: PersistentMap,
  owner: Owner,
  both: (key: number, a: unknown, b: unknown) => unknown,
): PersistentMap {
  if (a === b || a.root === b.root) return a
  let [left, right] = [a, b]
  while (left.height < right.height) left = raised(left, owner)
  while (right.height < left.height) right = raised(right, owner)
  return { height: left.height, root: mergedNodes(left.root, right.root, left.height, 0, owner, both) }
}

function mergedNodes(
  a: Node | undefined,
  b: Node | undefined,
  height: number,
  prefix: number,
  owner: Owner,
  both: (key: number, a: unknown, b: unknown) => unknown,
): Node {
  const left = a?.slots ?? []
  const right = b?.slots ?? []
  const slots: unknown[] = []
  for (let i = 0, end = Math.max(left.length, right.length); i < end; i++) {
    const one = left[i]
    const other = right[i]
    if (one === other) {
      if (one !== undefined) slots[i] = one
    } else if (height === 0) {
      slots[i] = both(prefix | i, one, other)
    } else {
      const below = (prefix | i) << bits
      slots[i] = mergedNodes(one as Node | undefined, other as Node | undefined, height - 1, below, owner, both)
    }
  }
  return { owner, slots }
}

/** Everything in the map. */
export function* entriesOf(map: PersistentMap): Generator<readonly [number, unknown]> {
  yield* entriesBelow(map.root, map.height, 0)
}

function* entriesBelow(node: Node, height: number, prefix: number): Generator<readonly [number, unknown]> {
  for (const [i, slot] of node.slots.entries()) {
    if (slot === undefined) continue
    if (height === 0) yield [prefix | i, slot]
    else yield* entriesBelow(slot as Node, height - 1, (prefix | i) << bits)
  }
}
