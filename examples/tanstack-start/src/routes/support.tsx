import { createFileRoute, Navigate } from '@tanstack/react-router'
import { ActionForm, field } from '~/components/action-form'
import { requestCallback } from '~/features/marketing/functions'
import { authClient } from '~/lib/auth-client'

export const Route = createFileRoute('/support')({ component: Support })

function Support() {
  const { data: session } = authClient.useSession()
  if (!session) return <Navigate to="/login" />
  return (
    <>
      <h1>Support</h1>
      <ActionForm
        label="Call me back"
        action={(form) => requestCallback({ data: { email: session.user.email, phone: field(form, 'phone') } })}
      >
        <input name="phone" type="tel" required />
      </ActionForm>
    </>
  )
}
