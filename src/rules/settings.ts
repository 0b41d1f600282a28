/** `settings.authz`: three keys, none needed. */
export interface Settings {
  /** Another place for the policy file. */
  readonly config?: string
  /** Different when anything in the project is: it is part of the key of ESLint's cache. */
  readonly projectHash?: string
  readonly problem?: string
}

const types: Readonly<Record<string, 'boolean' | 'string'>> = {
  config: 'string',
  types: 'boolean',
  projectHash: 'string',
}

export function readSettings(value: unknown): Settings {
  if (value === undefined) return {}
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problem: '`settings.authz` must be an object.' }
  }
  const given = value as Readonly<Record<string, unknown>>
  const read: Settings = {
    ...(typeof given.config === 'string' && { config: given.config }),
    ...(typeof given.projectHash === 'string' && { projectHash: given.projectHash }),
  }
  const problem = Object.entries(given)
    .map(([key, setting]) => problemOf(key, setting))
    .find((found) => found !== undefined)
  return problem === undefined ? read : { ...read, problem }
}

function problemOf(key: string, setting: unknown): string | undefined {
  const type = Object.hasOwn(types, key) ? types[key] : undefined
  if (type === undefined) {
    return `\`settings.authz.${key}\` is not known. It takes ${list(Object.keys(types))}; everything else belongs into \`authz.config.json\`.`
  }
  if (setting === undefined || typeof setting === type) return undefined
  return `\`settings.authz.${key}\` must be a ${type}.`
}

function list(keys: readonly string[]): string {
  const quoted = keys.map((key) => `\`${key}\``)
  return `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)!}`
}
