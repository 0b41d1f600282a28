/** Builders record what they are told; what they were given may be read of them again. */
import type { Machine } from '../machine.ts'
import { merge, noOrigins } from './origins.ts'
import type { BuilderCall, BuilderValue } from './value.ts'

export function recorded(m: Machine, builder: BuilderValue, call: BuilderCall): BuilderValue {
  const origins = merge(builder.origins ?? noOrigins, m.heap.originsOfAll(call.args))
  return {
    ...builder,
    calls: [...builder.calls, call],
    ...(origins === noOrigins || (origins.flags === 0 && origins.refs.length === 0) ? {} : { origins }),
  }
}
