/** Variables of the environment that the code does not name. */
import { describe } from 'vitest'
import { guarded, handler, isPublic, session, unguarded } from './harness.ts'

describe('a variable that the caller names', () => {
  unguarded({
    'is answered': handler('return process.env[data.name]'),
    'is answered by a helper': handler('return { value: read(data.name) ?? null }').concat(
      '\nfunction read(name: string) { return process.env[name] }',
    ),
    'is answered as one of them all': handler('const all: any = { ...process.env }; return { value: all[data.name] }'),
  })
  isPublic({
    'is tested and not answered': handler('return { on: 1, has: process.env[data.name] ? 1 : 1 }'),
    'is one that browsers get anyway': handler('return process.env[`NEXT_PUBLIC_${data.name}`]'),
    'is one of those in the code': handler(
      `const names: any = { a: 'VITE_A', b: 'VITE_B' }; return process.env[names[data.name]]`,
    ),
    'is named by the code alone': handler(
      `const read = (name: string) => process.env[name]; return { url: read('APP_URL') }`,
    ),
    'is part of what a program is started with': handler('const all: any = { ...process.env }; return { count: 1 }'),
  })
  guarded({
    'behind a guard': handler(`${session} if (!session) throw new Error('401'); return process.env[data.name]`),
  })
})
