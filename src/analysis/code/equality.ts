/** Whether two values are equal for this caller: nothing is equal to an absent identity but absence. */
import type { Proof } from '../../catalog/meaning.ts'
import { membershipColumn, permissionMember } from '../../catalog/names.ts'
import { withGiven } from '../values/answers.ts'
import { askedOf } from '../caller/claims.ts'
import { noteUnawaited } from './expressions.ts'
import type { Machine } from '../machine.ts'
import { addSource } from '../caller/decisions.ts'
import {
  callerChosen,
  From,
  hasSource,
  kept,
  merge,
  noOrigins,
  origins,
  type Site,
  type Source,
} from '../values/origins.ts'
import { secretCompare } from '../library/secret-compare.ts'
import { foundProofs, openRow, privilegeOf, standingOf, tieProofs } from '../caller/standing.ts'
import { proofsOf, shown, type TestProofs } from './test-proofs.ts'
import { tiesOf } from '../caller/ties.ts'
import { begunHere } from '../caller/unforged.ts'
import {
  alternatives,
  constant,
  givenWith,
  isNullish,
  keyName,
  shallowOrigins,
  truth,
  union,
  unknown,
  withOrigins,
  type ConstValue,
  type UnknownValue,
  type Value,
} from '../values/value.ts'

/**
 * Whether two values are equal for this caller.
 *
 * @param written null or undefined stands in the code as such, so the test asks whether there is something
 */
export function equal(m: Machine, left: Value, right: Value, loose: boolean, site: Site, written = true): Value {
  const [lefts, rights] = [withFallbacks(m, left, right), withFallbacks(m, right, left)]
  const answers = lefts.flatMap((a) =>
    rights.map((b) => withGiven(equalParts(m, a, b, loose, site, written), [...givenWith(a), ...givenWith(b)])),
  )
  const first = answers[0]!
  if (answers.length === 1) return first
  const known = truth(first)
  const from = answers.map(shallowOrigins).reduce(merge, noOrigins)
  if (known !== undefined && answers.every((answer) => truth(answer) === known)) return constant(known, from)
  return unknown(from, { nullish: 'no', ...shown(proofsOf(union(answers))) })
}

/** One is something and the other nothing, or the one begins otherwise than the other. */
const isOther = (value: UnknownValue, other: Value): boolean =>
  (value.truthy === true && truth(other) === false) ||
  (value.begins !== undefined &&
    other.t === 'const' &&
    typeof other.value === 'string' &&
    !other.value.startsWith(value.begins))

const isVariable = (value: Value): boolean =>
  value.t === 'unknown' && (value.origins.flags & ~From.setting) === From.env

/** `header ?? ''` beside what only the server knows: what stands in where the caller sent nothing is the caller's choice too. */
function withFallbacks(m: Machine, value: Value, other: Value): readonly Value[] {
  const parts = alternatives(value)
  if (parts.length === 1 || (m.heap.originsOf(other).flags & (kept | From.setting)) === 0) return parts
  const sent = parts.reduce((flags, part) => flags | m.heap.originsOf(part).flags, 0)
  if ((sent & callerChosen) === 0 || (sent & kept) !== 0) return parts
  return parts.map((part) => (part.t === 'const' ? withOrigins(part, origins(sent & callerChosen)) : part))
}

/** It may be a text, so it may be a secret; objects, functions and promises are compared by their identity. */
const isText = ({ t }: Value): boolean => t === 'const' || t === 'unknown' || t === 'condition' || t === 'query'

