import { signIn, signUp } from '~/features/auth/actions'

export default function Login() {
  return (
    <main>
      <form action={signIn}>
        <input name="email" type="email" required />
        <input name="password" type="password" required />
        <button>Sign in</button>
      </form>
      <form action={signUp}>
        <input name="name" required />
        <input name="email" type="email" required />
        <input name="password" type="password" required />
        <button>Sign up</button>
      </form>
    </main>
  )
}
