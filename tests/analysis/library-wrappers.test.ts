/** Functions that a library makes once, while a module is set up, and that look at whoever calls them. */
import { describe } from 'vitest'
import { cases, guarded, handler, unguarded, work, type Case } from './harness.ts'

const with_ = (imports: string, body: string): Case => `${imports}\n${handler(body)}`

describe('a wrapper of a library that is made once', () => {
  guarded({
    'refuses whoever cannot sign, and the work behind it is told': with_(
      `import { verifySignatureAppRouter } from '@upstash/qstash/nextjs'\nconst run = verifySignatureAppRouter(async () => { ${work} })`,
      `return run(getRequest())`,
    ),
  })
  cases(
    { verdict: 'guarded', proofs: ['authenticated'] },
    {
      'shows the session to the handler, which asks for it': with_(
        `import NextAuth from 'next-auth'\nconst { auth: nextAuth } = NextAuth({ providers: [] })\nconst run = nextAuth(async (request) => { if (!request.auth) return new Response(null, { status: 401 }); ${work} })`,
        `return run(getRequest())`,
      ),
    },
  )
  unguarded({
    'shows the session to the handler, which does not look': with_(
      `import NextAuth from 'next-auth'\nconst { auth: nextAuth } = NextAuth({ providers: [] })\nconst run = nextAuth(async (request) => { ${work} })`,
      `return run(getRequest())`,
    ),
  })
})

describe('a client that is kept in a global, under another name of it', () => {
  guarded({
    'is that client': with_(
      `import { betterAuth } from 'better-auth'
      let kept: any
      const g = global as any
      function open() {
        if (g.kept) { kept = g.kept } else { const made = { auth: betterAuth({}) }; kept = made.auth; g.kept = kept }
        return { kept }
      }`,
      `const session = await open().kept.api.getSession({ headers: getRequestHeaders() }); if (!session) throw new Error('no'); ${work}`,
    ),
  })
})
