/**
 * Globs of workspaces and of the policy file: `*`, `?`, `**`, `{a,b}`, relative to a folder, with `/`. Brackets and
 * parentheses mean themselves: `app/(site)/[id]/**` is a folder of routes, not a class of characters.
 * (`path.matchesGlob` is experimental in Node 20 and warns.)
 */
export function globToRegExp(glob: string): RegExp {
  let source = ''
  let depth = 0
  const text = glob.replace(/^\.\//, '').replace(/\/+$/, '')
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (char === '*') {
      if (text[i + 1] !== '*') {
        source += '[^/]*'
        continue
      }
      while (text[i + 1] === '*') i++
      if (text[i + 1] === '/') {
        i++
        source += '(?:[^/]+/)*'
      } else {
        source += '.*'
      }
    } else if (char === '?') {
      source += '[^/]'
    } else if (char === '{' && text.includes('}', i)) {
      depth++
      source += '(?:'
    } else if (char === '}' && depth > 0) {
      depth--
      source += ')'
    } else if (char === ',' && depth > 0) {
      source += '|'
    } else {
      source += char.replace(/[$()*+./?[\\\]^{|}]/, String.raw`\$&`)
    }
  }
  while (depth-- > 0) source += ')'
  return new RegExp(`^${source}$`)
}

export function matchesGlob(file: string, glob: string): boolean {
  let known = cache.get(glob)
  if (known === undefined) {
    known = globToRegExp(glob)
    if (cache.size > 1_000) cache.clear()
    cache.set(glob, known)
  }
  return known.test(file)
}

const cache = new Map<string, RegExp>()
