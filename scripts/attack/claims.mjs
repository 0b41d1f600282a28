// What a finding says of an entry point, as something that can be seen when it is called. Pure.

/** @typedef {{ refused: boolean, read: string[], wrote: string[], foreign: boolean }} Outcome */

export const touches = ({ read, wrote }) => read.length > 0 || wrote.length > 0

const othersTouch = ({ outsider, member }) => touches(outsider) || touches(member)

/**
 * By rule, or rule and message: whether what it says was seen. `lost` are those who get through when a check is lost.
 * @type {Record<string, (got: Record<string, Outcome>, lost: string[]) => boolean>}
 */
const seen = {
  'no-ineffective-guard/secretUnset': ({ nobody }) => touches(nobody),
  'no-ineffective-guard': (got, lost) => lost.some((caller) => touches(got[caller])),
  'no-injectable-context/neverSet': (got, lost) => lost.some((caller) => touches(got[caller])),
  'require-tenant-scope': ({ outsider }) => outsider.foreign,
  'require-resource-check': ({ outsider, member }) => outsider.foreign || member.foreign,
  'require-org-scoped-role': ({ outsider }) => outsider.foreign,
  'require-proof': ({ member }) => touches(member),
  // They say who they are, or what they may: nobody else lets them.
  'no-untrusted-identity/asked': othersTouch,
  'no-untrusted-identity/role': othersTouch,
  'no-untrusted-identity': ({ outsider, member }) => outsider.foreign || member.foreign,
  // What they were left with is no longer a permission.
  'no-unknown-permission': othersTouch,
  'no-standing-privileged-client': ({ outsider }) => outsider.foreign,
  'no-mutation-in-get': ({ lured }) => lured.wrote.length > 0,
  'no-shared-cache-of-private-data/header': ({ cached }) => touches(cached),
  'no-shared-cache-of-private-data/moduleState': ({ outsider, member }) => outsider.foreign || member.foreign,
}

const testOf = (claim) => seen[claim] ?? seen[claim.split('/')[0]]

/**
 * Claims that are made of it and that a call can show: `rule/message`.
 * @param {{ claims?: string[] }} attacked
 */
export const claimsOf = ({ claims = [] }) => claims.filter((claim) => testOf(claim) !== undefined)

/**
 * @param {string} claim
 * @param {{ got: Record<string, Outcome>, lost?: string[] }} attacked
 */
export const isSeen = (claim, { got, lost = [] }) => testOf(claim)(got, lost)

/**
 * What was seen and should have been said.
 * @param {{ entry: any, claims?: string[], got: Record<string, Outcome>, lost?: string[] }} attacked
 */
export function unsaid({ entry, claims = [], got, lost = [] }) {
  const says = (rule) => claims.some((claim) => claim.startsWith(rule))
  const isPersonal = entry.verdict === 'guarded'
  return [
    ...(isPersonal && touches(got.cached ?? nothing) && !says('no-shared-cache-of-private-data/header')
      ? ['a cache gave its answer to nobody, and nothing is said of that']
      : []),
    ...(isPersonal && got.lured?.wrote.length > 0 && entry.method === 'GET' && !says('no-mutation-in-get')
      ? ['an image made it change something, and nothing is said of that']
      : []),
    ...(isPersonal &&
    lost.some((caller) => touches(got[caller])) &&
    !says('no-ineffective-guard') &&
    !says('no-injectable-context')
      ? ['a check of it is lost, and nothing is said of that']
      : []),
  ]
}

const nothing = { read: [], wrote: [] }

/**
 * The findings about one entry point: those in its file that name it.
 * @param {{ file: string, name: string }} entry
 * @param {{ file: string, claim: string, message: string }[]} findings
 */
export const claimsAbout = ({ file, name }, findings) =>
  findings
    .filter((finding) => finding.file === file && finding.message.includes(`\`${name}\``))
    .map(({ claim }) => claim)
