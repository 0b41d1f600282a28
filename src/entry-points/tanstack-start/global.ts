/** Global middleware: `createStart` in `src/start.ts` (claims.md 1), and the older `registerGlobalMiddleware`. */
import { callValue } from '../../analysis/code/calls.ts'
import { exportedValue } from '../../analysis/code/module-exports.ts'
import { moduleForm } from '../../analysis/code/module-values.ts'
import type { Machine } from '../../analysis/machine.ts'
import { alternatives, undefinedValue, type BuilderValue, type Value } from '../../analysis/values/value.ts'
import { middlewareOf, type Middleware } from './chain.ts'

export interface GlobalMiddleware {
  readonly request: readonly Middleware[]
  readonly function: readonly Middleware[]
}

const none: GlobalMiddleware = { request: [], function: [] }

export function globalMiddleware(m: Machine, startFile: string | undefined): GlobalMiddleware {
  const instance = startFile === undefined ? undefined : startInstance(m, startFile)
  return instance ? optionsOf(m, instance) : none
}

export function startInstance(m: Machine, startFile: string): BuilderValue | undefined {
  for (const e of moduleForm(m, startFile).exports) {
    if (e.typeOnly || e.exported === '*') continue
    const value = exportedValue(m, startFile, e.exported, { file: startFile, range: e.range })
    const instance = alternatives(value).find(
      (part): part is BuilderValue => part.t === 'builder' && part.builder === 'start.instance',
    )
    if (instance) return instance
  }
  return undefined
}

function optionsOf(m: Machine, instance: BuilderValue): GlobalMiddleware {
  const factory = instance.calls[0]?.args[0]
  if (!factory) return none
  const options = factory.t === 'function' ? callValue(m, factory, [], instance.site, { awaited: true }) : factory
  const read = (key: string): Value => {
    const part = alternatives(options).find((alternative) => m.heap.object(alternative))
    return (part && m.heap.object(part)?.props.get(key)) ?? undefinedValue
  }
  return {
    request: middlewareOf(m, read('requestMiddleware'), 'global'),
    function: middlewareOf(m, read('functionMiddleware'), 'global'),
  }
}
