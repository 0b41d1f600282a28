/** What the functions and methods of schema libraries say of data: zod, valibot, arktype and yup call it by these words. */

/** What follows, or is given, may be absent. */
export const optionalWords: ReadonlySet<string> = new Set([
  'optional',
  'nullish',
  'nullable',
  'exactOptional',
  'maybe',
  'undefinedable',
  'notRequired',
])

/** It is there all the same: a default stands in, or absence is an error. */
export const presentWords: ReadonlySet<string> = new Set([
  'default',
  'catch',
  'prefault',
  'nonoptional',
  'required',
  'defined',
  'fallback',
  'nonNullish',
])

/** Made of members. */
export const objectWords: ReadonlySet<string> = new Set([
  'object',
  'strictObject',
  'looseObject',
  'interface',
  'type',
  'shape',
  'objectWithRest',
])

/** One of those in a list, or two: `union([a, b])`, `discriminatedUnion('kind', [a, b])`, `a.or(b)`. */
export const eitherWords: ReadonlySet<string> = new Set(['union', 'discriminatedUnion', 'variant', 'xor', 'or'])

/** All of them: `intersection(a, b)`, `intersect([a, b])`, `a.and(b)`. */
export const bothWords: ReadonlySet<string> = new Set(['intersection', 'intersect', 'and'])

/** As what they are made of. */
export const wrappingWords: ReadonlySet<string> = new Set(['pipe', 'readonly', 'brand', 'lazy'])

/** A text, a number or another single thing. */
export const singleWords: ReadonlySet<string> = new Set(
  'string number bigint date uuid guid email url cuid cuid2 literal enum nativeEnum picklist int'.split(' '),
)

/** True or false; `bool` is what envalid says (https://github.com/af/envalid, "Validator types"). */
export const flagWords: ReadonlySet<string> = new Set(['boolean', 'bool', 'stringbool'])

/** Anything, which may be nothing. */
export const freeWords: ReadonlySet<string> = new Set(['any', 'unknown', 'undefined', 'void', 'null', 'mixed'])

/** All members may be left out, or have to be there. */
export const looseningWords: ReadonlySet<string> = new Set(['partial'])
export const tighteningWords: ReadonlySet<string> = new Set(['required'])

/** It has the members of what is given as well. */
export const extendingWords: ReadonlySet<string> = new Set(['extend', 'safeExtend', 'augment', 'merge'])

/** Many of it. */
export const listWords: ReadonlySet<string> = new Set(['array'])

/** Something else is made of what was checked. */
export const changingWords: ReadonlySet<string> = new Set(['transform'])

/** Gives what was checked, or throws. */
export const parsingWords: ReadonlySet<string> = new Set(['parse', 'parseAsync', 'validateSync', 'cast'])

/** Throws nothing, and tells in these members: https://zod.dev/basics#handling-errors. */
export const tellingWords: ReadonlySet<string> = new Set(['safeParse', 'safeParseAsync', 'spa'])
export const toldMembers = { verdict: 'success', data: 'data', error: 'error' } as const
