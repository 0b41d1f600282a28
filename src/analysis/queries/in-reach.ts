/** Names that stand in reach of a query and hold what was proved to be the caller's: what a condition could be written with. */
import { bindingKey } from '../state/keys.ts'
import type { Machine } from '../machine.ts'
import type { Frame } from '../code/frame.ts'
import { moduleForm } from '../code/module-values.ts'
import { From, type Site } from '../values/origins.ts'
import { standingOf } from '../caller/standing.ts'
import type { Env, Value } from '../values/value.ts'

export interface ProvedName {
  /** As it is written there: `context.organizationId`. */
  readonly text: string
  /** Its last part. */
  readonly key: string
  /** It has members that nothing lists: those of an identity, or of a row of this model. */
  readonly members?: { readonly table?: string }
  /** It may be null or undefined. */
  readonly absent?: boolean
}

const maxNames = 24

export function provedNames(m: Machine, site: Site): readonly ProvedName[] {
  const frame = m.frame
  if (frame?.file !== site.file) return []
  const form = moduleForm(m, frame.file)
  const [start, end] = form.functions[frame.fn]?.range ?? [0, 0]
  if (site.range[0] < start || site.range[1] > end) return []
  const found: ProvedName[] = []
  for (let env: Env | undefined = frame.env; env?.parent; env = env.parent) {
    form.bindings.forEach(({ name, owner }, id) => {
      if (owner !== env.fn || found.length >= maxNames) return
      const value = m.heap.read(bindingKey(env.id, id))
      if (value && !('props' in value) && value.t !== 'array') found.push(...namesIn(m, value, name, name, 2))
    })
  }
  // a name of its own is what the code goes on with
  const steps = ({ text }: ProvedName): number => text.split('.').length
  return [...found.sort((a, b) => steps(a) - steps(b)), ...notPicked(m, frame)]
}

/** What the function is given and does not take out: `context`, of a handler that is written `({ data }) => …`. */
function notPicked(m: Machine, { file, fn, args = [] }: Frame): readonly ProvedName[] {
  const form = moduleForm(m, file)
  const pattern = form.functions[fn]?.params[0]?.pattern
  const given = args[0] && m.heap.object(args[0])
  if (!given || pattern?.t !== 'object' || pattern.rest) return []
  const taken = new Set(form.bindings.filter(({ owner }) => owner === fn).map(({ name }) => name))
  return [...given.props].flatMap(([name, value]) =>
    taken.has(name) || !/^[A-Z_$][\w$]*$/i.test(name) ? [] : namesIn(m, value, name, name, 2),
  )
}

function namesIn(m: Machine, value: Value, text: string, key: string, depth: number): ProvedName[] {
  if (value.t === 'union') {
    const there = value.of.filter((part) => part.t !== 'const')
    if (there.length !== 1 || there[0]!.t !== 'unknown') return []
    return namesIn(m, there[0], text, key, depth).map((name) => ({ ...name, absent: true }))
  }
  if (value.t === 'unknown') {
    if (standingOf(m, value) !== 'proved') return []
    const row = (value.origins.flags & From.row) !== 0
    return [{ text, key, members: row && value.table !== undefined ? { table: value.table } : {} }]
  }
  const cell = depth > 0 ? m.heap.object(value) : undefined
  if (cell?.cls || !cell) return []
  return [...cell.props].flatMap(([name, inner]) =>
    /^[A-Z_$][\w$]*$/i.test(name) ? namesIn(m, inner, `${text}.${name}`, name, depth - 1) : [],
  )
}
