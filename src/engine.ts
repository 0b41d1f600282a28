/** What only files need that may have something to say: the build puts `scripts/engine-when-needed.ts` in place of this. */
export { lower } from './lowering/lower.ts'
export { createWorkspace } from './workspace/workspace.ts'
