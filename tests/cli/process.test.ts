import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }

// The built program, as npx starts it: streams, exit codes, colours.
const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

let cwd: string

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'authz-process-'))
})

afterAll(() => rmSync(cwd, { recursive: true }))

function cli(argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, ...env },
  })
  return { status, stdout, stderr }
}

it('answers an empty directory with an empty inventory', () => {
  const { status, stdout, stderr } = cli(['audit', '--format', 'json'])

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(JSON.parse(stdout)).toMatchObject({ version: 1, entryPoints: [] })
})

it('writes no colour into a pipe unless it is forced, and forces none into JSON', () => {
  expect(cli(['audit']).stdout).toMatch(/^No server entry point of TanStack Start or Next\.js was found below .+\.\n$/m)
  expect(cli(['audit'], { FORCE_COLOR: '1' }).stdout).toContain('\u001B[1m')
  expect(cli(['audit', '--format', 'json'], { FORCE_COLOR: '1' }).stdout).not.toContain('\u001B')
})

it('ends an unknown option with exit 2 and one line', () => {
  expect(cli(['audit', '--nope'])).toEqual({
    status: 2,
    stdout: '',
    stderr: "eslint-plugin-authz: Unknown option '--nope'. See --help.\n",
  })
})

it('knows its version', () => {
  expect(cli(['--version'])).toEqual({ status: 0, stdout: `${pkg.version}\n`, stderr: '' })
})

it('does not mind that nobody reads', async () => {
  const child = spawn(process.execPath, [program, 'audit'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  child.stdout.destroy()
  const status = await new Promise((resolve) => child.on('close', resolve))

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})

it.runIf(existsSync('/dev/full'))('says that the output could not be written', () => {
  const full = openSync('/dev/full', 'w')
  const { status, stderr } = spawnSync(process.execPath, [program, 'audit'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', full, 'pipe'],
  })
  closeSync(full)

  expect(status).toBe(2)
  expect(stderr).toMatch(/^eslint-plugin-authz: .*ENOSPC.*\n$/)
})
