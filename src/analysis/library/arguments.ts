/** Arguments of a library call: where the catalogue says that something stands, and what it asks of them. */
import type { ArgPath, ArgumentTest } from '../../catalog/meaning.ts'
import { operationIn } from '../values/graphql.ts'
import type { Machine } from '../machine.ts'
import { alternatives, isNullish, unknown, type BuilderValue, type UnknownValue, type Value } from '../values/value.ts'

/** Of a builder, a name stands for what its method of that name was given. */
export function argumentAt(m: Machine, at: ArgPath, args: readonly Value[]): Value | undefined {
  let value: Value | undefined = args[at[0] as number]
  for (const key of at.slice(1)) {
    if (!value) return undefined
    const made = alternatives(value).flatMap((part) =>
      part.t === 'library' && 'instance' in part.base ? [part.base.config?.[0] ?? part] : [part],
    )
    const recorded = made.find((alternative): alternative is BuilderValue => alternative.t === 'builder')
    if (recorded) {
      value = recorded.calls.findLast(({ method }) => method === key)?.args[0]
      continue
    }
    const part = made.find((alternative) => m.heap.object(alternative))
    const cell = part && m.heap.object(part)
    // a text has no such property
    if (!cell) return value.t === 'unknown' && !isText(value) ? unknown(value.origins, { key: String(key) }) : undefined
    value = cell.props.get(String(key)) ?? cell.rest
  }
  return value
}

const isText = ({ begins, wording }: UnknownValue): boolean => begins !== undefined || wording !== undefined

export function holds(m: Machine, test: ArgumentTest, args: readonly Value[]): boolean {
  const value = argumentAt(m, test.at, args)
  if (test.present !== undefined) {
    const there = value !== undefined && isNullish(value) !== true
    return there === test.present
  }
  if (!value) return false
  if (test.is !== undefined) {
    const wanted = [test.is].flat()
    return alternatives(value).every((part) => part.t === 'const' && wanted.some((one) => one === part.value))
  }
  if (test.document !== undefined)
    return alternatives(value).every((part) => operationIn(part, m.heap.originsOf(part)) === test.document)
  if (test.env !== undefined) {
    const pattern = new RegExp(test.env, 'i')
    return alternatives(value).some((part) => part.t === 'unknown' && part.key !== undefined && pattern.test(part.key))
  }
  if (test.instance !== undefined) {
    return alternatives(value).some(
      (part) =>
        part.t === 'library' &&
        'instance' in part.base &&
        part.base.instance === test.instance &&
        part.path.length === 0,
    )
  }
  if (test.type !== undefined) {
    return alternatives(value).some((part) => {
      if (test.type === 'function') return part.t === 'function' || part.t === 'native'
      if (test.type === 'array') return m.heap.array(part) !== undefined
      // an id that comes from elsewhere is one as well
      if (test.type === 'string') return part.t === 'unknown' || (part.t === 'const' && typeof part.value === 'string')
      return m.heap.object(part) !== undefined || part.t === 'unknown'
    })
  }
  return false
}
