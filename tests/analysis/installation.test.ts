/** What the installation is set to: the one row that every caller finds. */
import { describe } from 'vitest'
import { guarded, session, unguarded, unverifiable, work } from './harness.ts'

const settings = 'const settings = await prisma.installation.findUnique({ where: { id: 1 } })\n'

describe('a setting of the installation', () => {
  unverifiable({
    'decides whether a session is asked for': `${settings}${session} if (!session && !settings?.open) throw new Error(); ${work}`,
    'decides it in a helper that is told': `const isOpen = async () => { ${settings} return settings?.open ?? false }
      ${session} if (!session && !(await isOpen())) throw redirect({ to: '/login' }); ${work}`,
  })
  guarded({
    'decides something else': `${settings}${session} if (!session) throw new Error(); if (settings?.closed) return; ${work}`,
  })
  unguarded({
    'is all that is asked': `${settings} if (!settings?.open) throw new Error(); ${work}`,
    'of a row that the caller chooses': `const row = await prisma.installation.findUnique({ where: { id: data.id } })
      ${session} if (!session && !row?.open) throw new Error(); ${work}`,
    'beside a session that nobody tests': `${settings}${session} if (settings?.open) console.log(session); ${work}`,
  })
})
