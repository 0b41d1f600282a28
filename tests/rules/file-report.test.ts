import { resolve } from 'node:path'
import { parser } from 'typescript-eslint'
import { Linter } from 'eslint'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import plugin from '../../src/index.ts'
import { setWorkspaceFactory } from '../../src/rules/file-report.ts'
import { emptyReport, type FileReport } from '../../src/model/report.ts'
import { createWorkspace, type WorkspaceOptions } from '../../src/workspace/workspace.ts'
import { entryPoint, rangesOf } from './reports.ts'

const code = 'export const save = createServerFn().handler(work)\n'
const open = entryPoint({ range: rangesOf(code)('save'), name: 'save' })

let made: WorkspaceOptions[]
let asked: string[]
let answer: (file: string) => FileReport

beforeEach(() => {
  made = []
  asked = []
  answer = (file) => ({ ...emptyReport(file), entryPoints: [open] })
  setWorkspaceFactory((options) => {
    made.push(options)
    return {
      ...createWorkspace(),
      analyse: (file) => {
        asked.push(file)
        return answer(file)
      },
      guardsFor: () => [],
    }
  })
})

afterEach(() => vi.unstubAllEnvs())

function lint(
  text = code,
  authz?: unknown,
  rules: Linter.RulesRecord = plugin.configs.strict.rules as Linter.RulesRecord,
) {
  const config: Linter.Config = {
    files: ['**/*.ts'],
    languageOptions: { parser },
    plugins: { authz: plugin },
    rules,
    ...(authz === undefined ? {} : { settings: { authz } }),
  }
  const messages = new Linter().verify(text, config, 'src/save.ts')
  return messages.map(({ ruleId, messageId, message, line, column }) => ({ ruleId, messageId, message, line, column }))
}

describe('the report of a file', () => {
  it('is made once for all rules', () => {
    expect(lint()).toMatchObject([{ ruleId: 'authz/no-unguarded-server-fn', messageId: 'noGuard' }])
    expect(asked).toEqual([resolve('src/save.ts')])
  })

  it('is made again when the file is linted again', () => {
    lint()
    lint()
    expect(asked).toHaveLength(2)
  })

  it.each([
    'export const a = 1\n',
    'const handler = () => {}\nwindow.onclick = handler\n',
    "import { notFound } from '@tanstack/react-router'\n",
  ])('is not made where no entry point can be: %s', (text) => {
    expect(lint(text)).toEqual([])
    expect(asked).toEqual([])
  })

  it.each([
    'export const f = authed.handler(work)\n',
    'export const f = authed\n  .validator(v)\n  .handler(work)\n',
    "import { createServerFn as fn } from '@tanstack/react-start'\n",
    'export const Route = createFileRoute("/x")({})\n',
    'export const Route = createLazyFileRoute("/x")({})\n',
    'export const Route = createRootRouteWithContext()({})\n',
    'export const ServerRoute = createServerFileRoute("/x").methods({})\n',
    'export const APIRoute = createAPIFileRoute("/x")({})\n',
    'export const m = createMiddleware().server(f)\n',
    'export const startInstance = createStart(() => ({}))\n',
    'registerGlobalMiddleware({ middleware: [m] })\n',
    'export const server = { handlers }\n',
    '// authz: public -- nothing below\n',
  ])('is made where there may be one: %s', (text) => {
    answer = emptyReport
    expect(lint(text)).toEqual([])
    expect(asked).toHaveLength(1)
  })

  it('has one workspace for the project, and one for each policy file that is named', () => {
    lint()
    lint()
    lint(code, { config: 'policies/authz.json' })
    lint(code, { config: resolve('policies/authz.json') })
    lint(code, { config: undefined })
    expect(made).toEqual([{}, { config: resolve('policies/authz.json') }])
  })
})

describe('a wrong policy', () => {
  beforeEach(() => {
    answer = (file) => ({ ...emptyReport(file), entryPoints: [open], policyProblem: 'guards[0].name is missing' })
  })

  it('is said once, by the first active rule, beside the findings', () => {
    expect(lint()).toEqual([
      {
        ruleId: 'authz/no-unguarded-server-fn',
        messageId: 'invalidPolicy',
        message: 'guards[0].name is missing',
        line: 1,
        column: 1,
      },
      expect.objectContaining({ messageId: 'noGuard' }),
    ])
  })

  it('is said by whichever rule is active', () => {
    expect(lint(code, undefined, { 'authz/valid-public-marker': 'error' })).toMatchObject([
      { ruleId: 'authz/valid-public-marker', messageId: 'invalidPolicy' },
    ])
  })

  it('is said in each file', () => {
    lint()
    expect(lint()[0]).toMatchObject({ messageId: 'invalidPolicy' })
  })
})

describe('settings.authz', () => {
  it.each([
    [
      { confg: 'x' },
      '`settings.authz.confg` is not known. It takes `config`, `types` and `projectHash`; everything else belongs into `authz.config.json`.',
    ],
    [{ config: 7 }, '`settings.authz.config` must be a string.'],
    [{ types: 'yes' }, '`settings.authz.types` must be a boolean.'],
    [{ projectHash: 1 }, '`settings.authz.projectHash` must be a string.'],
    ['authz.config.json', '`settings.authz` must be an object.'],
    [[], '`settings.authz` must be an object.'],
    [null, '`settings.authz` must be an object.'],
    [
      { toString: 1 },
      '`settings.authz.toString` is not known. It takes `config`, `types` and `projectHash`; everything else belongs into `authz.config.json`.',
    ],
  ])('%j is answered by one message', (settings, message) => {
    expect(lint(code, settings).filter(({ messageId }) => messageId === 'invalidPolicy')).toMatchObject([{ message }])
  })

  it('takes all its keys', () => {
    expect(lint(code, { config: 'a.json', types: true, projectHash: 'x' })).toMatchObject([{ messageId: 'noGuard' }])
  })
})

describe('an error in the analysis', () => {
  beforeEach(() => {
    answer = () => {
      throw new Error('defect')
    }
  })

  it('does not stop linting', () => {
    expect(lint()).toEqual([])
  })

  it('is shown when asked for', () => {
    vi.stubEnv('AUTHZ_DEBUG', '1')
    expect(() => lint()).toThrow('defect')
  })
})

describe('a suggestion that cannot be built', () => {
  it('does not hide the finding', () => {
    answer = (file) => ({
      ...emptyReport(file),
      entryPoints: [{ ...open, shape: undefined as never }],
    })
    expect(lint()).toMatchObject([{ messageId: 'noGuard' }])
  })
})

describe('other hosts and languages', () => {
  it('needs no parser services', () => {
    const messages = new Linter().verify(code, { plugins: { authz: plugin }, rules: plugin.configs.strict.rules })
    expect(messages).toMatchObject([{ messageId: 'noGuard' }])
  })
})
