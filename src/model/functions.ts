import type { FunctionForm, ModuleForm, Range } from './form.ts'

const within = (inner: Range, outer: Range): boolean => outer[0] <= inner[0] && inner[1] <= outer[1]

/** The functions of a module that a place is in, the innermost last. */
export const functionsAround = (form: ModuleForm, place: Range): FunctionForm[] =>
  form.functions
    .filter((fn) => fn.kind !== 'module' && within(place, fn.range))
    .toSorted((a, b) => a.range[0] - b.range[0] || b.range[1] - a.range[1])

/** What made something is called: a function that returns it is known by that name wherever it is used. */
export const makerOf = (form: ModuleForm, place: Range): string | undefined =>
  functionsAround(form, place).findLast(({ name }) => name !== '')?.name
