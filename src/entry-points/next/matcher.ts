/** Which addresses the matcher of a proxy names (docs: file-conventions/proxy, "Matcher"). */

/** Whether a matcher covers an address; where it cannot be read, it is taken to cover none. */
export function coveredBy(source: string, address: string): boolean {
  const pattern = patternOf(source)
  // a parameter of the address may be anything
  return pattern?.test(address.replace(/[[\].]/g, '')) ?? false
}

/** `/about/:path*`, `/:id(\\d+)`, `/((?!api|_next).*)`: the rest is taken as a regular expression is. */
export function patternOf(source: string): RegExp | undefined {
  const text = source
    .replace(/\/:\w+\*/g, '(?:/.*)?')
    .replace(/\/:\w+\+/g, '/.+')
    .replace(/\/:\w+\?/g, '(?:/[^/]+)?')
    .replace(/:\w+(\([^)]*\))/g, '$1')
    .replace(/:\w+/g, '[^/]+')
  try {
    return new RegExp(`^${text}/?$`)
  } catch {
    return undefined
  }
}
