import Link from 'next/link'
import { sendMessage } from '~/features/club/actions'

export default function Home() {
  return (
    <main>
      <h1>Clubhouse</h1>
      <p>
        Rooms for clubs. <Link href="/login">Sign in</Link> to book one, or write to us:
      </p>
      <form action={sendMessage}>
        <input name="email" type="email" required />
        <textarea name="body" required />
        <button>Send</button>
      </form>
    </main>
  )
}
