/** Guards that an environment variable, or what the installation is set to, turns on and off. */
import { workOfGuards } from './guard-work.ts'
import type { RunLog } from '../run-log.ts'
import { isAboutCallers } from '../caller/decisions.ts'
import {
  anonymous,
  perform,
  performSignedIn,
  performWithoutVariables,
  signedIn,
  type EntryRun,
  type Run,
} from './runs.ts'
import type { World } from '../world.ts'

/** A test of such a variable; without a name where the installation decides. */
export type Switch = RunLog['switches'][number]

/**
 * What decides whether callers are refused at all; undefined where nothing does.
 *
 * @param open the run of a caller who proves nothing and reaches something all the same
 */
export function switchOf(world: World, run: EntryRun, open: Run): Switch | undefined {
  const { switches } = open.log
  if (switches.length === 0) return undefined
  const there = performWithoutVariables(world, run)
  const decides =
    (refuses(there) && serves(performSignedIn(world, { ...there.persona, ...signedIn }, run))) ||
    (refuses(perform(world, { ...anonymous, variables: 'set' }, run)) &&
      serves(performSignedIn(world, { ...signedIn, variables: 'set' }, run)))
  return decides ? (switches.find(({ name }) => name !== '') ?? switches[0]) : undefined
}

/** Where nobody reaches anything, what is missing refuses, and not the guard: an application that is not set up serves nobody. */
const serves = ({ reached, answered, log }: Run): boolean =>
  reached.length > 0 || answered || log.exhausted !== undefined

function refuses(run: Run): boolean {
  const { denials, stops } = run.log
  // a handler that stands in a wrapper ends the request by what it returns
  const denied = denials.some(
    (denial) => isAboutCallers(denial) && (stops.has(denial) || denial.stack.at(-1)?.isGiven === true),
  )
  if (!denied) return false
  const byGuards = workOfGuards(run)
  return run.reached.every((effect) => byGuards.includes(effect))
}
