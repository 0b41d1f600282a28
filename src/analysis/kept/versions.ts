/**
 * Versions of what modules and request stores hold: the same one means that the same is held there, in whatever run, so that
 * what a call gave that looked at it can be given again (`summaries.ts`). A change gives its place another one, made of the
 * words for what is held from then on (`noteVersions`); here is what becomes of them where paths meet.
 */
import type { Held, Meeting } from '../state/joining.ts'
import { lookUp, merged, type PersistentMap } from '../state/persistent-map.ts'
import { propertiesChanged } from '../state/properties.ts'
import type { Cell, Value } from '../values/value.ts'

/**
 * The versions where two paths have met. What only one of them found out is forgotten again; what one of them changed may be
 * so or so. Where one holds all that the other may hold, what is held now is what that one held.
 *
 * @param changes what is held now
 */
export function joinedVersions(
  { memory, owner, parted }: Meeting,
  one: Held,
  other: Held,
  changes: PersistentMap,
): PersistentMap {
  return merged(one.versions, other.versions, owner, (number, a, b): number | undefined => {
    const key = memory.changed[number]!
    if ((a === undefined || b === undefined) && memory.isOfOnePath(key, parted)) return (a ?? b) as number | undefined
    const created = memory.first(key)
    const held = memory.numberOf(key)
    const heldIn = (of: PersistentMap): Value | Cell | undefined =>
      (held === undefined ? undefined : (lookUp(of, held) as Value | Cell | undefined)) ?? created
    const left = heldIn(one.changes)
    const right = heldIn(other.changes)
    const [ofLeft, ofRight] = [(a as number | undefined) ?? 0, (b as number | undefined) ?? 0]
    if (left === right) return ofLeft || undefined
    const property = memory.property(number)
    const before = left && right && memory.refinements.before(left, right)
    if (before) return memory.refinements.versionBefore(before, left, ofLeft, property) || undefined
    const now = heldIn(changes)
    const isHeldBy = (side: Value | Cell | undefined): boolean =>
      property === undefined ? now === side : propertiesChanged(side, now)?.includes(property) === false
    if (isHeldBy(left)) return ofLeft || undefined
    if (isHeldBy(right)) return ofRight || undefined
    return memory.version(`${String(ofLeft)}+${String(ofRight)}`)
  })
}
