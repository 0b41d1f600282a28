/** Functions that hold on to variables of those around them: what one of them did is known where it holds the same. */
import { describe } from 'vitest'
import { guarded, handler, requireUser, session, unguarded, work } from './harness.ts'

/** Makes a function long enough that its calls are remembered. */
const long = Array.from(
  { length: 40 },
  (_, i) => `const step${String(i)} = [${String(i)}, 'x'].length + ${String(i)}`,
).join('\n')

const runs = `async function runs(task: () => Promise<unknown>) {\n${long}\nreturn await task()\n}\n`
const maker = `function checkIf(on: boolean) { return async () => {\n${long}\nif (on) await requireUser() } }\n`

describe('a function that is handed over', () => {
  const tasks = `${requireUser}${maker}${runs}`
  guarded({
    'holds on to a yes': `${tasks}${handler(`await runs(checkIf(true)); ${work}`)}`,
    'holds on to a no, then another to a yes': `${tasks}${handler(`await runs(checkIf(false)); await runs(checkIf(true)); ${work}`)}`,
    'writes what it found into a variable around it': `${runs}${handler(`let user: any = null; await runs(async () => { ${session} user = session?.user }); if (!user) throw new Error(); ${work}`)}`,
    'is called for the first time after the variable was set': `${requireUser}${handler(`let on = false; const check = async () => {\n${long}\nif (on) await requireUser() }; await check(); on = true; await check(); ${work}`)}`,
  })
  unguarded({
    'holds on to a no': `${tasks}${handler(`await runs(checkIf(false)); ${work}`)}`,
    'holds on to a no, after another entry point had a yes': `${tasks}export const first = createServerFn().handler(async () => { await runs(checkIf(true)); return 1 })\n${handler(`await runs(checkIf(false)); ${work}`)}`,
    'writes a guest into a variable around it': `${runs}${handler(`${session} let user: any = session?.user; await runs(async () => { user = { id: 'guest' } }); if (!user) throw new Error(); ${work}`)}`,
    'is called for the last time before the variable was set': `${requireUser}${handler(`let on = false; const check = async () => {\n${long}\nif (on) await requireUser() }; await check(); on = true; ${work}`)}`,
  })
})

describe('functions that a module wraps alike', () => {
  const traced = `${runs}const traced = (task: () => Promise<unknown>) => () => runs(() => task())\n`
  const both = `${traced}const strict = traced(async () => { ${session} if (!session) throw new Error('401'); ${work} })
    const open = traced(async () => { ${work} })\n`
  const calls = (name: string, task: string): string =>
    `export const ${name} = createServerFn({ method: 'POST' }).handler(({ data }) => ${task}())\n`
  guarded({
    'of which the guarded one is called after the open one': `${both.replaceAll('values(data)', "values({ id: '1' })")}${calls('first', 'open')}${calls('act', 'strict')}`,
  })
  unguarded({
    'of which the open one is called after the guarded one': `${both.replaceAll('values(data)', "values({ id: '1' })")}${calls('first', 'strict')}${calls('act', 'open')}`,
  })
})

describe('a long helper that gives a function', () => {
  const access = `async function access() {\n${long}\n${session} let asked = 0\nreturn { must: () => { asked++; if (!session) throw new Error('Unauthorized') }, asked: () => asked } }\n`
  const fn = (name: string, body: string): string => handler(body).replace('act', name)
  guarded({
    'which refuses': `${access}${handler(`const it = await access(); it.must(); ${work}`)}`,
    'which refuses, in a second entry point': `${access}${fn('first', 'const it = await access(); it.must(); return 1')}${handler(`const it = await access(); it.must(); ${work}`)}`,
  })
  unguarded({
    'that is not called': `${access}${fn('first', 'const it = await access(); it.must(); return 1')}${handler(`const it = await access(); it.asked(); ${work}`)}`,
    'that is called too late': `${access}${fn('first', 'const it = await access(); it.must(); return 1')}${handler(`const it = await access(); ${work} it.must()`)}`,
  })
})

describe('a method that is a field', () => {
  const gate = `class Gate { on: boolean; constructor(on: boolean) { this.on = on } check = async () => {\n${long}\nif (this.on) await requireUser() } }\n`
  guarded({
    'of the second of two objects': `${requireUser}${gate}${handler(`await new Gate(false).check(); await new Gate(true).check(); ${work}`)}`,
  })
  unguarded({
    'of the first of two objects': `${requireUser}${gate}export const first = createServerFn().handler(async () => { await new Gate(true).check(); return 1 })\n${handler(`await new Gate(false).check(); ${work}`)}`,
  })
})
