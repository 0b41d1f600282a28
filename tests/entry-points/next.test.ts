import { describe, expect, it } from 'vitest'
import { verdicts, type Files } from '../analysis/harness.ts'

/** Name, kind and method of each entry point, and the text that its range marks. */
function listed(source: string, file = 'src/actions.ts', others: Files = {}): string[] {
  return Object.values(verdicts({ ...others, [file]: source }))
    .filter(({ entry }) => entry.framework === 'next')
    .map(({ entry }) => [entry.name, entry.kind, entry.method, source.slice(...entry.range)].join(' | '))
}

const names = (source: string, file?: string, others?: Files): string[] =>
  listed(source, file, others).map((line) => line.split(' | ')[0]!)

describe('server actions that are found', () => {
  const directive = `'use server'\n`

  it('an exported function of a file with the directive', () => {
    expect(listed(`${directive}export async function save() {}`)).toEqual(['save | server-action |  | save'])
  })
  it('an exported arrow function', () => {
    expect(listed(`${directive}export const save = async () => {}`)).toEqual(['save | server-action |  | save'])
  })
  it('a default export', () => {
    expect(names(`${directive}export default async function save() {}`)).toEqual(['default'])
    expect(names(`${directive}export default async () => {}`)).toEqual(['default'])
  })
  it('what a function of the project gives', () => {
    expect(
      names(`${directive}import { wrap } from './wrap'\nexport const save = wrap(async () => {})`, undefined, {
        'src/wrap.ts': 'export const wrap = (fn: any) => async (...args: any[]) => fn(...args)',
      }),
    ).toEqual(['save'])
  })
  it('what a function of an unknown package gives', () => {
    expect(names(`${directive}import { wrap } from 'some-package'\nexport const save = wrap(async () => {})`)).toEqual([
      'save',
    ])
  })
  it('a name in braces, under the name that it is exported by', () => {
    expect(listed(`${directive}async function a() {}\nexport { a as save }`)).toEqual([
      'save | server-action |  | a as save',
    ])
  })
  it('a function of another file that is exported again', () => {
    const other = { 'src/other.ts': 'export async function save() {}\nexport async function load() {}' }
    expect(names(`${directive}export { save } from './other'`, undefined, other)).toEqual(['save'])
    expect(names(`${directive}export * from './other'`, undefined, other)).toEqual(['save', 'load'])
  })
  it('not again what is an action of the file that it comes from', () => {
    const other = { 'src/other.ts': `${directive}export async function save() {}` }
    const found = verdicts({ ...other, 'src/actions.ts': `${directive}export { save } from './other'` })
    expect(Object.keys(found)).toEqual(['save'])
  })
  it('helpers that became actions because their file says so', () => {
    expect(
      names(
        `${directive}import { cache } from 'react'\nexport const getUser = cache(async () => 1)\nexport async function decrypt(text: string) { return text }`,
      ),
    ).toEqual(['getUser', 'decrypt'])
  })
  it('not types, constants and objects', () => {
    expect(
      names(
        `${directive}export type A = string\nexport const limit = 3\nexport const schema = { a: 1 }\nexport interface B {}`,
      ),
    ).toEqual([])
  })
  it('not functions that are not exported', () => {
    expect(names(`${directive}async function a() {}\nexport async function b() { await a() }`)).toEqual(['b'])
  })
  it('a function with the directive of its own', () => {
    expect(listed(`export async function save() { 'use server' }\nexport function other() {}`)).toEqual([
      'save | server-action |  | save',
    ])
  })
  it('a function inside a component', () => {
    expect(
      names(
        `export default function Page() { async function save() { 'use server' }\nreturn <form action={save}/> }`,
        'src/component.tsx',
      ),
    ).toEqual(['save'])
  })
  it('an unnamed function in an attribute', () => {
    expect(
      listed(`export function Form() { return <form action={async () => { 'use server'; }}/> }`, 'src/component.tsx'),
    ).toEqual([`<inline> | server-action |  | async () => { 'use server'; }`])
  })
  it('a property of an object', () => {
    expect(names(`export const actions = { save: async () => { 'use server' } }`)).toEqual(['save'])
  })
  it('in a page, beside the page', () => {
    expect(
      listed(
        `export default function Page() { async function save() { 'use server' }\nreturn <form action={save}/> }`,
        'src/app/page.tsx',
      ),
    ).toEqual(['default | page |  | Page', 'save | server-action |  | save'])
  })
  it('not a function with another directive', () => {
    expect(names(`export async function save() { 'use cache' }`)).toEqual([])
  })
})

