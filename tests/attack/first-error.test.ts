import { expect, it } from 'vitest'
import { firstError } from '../../scripts/attack/first-error.mjs'

it.each([
  [
    'a build',
    "vite v8 building for production...\n✗ Build failed in 57ms\nerror during build:\nBuild failed with 1 error:\n\n\u001B[31m[UNRESOLVED_IMPORT] Could not resolve './x' in src/a.ts\u001B[0m\n    at build (node.js:1)",
    "[UNRESOLVED_IMPORT] Could not resolve './x' in src/a.ts",
  ],
  [
    'an installation',
    'npm warn config\nnpm error code ECONNREFUSED\nnpm error syscall connect\nnpm error FetchError: request to http://host/zod failed\nnpm ci failed in /app',
    'npm error FetchError: request to http://host/zod failed',
  ],
  [
    'a server',
    '➜ Listening on: http://127.0.0.1:1/\nError: BETTER_AUTH_SECRET is not set\n    at env.js:1',
    'Error: BETTER_AUTH_SECRET is not set',
  ],
  ['a tool that speaks otherwise', 'going\ngone\n', 'gone'],
  ['a tool that says nothing', '\n', 'it does not say why'],
])('of what %s has said, it takes the line that says why', (_, output, line) => {
  expect(firstError(output)).toBe(line)
})
