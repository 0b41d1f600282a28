/** Whether what a suggestion has written type-checks, beside stand-ins for the packages. */
import ts from 'typescript'
import type { Fixture } from '../project/fixture.ts'

/** @returns the messages of the compiler */
export function typeErrors(fixture: Fixture, file: string): string[] {
  const program = ts.createProgram([fixture.path(file), fixture.path('src/packages.d.ts')], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
  })
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}
