/** By what `keyOf` says of each: `Object.groupBy`, which Node 20 does not have. */
export function grouped(list, keyOf) {
  const groups = {}
  for (const one of list) (groups[keyOf(one)] ??= []).push(one)
  return groups
}
