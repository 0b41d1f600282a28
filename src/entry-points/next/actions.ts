/** Functions that the directive 'use server' makes callable from outside (docs: directives/use-server). */
import { detachedFunction, moduleForm } from '../../analysis/code/module-values.ts'
import type { Machine } from '../../analysis/machine.ts'
import type { Value } from '../../analysis/values/value.ts'
import type { ModuleForm } from '../../model/form.ts'
import type { AppFacts } from '../entry-point.ts'
import { walk } from '../walk.ts'
import type { Exported } from './exports.ts'

const directive = 'use server'

export const isActionModule = (form: ModuleForm): boolean => form.functions[0]?.directives.includes(directive) ?? false

/** Other frameworks leave the directive alone, or have a meaning of their own for it. */
export const isServedByNext = ({ dependencies, pages }: AppFacts): boolean =>
  pages !== undefined || dependencies.has('next') || ![...dependencies].some((name) => otherFrameworks.test(name))

const otherFrameworks =
  /^@tanstack\/(?:react-|solid-|vue-)?start$|^@solidjs\/start$|^waku$|^@remix-run\/|^react-router$/

type InlineAction = Omit<Exported, 'from'>

/** Functions that carry the directive themselves, wherever they are written. */
export function inlineActions(m: Machine, file: string): InlineAction[] {
  const form = moduleForm(m, file)
  if (!form.functions.some((fn) => fn.directives.includes(directive))) return []
  const found: InlineAction[] = []
  walk(form, (e, { variable, property, statement }) => {
    if (e.t !== 'function') return
    const fn = form.functions[e.fn]
    if (!fn?.directives.includes(directive)) return
    const declared = variable && (variable.direct || !property) ? form.bindings[variable.binding] : undefined
    const key = declared || property?.attribute ? undefined : property
    const name = declared && declared.name !== 'default' ? declared.name : (key?.key ?? '<inline>')
    const value: Value = detachedFunction(m, file, e.fn)
    found.push({
      name,
      value,
      range: declared && declared.name !== 'default' ? declared.range : (key?.keyRange ?? fn.range),
      statement,
      markerAnchors: [...new Set([statement[0], ...(key ? [key.range[0]] : []), fn.range[0]])],
      fn,
    })
  })
  return found
}
