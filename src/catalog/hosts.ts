/**
 * Methods of a module's default export that a host calls, with what it has for the application behind what they are for.
 * https://developers.cloudflare.com/workers/runtime-apis/handlers/
 */
export const hostEvents: ReadonlySet<string> = new Set(['fetch', 'scheduled', 'queue', 'email', 'tail'])
