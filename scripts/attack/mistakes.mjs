// Which mistakes the rules name, and which of them the application cannot have. Pure.

import { grouped } from './grouped.mjs'

const otherFramework = 'Next.js'
const elsewhere = {
  'no-unguarded-server-action': otherFramework,
  'no-unguarded-route-handler': otherFramework,
  'no-unguarded-page': otherFramework,
  'no-unguarded-server-fn/onlyInLayout': otherFramework,
  'no-unguarded-server-fn/onlyInProxy': otherFramework,
  'no-unguarded-server-fn/noGuardInProject': 'this application has guards',
  'no-unguarded-server-fn/anonymousSession':
    'a setting of Better Auth, which would open all that asks for a session only',
  'no-ineffective-guard/replaced': 'the types of TanStack Start refuse it, so it takes JavaScript or a cast',
  'no-shared-cache-of-private-data/staticFunction':
    'written when pages are rendered at build time, and these need sessions',
  'no-shared-cache-of-private-data/capturedIdentity': otherFramework,
  'no-shared-cache-of-private-data/askedWhenKept': otherFramework,
  'no-shared-cache-of-private-data/prerendered': otherFramework,
  'no-protected-work-in-loader':
    'what a loader does in the browser is no call, and in this application it does not build',
  'no-ineffective-guard/besideOthers':
    'of pages, not of what they call: to move the guard of a route is no edit in one place',
  'require-resource-action-permission':
    'how a right is called, and where it is asked for, is nothing that a call could show',
  'require-proof/lacksProofs': '`lacksProof`, in the plural',
  'require-tenant-scope/otherSide': 'no condition of this application has an `or`',
  'require-resource-check/otherSide': 'no condition of this application has an `or`',
  'require-resource-check/parentChosen': 'nothing here is asked for by what it hangs off alone',
  'require-denial-log/silent': 'the guards here refuse by an error that writes it down',
  'valid-public-marker/forbidden': 'the policy of this application accepts markers',
  'no-unverifiable-entry-point/unverifiable': 'what hides here is in another file',
}

export const notHere = Object.entries(grouped(Object.keys(elsewhere), (key) => elsewhere[key])).map(
  ([reason, keys]) => `${keys.join(', ')}: ${reason}`,
)

/** Of a server route the same is said as of a server function. */
const twins = ['no-unguarded-server-route', 'no-unguarded-server-fn']

/** What is said of a suggestion, and of a policy file that is wrong. */
const noMistake = new Set([
  'invalidPolicy',
  'recordDenial',
  ...[
    'addAwait',
    'addCsrf',
    'addKey',
    'callGuard',
    'checkFirst',
    'checkMembership',
    'completeCacheKey',
    'correct',
    'declarePublic',
    'insertGuard',
    'insertRouteGuard',
  ],
  ...[
    'insertVerbGuard',
    'keepInFunction',
    'makePrivate',
    'mergeLists',
    'nameColumns',
    'refuseMissing',
    'refuseNull',
    'remove',
    'replace',
  ],
  ...[
    'removeOption',
    'removeSwitch',
    'replaceValue',
    'requireVariable',
    'rethrow',
    'returnDenial',
    'testResult',
    'throwDenial',
  ],
  ...['usePost', 'wrapInGuard', 'writeKey'],
])

/** Mistakes that a rule names, that nothing here makes, and that nothing explains. */
export function missing(plugin, findings) {
  const made = new Set(findings.map(({ claim }) => claim))
  return Object.entries(plugin.rules).flatMap(([rule, { meta }]) =>
    Object.keys(meta.messages)
      .filter((message) => !noMistake.has(message))
      .flatMap((message) => {
        const claim = `${rule}/${message}`
        const alike = twins.includes(rule) ? twins.map((twin) => `${twin}/${message}`) : [claim]
        const isKnown = [rule, ...alike].some((key) => made.has(key) || elsewhere[key] !== undefined)
        return isKnown ? [] : [`The application has no mistake for ${claim}`]
      }),
  )
}
