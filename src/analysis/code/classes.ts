/** Classes: how their instances are made, and what they extend. */
import type { Expr } from '../../model/form.ts'
import { callValue } from './calls.ts'
import { evaluate, evaluateArgs, nameOf } from './expressions.ts'
import { callFunction } from './function-calls.ts'
import type { Machine } from '../machine.ts'
import { setMember } from './members.ts'
import { bindingName, moduleEnv, moduleForm } from './module-values.ts'
import { asIfAsked, merge, type Site } from '../values/origins.ts'
import { alternatives, undefinedValue, union, unknown, type ClassValue, type Value } from '../values/value.ts'

type Call = Extract<Expr, { t: 'call' }>

/** Longer chains of classes are not followed to their end. */
const maxBases = 8

/** `new C(…)`, whatever `C` is. */
export function construct(m: Machine, e: Call): Value {
  const callee = evaluate(m, e.callee)
  const args = evaluateArgs(m, e.args)
  if (!m.state.alive) return undefinedValue
  const site = m.site(e.range)
  const name = nameOf(e.callee, (id) => bindingName(m, id))
  return union(
    alternatives(m.heap.now(callee)).map((part) => {
      if (part.t === 'class') return instantiate(m, part, args, site)
      if (part.t === 'function') {
        const self = m.heap.newObject({})
        callFunction(m, part, args, site, { self, name })
        return self
      }
      if (part.t === 'unknown' && part.origins.refs.some((ref) => ref.t === 'opaque' && !ref.delegated)) {
        // creating something opaque is no guard yet; its methods may be
        return unknown(merge(asIfAsked(part.origins, m.world.same), m.heap.originsOfAll(args)), {
          nullish: 'no',
        })
      }
      return callValue(m, part, args, site, { name })
    }),
  )
}

/** An instance of a class of the project. */
export function instantiate(m: Machine, cls: ClassValue, args: readonly Value[], site: Site): Value {
  const self = m.heap.newObject({}, { cls })
  initialise(m, cls, self, args, site, 0)
  const cell = m.heap.object(self)
  if (cell && isErrorClass(m, cls)) m.heap.setCell(self, { ...cell, is: 'error' })
  return self
}

/** Sets the fields of the class and runs its constructor. */
function initialise(m: Machine, cls: ClassValue, self: Value, args: readonly Value[], site: Site, depth: number): void {
  const form = moduleForm(m, cls.file).classes[cls.cls]
  if (!form || depth > maxBases) return
  const base = baseOf(m, cls)
  if (base?.t === 'class' && form.construct === undefined) initialise(m, base, self, args, site, depth + 1)
  inClass(m, cls, self, () => {
    for (const item of form.members) {
      if (item.static || item.kind !== 'field') continue
      const cell = m.heap.object(self)
      if (!cell || typeof item.key !== 'string') continue
      const value = item.value ? evaluate(m, item.value) : undefinedValue
      const now = m.heap.object(self)
      if (now && self.t === 'object') m.heap.setCell(self, { ...now, props: new Map(now.props).set(item.key, value) })
    }
  })
  if (form.construct !== undefined) {
    callFunction(m, { t: 'function', file: cls.file, fn: form.construct, env: cls.env }, args, site, {
      self,
      name: form.name,
      awaited: true,
    })
  }
}

/** Evaluates in the scope of a class body. */
export function inClass(m: Machine, cls: ClassValue, self: Value, run: () => void): void {
  const outer = m.frame
  const env = cls.env ?? moduleEnv(m, cls.file)
  m.frame = { file: cls.file, fn: env.fn, env, self, async: false, awaited: false, returns: [], yields: [], jumps: [] }
  run()
  m.frame = outer
}

/** What the class extends. */
export function baseOf(m: Machine, cls: ClassValue): Value | undefined {
  const form = moduleForm(m, cls.file).classes[cls.cls]
  if (!form?.base) return undefined
  let base: Value | undefined
  inClass(m, cls, undefinedValue, () => {
    base = evaluate(m, form.base!)
  })
  return base
}

function isErrorClass(m: Machine, cls: ClassValue, depth = 0): boolean {
  if (depth > maxBases) return false
  const base = baseOf(m, cls)
  if (!base) return false
  if (base.t === 'class') return isErrorClass(m, base, depth + 1)
  return base.t === 'library' && (base.path.at(-1) ?? '').endsWith('Error')
}

/** `super(…)`. */
export function superCall(m: Machine, e: Call): Value {
  const args = evaluateArgs(m, e.args)
  const self = m.frame?.self
  const cls = self ? m.heap.classOf(self) : undefined
  // the class whose constructor is running, not the one that was instantiated
  const running = cls ? classOfConstructor(m, cls, m.frame!.file, m.frame!.fn) : undefined
  const base = running ? baseOf(m, running) : undefined
  if (self && base?.t === 'class') initialise(m, base, self, args, m.site(e.range), 0)
  // what a class of the language or of a library is given, the object holds: `super(message)`
  else if (self && args[0]) setMember(m, self, 'message', unknown(m.heap.originsOf(args[0]), { nullish: 'no' }))
  return undefinedValue
}

function classOfConstructor(m: Machine, cls: ClassValue, file: string, fn: number, depth = 0): ClassValue | undefined {
  const form = moduleForm(m, cls.file).classes[cls.cls]
  if (depth > maxBases || !form) return undefined
  if (cls.file === file && form.construct === fn) return cls
  const base = baseOf(m, cls)
  return base?.t === 'class' ? classOfConstructor(m, base, file, fn, depth + 1) : undefined
}
