/** Single sign-on and directory sync that run inside the application: https://boxyhq.com/docs/jackson */
import { all, asyncPure, call, credential, effect, session } from './define.ts'
import type { CallMeaning, Library, Meaning, Result } from './meaning.ts'

const read = effect('identity', 'read', 'reads single sign-on settings', { privileged: true })
const write = effect('identity', 'write', 'changes single sign-on settings', { privileged: true })
const settings = (reading: string): Record<string, Meaning> => ({ ...all('*', write), ...all(reading, read) })

const answer: Result = { object: { status: 'number', data: 'unknown' } }
/**
 * It compares the directory's secret and answers 401 before it does anything. Directories that do not speak SCIM have none,
 * and are found by their random id alone (npm/src/directory-sync/scim/DirectoryUsers.ts, DirectoryConfig.ts); so what it proves
 * is no more than that. The function that hears of what has changed runs for these callers only.
 */
const handleScim: CallMeaning = call({
  async: true,
  proves: 'capability',
  anonymous: answer,
  returns: answer,
  effect: { kind: 'identity', write: true, what: 'changes the users of a directory' },
  gated: true,
  source: 'https://boxyhq.com/docs/directory-sync/guides/examples',
})

const controllers = call({
  async: true,
  returns: {
    object: {
      apiController: { instance: 'jackson.connections' },
      connectionAPIController: { instance: 'jackson.connections' },
      oauthController: { instance: 'jackson.oauth' },
      logoutController: { instance: 'jackson.logout' },
      directorySyncController: { instance: 'jackson.directories' },
      setupLinkController: { instance: 'jackson.setup-links' },
      adminController: { instance: 'jackson.admin' },
      oidcDiscoveryController: { instance: 'jackson.documents' },
      spConfig: { instance: 'jackson.documents' },
    },
    rest: 'unknown',
  },
})

export const samlJackson: Library = {
  packages: ['@boxyhq/saml-jackson'],
  category: 'auth',
  detects: 'saml-jackson',
  exports: { ...all('default controllers', controllers) },
  unlisted: 'unknown',
  instances: {
    // npm/src/controller/oauth.ts
    'jackson.oauth': {
      members: {
        ...all('authorize samlResponse oidcAuthzResponse token', credential()),
        // Throws for a token that it has not handed out.
        userInfo: session('throws', 'principal'),
      },
      unlisted: 'unknown',
    },
    'jackson.logout': { members: all('createRequest handleResponse', credential()), unlisted: 'unknown' },
    'jackson.connections': {
      members: settings('getConnections getConfig getConnectionsByProduct getCount'),
      unlisted: 'unknown',
    },
    'jackson.setup-links': {
      members: settings('get getByToken filterBy isExpired'),
      unlisted: 'unknown',
    },
    'jackson.admin': {
      members: settings('getAllConnection getAllSSOTraces getSSOTraceById getTracesByProduct countByProduct'),
      unlisted: 'unknown',
    },
    'jackson.directories': {
      members: {
        'requests.handle': handleScim,
        ...Object.fromEntries(
          ['directories', 'users', 'groups', 'webhookLogs'].flatMap((kind) =>
            Object.entries(
              settings('get getAll getByTenantAndProduct filterBy getCount search getGroupMembers isUserInGroup'),
            ).map(([name, meaning]) => [`${kind}.${name}`, meaning]),
          ),
        ),
        providers: call(),
        ...all('sync events.batch.process', effect('queue', 'write', 'syncs directories')),
      },
      unlisted: 'unknown',
    },
    // What the other side has to know, for everybody: npm/src/controller/sp-config.ts, oidc-discovery.ts
    'jackson.documents': {
      members: all('get toXMLMetadata toMarkdown toHTML openidConfig jwks', asyncPure),
      unlisted: 'unknown',
    },
  },
}
