/**
 * The numbers by which what is held is found: those of bindings are positive and tell the activation, those of objects are
 * negative, and between -1 and 0 stands what request stores and clients keep.
 */
import type { World } from '../world.ts'

/** Bindings of activation 7 are 7 * span and up; cell 7 is -7. */
const span = 0x100000

/** The key of one of the bindings of an activation. */
export const bindingKey = (env: number, binding: number): number => env * span + binding

/** The activation of a binding; below 0 for what is no binding. */
export const activationOf = (key: number): number => Math.floor(key / span)

/** Which one of its activation's bindings it is. */
export const bindingOf = (key: number): number => key - activationOf(key) * span

/** When it was created, in numbers of `Memory.now`. */
export const born = (key: number): number => (key < 0 ? -key : activationOf(key))

/** The key of what is kept outside of bindings and objects, where there were so many before it. */
export const slotKey = (before: number): number => -1 / (before + 2)

/** A binding or an object of a module, or the store of a request: it is there before any run, and its key is its name. */
export function isOfModule(
  { moduleActivations, heap }: Pick<World, 'moduleActivations' | 'heap'>,
  key: number,
): boolean {
  if (key >= 0) return moduleActivations.has(activationOf(key))
  return key > -1 || heap.has(key)
}