function equalParts(m: Machine, a: Value, b: Value, loose: boolean, site: Site, written: boolean): Value {
  const from = merge(m.heap.originsOf(a, 2), m.heap.originsOf(b, 2))
  if (a.t === 'const' && b.t === 'const') {
    const nothing = (v: ConstValue): boolean => v.value === null || v.value === undefined
    const result = loose && (nothing(a) || nothing(b)) ? nothing(a) && nothing(b) : a.value === b.value
    return constant(result, from)
  }
  for (const [something, nothing] of [
    [a, b],
    [b, a],
  ] as const)
    if (something.t === 'unknown' && isOther(something, nothing)) return constant(false, from)
  const secret = isText(a) && isText(b) ? secretCompare(m, a, b, site) : undefined
  if (secret) return secret
  for (const [absent, other] of [
    [a, b],
    [b, a],
  ] as const) {
    // where none is set, one that the application has only looked at is not there either, unless it is a secret
    if (m.persona.variables === 'unset' && absent.t === 'const' && isVariable(other))
      return constant(absent.value === null || absent.value === undefined, from)
    if (absent.t === 'const' && (absent.value === null || absent.value === undefined)) {
      const nothing = isNullish(other)
      if (nothing === false) return constant(false, from)
      if (m.tracing && !written && other.t === 'unknown' && other.term && standingOf(m, other) !== 'proved')
        return unknown(from, { nullish: 'no', whenTrue: tiesOf(other.term) })
      // whoever is signed in has an identity
      if (m.tracing && other.t === 'unknown' && (other.origins.flags & (From.principal | From.row)) === From.principal)
        return constant(false, from)
      // nor is a row without its id
      if (m.tracing && isRowsId(other)) return constant(false, from)
      // a stored owner is never absent; what the caller sends may be
      if (
        !loose &&
        (hasSource(absent.origins) || !written) &&
        other.t === 'unknown' &&
        other.origins.flags === From.row
      )
        return constant(false, from)
    }
    // where all variables are set, a switch has the value that it is asked for
    if (
      m.persona.variables === 'set' &&
      absent.t === 'const' &&
      other.t === 'unknown' &&
      other.truthy &&
      (other.origins.flags & From.env) !== 0
    )
      return constant(true, from)
    if (absent.t === 'const' && typeof absent.value === 'string' && (!m.anonymous || isGuests(other))) {
      const open = openRow(m, other, absent.value)
      if (open.whenTrue ?? open.whenFalse) return unknown(from, { nullish: 'no', ...shown(open) })
      const asked = askedOf(m, other, site, absent.value)
      if (asked.length > 0) return unknown(from, { nullish: 'no', whenTrue: asked })
      const proofs = roleProofs(m, other, absent.value)
      if (proofs) {
        m.log.privileges++
        return m.unprivileged || m.lacks(proofs[0]!)
          ? constant(false, merge(from, origins(0, roleSource(m, other, proofs[0]!, site))))
          : unknown(from, { nullish: 'no', whenTrue: [...proofs, ...foundProofs(m, other)] })
      }
      const found = foundProofs(m, other)
      if (found.length > 0) return unknown(from, { nullish: 'no', whenTrue: found })
    }
  }
  for (const [asked, answer] of [
    [a, b],
    [b, a],
  ] as const)
    if (asked.t === 'promise' && asked.made && answer.t === 'const') {
      noteUnawaited(m, asked)
      return constant(false, from)
    }
  if (isObjectLike(a) && b.t === 'const') return constant(false, from)
  if (isObjectLike(b) && a.t === 'const') return constant(false, from)
  const plain = truthProofs(a, b) ?? truthProofs(b, a)
  if (plain) return unknown(from, { nullish: 'no', ...shown(plain) })
  const proofs = m.anonymous ? [] : [...bindingProofs(a, b), ...tieProofs(m, a, b), ...begunHere(m, a, b)]
  return unknown(from, { nullish: 'no', ...(proofs.length > 0 ? { whenTrue: proofs } : {}) })
}

const isRowsId = (value: Value): boolean =>
  value.t === 'unknown' && value.key === 'id' && (value.origins.flags & (From.row | callerChosen)) === From.row

/** Of an identity that is given to anybody. */
const isGuests = (value: Value): boolean => (shallowOrigins(value).flags & From.guest) !== 0

/** `answer === true`, `rows.length === 0`, `row === null`: a test of whether there is something. */
function truthProofs(value: Value, literal: Value): TestProofs | undefined {
  if (literal.t !== 'const' || value.t !== 'unknown' || !(value.whenTrue ?? value.whenFalse)) return undefined
  if (literal.value === true) return { whenTrue: value.whenTrue }
  if (literal.value === false || literal.value === 0) return { whenTrue: value.whenFalse, whenFalse: value.whenTrue }
  // a value that is there may still be false, but a row is not
  return literal.value === null || literal.value === undefined ? { whenFalse: value.whenTrue } : undefined
}

const isObjectLike = (value: Value): boolean =>
  value.t === 'object' || value.t === 'function' || value.t === 'class' || value.t === 'native'

const roleSource = (m: Machine, value: Value, proof: Proof, site: Site): Source =>
  addSource(m, { t: 'source', proof, name: keyName(value), site, trust: 'verified' })

function roleProofs(m: Machine, value: Value, literal: string): readonly Proof[] | undefined {
  if (value.t !== 'unknown' || value.key === undefined) return undefined
  const everywhere = privilegeOf(m, value, literal)
  if ((value.origins.flags & (From.principal | From.row)) === 0) return everywhere.length > 0 ? everywhere : undefined
  if (/role/i.test(value.key)) return [`role:${literal}`, ...everywhere]
  if (permissionMember.test(value.key) || permissionMember.test(value.table ?? ''))
    return [`permission:${literal}`, ...everywhere]
  return everywhere.length > 0 ? everywhere : undefined
}

/** A stored row belongs to the principal: `row.ownerId === user.id`. */
function bindingProofs(a: Value, b: Value): Proof[] {
  for (const [mine, other] of [
    [a, b],
    [b, a],
  ] as const) {
    if (mine.t !== 'unknown' || other.t !== 'unknown') continue
    if ((mine.origins.flags & From.principal) === 0 || (other.origins.flags & From.row) === 0) continue
    return [membershipColumn.test(mine.key ?? other.key ?? '') ? 'tenant' : 'owner']
  }
  return []
}
