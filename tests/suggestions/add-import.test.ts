import { describe, expect, it } from 'vitest'
import { addImport } from '../../src/suggestions/add-import.ts'
import { applied, sourceOf } from './apply.ts'

function imported(code: string, name = 'guard', specifier = '~/auth') {
  const found = addImport(sourceOf(code), name, specifier)
  return { local: found?.local, code: applied(code, found?.edits) }
}

describe('addImport', () => {
  it('goes behind the last import, in the quotes and without the semicolons of the file', () => {
    expect(imported("import a from 'a'\nimport { b } from 'b'\n\nuse(a, b)\n").code).toBe(
      "import a from 'a'\nimport { b } from 'b'\nimport { guard } from '~/auth'\n\nuse(a, b)\n",
    )
  })

  it('takes over double quotes and semicolons', () => {
    expect(imported('import a from "a";\n\nuse(a);\n').code).toBe(
      'import a from "a";\nimport { guard } from "~/auth";\n\nuse(a);\n',
    )
  })

  it('takes over line ends', () => {
    expect(imported("import a from 'a'\r\nuse(a)\r\n").code).toBe(
      "import a from 'a'\r\nimport { guard } from '~/auth'\r\nuse(a)\r\n",
    )
  })

  it('takes over the indentation of a script in a template', () => {
    expect(imported("\n  import a from 'a'\n  use(a)\n").code).toBe(
      "\n  import a from 'a'\n  import { guard } from '~/auth'\n  use(a)\n",
    )
  })

  it('leaves a comment with the import that it follows', () => {
    expect(imported("import a from 'a' // first\nuse(a)\n").code).toBe(
      "import a from 'a' // first\nimport { guard } from '~/auth'\nuse(a)\n",
    )
  })

  it('stays at the head when another import stands in the middle of the file', () => {
    expect(imported("import a from 'a'\nuse(a)\nimport b from 'b'\n").code).toBe(
      "import a from 'a'\nimport { guard } from '~/auth'\nuse(a)\nimport b from 'b'\n",
    )
  })

  it('extends an import from the same module', () => {
    expect(imported("import { a } from '~/auth'\n").code).toBe("import { a, guard } from '~/auth'\n")
  })

  it('extends a list of one name a line, with its trailing comma', () => {
    expect(imported("import {\n  a,\n  b,\n} from '~/auth'\n").code).toBe(
      "import {\n  a,\n  b,\n  guard,\n} from '~/auth'\n",
    )
  })

  it('extends a default import', () => {
    expect(imported("import auth from '~/auth'\n").code).toBe("import auth, { guard } from '~/auth'\n")
  })

  it('uses a default import that is there', () => {
    expect(imported("import auth from '~/auth'\n", 'default')).toEqual({
      local: 'auth',
      code: "import auth from '~/auth'\n",
    })
  })

  it('fills an empty list', () => {
    expect(imported("import auth, {} from '~/auth'\n").code).toBe("import auth, { guard } from '~/auth'\n")
  })

  it('does not take a type for the value of the same name', () => {
    expect(imported("import { type guard } from '~/auth'\n").code).toBe(
      "import { type guard, guard as guardGuard } from '~/auth'\n",
    )
  })

  it('extends a list that has a type in it', () => {
    expect(imported("import { type A } from '~/auth'\n").code).toBe("import { type A, guard } from '~/auth'\n")
  })

  it('does not make a type import load a module', () => {
    expect(imported("import type { A } from '~/auth'\n").code).toBe(
      "import type { A } from '~/auth'\nimport { guard } from '~/auth'\n",
    )
  })

  it('does not extend an import for its effect', () => {
    expect(imported("import '~/auth'\n").code).toBe("import '~/auth'\nimport { guard } from '~/auth'\n")
  })

  it('uses the name that the file gave it', () => {
    expect(imported("import { guard as mustLogin } from '~/auth'\n")).toEqual({
      local: 'mustLogin',
      code: "import { guard as mustLogin } from '~/auth'\n",
    })
  })

  it('uses a namespace', () => {
    expect(imported("import * as auth from '~/auth'\n").local).toBe('auth.guard')
  })

  it('takes another name where its own is taken', () => {
    expect(imported("import { guard } from './other'\nuse(guard)\n")).toEqual({
      local: 'guardGuard',
      code: "import { guard } from './other'\nimport { guard as guardGuard } from '~/auth'\nuse(guard)\n",
    })
  })

  it('takes another name where a function inside has it', () => {
    expect(imported("import a from 'a'\na((guard) => guard)\n").local).toBe('guardGuard')
  })

  it('counts when that name is taken too', () => {
    expect(imported("import { guard, guardGuard } from './other'\n").local).toBe('guardGuard2')
  })

  it('imports a default export by the name of its file', () => {
    expect(imported("import a from 'a'\n", 'default', '~/server/auth-middleware')).toEqual({
      local: 'authMiddleware',
      code: "import a from 'a'\nimport authMiddleware from '~/server/auth-middleware'\n",
    })
  })

  it('adds a default export to a list of names', () => {
    expect(imported("import { a } from '~/auth'\n", 'default').code).toBe(
      "import { a, default as auth } from '~/auth'\n",
    )
  })

  it('goes behind the directives when nothing is imported', () => {
    expect(imported("'use client'\n\nuse()\n").code).toBe("'use client'\nimport { guard } from '~/auth'\n\nuse()\n")
  })

  it('goes below the hashbang and the licence, and above the comment of the first statement', () => {
    expect(imported('#!/usr/bin/env node\n/* licence */\n\n// does it\nuse()\n').code).toBe(
      "#!/usr/bin/env node\n/* licence */\n\nimport { guard } from '~/auth'\n// does it\nuse()\n",
    )
  })

  it('stays below a hashbang that nothing separates from the code', () => {
    expect(imported('#!/usr/bin/env node\nuse("x");\n').code).toBe(
      '#!/usr/bin/env node\nimport { guard } from "~/auth";\nuse("x");\n',
    )
  })
})
