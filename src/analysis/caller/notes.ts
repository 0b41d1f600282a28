/** Why a guard may not guard: what is seen of that on the way. */
import type { Cause, Leak } from '../../model/report.ts'
import type { Machine } from '../machine.ts'
import { isPrivilege, siteKey, type Site } from '../values/origins.ts'

/** Something seen on the way that may be why a guard does not guard. */
export interface Note {
  /** It happened because the caller lacks a role or a permission. */
  readonly privilege?: boolean
  /** Of a check that was swallowed, or of whose promise something else is read: nobody can learn how it ended. */
  readonly forgotten?: boolean
  /** Of a check whose promise is caught: nobody can learn how it ended, unless somebody looks at what is given instead. */
  readonly untold?: boolean
  /** Of an answer that says it in one of its properties. */
  readonly member?: string
  readonly cause: Cause | Leak
  readonly name: string
  readonly site: Site
}

/** Notes it once for each place, with all that is told of it. */
export function addNote(
  m: Machine,
  cause: Cause | Leak,
  name: string,
  site: Site,
  more: Pick<Note, 'forgotten' | 'member' | 'privilege' | 'untold'> = {},
): void {
  const { notes } = m.log
  const privilege = more.privilege || m.state.decisions.at(-1)?.sources.some(isPrivilege) ? { privilege: true } : {}
  const forgotten = more.forgotten ? { forgotten: true } : {}
  m.commons.met.addNote(`${cause} ${siteKey(site)}`, { cause, name, site, ...more, ...privilege, ...forgotten })
  const at = notes.findIndex((n) => n.cause === cause && n.site.range[0] === site.range[0] && n.site.file === site.file)
  if (at < 0) notes.push({ cause, name, site, ...more, ...privilege })
  else notes[at] = { ...notes[at]!, ...privilege, ...forgotten }
}

/** What a caught check gives is not looked at either. */
export function noteUntold(m: Machine, site: Site): void {
  const note = m.log.notes.find((one) => one.untold === true && siteKey(one.site) === siteKey(site))
  if (note) addNote(m, note.cause, note.name, note.site, { forgotten: true })
}
