import { createFileRoute, useNavigate } from '@tanstack/react-router'
import { ActionForm, field } from '~/components/action-form'
import { signIn } from '~/features/auth/functions'

export const Route = createFileRoute('/login')({ component: Login })

function Login() {
  const navigate = useNavigate()
  return (
    <>
      <h1>Sign in</h1>
      <ActionForm
        label="Sign in"
        action={async (form) => {
          await signIn({ data: { email: field(form, 'email'), password: field(form, 'password') } })
          await navigate({ to: '/notes' })
        }}
      >
        <input name="email" type="email" placeholder="E-mail" required />
        <input name="password" type="password" placeholder="Password" required />
      </ActionForm>
    </>
  )
}
