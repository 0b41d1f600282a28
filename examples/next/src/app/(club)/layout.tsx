import type { ReactNode } from 'react'
import { signOut } from '~/features/auth/actions'
import { requireMember } from '~/server/guards'

/** Pages below it are rendered beside it, and are asked for without it. */
export default async function ClubLayout({ children }: { children: ReactNode }) {
  const member = await requireMember()
  return (
    <>
      <header>
        {member.role}
        <form action={signOut}>
          <button>Sign out</button>
        </form>
      </header>
      {children}
    </>
  )
}
