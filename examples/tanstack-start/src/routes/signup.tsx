import { createFileRoute, useNavigate } from '@tanstack/react-router'
import { ActionForm, field } from '~/components/action-form'
import { signUp } from '~/features/auth/functions'

export const Route = createFileRoute('/signup')({ component: SignUp })

function SignUp() {
  const navigate = useNavigate()
  return (
    <>
      <h1>Create an account</h1>
      <ActionForm
        label="Create account"
        action={async (form) => {
          const data = { name: field(form, 'name'), email: field(form, 'email'), password: field(form, 'password') }
          await signUp({ data })
          await navigate({ to: '/notes' })
        }}
      >
        <input name="name" placeholder="Name" required />
        <input name="email" type="email" placeholder="E-mail" required />
        <input name="password" type="password" minLength={8} placeholder="Password" required />
      </ActionForm>
    </>
  )
}
