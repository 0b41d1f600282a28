/** Who fills the store of a request out of sight of those that look into it, and with what. */
import type { BindingId, Expr, FunctionId, ModuleForm, Range } from '../../model/form.ts'
import { exportsLeadingTo } from './leading.ts'
import type { Machine } from '../machine.ts'
import { moduleIndex, visitCalls } from './module-index.ts'
import { assignedValues, atModuleLevel, moduleForm } from './module-values.ts'
import type { Takers } from './modules.ts'
import { isSameForAll, type Site } from '../values/origins.ts'
import { unknown, type Value } from '../values/value.ts'

/** Who calls what runs others below the store, and who takes the store itself. */
export interface Fillers {
  readonly runs: Takers
  readonly takes: Takers
}

export function fillersOf(m: Machine, { file, range }: Site, entry: string): Fillers {
  const form = moduleForm(m, file)
  const [store] = [...moduleIndex(m, file).declared].find(([, { init }]) => init && isWithin(range, init.range)) ?? []
  if (store === undefined) return { runs: none, takes: none }
  const { running, own } = namesOf(form, store)
  const { modules } = m.world
  return {
    runs: modules.takers(file, running, entry),
    takes: own.length > 0 ? modules.takers(file, own, entry) : none,
  }
}

/** Under which names a module exports what runs others below a store of its own, and the store itself. */
interface Names {
  readonly running: readonly string[]
  readonly own: readonly string[]
}

const known = new WeakMap<ModuleForm, Map<BindingId, Names>>()

function namesOf(form: ModuleForm, store: BindingId): Names {
  const ofModule = known.get(form) ?? new Map<BindingId, Names>()
  known.set(form, ofModule)
  let names = ofModule.get(store)
  if (!names) ofModule.set(store, (names = findNames(form, store)))
  return names
}

function findNames(form: ModuleForm, store: BindingId): Names {
  const running = form.functions.flatMap(({ body }, fn) => {
    let runs = false
    visitCalls(body, ({ callee }) => {
      runs ||=
        callee.t === 'member' && callee.object.t === 'name' && callee.object.binding === store && callee.key === 'run'
    })
    return runs ? exportsLeadingTo(form, { fn }) : []
  })
  const own = form.exports.flatMap(({ binding, exported }) => (binding === store ? [exported] : []))
  return { running: [...new Set(running)], own }
}

const none: Takers = { who: 'nobody', files: [] }

/** What these files tell a function that hands its parameter on; undefined where it may speak of a caller, or cannot be seen. */
export function toldBy(
  m: Machine,
  file: string,
  fn: FunctionId,
  given: Expr,
  files: readonly string[],
): Value[] | undefined {
  const form = moduleForm(m, file)
  const at = form.functions[fn]?.params.findIndex(
    ({ pattern }) => given.t === 'name' && pattern.t === 'bind' && pattern.binding === given.binding,
  )
  const names = form.exports.flatMap(({ binding, exported }) => {
    const init = binding === undefined ? undefined : moduleIndex(m, file).declared.get(binding)?.init
    return init?.t === 'function' && init.fn === fn ? [exported] : []
  })
  if (at === undefined || at < 0 || files.length === 0) return undefined
  const told = files.map((there) => atModuleLevel(m, there, (inner) => argumentsIn(inner, there, names, at)))
  const values = told.flat()
  const isSame = values.every((value) => isSameForAll(m.heap.originsOf(value, 4)))
  return isSame && told.every((each) => each.length > 0) ? values : undefined
}

/** What a file gives, at that place, to functions that it imports by these names. */
function argumentsIn(m: Machine, file: string, names: readonly string[], at: number): Value[] {
  const form = moduleForm(m, file)
  return form.functions.flatMap((fn, id) => {
    const given: Value[] = []
    visitCalls(fn.body, ({ callee, args }) => {
      if (callee.t !== 'name') return
      const imported = form.imports[form.bindings[callee.binding]?.import ?? -1]?.imported
      if (imported === undefined || !names.includes(imported)) return
      const value = args.slice(0, at + 1).every((arg) => arg.t !== 'spread') ? args[at] : undefined
      given.push(...(value && value.t !== 'spread' ? assignedValues(m, file, [{ value, fn: id }]) : [unknown()]))
    })
    return given
  })
}

const isWithin = (inner: Range, outer: Range): boolean => inner[0] >= outer[0] && inner[1] <= outer[1]
