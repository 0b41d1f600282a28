/** What has two ends: what goes in at one of them comes out at the other, whichever was handed out first. */
import { callValue } from '../code/calls.ts'
import type { Machine } from '../machine.ts'
import { merge, noOrigins } from '../values/origins.ts'
import { promiseMember, resolved } from '../language/promises.ts'
import { native, undefinedValue, unknown, type ObjectValue, type Value } from '../values/value.ts'
import { outlet, type Take } from './outlets.ts'

/** `{ readable, writable }`: what is written to the one is in the other (Streams standard, "Transform streams"). */
export function streamPair(m: Machine): Value {
  const readable: ObjectValue = m.heap.newObject({}, { rest: unknown() })
  const take: Take = (machine, given) => {
    const cell = machine.heap.object(readable)
    if (!cell) return
    const before = cell.rest ? machine.heap.originsOf(cell.rest) : noOrigins
    machine.heap.setCell(readable, { ...cell, rest: unknown(merge(before, machine.heap.originsOfAll(given))) })
  }
  const through = native('pipeThrough', () => readable)
  m.heap.setCell(readable, { t: 'object', props: new Map([['pipeThrough', through]]), rest: unknown() })
  const write = native('write', (machine, given, site) => (take(machine, given), resolved(undefinedValue, site)))
  const writer = outlet(m, { write }, take)
  const writable = outlet(m, { getWriter: native('getWriter', () => writer) }, take)
  return m.heap.newObject({ readable, writable })
}

/** `{ promise, resolve, reject }`: awaiting the promise gives what was given to `resolve` (ECMAScript, `Promise.withResolvers`). */
export function promiseAndResolvers(m: Machine): Value {
  const given: ObjectValue = m.heap.newObject({}, { rest: unknown() })
  const now = (machine: Machine): Value => {
    const cell = machine.heap.object(given)
    return cell?.props.get('value') ?? cell?.rest ?? unknown()
  }
  const resolve = native('resolve', (machine, [value = undefinedValue]) => {
    const cell = machine.heap.object(given)
    const first = cell && !cell.props.has('value')
    if (first) machine.heap.setCell(given, { ...cell, props: new Map([['value', value]]) })
    return undefinedValue
  })
  const asked = (key: string): Value =>
    native(key, (machine, args, site, awaited) => {
      const promise = resolved(now(machine), site)
      return callValue(machine, promiseMember(machine, promise, key), args, site, { awaited })
    })
  const promise = m.heap.newObject({ given, then: asked('then'), catch: asked('catch'), finally: asked('finally') })
  return m.heap.newObject({ promise, resolve, reject: native('reject', () => undefinedValue) })
}