describe('route handlers that are found', () => {
  const route = 'src/app/api/things/route.ts'

  it('functions, by the method that they answer', () => {
    expect(
      listed(`export async function GET() {}\nexport const POST = async () => {}\nexport const helper = 1`, route),
    ).toEqual(['GET | route-handler | GET | GET', 'POST | route-handler | POST | POST'])
  })
  it('one function under several names', () => {
    expect(listed(`const handler = async () => {}\nexport { handler as GET, handler as POST }`, route)).toEqual([
      'GET | route-handler | GET | handler as GET',
      'POST | route-handler | POST | handler as POST',
    ])
  })
  it('a constant that is another one', () => {
    expect(names(`export const PATCH = async () => {}\nexport const PUT = PATCH`, route)).toEqual(['PATCH', 'PUT'])
  })
  it('what is taken out of an object', () => {
    expect(
      names(`import { handlers } from '../../../handlers'\nexport const { GET, POST } = handlers`, route, {
        'src/handlers.ts': 'export const handlers = { GET: async () => {}, POST: async () => {} }',
      }),
    ).toEqual(['GET', 'POST'])
  })
  it('handlers of another file', () => {
    const other = { 'src/app/api/other/route.ts': 'export async function GET() {}\nexport async function POST() {}' }
    const at = (source: string): string[] => names(source, route, other).slice(2)
    expect(at(`export { GET } from '../other/route'`)).toEqual(['GET'])
    expect(at(`export * from '../other/route'`)).toEqual(['GET', 'POST'])
    expect(at(`import { GET } from '../other/route'\nexport { GET }`)).toEqual(['GET'])
    expect(at(`import { GET as handler } from '../other/route'\nexport const POST = handler`)).toEqual(['POST'])
  })
  it('wrapped ones', () => {
    expect(
      names(`import { a, b } from 'some-package'\nexport const GET = a(b({ x: 1 })(async () => {}))`, route),
    ).toEqual(['GET'])
  })
  it('in groups, dynamic segments, slots and intercepted routes', () => {
    for (const folder of ['(group)/a', '[id]', '[...path]', '[[...path]]', '@slot/a', '(.)a', 'a/(..)(..)b'])
      expect(names('export async function GET() {}', `src/app/${folder}/route.ts`)).toEqual(['GET'])
  })
  it('not outside of the app directory, and not in a private folder', () => {
    for (const file of [
      'src/routes/things/route.ts',
      'src/lib/route.ts',
      'src/app/_lib/route.ts',
      'src/app/my-route.ts',
    ])
      expect(names('export async function GET() {}', file)).toEqual([])
  })
  it('the default export of a file below pages/api', () => {
    expect(listed('export default function handler(req, res) {}', 'src/pages/api/users/[id].ts')).toEqual([
      'default | route-handler |  | handler',
    ])
    expect(names('export default function Page() {}', 'src/pages/users.tsx')).toEqual([])
  })
})

describe('pages that are found', () => {
  const page = `export default async function Page() { return <p/> }\n`

  it('pages, layouts, and what stands in for them', () => {
    const kinds = Object.fromEntries(
      ['page', 'layout', 'template', 'default'].map((name) => [name, listed(page, `src/app/a/${name}.tsx`)]),
    )
    expect(kinds).toEqual({
      page: ['default | page |  | Page'],
      layout: ['default | layout |  | Page'],
      template: ['default | layout |  | Page'],
      default: ['default | layout |  | Page'],
    })
  })
  it('the metadata that is made for each request, not the constant', () => {
    expect(
      listed(
        `${page}export async function generateMetadata() { return {} }\nexport const metadata = {}`,
        'src/app/page.tsx',
      ),
    ).toEqual(['default | page |  | Page', 'generateMetadata | metadata |  | generateMetadata'])
  })
  it('a component of another file', () => {
    const other = { 'src/screens.tsx': 'export function Screen() { return <p/> }' }
    expect(names(`export { Screen as default } from '../screens'`, 'src/app/page.tsx', other)).toEqual(['default'])
    expect(names(`import { Screen } from '../screens'\nexport default Screen`, 'src/app/page.tsx', other)).toEqual([
      'default',
    ])
  })
  it('not components of the client', () => {
    expect(names(`'use client'\n${page}`, 'src/app/page.tsx')).toEqual([])
  })
  it('not loading, error and other components', () => {
    for (const name of ['loading', 'not-found', 'mypage', 'components/list'])
      expect(names(page, `src/app/${name}.tsx`)).toEqual([])
  })
})
