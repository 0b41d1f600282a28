import { describe, expect, it } from 'vitest'
import { CannotRun, parseArguments, parseTarget } from '../../src/cli/arguments.ts'

describe('parseArguments', () => {
  it('audits the working directory as text by default', () => {
    expect(parseArguments(['audit'])).toEqual({
      command: 'audit',
      directory: '.',
      format: 'text',
      check: false,
      verbose: false,
    })
  })

  it('takes options before and after the command', () => {
    const audit = {
      command: 'audit',
      directory: 'web',
      format: 'json',
      config: 'a.json',
      check: true,
      verbose: true,
    }

    expect(parseArguments(['--format=json', 'audit', '--config', 'a.json', 'web', '--check', '--verbose'])).toEqual(
      audit,
    )
  })

  it('explains one target', () => {
    expect(parseArguments(['explain', 'src/a.ts#save', '--config', 'a.json'])).toEqual({
      command: 'explain',
      target: 'src/a.ts#save',
      config: 'a.json',
    })
  })

  it.each([['--help'], ['-h'], ['audit', '--help'], ['--help', '--version']])('shows the help for %s', (...argv) => {
    expect(parseArguments(argv)).toEqual({ command: 'help' })
  })

  it('shows the version', () => {
    expect(parseArguments(['--version'])).toEqual({ command: 'version' })
  })

  it.each([
    [[], /^No command given: it is audit or explain, and --help says more\.$/],
    [['adit'], /^Unknown command "adit": it is audit or explain\.$/],
    [['audit', '--fromat', 'json'], /^Unknown option '--fromat'\. See --help\.$/],
    [['audit', '-x'], /^Unknown option '-x'\. See --help\.$/],
    [['audit', '--format'], /^Option '--format <value>' argument missing\. See --help\.$/],
    [['audit', '--config', '--check'], /^Option '--config' argument is ambiguous\. See --help\.$/],
    [['audit', '--check=yes'], /^Option '--check' does not take an argument\. See --help\.$/],
    [['audit', '--format', 'sarif'], /^Unknown format "sarif": --format is text or json\.$/],
    [['audit', '--config', ''], /^--config needs the path of a policy file\.$/],
    [['audit', ''], /^The directory to audit is an empty string\.$/],
    [['audit', 'a', 'b'], /^audit reads one directory, but 2 were given\.$/],
    [['explain'], /^explain needs a file: explain <file>\[:line \| #name\]\.$/],
    [['explain', 'a.ts', 'b.ts'], /^explain takes one file, but 2 were given\.$/],
    [['explain', 'a.ts', '--check'], /^--check is an option of audit, not of explain\.$/],
  ])('answers %j with one sentence', (argv, message) => {
    const parsing = () => parseArguments(argv)

    expect(parsing).toThrow(CannotRun)
    expect(parsing).toThrow(message)
  })
})

describe('parseTarget', () => {
  it.each([
    ['src/a.ts', { file: 'src/a.ts' }],
    ['src/a.ts:12', { file: 'src/a.ts', line: 12 }],
    ['src/a.ts:12:7', { file: 'src/a.ts', line: 12 }],
    ['src/a.ts#save', { file: 'src/a.ts', name: 'save' }],
    ['src/a.ts#<inline>', { file: 'src/a.ts', name: '<inline>' }],
    ['C:\\app\\a.ts', { file: 'C:\\app\\a.ts' }],
    ['C:\\app\\a.ts:12', { file: 'C:\\app\\a.ts', line: 12 }],
    ['src/routes/$id.[x].tsx', { file: 'src/routes/$id.[x].tsx' }],
    ['src/a.ts#', { file: 'src/a.ts#' }],
    ['#save', { file: '#save' }],
  ])('reads %s', (text, target) => {
    expect(parseTarget(text)).toEqual(target)
  })
})
