/** What could not be read, where it may have refused the caller. */
import type { OpaqueRef } from './origins.ts'

/** Something that could not be read and may have refused the caller. */
export interface Doubt {
  readonly ref: OpaqueRef
}
