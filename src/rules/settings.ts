/** `settings.authz`: three keys, none needed. */
export interface Settings {
  /** Another place for the policy file. */
  readonly config?: string
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
  const config = typeof given.config === 'string' ? { config: given.config } : {}
  const problem = Object.entries(given)
    .map(([key, setting]) => problemOf(key, setting))
    .find((found) => found !== undefined)
  return problem === undefined ? config : { ...config, problem }
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
