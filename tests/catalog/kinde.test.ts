/** What Kinde answers to whom: `null` is for who is not signed in, and an object is no permission. */
import { describe } from 'vitest'
import { cases, handler, work, type Case } from '../analysis/harness.ts'

const kinde = (body: string): Case =>
  `import { getKindeServerSession } from '@kinde-oss/kinde-auth-nextjs/server'
   ${handler(`const kinde = getKindeServerSession(); ${body}`)}`

describe('Kinde', () => {
  cases(
    { verdict: 'guarded', proofs: ['authenticated'] },
    {
      'an answer about a permission is had by whoever is signed in': kinde(
        `const p = await kinde.getPermission('invoice:write'); if (!p) throw new Error(); ${work}`,
      ),
      'a claim that is asked for': kinde(
        `const c = await kinde.getClaim('email'); if (!c?.value) throw new Error(); ${work}`,
      ),
      'an organisation': kinde(`const o = await kinde.getOrganization(); if (!o?.orgCode) throw new Error(); ${work}`),
    },
  )
  cases(
    { verdict: 'guarded', proofs: ['authenticated', 'permission:invoice:write'] },
    {
      'a permission is had where it is granted': kinde(
        `const p = await kinde.getPermission('invoice:write'); if (!p?.isGranted) throw new Error(); ${work}`,
      ),
    },
  )
  cases('unguarded', {
    'a feature flag is about nobody': kinde(
      `if (!(await kinde.getBooleanFlag('beta', true))) throw new Error(); ${work}`,
    ),
  })
})
