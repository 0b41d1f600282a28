/** next-safe-action: `client.use(middleware).inputSchema(schema).action(fn)` (its docs: define-actions, middleware). */
import type { Machine } from '../../analysis/machine.ts'
import { addDoubt } from '../../analysis/caller/doubts.ts'
import { From, origins } from '../../analysis/values/origins.ts'
import { resolved } from '../../analysis/language/promises.ts'
import {
  alternatives,
  native,
  undefinedValue,
  union,
  unknown,
  type BuilderCall,
  type BuilderValue,
  type Value,
} from '../../analysis/values/value.ts'
import { extend } from '../context.ts'
import { checkedInput, opaqueIn, runStep, sentInput, type ActionLibrary } from './action-clients.ts'

export const safeAction: ActionLibrary = {
  builders: ['next-safe-action.client'],
  actionOf: (builder) => {
    const action = actionCall(builder)
    return action && ((m) => run(m, builder, action))
  },
  answer: (m, given) =>
    'data' in given
      ? m.heap.newObject({ data: given.data })
      : m.heap.newObject({ serverError: unknown(m.heap.originsOf(given.error), { nullish: 'no', truthy: true }) }),
}

/** `.action(fn)`; before release 7 the client itself was called with a schema and the function. */
const actionCall = ({ calls }: BuilderValue): BuilderCall | undefined =>
  calls.findLast(({ method }) => method === 'action' || method === 'stateAction') ??
  calls.findLast(({ method, args }) => method === '()' && args.length > 1)

function run(m: Machine, builder: BuilderValue, action: BuilderCall): Value {
  const steps = builder.calls.flatMap((call) => middlewareIn(call))
  const metadata = builder.calls.findLast(({ method }) => method === 'metadata')?.args[0] ?? undefinedValue
  const sent = sentInput()
  const bound = m.heap.newArray([], unknown(origins(From.input)))
  const answers: Value[] = []
  const step = (machine: Machine, at: number, ctx: Value): Value => {
    const given = { ctx, metadata, clientInput: sent, bindArgsClientInputs: bound }
    const current = steps[at]
    if (!current) {
      const schema = builder.calls.findLast(({ method }) => method === 'inputSchema' || method === 'schema')?.args[0]
      const input = { parsedInput: checkedInput(schema), bindArgsParsedInputs: bound }
      const answer =
        action.method === '()'
          ? runStep(machine, { ...action, args: [action.args[1]!] }, checkedInput(action.args[0]), 'handler', ctx)
          : runStep(machine, action, machine.heap.newObject({ ...given, ...input }), 'handler')
      answers.push(answer)
      return machine.heap.newObject({ data: answer }, { rest: unknown() })
    }
    const opaque = opaqueIn(current.args[0])
    if (opaque) {
      addDoubt(machine, opaque)
      return step(machine, at + 1, ctx)
    }
    const next = native('next', (inner, args, site) => {
      const added = args[0] && inner.heap.object(args[0])?.props.get('ctx')
      return resolved(step(inner, at + 1, added ? extend(inner, ctx, added) : ctx), site)
    })
    return runStep(machine, current, machine.heap.newObject({ ...given, next }), 'middleware')
  }
  const legacy = legacyMiddleware(m, builder)
  step(m, 0, legacy ? runStep(m, legacy, sent, 'middleware') : m.heap.newObject({}))
  return answers.length > 0 ? union(answers) : undefinedValue
}

/** `.use(fn)`, or `.use(createMiddleware().define(fn))`. */
function middlewareIn(call: BuilderCall): BuilderCall[] {
  if (call.method !== 'use' && call.method !== 'useValidated') return []
  const [given] = call.args
  const made = given && alternatives(given).find((part): part is BuilderValue => part.t === 'builder')
  const defined = made?.calls.findLast(({ method }) => method === 'define')
  return [defined ? { ...defined, site: call.site } : call]
}

/** Before release 7: `createSafeActionClient({ middleware() { … return context } })`. */
function legacyMiddleware(m: Machine, builder: BuilderValue): BuilderCall | undefined {
  const [made] = builder.calls
  const middleware = made?.args[0] && m.heap.object(made.args[0])?.props.get('middleware')
  return made && middleware ? { ...made, args: [middleware] } : undefined
}
