/**
 * Stands for `src/engine.ts` in what the build makes of the rules. Most files of a project have nothing to say, and some
 * projects have no other: nine tenths of the code are loaded at the first file that may. Rules run synchronously, so it
 * cannot be an `import()`; every supported Node can `require` a module.
 */
import { createRequire } from 'node:module'
import type * as Engine from '../src/engine.ts'

const require = createRequire(import.meta.url)
const engine = (): typeof Engine => require('#engine') as typeof Engine

export const lower: typeof Engine.lower = (...given) => engine().lower(...given)
export const createWorkspace: typeof Engine.createWorkspace = (...given) => engine().createWorkspace(...given)
