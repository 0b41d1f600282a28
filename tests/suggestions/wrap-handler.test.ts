import { describe, expect, it } from 'vitest'
import { insertGuard } from '../../src/suggestions/insert-guard.ts'
import type { GuardCandidate } from '../../src/workspace/workspace.ts'
import { entryPoint, rangesOf } from '../rules/reports.ts'
import { applied, sourceOf } from './apply.ts'

const here: GuardCandidate = {
  name: 'withUser',
  file: '/p/src/wrappers.ts',
  specifier: '~/wrappers',
  local: 'withUser',
  type: 'wrapper',
  passes: 1,
}

/** @param statement the text of the declaration, where more than that is in the code */
function wrapped(
  code: string,
  guard = here,
  statement = code.slice(code.indexOf('export')).trimEnd(),
): string | undefined {
  const at = rangesOf(code)
  const report = entryPoint({
    kind: 'route-handler',
    framework: 'next',
    name: 'POST',
    range: at('POST'),
    shape: { declaration: at(statement) },
  })
  return applied(code, insertGuard(sourceOf(code), '/p/src/route.ts', report, guard)?.edits)
}

describe('a handler that is wrapped as its siblings are', () => {
  it('becomes what the wrapper makes of it', () => {
    expect(wrapped('export async function POST(request: Request) {\n  await clear()\n}\n')).toBe(
      'export const POST = withUser(async function POST(request: Request) {\n  await clear()\n})\n',
    )
  })
  it('ends as the file does', () => {
    expect(wrapped("import 'a';\n\nexport async function POST() {}\n")).toBe(
      "import 'a';\n\nexport const POST = withUser(async function POST() {});\n",
    )
  })
  it('is wrapped where it is a constant', () => {
    expect(wrapped('export const POST = async (request: Request) => clear(request);')).toBe(
      'export const POST = withUser(async (request: Request) => clear(request));',
    )
  })
  it('is wrapped within what is around it already', () => {
    expect(wrapped('export const POST = withTiming(async (request: Request) => clear(request))')).toBe(
      'export const POST = withTiming(withUser(async (request: Request) => clear(request)))',
    )
  })
  it('brings the wrapper along', () => {
    const { name, file, specifier, type } = here
    expect(wrapped("import 'a'\n\nexport async function POST() {}\n", { name, file, specifier, type })).toBe(
      "import 'a'\nimport { withUser } from '~/wrappers'\n\nexport const POST = withUser(async function POST() {})\n",
    )
  })
  it.each([
    ['it takes more than the wrapper hands on', 'export async function POST(request: Request, { params }: Given) {}'],
    ['it takes all the rest', 'export async function POST(...given: unknown[]) {}'],
    ['it is a generator', 'export async function* POST() {}'],
  ])('is left alone where %s', (_, code) => expect(wrapped(code)).toBeUndefined())
  it('is left alone where it is needed before its line', () => {
    const statement = 'export async function POST() {}'
    expect(wrapped(`use(POST)\n${statement}\n`, here, statement)).toBeUndefined()
    expect(wrapped(`const use = () => POST\n${statement}\n`, here, statement)).toContain('withUser(')
  })
})
