import { effect, gives } from './define.ts'
import type { Library } from './meaning.ts'

/** Services that hold connections to other services on behalf of their users. */
export const integrations: readonly Library[] = [
  {
    packages: ['@nangohq/node'],
    category: 'effect',
    exports: { Nango: gives({ instance: 'nango.client' }) },
    unlisted: 'unknown',
    instances: {
      'nango.client': {
        members: {
          createConnectSession: effect('identity', 'write', 'opens a session to connect an account', {
            source: 'https://docs.nango.dev/reference/sdks/node',
          }),
          deleteConnection: effect('identity', 'write', 'deletes a connected account'),
          getConnection: effect('secret', 'read', 'reads the credentials of a connected account'),
          getToken: effect('secret', 'read', 'reads the credentials of a connected account'),
          listConnections: effect('identity', 'read', 'lists connected accounts'),
          triggerAction: effect('other', 'write', 'runs an action in a connected account'),
          proxy: effect('http', 'write', 'sends a request to a connected account'),
          get: effect('http', 'read', 'requests a connected account'),
          post: effect('http', 'write', 'sends a request to a connected account'),
        },
        unlisted: 'effect-write',
      },
    },
  },
]
