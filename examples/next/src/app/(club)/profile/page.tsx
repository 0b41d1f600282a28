import { requireUser } from '~/server/guards'

/** It is made once, without cookies: everybody is sent to the login, whoever they are. */
export const dynamic = 'force-static'

export default async function Profile() {
  const user = await requireUser()
  return (
    <main>
      {user.name}, {user.email}
    </main>
  )
}
