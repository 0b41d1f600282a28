// The attack for people. Pure: from results to lines.

const columns = ['nobody', 'forger', 'outsider', 'member', 'rightful']
const longestVerdict = 40

/** Who calls, and what the words in the table mean. */
export const legend = `nobody    no session
forger    no session; forged headers, cookies, token and, to server functions, a forged context
outsider  signed in, of another organisation
member    signed in, of the organisation, without the permission
rightful  who may: a session, and where it takes one, the secret

wrote     rows changed in the database        read      rows left in the answer
!         of somebody else                    nothing   an answer without a row`

/** Open ones first, then in the order of the files. */
export function table(results) {
  const rows = [
    ['entry point', 'the plugin says', ...columns, 'rows of'],
    ...results.toSorted((a, b) => rank(a) - rank(b)).map((result) => row(result)),
  ]
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const lines = rows.map((row) => row.map((text, column) => text.padEnd(widths[column])).join('  '))
  return lines.map((line) => line.trimEnd()).join('\n')
}

const rank = ({ entry, wrong }) =>
  wrong.length > 0 ? 0 : 1 + ['unguarded', 'guarded', 'unverifiable', 'public'].indexOf(entry.verdict)

export function row({ entry, title, got, wrong, claims = [] }) {
  return [
    `${wrong.length > 0 ? '✗ ' : ''}${title}`,
    shortened(verdict(entry, claims), longestVerdict),
    ...columns.map((column) => (got ? cell(got[column]) : 'not called')),
    got ? tablesIn(columns.map((caller) => got[caller])) : '',
  ]
}

/**
 * `open: not awaited`; `guarded: role:admin, unscoped`; `public: credential endpoint`.
 * @param {{ verdict: string, cause?: string, proofs: string[], reason?: string, tenant?: string | null, object?: string | null }} entry
 */
export function verdict({ verdict: word, cause, proofs, reason, tenant, object }, claims = []) {
  if (word === 'unguarded') return `open: ${inWords(cause ?? 'noGuard')}`
  const beyond = strongest(proofs)
  const rows = claims.some((claim) => saidAs[claim]) ? [] : [tenant, object]
  const loose = rows.filter((whose) => ['unscoped', 'client-chosen', 'unbound'].includes(whose))
  const lost = claims
    .filter((claim) => worthSaying.test(claim))
    .map((claim) => saidAs[claim] ?? inWords(claim.split('/')[1]))
  const why = word === 'guarded' ? [...beyond, ...loose, ...lost].join(', ') : reason
  return why ? `${word}: ${why}` : word
}

/** Of what is reported beside a verdict: the rows are spoken of already. */
const worthSaying =
  /^(?:no-ineffective-guard|no-injectable-context|no-shared-cache-of-private-data|no-mutation-in-get|no-untrusted-identity|no-unknown-permission|no-standing-privileged-client|require-org-scoped-role)\//

/** Where the message id alone would not do beside what is proved. These say more than that rows are bound to nobody. */
const saidAs = {
  'no-untrusted-identity/asked': 'claimed role',
  'no-untrusted-identity/role': 'any role',
  'no-untrusted-identity/tenant': 'any tenant',
  'no-untrusted-identity/actor': 'claimed actor',
  'no-untrusted-identity/input': 'whole input',
  'no-standing-privileged-client/chosen': 'server’s rights',
  'require-org-scoped-role/wide': 'everywhere',
}

/** Who may do something is a member, and a member is somebody: the most that is proved says it all. */
function strongest(proofs) {
  const rights = proofs.filter((proof) => /^(?:role|permission):/.test(proof))
  const beyond = proofs.filter((proof) => proof !== 'authenticated')
  return rights.length > 0 ? rights : beyond.length > 0 ? beyond : proofs
}

/** What other than these callers got, where that was something. */
export function beyond({ results, pages, unchecked }) {
  const lines = [
    ...results.flatMap(({ title, got, entry }) => [
      ...(got?.lured.wrote.length > 0 && (entry.method === 'GET' || (unchecked && entry.method === 'POST'))
        ? [
            [
              title,
              `${entry.method === 'GET' ? 'an image' : 'another site'} made the rightful caller’s browser write`,
              got.lured,
            ],
          ]
        : []),
      ...(entry.verdict === 'guarded' && got?.cached?.read.length > 0 ? [[title, kept, got.cached]] : []),
    ]),
    ...pages.flatMap(({ title, got }) => (got.cached.read.length > 0 ? [[title, kept, got.cached]] : [])),
  ]
  const width = Math.max(...lines.map(([title]) => title.length))
  return lines.map(([title, what, outcome]) => `${title.padEnd(width)}  ${what} ${tablesIn([outcome])}`).join('\n')
}

const kept = 'after the rightful caller, a cache gave nobody'

const tablesIn = (outcomes) => [...new Set(outcomes.flatMap(({ wrote, read }) => [...wrote, ...read]))].join(', ')

/** What a caller got. */
export function cell({ refused, read, wrote, foreign }) {
  const what = [...(wrote.length > 0 ? ['wrote'] : []), ...(read.length > 0 ? ['read'] : [])].join('+')
  return what === '' ? (refused ? 'refused' : 'nothing') : what + (foreign ? '!' : '')
}

const inWords = (id) => id.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

const shortened = (text, length) => (text.length > length ? `${text.slice(0, length - 1).trimEnd()}…` : text)
