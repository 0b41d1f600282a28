// The attack for people. Pure: from results to lines.

const columns = ['nobody', 'forger', 'outsider', 'member', 'rightful']
const longestVerdict = 36

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

export function row({ entry, title, got, wrong }) {
  return [
    `${wrong.length > 0 ? '✗ ' : ''}${title}`,
    shortened(verdict(entry), longestVerdict),
    ...columns.map((column) => (got ? cell(got[column]) : 'not called')),
    got ? [...new Set(Object.values(got).flatMap(({ wrote, read }) => [...wrote, ...read]))].join(', ') : '',
  ]
}

/**
 * `open: not awaited`; `guarded: role:admin, unscoped`; `public: credential endpoint`.
 * @param {{ verdict: string, cause?: string, proofs: string[], reason?: string, tenant?: string | null, object?: string | null }} entry
 */
export function verdict({ verdict: word, cause, proofs, reason, tenant, object }) {
  if (word === 'unguarded') return `open: ${inWords(cause ?? 'noGuard')}`
  const beyond = strongest(proofs)
  const loose = [tenant, object].filter((rows) => ['unscoped', 'client-chosen', 'unbound'].includes(rows))
  const why = word === 'guarded' ? [...beyond, ...loose].join(', ') : reason
  return why ? `${word}: ${why}` : word
}

/** Who may do something is a member, and a member is somebody: the most that is proved says it all. */
function strongest(proofs) {
  const rights = proofs.filter((proof) => /^(?:role|permission):/.test(proof))
  const beyond = proofs.filter((proof) => proof !== 'authenticated')
  return rights.length > 0 ? rights : beyond.length > 0 ? beyond : proofs
}

/** What a caller got. */
export function cell({ refused, read, wrote, foreign }) {
  const what = [...(wrote.length > 0 ? ['wrote'] : []), ...(read.length > 0 ? ['read'] : [])].join('+')
  return what === '' ? (refused ? 'refused' : 'nothing') : what + (foreign ? '!' : '')
}

const inWords = (id) => id.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

const shortened = (text, length) => (text.length > length ? `${text.slice(0, length - 1).trimEnd()}…` : text)
