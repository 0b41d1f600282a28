/** How bad it is that an effect is reached: what it changes for good, and whose rows it shows. */
import {
  invitationModel,
  principalModel,
  publishedColumn,
  publishedValue,
  snake,
  tenantModel,
} from '../../catalog/names.ts'
import type { Exposure } from '../../model/report.ts'
import { isCache } from './guard-work.ts'
import type { Effect } from '../effects.ts'
import type { Decision } from '../caller/decisions.ts'
import { callerChosen } from '../values/origins.ts'
import { anchorOf, belowEntry } from './stacks.ts'
import { shallowOrigins } from '../values/value.ts'

/** The worst of what the entry point does itself. */
export function exposureOf(reached: readonly Effect[]): Exposure {
  const effects = ownOf(reached)
  if (effects.some(changesSomething)) return 'write'
  if (
    effects.some(
      (effect) =>
        effect.kind === 'db' &&
        effect.exposed === 'shown' &&
        !effect.countsOnly &&
        (effect.model?.owned ?? true) &&
        !isMeantForAll(effect) &&
        !isOfInstallation(effect),
    )
  )
    return 'owned-read'
  if (effects.some((effect) => effect.kind === 'db' || effect.kind === 'http')) return 'read'
  return 'other'
}

/** What is called for nothing but its answer, by a name that says so, is taken at its word. */
const changesSomething = ({ write, soundsHarmless, exposed }: Effect): boolean =>
  write && !(soundsHarmless && exposed !== 'no')

/** What the entry point does itself: nothing that is read in front of all of them, and more than keep things for the next time. */
function ownOf(effects: readonly Effect[]): readonly Effect[] {
  const own = effects.filter((effect) => effect.write || anchorOf(effect.stack)?.how !== 'global')
  const lasting = own.filter((effect) => !isCache(effect))
  return lasting.length > 0 ? lasting : own
}

/** The rows are those that were published, or the one that a link leads to. */
function isMeantForAll(effect: Effect): boolean {
  return (effect.conditions ?? []).some((pair) => {
    if (pair.op !== 'eq') return false
    const { value } = pair
    if (value.t === 'const') return publishedColumn.test(snake(pair.column)) && publishedValue.test(String(value.value))
    const sent = (shallowOrigins(value).flags & callerChosen) !== 0
    return sent && invitationModel.test(snake(effect.model?.name ?? '')) && /^(id|code|slug)$/i.test(pair.column)
  })
}

/**
 * What the installation is set to, as long as its secrets stay: one row that nothing picks, of a table of which nothing says that
 * its rows are somebody's; or the one row that the code itself names, which may be that of the tenant whose installation it is.
 * What a cache holds under a key that the caller does not choose is a copy of rows that are read where it is empty.
 */
function isOfInstallation(effect: Effect): boolean {
  const { byKey, fromInput, onlyRow, model, shownColumns } = effect
  if (byKey) return !fromInput
  const isNamed = isNamedInCode(effect)
  if (!(onlyRow || isNamed) || !model || model.session) return false
  if ([principalModel, ...(isNamed ? [] : [tenantModel])].some((name) => name.test(snake(model.name)))) return false
  const isShown = (column: string): boolean => shownColumns?.has('*') === true || shownColumns?.has(column) === true
  return model.ownerKeys.length === 0 && model.tenantKeys.length === 0 && !model.secretColumns.some(isShown)
}

const isNamedInCode = ({ conditions = [] }: Effect): boolean =>
  conditions.length > 0 &&
  conditions.every(
    ({ column, op, value }) => op === 'eq' && /^id$/i.test(column) && value.t === 'const' && !!value.value,
  )

const changing: ReadonlySet<string> = new Set(['insert', 'update', 'upsert', 'delete'])

/** Rows, mail and payments that change by what the entry point does, not by how it guards itself, caches or counts. */
export function changesOf(effects: readonly Effect[], denials: readonly Decision[]): ReadonlySet<Effect> {
  const helpers = new Set(denials.flatMap((denial) => belowEntry(denial.stack).slice(0, 1)))
  return new Set(
    effects.filter(({ kind, verb, write, stack }) => {
      const anchor = anchorOf(stack)
      const own = (anchor?.how ?? 'handler') === 'handler' && !helpers.has(belowEntry(stack)[0] ?? '')
      return write && own && (changing.has(verb ?? '') || kind === 'mail' || kind === 'payment')
    }),
  )
}
