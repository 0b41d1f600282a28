// A cache that all callers share, as it may stand before any application (RFC 9111): it keeps what says that it may be kept.

/**
 * @param {(url: string, init?: any) => Promise<Response>} fetchIt
 * @returns {(url: string, init?: any) => Promise<Response>} `fetch` through the cache: what somebody was given, the next one is given too.
 */
export function sharedCache(fetchIt = fetch) {
  const kept = new Map()
  return async (url, init = {}) => {
    const key = `${init.method ?? 'GET'} ${url}`
    const hit = kept.get(key)
    if (hit && hit.vary.every((name) => (init.headers?.[name] ?? '') === hit.asked[name])) return hit.answer.clone()
    const answer = await fetchIt(url, init)
    const vary = (answer.headers.get('vary') ?? '').toLowerCase().split(/,\s*/).filter(Boolean)
    if (!key.startsWith('GET ') || !mayKeep(answer) || vary.includes('*')) return answer
    const asked = Object.fromEntries(vary.map((name) => [name, init.headers?.[name] ?? '']))
    kept.set(key, { answer: answer.clone(), vary, asked })
    return answer
  }
}

export function mayKeep({ status, headers }) {
  const control = (headers.get('cache-control') ?? '').toLowerCase()
  return status === 200 && /\bpublic\b|\bs-maxage=/.test(control) && !/\bprivate\b|\bno-store\b/.test(control)
}
