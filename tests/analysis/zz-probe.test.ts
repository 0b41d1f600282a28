import { it } from 'vitest'
import { body, session, work } from './harness.ts'
it('probe', () => {
  for (const t of [
    `if (!data.internal && !session) throw new Error(); `,
    `if (data.internal && !session) throw new Error(); `,
    `if (!data.internal && session === null) throw new Error(); `,
    `const x = !data.internal && !session; if (x) throw new Error(); `,
    `if (!data.internal) { if (!session) throw new Error() } `,
  ]) {
    const a = body(session + t + work)
    console.log(t, JSON.stringify({ ...a, entry: 0, judgement: 0 }))
  }
})
