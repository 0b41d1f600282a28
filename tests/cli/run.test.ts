import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import { help } from '../../src/cli/arguments.ts'
import { run } from '../../src/cli/run.ts'
import { plain } from '../../src/cli/text.ts'
import type { Inventory } from '../../src/model/inventory.ts'
import type { Workspace, WorkspaceOptions } from '../../src/workspace/workspace.ts'
import { guarded, inventory, open, openRead } from './inventories.ts'

let cwd: string

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'authz-cli-'))
  mkdirSync(join(cwd, 'src/server'), { recursive: true })
  writeFileSync(join(cwd, 'src/server/invoices.ts'), '')
  writeFileSync(join(cwd, 'src/server/a#b.ts'), '')
  writeFileSync(join(cwd, 'policy.json'), '{}')
})

afterAll(() => rmSync(cwd, { recursive: true }))

async function cli(argv: readonly string[], answer: Inventory | Error | Workspace['inventory'] = inventory([])) {
  const seen = {
    out: '',
    err: '',
    progress: [] as string[],
    roots: [] as string[],
    only: [] as string[],
    options: [] as WorkspaceOptions[],
  }
  const terminal = {
    cwd,
    out: (text: string) => {
      seen.out += text
      return Promise.resolve()
    },
    err: (text: string) => {
      seen.err += text
    },
    paint: plain,
    progress: (format: 'text' | 'json') => {
      seen.progress.push(format)
      return {
        at: (done: number, of: number) => void seen.progress.push(`${done}/${of}`),
        end: () => void seen.progress.push('end'),
      }
    },
  }
  const code = await run(argv, terminal, (options) => {
    seen.options.push(options)
    return {
      inventory: (root, progress, only) => {
        seen.roots.push(root)
        if (only) seen.only.push(...only)
        if (answer instanceof Error) throw answer
        return typeof answer === 'function' ? answer(root, progress, only) : answer
      },
    }
  })
  return { code, ...seen }
}

describe('audit', () => {
  it('writes the whole inventory as JSON, alone on stdout', async () => {
    const { code, out, err, roots } = await cli(['audit', '--format', 'json'], inventory([open, guarded]))

    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual(inventory([open, guarded]))
    expect(out.endsWith('}\n')).toBe(true)
    expect(err).toBe('')
    expect(roots).toEqual([cwd])
  })

  it('reads the directory that is named, with the policy file that is named', async () => {
    const { roots, options } = await cli(['audit', 'src', '--config', 'policy.json'])

    expect(roots).toEqual([join(cwd, 'src')])
    expect(options).toEqual([{ config: join(cwd, 'policy.json') }])
  })

  it('leaves the policy file to the workspace when none is named', async () => {
    expect((await cli(['audit'])).options).toEqual([{}])
  })

  it('exits with 1 only when a check was asked for and finds something that recommended reports', async () => {
    const codes = [
      await cli(['audit'], inventory([open])),
      await cli(['audit', '--check'], inventory([open])),
      await cli(['audit', '--check', '--format', 'json'], inventory([open])),
      await cli(['audit', '--check'], inventory([openRead, guarded])),
      await cli(['audit', '--check'], inventory([])),
    ]

    expect(codes.map(({ code }) => code)).toEqual([0, 1, 1, 0, 0])
  })

  it('exits with 1 where a check was asked for and a file was not understood, which may hide what is open', async () => {
    const broken = { ...inventory([guarded]), problems: [{ file: 'a.ts', message: 'syntax error in line 1' }] }
    expect([(await cli(['audit'], broken)).code, (await cli(['audit', '--check'], broken)).code]).toEqual([0, 1])
  })

  it('shows progress, and takes it away before it writes and when it fails', async () => {
    const done = await cli(['audit'], (_root, progress) => {
      progress?.(1, 2)
      return inventory([])
    })

    expect(done.progress).toEqual(['text', '1/2', 'end'])
    expect((await cli(['audit', '--format', 'json'], new Error('no'))).progress).toEqual(['json', 'end'])
  })
})

