/**
 * Globs of workspaces and of the policy file: `*`, `?`, `**`, `{a,b}`, `[abc]`, relative to a folder, with `/`.
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
    } else if (char === '[' && text.indexOf(']', i + 2) > 0) {
      const end = text.indexOf(']', i + 2)
      const set = text
        .slice(i + 1, end)
        .replaceAll('\\', '\\\\')
        .replace(/^!/, '^')
      source += `[${set}]`
      i = end
    } else {
      source += char.replace(/[$()*+./?[\\\]^{|}]/, String.raw`\$&`)
    }
  }
  while (depth-- > 0) source += ')'
  try {
    return new RegExp(`^${source}$`)
  } catch {
    // An impossible set: it matches itself.
    return new RegExp(`^${text.replace(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`)}$`)
  }
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
