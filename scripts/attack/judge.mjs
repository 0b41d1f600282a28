// Where a verdict and what happened contradict each other, in either direction. Pure.
import { claimsOf, isSeen, touches, unsaid } from './claims.mjs'
import { identityTables } from './tallybook.mjs'

/**
 * What one caller got: tables whose rows left or changed, and whether any of these is somebody else's.
 * @typedef {{ refused: boolean, read: string[], wrote: string[], foreign: boolean }} Outcome
 *
 * An entry point of the inventory, what is reported of it, what its callers got, if the attack knows how to call it, and who
 * gets through by a lost check.
 * @typedef {{ entry: any, claims?: string[], got?: Record<string, Outcome>, lost?: string[] }} Attacked
 */

/**
 * What is wrong with the verdict of one entry point: a sentence each.
 * @param {Attacked} attacked
 */
export function contradictions(attacked) {
  const { entry, got, claims = [] } = attacked
  if (!got) return ['the attack does not know how to call it']
  return [
    ...aboutAnonymous(entry, got, claims),
    ...aboutRightful(entry, got),
    ...aboutOthers(entry, got, claims),
    ...claimsOf(attacked)
      .filter((claim) => !isSeen(claim, attacked))
      .map((claim) => `${claim} is reported, and nobody could show it`),
    ...unsaid(attacked),
  ]
}

/**
 * What was reported, and still lets those in whom it should refuse.
 * @param {Attacked} before
 * @param {Attacked | undefined} after
 */
export function stillOpen(before, after) {
  const { entry, lost = [] } = before
  if (!after?.got) return []
  const refused = isReported(entry) ? ['nobody', 'forger', ...lost] : lost
  return [
    ...refused
      .filter((caller) => !after.got[caller].refused || touches(after.got[caller]))
      .map((caller) => `it was reported, and is still open to the ${caller}`),
    ...claimsOf(before)
      .filter((claim) => isSeen(claim, { ...after, lost }))
      .map((claim) => `${claim} was reported, and is still so`),
  ]
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

/**
 * Of a page: what is reported in its file says that it is guarded itself, or that a cache gives it to anybody.
 * @param {{ claims: string[], got: Record<string, Outcome> }} page
 */
export function pageContradictions({ claims, got }) {
  const isShared = claims.includes('no-shared-cache-of-private-data/routeHeaders')
  return [
    ...(touches(got.nobody) ? ['the page is said to be guarded, and shows rows to nobody'] : []),
    ...(isShared && !touches(got.cached) ? ['a cache is said to give it to anybody, and nobody got it'] : []),
    ...(!isShared && touches(got.cached) ? ['a cache gave it to nobody, and nothing is said of that'] : []),
  ]
}

/**
 * A start instance without the check for other sites, against what another site could make a browser do.
 * @param {boolean} reported
 * @param {Attacked[]} results
 */
export function csrfContradictions(reported, results) {
  const done = results.filter(
    ({ entry, got }) => entry.kind === 'server-fn' && entry.method === 'POST' && got?.lured.wrote.length > 0,
  )
  if (reported) return done.length > 0 ? [] : ['the check for other sites is said to be missing, and none got through']
  return done.map(({ entry }) => `${entry.name}: another site made it act, and no check is said to be missing`)
}

function aboutAnonymous({ verdict, reason, exposure }, { nobody, forger }, claims) {
  const reached = touches(nobody) || touches(forger)
  const wrote = [...nobody.wrote, ...forger.wrote]
  if (verdict === 'guarded' && reached && !claims.includes('no-ineffective-guard/secretUnset'))
    return ['it is called guarded, and an anonymous caller got through']
  if (verdict === 'unguarded' && !reached) return ['it is called open, and no anonymous caller got through']
  if (verdict === 'unguarded' && exposure === 'write' && wrote.length === 0)
    return ['anybody is said to write, and nothing changed']
  if (verdict === 'unverifiable' && /in some environments/.test(reason ?? '') && !reached)
    return ['it is said to be open in some environment, and no anonymous caller got through in that']
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

function aboutOthers({ proofs, tenant, object }, { outsider, member }, claims) {
  const asksForRight = proofs.some((proof) => /^(?:role|permission):/.test(proof))
  // Whoever is refused says nothing about the rows behind.
  const sawOnlyOwn = !outsider.refused && !outsider.foreign
  // The rows are the caller's own, and then the module forgets who that is.
  const mixesUp = claims.includes('no-shared-cache-of-private-data/moduleState')
  // It does ask, for one that nobody should have any more.
  const asksForNothing = claims.some((claim) => claim.startsWith('no-unknown-permission/'))
  return [
    ...(asksForRight && !asksForNothing && touches(member)
      ? ['it is said to ask for a role or permission, and somebody without got through']
      : []),
    ...(tenant === 'scoped' && outsider.foreign && !mixesUp
      ? ['its rows are called bound to the tenant, and another one got through']
      : []),
    ...(object === 'bound' && tenant !== 'client-chosen' && (outsider.foreign || member.foreign) && !mixesUp
      ? ['its rows are called bound to the caller, and somebody else got through']
      : []),
    ...((tenant === 'unscoped' || tenant === 'client-chosen' || object === 'unbound') && sawOnlyOwn
      ? ['its rows are called bound to nobody, and somebody else got only their own']
      : []),
  ]
}

/** What the presets report: all that is open, but for reads of what belongs to nobody. */
const isReported = ({ verdict, exposure }) => verdict === 'unguarded' && exposure !== 'read'
