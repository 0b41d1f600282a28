/**
 * An application without a start instance of its own gets the framework's CSRF middleware; one with an instance gets only
 * what it lists (claim 79; since 1.168.0).
 */
import { callValue } from '../../analysis/code/calls.ts'
import { moduleForm } from '../../analysis/code/module-values.ts'
import { Machine } from '../../analysis/machine.ts'
import { alternatives, undefinedValue, type BuilderValue, type Value } from '../../analysis/values/value.ts'
import type { Range } from '../../model/form.ts'
import type { Finding } from '../../model/report.ts'
import type { FindingsRequest } from '../entry-point.ts'
import { walk } from '../walk.ts'
import { anonymous } from './declared-middleware.ts'
import { startInstance } from './global.ts'

export function missingCsrf({ world, file, app, rangeOf }: FindingsRequest): Finding[] {
  if (file !== app.startFile || !mayHaveIt(rangeOf)) return []
  const m = new Machine(world, anonymous)
  const instance = startInstance(m, file)
  const callee = instance?.site.file === file ? calleeAt(m, file, instance) : undefined
  if (!instance || !callee || !isWithout(m, instance)) return []
  return [{ rule: 'require-csrf-middleware', problem: 'missing', range: callee, data: {} }]
}

/** Older versions have none, neither by themselves nor to be listed. */
function mayHaveIt(rangeOf: FindingsRequest['rangeOf']): boolean {
  const ranges = ['react', 'solid', 'vue'].map((name) => rangeOf(`@tanstack/${name}-start`))
  const range = ranges.find((one) => one !== undefined) ?? ''
  const [, major, minor] = /(\d+)\.(\d+)/.exec(range) ?? []
  return major === undefined || Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 168)
}

function calleeAt(m: Machine, file: string, { site }: BuilderValue): Range | undefined {
  let found: Range | undefined
  walk(moduleForm(m, file), (e) => {
    if (e.t === 'call' && e.range[0] === site.range[0] && e.range[1] === site.range[1]) found = e.callee.range
  })
  return found
}

/** Everything in the list can be read, and nothing in it looks at where a request comes from. */
function isWithout(m: Machine, instance: BuilderValue): boolean {
  const factory = instance.calls[0]?.args[0]
  const options = factory?.t === 'function' ? callValue(m, factory, [], instance.site, { awaited: true }) : factory
  if (!options) return true
  const objects = alternatives(options).map((part) => m.heap.object(part))
  return objects.every((cell) => {
    if (!cell || cell.rest) return false
    return alternatives(cell.props.get('requestMiddleware') ?? undefinedValue).every((part) => {
      if (part.t === 'const') return true
      const list = m.heap.array(part)
      return list !== undefined && !list.rest && list.items.every((item) => isSomethingElse(m, item))
    })
  })
}

/** A middleware that can be read and has no word for the origin of a request in its file. */
function isSomethingElse(m: Machine, item: Value): boolean {
  return alternatives(item).every((part) => {
    if (part.t === 'unknown') return part.origins.refs.every((ref) => ref.t !== 'opaque')
    if (part.t !== 'builder' || part.builder !== 'start.middleware') return false
    let checks = false
    walk(moduleForm(m, part.site.file), (e) => {
      if (e.t === 'literal' && /origin|sec-fetch|referer|csrf|xsrf/i.test(String(e.value))) checks = true
    })
    return !checks
  })
}
