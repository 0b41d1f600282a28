import { createFileRoute, Link, Outlet, redirect, useNavigate } from '@tanstack/react-router'
import { ActionForm } from '~/components/action-form'
import { getSession, signOut } from '~/features/auth/functions'

export const Route = createFileRoute('/_authed')({
  beforeLoad: async () => {
    const session = await getSession()
    if (!session) throw redirect({ to: '/login' })
    return { session }
  },
  component: Authed,
})

function Authed() {
  const { session } = Route.useRouteContext()
  const navigate = useNavigate()
  return (
    <>
      <nav>
        <Link to="/invoices">Invoices</Link> <Link to="/members">Members</Link> <Link to="/notes">Notes</Link>{' '}
        <Link to="/roadmap">Roadmap</Link> <Link to="/account">{session.user.name}</Link>
        {session.user.role === 'admin' && <Link to="/staff">Staff</Link>}
        <ActionForm
          label="Sign out"
          action={async () => {
            await signOut()
            await navigate({ to: '/' })
          }}
        />
      </nav>
      <Outlet />
    </>
  )
}
