// Where a verdict and what happened contradict each other, in either direction. Pure.
import { identityTables } from './tallybook.mjs'

/**
 * What one caller got: tables whose rows left or changed, and whether any of these is somebody else's.
 * @typedef {{ refused: boolean, read: string[], wrote: string[], foreign: boolean }} Outcome
 *
 * An entry point of the inventory, what its callers got, if the attack knows how to call it, and who gets through by a lost check.
 * @typedef {{ entry: any, got?: Record<Caller, Outcome>, lost?: Caller[] }} Attacked
 * @typedef {'nobody' | 'forger' | 'outsider' | 'member' | 'rightful'} Caller
 */

/**
 * What is wrong with the verdict of one entry point: a sentence each.
 * @param {Attacked} attacked
 */
export function contradictions({ entry, got }) {
  if (!got) return ['the attack does not know how to call it']
  return [...aboutAnonymous(entry, got), ...aboutRightful(entry, got), ...aboutOthers(entry, got)]
}

/**
 * What was reported, and still lets those in whom it should refuse.
 * @param {Attacked} before
 * @param {Attacked | undefined} after
 */
export function stillOpen({ entry, lost = [] }, after) {
  if (!after?.got) return []
  const refused = isReported(entry) ? ['nobody', 'forger', ...lost] : lost
  return refused
    .filter((caller) => !after.got[caller].refused || touches(after.got[caller]))
    .map((caller) => `it was reported, and is still open to the ${caller}`)
}

/**
 * What no longer serves those it should.
 * @param {Attacked} before
 * @param {Attacked | undefined} after
 */
export function broken(before, after) {
  if (!after?.got || !before.got) return after ? [] : ['it is no longer there']
  const key = ({ refused, read, wrote }) => JSON.stringify([refused, read.toSorted(), wrote.toSorted()])
  const same = key(before.got.rightful) === key(after.got.rightful)
  return same ? [] : ['its rightful caller no longer gets the same']
}

function aboutAnonymous({ verdict, reason, exposure }, { nobody, forger }) {
  const reached = touches(nobody) || touches(forger)
  const wrote = [...nobody.wrote, ...forger.wrote]
  if (verdict === 'guarded' && reached) return ['it is called guarded, and an anonymous caller got through']
  if (verdict === 'unguarded' && !reached) return ['it is called open, and no anonymous caller got through']
  if (verdict === 'unguarded' && exposure === 'write' && wrote.length === 0)
    return ['anybody is said to write, and nothing changed']
  if (verdict !== 'public') return []
  // Of a reason that somebody declared, there is nothing to check.
  if (reason.startsWith('credential endpoint') && wrote.some((table) => !identityTables.includes(table)))
    return ['it is called a credential endpoint, and wrote other tables']
  if (/own session|no protected effect/.test(reason) && reached)
    return ['it is called harmless, and an anonymous caller got something']
  return []
}

/** A call that fails for everybody would prove nothing. */
function aboutRightful({ verdict }, { rightful }) {
  if (rightful.refused) return ['its rightful caller was refused']
  const hasRows = verdict === 'guarded' || verdict === 'unguarded'
  return hasRows && !touches(rightful) ? ['its rightful caller got nothing'] : []
}

function aboutOthers({ proofs, tenant, object }, { outsider, member }) {
  const asksForRight = proofs.some((proof) => /^(?:role|permission):/.test(proof))
  // Whoever is refused says nothing about the rows behind.
  const sawOnlyOwn = !outsider.refused && !outsider.foreign
  return [
    ...(asksForRight && touches(member)
      ? ['it is said to ask for a role or permission, and somebody without got through']
      : []),
    ...(tenant === 'scoped' && outsider.foreign
      ? ['its rows are called bound to the tenant, and another one got through']
      : []),
    ...(object === 'bound' && (outsider.foreign || member.foreign)
      ? ['its rows are called bound to the caller, and somebody else got through']
      : []),
    ...((tenant === 'unscoped' || tenant === 'client-chosen' || object === 'unbound') && sawOnlyOwn
      ? ['its rows are called bound to nobody, and somebody else got only their own']
      : []),
  ]
}

/** What the presets report: all that is open, but for reads of what belongs to nobody. */
const isReported = ({ verdict, exposure }) => verdict === 'unguarded' && exposure !== 'read'

const touches = ({ read, wrote }) => read.length > 0 || wrote.length > 0
