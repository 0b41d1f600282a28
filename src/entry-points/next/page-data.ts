/**
 * What a page of the Pages Router does for each request: `getServerSideProps`, and the older `getInitialProps` of its
 * component, which runs on the server for whoever comes from outside (docs: pages/api-reference/functions/get-server-side-props,
 * pages/api-reference/functions/get-initial-props).
 */
import type { Proof } from '../../catalog/meaning.ts'
import { evaluate } from '../../analysis/code/expressions.ts'
import type { Machine } from '../../analysis/machine.ts'
import { show } from '../../analysis/caller/shown.ts'
import { settle } from '../../analysis/queries/queries.ts'
import { member } from '../../analysis/code/members.ts'
import { atModuleLevel, moduleForm } from '../../analysis/code/module-values.ts'
import { From, origins, type Origins } from '../../analysis/values/origins.ts'
import {
  alternatives,
  givenWith,
  isNullish,
  shallowOrigins,
  undefinedValue,
  union,
  unknown,
  withOrigins,
  type Value,
} from '../../analysis/values/value.ts'
import { pageData } from './conventions.ts'
import { exportsOf, type Exported } from './exports.ts'

export interface PageData extends Omit<Exported, 'from'> {
  /** What of the value that it gives is sent to the caller, and where that turns the caller away instead. */
  readonly answer: (m: Machine, given: Value) => Value
}

export function pageDataOf(m: Machine, file: string): PageData[] {
  const perRequest = exportsOf(m, file).filter(({ name }) => name === pageData.perRequest)
  if (perRequest.length > 0) return perRequest.map((one) => ({ ...one, answer: propsOrRefusal }))
  const initial = assignedInitial(m, file) ?? staticInitial(m, file)
  return initial ? [{ ...initial, name: pageData.initial, answer: (m, given) => sentProps(m, given) }] : []
}

type Initial = Omit<PageData, 'name' | 'answer'>

/** `Page.getInitialProps = async (context) => …` */
function assignedInitial(m: Machine, file: string): Initial | undefined {
  const form = moduleForm(m, file)
  for (const statement of form.functions[0]?.body ?? []) {
    const assigned = statement.t === 'expr' && statement.expr.t === 'assign' ? statement.expr : undefined
    const target = assigned?.target.t === 'target' ? assigned.target.target : undefined
    if (!assigned || target?.t !== 'member' || target.key !== pageData.initial) continue
    const { value } = assigned
    const fn = value.t === 'function' ? form.functions[value.fn] : undefined
    return {
      value: atModuleLevel(m, file, (inner) => evaluate(inner, value, true)),
      range: target.range,
      statement: assigned.range,
      markerAnchors: [assigned.range[0]],
      ...(fn ? { fn } : {}),
    }
  }
  return undefined
}

/** `static async getInitialProps(context) { … }` of a component that is a class. */
function staticInitial(m: Machine, file: string): Initial | undefined {
  const page = exportsOf(m, file).find(({ name }) => name === 'default')
  if (page?.value.t !== 'class' || page.value.file !== file) return undefined
  const form = moduleForm(m, file)
  const written = form.classes[page.value.cls]?.members.find((one) => one.static && one.key === pageData.initial)
  if (!written) return undefined
  const site = { file, range: page.range }
  const fn = written.fn === undefined ? undefined : form.functions[written.fn]
  const range = fn?.range ?? written.value?.range ?? page.range
  return {
    value: member(m, page.value, pageData.initial, site),
    range,
    statement: range,
    markerAnchors: [range[0], ...page.markerAnchors],
    ...(fn ? { fn } : {}),
  }
}

/** `{ redirect }` and `{ notFound: true }` turn the caller away, who gets the address and nothing else; else `props` is sent. */
function propsOrRefusal(m: Machine, given: Value): Value {
  return union(
    alternatives(given).map((part): Value => {
      const said = m.heap.object(part)?.props
      const redirect = said?.get('redirect')
      if (redirect && isNullish(redirect) === false) return denial(m, redirect)
      const notFound = said?.get('notFound')
      if (notFound?.t === 'const' && Boolean(notFound.value)) return denial(m, undefinedValue)
      // which of two answers it is may tell something, whatever they are
      return sentProps(m, withOrigins(said?.get('props') ?? part, told(part)), givenWith(part))
    }),
  )
}

const told = (answer: Value): Origins => ({
  flags: From.nothing,
  refs: shallowOrigins(answer).refs.filter((ref) => ref.t === 'read'),
})

const denial = (m: Machine, shown: Value): Value => {
  sentProps(m, shown)
  return m.heap.newObject({}, { is: 'denial' })
}

/** A page that greets its user is no getter of the session. */
function sentProps(m: Machine, props: Value, given: readonly Proof[] = []): Value {
  if (!m.state.alive) return props
  const sent = union(alternatives(props).map((part) => settled(m, part)))
  show(m, sent, given)
  return unknown(origins(m.heap.originsOf(sent, depth).flags & ~From.principal))
}

/** Properties of properties: deeper than that nobody looks. */
const depth = 8

function settled(m: Machine, part: Value): Value {
  if (part.t === 'promise') return part.value ?? undefinedValue
  return part.t === 'query' ? settle(m, part) : part
}
