import { all, effect, gives, pure } from './define.ts'
import type { EffectMeaning, Library, Meaning } from './meaning.ts'

interface Service {
  readonly packages: readonly string[]
  readonly kind: EffectMeaning['kind']
  /** Constructors and factories that give the client. */
  readonly clients: string
  readonly write: string
  /** Members that only read, and in which words. */
  readonly read?: readonly [members: string, what: string]
  readonly harmless?: string
  readonly exports?: Record<string, Meaning>
  readonly members?: Record<string, Meaning>
  readonly detects?: string
  /** Default 'unknown'. */
  readonly unlisted?: Library['unlisted']
  readonly because?: string
}

/** A client whose every method touches the service. */
export function service(facts: Service): Library {
  const name = facts.packages[0]!
  const write = effect(facts.kind, 'write', facts.write)
  return {
    packages: facts.packages,
    category: 'effect',
    ...(facts.detects !== undefined && { detects: facts.detects }),
    exports: { ...all(facts.clients, gives({ instance: name })), ...facts.exports },
    unlisted: facts.unlisted ?? 'unknown',
    ...(facts.because !== undefined && { because: facts.because }),
    instances: {
      [name]: {
        members: {
          ...all('* *.* *.*.* *.*.*.* *.*.*.*.*', write),
          ...all(facts.read?.[0] ?? '', effect(facts.kind, 'read', facts.read?.[1] ?? '')),
          ...all(facts.harmless ?? '', pure),
          ...facts.members,
        },
        unlisted: 'effect-write',
      },
    },
  }
}
