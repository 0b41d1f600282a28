/** The middleware that a module declares. */
import { moduleBinding, moduleForm } from '../../analysis/code/module-values.ts'
import { Machine } from '../../analysis/machine.ts'
import type { Persona } from '../../analysis/caller/persona.ts'
import { alternatives, type BuilderValue } from '../../analysis/values/value.ts'
import type { World } from '../../analysis/world.ts'
import type { Range } from '../../model/form.ts'

export interface DeclaredMiddleware {
  readonly name: string
  readonly range: Range
  readonly builder: BuilderValue
}

export const anonymous: Persona = { kind: 'anonymous', environment: 'production' }
export const signedIn: Persona = { kind: 'signed-in', environment: 'production' }

export function declaredMiddleware(world: World, file: string): DeclaredMiddleware[] {
  const m = new Machine(world, anonymous)
  // the builder is called in this file
  if (!moduleForm(m, file).imports.some(({ imported }) => imported === 'createMiddleware' || imported === '*'))
    return []
  return moduleForm(m, file).bindings.flatMap((binding, id): DeclaredMiddleware[] => {
    if (binding.owner !== 0 || (binding.kind !== 'const' && binding.kind !== 'let')) return []
    const builder = alternatives(moduleBinding(m, file, id)).find(
      (part): part is BuilderValue => part.t === 'builder' && part.builder === 'start.middleware',
    )
    // what is only another name for it is declared elsewhere
    return builder?.site.file === file && builder.name === binding.name
      ? [{ name: binding.name, range: binding.range, builder }]
      : []
  })
}
