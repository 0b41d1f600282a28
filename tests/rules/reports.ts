/** Reports made by hand. */
import type { Range } from '../../src/model/form.ts'
import type { EntryPointReport } from '../../src/model/report.ts'
import type { GuardCandidate } from '../../src/workspace/workspace.ts'

/** Finds the range of a piece of the code. */
export type At = (text: string, occurrence?: number) => Range

export const rangesOf =
  (code: string): At =>
  (text, occurrence = 0) => {
    let start = code.indexOf(text)
    for (let count = 0; count < occurrence; count++) start = code.indexOf(text, start + 1)
    if (start < 0) throw new Error(`${text} is not in the code`)
    return [start, start + text.length]
  }

/** An open server function that writes, unless something else is said. */
export function entryPoint(given: Partial<EntryPointReport> & Pick<EntryPointReport, 'range'>): EntryPointReport {
  return {
    name: 'deleteInvoice',
    kind: 'server-fn',
    framework: 'tanstack-start',
    verdict: 'unguarded',
    cause: 'noGuard',
    proofs: [],
    guards: [],
    effects: [{ what: 'deletes `invoices`', place: { file: '/p/src/db.ts', range: [0, 1], line: 1 }, write: true }],
    evidence: [],
    exposure: 'write',
    shape: { declaration: given.range },
    ...given,
  }
}

export const authMiddleware: GuardCandidate = {
  name: 'authMiddleware',
  file: '/p/src/middleware.ts',
  specifier: '~/middleware',
  type: 'request',
}