describe('what could not run', () => {
  it.each([
    ['an unknown option', ['audit', '--nope'], "Unknown option '--nope'. See --help."],
    ['a missing directory', ['audit', 'nowhere'], 'There is no directory <cwd>/nowhere.'],
    ['a file for a directory', ['audit', 'policy.json'], '<cwd>/policy.json is not a directory.'],
    ['a directory below a file', ['audit', 'policy.json/x'], 'There is no directory <cwd>/policy.json/x.'],
    ['a missing policy file', ['audit', '--config', 'no.json'], 'There is no file <cwd>/no.json.'],
    ['a directory for a policy file', ['audit', '--config', 'src'], '<cwd>/src is not a file.'],
    ['a missing file to explain', ['explain', 'src/no.ts:4'], 'There is no file <cwd>/src/no.ts.'],
    [
      'a file that has nothing to explain',
      ['explain', 'policy.json'],
      'policy.json has no entry point: nothing in it was recognised as open to calls from outside.',
    ],
  ])('%s is exit 2 with one sentence on stderr', async (_what, argv, message) => {
    const { code, out, err } = await cli(argv)

    expect({ code, out, err: err.replaceAll('\\', '/').replaceAll(cwd.replaceAll('\\', '/'), '<cwd>') }).toEqual({
      code: 2,
      out: '',
      err: `eslint-plugin-authz: ${message}\n`,
    })
  })

  it('a wrong policy file is exit 2 with the message of the workspace', async () => {
    const { code, out, err } = await cli(
      ['audit', '--format', 'json'],
      new Error('authz.config.json: guards[0].proves must be an array'),
    )

    expect({ code, out, err }).toEqual({
      code: 2,
      out: '',
      err: 'eslint-plugin-authz: authz.config.json: guards[0].proves must be an array\n',
    })
  })
})

describe('explain', () => {
  it.each([
    ['src/server/invoices.ts#createInvoice'],
    ['src/server/invoices.ts:12'],
    ['./src/../src/server/invoices.ts:12:14'],
  ])('explains %s', async (target) => {
    const { code, out } = await cli(['explain', target], inventory([open, guarded]))

    expect(code).toBe(0)
    expect(out).toMatch(/^src\/server\/invoices\.ts:12:14 createInvoice\n/)
    expect(out).not.toContain('deleteInvoice')
  })

  it('reads the file that is meant, and not the whole project', async () => {
    const { roots, only } = await cli(['explain', 'src/server/invoices.ts:12'], inventory([open]))

    expect({ roots, only }).toEqual({ roots: [cwd], only: [join(cwd, 'src/server/invoices.ts')] })
  })

  it('says why a file was not understood, instead of that it has no entry point', async () => {
    const file = 'src/server/invoices.ts'
    const message = 'syntax error in line 3: Unexpected token.'
    const broken = inventory([], { problems: [{ file, message }] })

    expect(await cli(['explain', file], broken)).toMatchObject({
      code: 2,
      out: '',
      err: `eslint-plugin-authz: ${file} was not understood: syntax error in line 3: Unexpected token.\n`,
    })
  })

  it('takes an absolute path', async () => {
    expect((await cli(['explain', join(cwd, 'src/server/invoices.ts')], inventory([open, guarded]))).out).toContain(
      'deleteInvoice',
    )
  })

  it('takes a file with # in its name', async () => {
    const { code } = await cli(['explain', 'src/server/a#b.ts'], inventory([{ ...open, file: 'src/server/a#b.ts' }]))

    expect(code).toBe(0)
  })

  it('explains only what is below the working directory', async () => {
    const { code, err } = await cli(['explain', import.meta.filename])

    expect(code).toBe(2)
    expect(err).toContain('is not below the working directory; run explain in the project that it belongs to.')
  })
})

it('prints the help and the version', async () => {
  expect(await cli(['--help'])).toMatchObject({ code: 0, out: help, roots: [] })
  expect(await cli(['--version'])).toMatchObject({ code: 0, out: `${pkg.version}\n` })
})
