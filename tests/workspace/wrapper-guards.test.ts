import { describe, expect, it } from 'vitest'
import { app } from './files.ts'

const nextJs = { 'package.json': '{ "name": "app", "type": "module", "dependencies": { "next": "16.0.0" } }' }
const wrappers = `import { auth } from '~/auth'
import { headers } from 'next/headers'
const session = async () => auth.api.getSession({ headers: await headers() })
type Handler = (request: Request, more: any) => Promise<Response>
export const withUser = (handler: Handler) => async (request: Request, more: any) => {
  const found = await session()
  if (!found) return new Response(null, { status: 401 })
  return handler(request, { ...more, user: found.user })
}
export const withMember = (handler: (given: any) => Promise<Response>) => async (request: Request) => {
  const found = await session()
  if (!found) return new Response(null, { status: 401 })
  return handler({ request, user: found.user })
}
export const withTiming = (handler: Handler) => async (request: Request, more: any) => {
  console.time('request')
  return handler(request, more)
}
export const signedIn = <A extends unknown[], R>(action: (...args: A) => Promise<R>) => async (...args: A): Promise<R> => {
  if (!(await session())) throw new Error('Unauthorized')
  return action(...args)
}
`
const clear = `import { db, invoices } from '~/db'
export async function POST(request: Request) {
  await db.delete(invoices)
  return Response.json(null)
}
`
const wrappedIn = (name: string): string => `import { ${name} } from '~/wrappers'
export const GET = ${name}(async () => Response.json(null))
`
const found = (files: Record<string, string>, file = 'src/app/api/route.ts', kind = 'wrapped-handler' as const) => {
  const a = app({ ...nextJs, 'src/wrappers.ts': wrappers, [file]: clear, ...files })
  return a.workspace
    .guardsFor(a.path(file), kind)
    .map(({ file: at, ...guard }) => ({ ...guard, file: at.replace(a.root, '').replaceAll('\\', '/') }))
}

describe('functions that siblings are wrapped in', () => {
  it('are taken from the file, with how much of its arguments they leave a handler', () => {
    expect(found({ 'src/app/api/route.ts': clear + wrappedIn('withUser') })).toEqual([
      {
        name: 'withUser',
        file: '/src/wrappers.ts',
        local: 'withUser',
        specifier: '~/wrappers',
        type: 'wrapper',
        passes: 2,
      },
    ])
    expect(found({ 'src/app/api/route.ts': clear + wrappedIn('withMember') })).toMatchObject([
      { name: 'withMember', passes: 0 },
    ])
  })
  it('are those of the inside, too', () => {
    const nested = `import { withTiming, withUser } from '~/wrappers'
export const GET = withTiming(withUser(async () => Response.json(null)))
`
    expect(found({ 'src/app/api/route.ts': clear + nested })).toMatchObject([{ name: 'withUser', passes: 2 }])
  })
  it('are no guard when they let everybody through', () => {
    expect(found({ 'src/app/api/route.ts': clear + wrappedIn('withTiming') })).toEqual([])
  })
  it('are those of the nearest sibling, where the file has none', () => {
    expect(
      found({
        'src/app/api/members/route.ts': wrappedIn('withTiming'),
        'src/app/api/clubs/route.ts': wrappedIn('withUser'),
        'src/app/admin/route.ts': wrappedIn('withMember'),
      }),
    ).toEqual([{ name: 'withUser', file: '/src/wrappers.ts', specifier: '~/wrappers', type: 'wrapper', passes: 2 }])
  })
  it('are no guess when they are given more than the handler', () => {
    expect(
      found({
        'src/app/api/route.ts': `${clear}import { withUser } from '~/wrappers'\nexport const GET = withUser(async () => Response.json(null), { role: 'admin' })\n`,
      }),
    ).toEqual([])
  })
  it('are what the policy names', () => {
    const policy = JSON.stringify({ insert: { wrapper: { name: 'withTiming', from: './src/wrappers' } } })
    expect(found({ 'authz.config.json': policy, 'src/app/api/route.ts': clear + wrappedIn('withUser') })).toEqual([
      { name: 'withTiming', file: '/src/wrappers.ts', specifier: '~/wrappers', type: 'wrapper' },
    ])
  })
  it('of actions hand their arguments on', () => {
    const file = 'src/app/actions.ts'
    const a = app({
      ...nextJs,
      'src/wrappers.ts': wrappers,
      [file]: `'use server'\nimport { signedIn } from '~/wrappers'\nexport const add = signedIn(async (id: string) => id)\nexport async function clear(id: string) { return id }\n`,
    })
    expect(a.workspace.guardsFor(a.path(file), 'wrapped-action')).toMatchObject([{ name: 'signedIn', passes: 4 }])
  })
  it('close what they are put around', () => {
    const wrapped = `import { withUser } from '~/wrappers'\n${clear.replace('async function', 'const POST = withUser(async function').replace(/\}\n$/, '})\n')}`
    const verdicts = [clear, wrapped].map(
      (code) =>
        app({ ...nextJs, 'src/wrappers.ts': wrappers, 'src/app/api/route.ts': code }).analyse('src/app/api/route.ts')
          .entryPoints[0]?.verdict,
    )
    expect(verdicts).toEqual(['unguarded', 'guarded'])
  })
})
