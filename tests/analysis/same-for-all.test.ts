/** What could not be read and cannot know who calls: it may fail everybody, and is neither a guard nor a denial of everybody. */
import { describe } from 'vitest'
import { type Case, guarded, handler, session, unguarded, unverifiable, work } from './harness.ts'

const using = (imports: string, body: string): Case => [`${imports}\n${handler(body)}`, {}]
const missing = (body: string): Case =>
  using("import { site, pages, keys, session, getUser, check, Thing } from './generated/site'", body)
const json = (body: string): Case => using("import labels from './labels.json'", body)

describe('a value of a module that is not there', () => {
  unguarded({
    'is tested': missing(`if (!site) throw new Error(); ${work}`),
    'is compared': missing(`if (site.key !== 'shop') throw new Error(); ${work}`),
    'is compared with a variable of the environment': missing(`if (site.key !== process.env.SITE) return; ${work}`),
    'is a list that is filtered': missing(`if (!pages.filter((page) => page.shown).length) throw new Error(); ${work}`),
    'is a list whose items are worked on': missing(`for (const page of pages) { if (!page.shown) continue; ${work} }`),
    'is loaded on the way': using(
      '',
      `const { site } = await import('./generated/site'); if (!site.on) return; ${work}`,
    ),
  })
  unverifiable({
    'is called': missing(`const user = getUser(); if (!user) throw new Error(); ${work}`),
    'is called and awaited': missing(`await getUser(); ${work}`),
    'is called by a method': missing(`if (!site.allows()) throw new Error(); ${work}`),
    'is given the request': missing(`if (!check(getRequest())) throw new Error(); ${work}`),
    'is compared with what the caller sent': missing(`if (site.token !== data.token) throw new Error(); ${work}`),
    'is a list in which what the caller sent is looked for': missing(
      `if (!keys.includes(data.key)) throw new Error(); ${work}`,
    ),
    'is a list that is asked for what the caller sent': missing(
      `if (!keys.some((key) => key === data.key)) throw new Error(); ${work}`,
    ),
    'is a list in which an item is found by what the caller sent': missing(
      `if (!keys.find((key) => key.value === data.key)) throw new Error(); ${work}`,
    ),
    'is a list of which some are left by what the caller sent': missing(
      `if (keys.filter((key) => key === data.key).length === 0) throw new Error(); ${work}`,
    ),
    'speaks of a session': missing(`if (!session) throw new Error(); ${work}`),
    'has a part that speaks of a user': missing(`if (!site.user) throw new Error(); ${work}`),
    'is made into something for the request': missing(`if (!new Thing(getRequest()).ok) throw new Error(); ${work}`),
    'is a class': missing(`if (!new Thing().ok) throw new Error(); ${work}`),
    'decides whether a session is asked for': missing(
      `${session} if (site.closed && !session) throw new Error(); ${work}`,
    ),
  })
  guarded({
    'stands beside a guard': missing(`${session} if (!session) throw new Error(); if (!site.on) return; ${work}`),
  })
})

describe('JSON', () => {
  unguarded({
    'is tested': json(`if (!labels.title) throw new Error(); ${work}`),
    'is read by a key of the caller': json(`const label = labels[data.locale]; ${work}`),
  })
  unverifiable({
    'is a list of keys': json(`if (!labels.keys.includes(data.key)) throw new Error(); ${work}`),
  })
})

const made = (prelude: string, body: string): Case => [
  `import { createThing } from 'acme-sdk'\n${prelude}\n${handler(body)}`,
  {},
]
const settings = '{ key: process.env.ACME_KEY }'

describe('what a package makes of the settings', () => {
  unguarded({
    'is tested': made('', `const thing = createThing(${settings}); if (!thing) throw new Error(); ${work}`),
    'is kept by the module': made(
      `let kept: any; const thing = () => { if (!kept) kept = createThing(${settings}); return kept }`,
      `const it = thing(); if (!it) throw new Error(); ${work}`,
    ),
    'may be kept for one of two tenants': made(
      `let demo: any; let own: any
       const demoOf = () => { if (!process.env.DEMO) return null; if (!demo) demo = createThing(${settings}); return demo }
       const ownOf = () => { if (!own) own = createThing(${settings}); return own }
       const either = () => { const it = demoOf(); if (it) return it; return ownOf() }`,
      `either(); ${work}`,
    ),
  })
  unverifiable({
    'is asked': made('', `const thing = createThing(${settings}); if (!thing.allows()) throw new Error(); ${work}`),
    'is looked into': made('', `const thing = createThing(${settings}); if (!thing.open) throw new Error(); ${work}`),
    'is waited for': made('', `const user = await createThing(${settings}); if (!user) throw new Error(); ${work}`),
    'is made of the request as well': made(
      '',
      `const thing = createThing({ ...${settings}, request: getRequest() }); if (!thing) throw new Error(); ${work}`,
    ),
    'is made of what the caller sent as well': made(
      '',
      `const thing = createThing(process.env.ACME_KEY, data.token); if (!thing) throw new Error(); ${work}`,
    ),
    'is made of the code alone': made('', `const user = createThing('admin'); if (!user) throw new Error(); ${work}`),
  })
})
