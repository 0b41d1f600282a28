/** zsa: `createServerAction().input(schema).handler(fn)`, behind procedures that give it a context (its docs: procedures). */
import type { Machine } from '../../analysis/machine.ts'
import { addDoubt } from '../../analysis/caller/doubts.ts'
import { nullValue, unknown, type BuilderCall, type BuilderValue, type Value } from '../../analysis/values/value.ts'
import { requestValue } from '../../analysis/library/request.ts'
import { checkedInput, opaqueIn, runStep, type ActionLibrary } from './action-clients.ts'

export const zsa: ActionLibrary = {
  builders: ['zsa.action', 'zsa.procedure', 'zsa.chain'],
  actionOf: (builder) => {
    const action = partsOf(builder).action
    return action && ((m) => run(m, proceduresOf(builder), action))
  },
  answer: (m, given) =>
    'data' in given
      ? m.heap.newArray([given.data, nullValue])
      : m.heap.newArray([nullValue, unknown(m.heap.originsOf(given.error), { nullish: 'no', truthy: true })]),
}

interface Parts {
  readonly procedure: readonly BuilderCall[]
  readonly action: BuilderCall | undefined
}

/** What stands behind `.createServerAction()` is the action's. */
function partsOf({ builder, calls }: BuilderValue): Parts {
  const at = builder === 'zsa.action' ? 0 : calls.findIndex(({ method }) => method === 'createServerAction')
  const before = at < 0 ? calls : calls.slice(0, at)
  return {
    procedure: builder === 'zsa.action' ? [] : before,
    action: at < 0 ? undefined : calls.slice(at).findLast(({ method }) => method === 'handler'),
  }
}

/** The handlers of the procedures, those that it was made from first. */
function proceduresOf(builder: BuilderValue, depth = 0): BuilderCall[] {
  const { procedure } = partsOf(builder)
  const [made] = builder.calls
  const parents = (made?.args ?? []).filter((arg): arg is BuilderValue => arg.t === 'builder')
  return [
    ...(depth < 8 ? parents.flatMap((parent) => proceduresOf(parent, depth + 1)) : []),
    ...procedure.filter(({ method }) => method === 'handler'),
  ]
}

function run(m: Machine, procedures: readonly BuilderCall[], action: BuilderCall): Value {
  let ctx: Value = m.heap.newObject({})
  const given = (): Value => m.heap.newObject({ ctx, input: checkedInput(), request: requestValue(m) })
  for (const procedure of procedures) {
    const opaque = opaqueIn(procedure.args[0])
    if (opaque) addDoubt(m, opaque)
    else ctx = runStep(m, procedure, given(), 'middleware')
  }
  return runStep(m, action, given(), 'handler')
}
