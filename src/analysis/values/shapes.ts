/** What a schema says of the data that it has checked: which members are there, and which may be left out. */
import {
  bothWords,
  changingWords,
  eitherWords,
  extendingWords,
  flagWords,
  freeWords,
  listWords,
  looseningWords,
  objectWords,
  optionalWords,
  parsingWords,
  presentWords,
  singleWords,
  tellingWords,
  tighteningWords,
  toldMembers,
  wrappingWords,
} from '../../catalog/schema-words.ts'
import type { Machine } from '../machine.ts'
import { alternatives, type UnknownValue, type Value } from './value.ts'

export interface Shape {
  /** It may be absent. */
  readonly optional: boolean
  /** Of an object. */
  readonly members?: ReadonlyMap<string, Shape | undefined>
  /** It is a text, a number or another single thing. */
  readonly single?: boolean
  /** It is true or false. */
  readonly flag?: boolean
  /** The same for the same shape. */
  readonly text: string
}

function shape(
  optional: boolean,
  members?: ReadonlyMap<string, Shape | undefined>,
  single = false,
  flag = false,
): Shape {
  const inner = members && [...members].map(([key, of]) => `${key}${of?.text ?? ''}`).join()
  return {
    optional,
    ...(members ? { members } : {}),
    ...(single ? { single } : {}),
    ...(flag ? { flag } : {}),
    text: `${inner === undefined ? '' : `{${inner}}`}${optional ? '?' : single ? '.' : ''}${flag ? '!' : ''}`,
  }
}

const asOptional = ({ members, single, flag }: Shape, optional: boolean): Shape =>
  shape(optional, members, single, flag)

/** Of data that is one of several, or all of them: undefined where nobody can tell of one which members it has. */
function combined(all: readonly (Shape | undefined)[], isAll: boolean): Shape | undefined {
  const known = all.filter((of) => of !== undefined)
  const [first, ...others] = known
  if (!first || known.length < all.length) return undefined
  if (others.length === 0) return first
  const isOptional = isAll ? known.every((of) => of.optional) : known.some((of) => of.optional)
  if (known.every((of) => of.single))
    return shape(
      isOptional,
      undefined,
      true,
      known.every((of) => of.flag),
    )
  const members = known.flatMap((of) => (of.members ? [of.members] : []))
  if (members.length < known.length) return undefined
  const keys = [...new Set(members.flatMap((of) => [...of.keys()]))]
  return shape(
    isOptional,
    new Map(
      keys.map((key): [string, Shape | undefined] => {
        const having = members.filter((of) => of.has(key))
        const of = combined(
          having.map((has) => has.get(key)),
          isAll,
        )
        return [key, isAll || having.length === members.length ? of : asOptional(of ?? shape(true), true)]
      }),
    ),
  )
}

/** The schemas of a list, or those that stand there one by one. */
const schemasIn = (m: Machine, args: readonly Value[]): readonly (Shape | undefined)[] => {
  const list = args.map((arg) => m.heap.array(arg)).find((cell) => cell !== undefined)
  if (list) return [...list.items, ...(list.rest ? [list.rest] : [])].map(shapeOf)
  return args.map(shapeOf)
}

/** `z.object({ … })`, `v.optional(…)`: the schema that a function of a schema library makes. */
export function shapeMade(
  m: Machine,
  path: string,
  args: readonly Value[],
  presentUnlessSaid: boolean,
): Shape | undefined {
  const name = path.slice(path.lastIndexOf('.') + 1)
  const first = shapeOf(args[0])
  if (objectWords.has(name)) {
    const cell = args[0] && m.heap.object(args[0])
    return cell ? shape(false, membersIn(cell.props)) : undefined
  }
  if (optionalWords.has(name)) return asOptional(first ?? shape(true), true)
  if (presentWords.has(name) || wrappingWords.has(name))
    return first && (wrappingWords.has(name) ? first : asOptional(first, false))
  if (eitherWords.has(name) || bothWords.has(name)) return combined(schemasIn(m, args), bothWords.has(name))
  if (freeWords.has(name)) return shape(true)
  if (flagWords.has(name)) return shape(!presentUnlessSaid, undefined, true, true)
  return singleWords.has(name) ? shape(!presentUnlessSaid, undefined, true) : undefined
}

/** `.optional()`, `.extend({ … })`: what a method of a schema makes of it; the same for all that only ask for more. */
export function shapeAfter(m: Machine, before: Shape, method: string, args: readonly Value[]): Shape {
  const { members } = before
  if (optionalWords.has(method)) return asOptional(before, true)
  if (members && looseningWords.has(method))
    return shape(before.optional, new Map([...members].map(([key, of]) => [key, asOptional(of ?? shape(true), true)])))
  if (members && tighteningWords.has(method))
    return shape(before.optional, new Map([...members].map(([key, of]) => [key, of && asOptional(of, false)])))
  if (presentWords.has(method)) return asOptional(before, false)
  if (members && extendingWords.has(method)) {
    const cell = args[0] && m.heap.object(args[0])
    const added = cell ? membersIn(cell.props) : (shapeOf(args[0])?.members ?? new Map<string, undefined>())
    return shape(before.optional, new Map([...members, ...added]))
  }
  if (eitherWords.has(method) || bothWords.has(method))
    return combined([before, ...schemasIn(m, args)], bothWords.has(method)) ?? shape(before.optional)
  return listWords.has(method) ? shape(false) : changingWords.has(method) ? shape(before.optional) : before
}

/** Methods of a schema that give the data that it has checked. */
export const isParse = (method: string): boolean => parsingWords.has(method)

/** What methods that refuse nothing by themselves (`safeParse`) say of the data: undefined for others. */
export function resultOf(of: Shape, method: string): Shape | undefined {
  if (!tellingWords.has(method)) return undefined
  const { verdict, data, error } = toldMembers
  const members = new Map([
    [verdict, shape(false, undefined, true)],
    [data, asOptional(of, true)],
    [error, shape(true)],
  ])
  return shape(false, members)
}

/** Of the member of checked data: undefined where the schema does not tell. */
export function memberShape(data: UnknownValue, key: string): Shape | undefined {
  const members = data.shape?.members
  if (!members) return undefined
  return members.has(key) ? members.get(key) : shape(true)
}

/** What the caller sent, once a schema has seen it. */
export function checkedBy(schema: Value | undefined, data: UnknownValue): UnknownValue {
  const known = shapeOf(schema)
  return { ...data, nullish: known?.optional ? 'maybe' : 'no', shaped: true, ...(known ? { shape: known } : {}) }
}

/** The same, where that member is there. */
export function withMember(of: Shape, key: string): Shape {
  const member = of.members?.get(key)
  return member ? shape(of.optional, new Map([...of.members!, [key, asOptional(member, false)]])) : of
}

export function shapeOf(value: Value | undefined): Shape | undefined {
  const found = value && alternatives(value).find((part): part is UnknownValue => part.t === 'unknown' && !!part.shape)
  return found?.shape
}

/** `'name?': 'string'`: some libraries write it into the key, and types as texts. */
const membersIn = (props: ReadonlyMap<string, Value>): ReadonlyMap<string, Shape | undefined> =>
  new Map(
    [...props].map(([key, value]) => {
      const of =
        value.t === 'const' ? shape(/\bundefined\b|\?$/.test(String(value.value)), undefined, true) : shapeOf(value)
      return key.endsWith('?') ? [key.slice(0, -1), asOptional(of ?? shape(true), true)] : [key, of]
    }),
  )
