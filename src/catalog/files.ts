/** Stores of files, and what takes uploads. */
import { all, asyncGives, builder, call, effect, fn, gives, passes, pure } from './define.ts'
import type { CallMeaning, Library, Result } from './meaning.ts'
import { service } from './service.ts'

/**
 * A route of the router lets those upload whom its `middleware` does not throw at, and everybody if it has none. The service
 * calls back, with a signature, once a file is there: `onUploadComplete` gets what the middleware returned. GET answers with
 * what the routes accept.
 * @param options the argument of the maker that holds the router
 */
const upload = (options: number): CallMeaning => {
  const request: Result = { object: { request: 'request' }, rest: 'request' }
  const given = { req: 'request', res: 'unknown', event: request } as const
  const config = asyncGives('response')
  return effect('storage', 'write', 'stores a file', {
    runs: [
      {
        of: 'maker',
        at: [options, 'router', '*', 'middleware'],
        given: [{ object: { ...given, input: 'input', files: 'input' } }],
        then: {
          at: ['onUploadComplete'],
          given: [{ object: { ...given, metadata: 'callback', file: 'input' } }],
          maybe: true,
        },
      },
    ],
    returns: 'response',
    variants: [
      { when: { at: [0, 'method'], is: ['GET', 'HEAD'] }, then: config },
      { when: { at: [0, 'request', 'method'], is: ['GET', 'HEAD'] }, then: config },
    ],
    source: 'https://docs.uploadthing.com/file-routes#middleware',
  })
}

export const files: readonly Library[] = [
  {
    packages: ['@vercel/blob', '@vercel/blob/client'],
    category: 'effect',
    exports: {
      ...all(
        'put copy upload createMultipartUpload uploadPart completeMultipartUpload createFolder',
        effect('storage', 'write', 'writes the bucket'),
      ),
      del: effect('storage', 'write', 'deletes from the bucket'),
      ...all('list head getDownloadUrl get', effect('storage', 'read', 'reads the bucket')),
      // Decides in `onBeforeGenerateToken` who may upload.
      handleUpload: effect('storage', 'write', 'makes an upload address', {
        runs: [{ at: [0, 'onBeforeGenerateToken'], given: ['input', 'input'] }],
      }),
      generateClientTokenFromReadWriteToken: effect('storage', 'write', 'makes an upload address'),
    },
    unlisted: 'unknown',
  },
  {
    packages: [
      'uploadthing/server',
      'uploadthing/next',
      'uploadthing/next-legacy',
      'uploadthing/h3',
      'uploadthing/remix',
      'uploadthing/express',
      'uploadthing/fastify',
      'uploadthing/effect-platform',
    ],
    category: 'effect',
    detects: 'uploadthing',
    exports: {
      ...all('createUploadthing createBuilder', builder('uploadthing.route')),
      ...all(
        'createRouteHandler createNextRouteHandler createNextPageApiHandler createServerHandler createH3EventHandler',
        gives({ instance: 'uploadthing.handler' }),
      ),
      makeAdapterHandler: gives({ instance: 'uploadthing.adapter' }),
      UTApi: gives({ instance: 'uploadthing.api' }),
      UploadThingError: pure,
      ...all('UTFile UTFiles UTRegion extractRouterConfig', pure),
    },
    unlisted: 'unknown',
    instances: {
      'uploadthing.handler': {
        members: { ...all('POST action', upload(0)), ...all('GET loader', asyncGives('response')) },
        call: upload(0),
        unlisted: 'unknown',
      },
      'uploadthing.adapter': { members: {}, call: upload(2), unlisted: 'unknown' },
      'uploadthing.api': {
        members: {
          ...all('getFileUrls listFiles getUsageInfo', effect('storage', 'read', 'reads the bucket')),
          ...all('getSignedURL generateSignedURL', effect('storage', 'read', 'makes a download address')),
          '*': effect('storage', 'write', 'writes the bucket'),
        },
        unlisted: 'effect-write',
      },
    },
  },
  {
    // https://better-upload.com/docs/routes-multiple: what `onBeforeUpload` throws refuses the upload.
    packages: ['@better-upload/server', '@better-upload/server/*', 'better-upload/server', 'better-upload/server/*'],
    category: 'effect',
    exports: {
      route: passes,
      handleRequest: effect('storage', 'write', 'makes an upload address', {
        runs: [
          {
            at: [1, 'routes', '*', 'onBeforeUpload'],
            given: [{ object: { req: 'request', file: 'input', files: 'input', clientMetadata: 'input' } }],
          },
        ],
        returns: 'response',
      }),
      ...all('createUploadRouteHandler toRouteHandler', gives({ object: { POST: fn(mounted()) } })),
      ...all('RejectUpload UploadFileError', pure),
      // https://better-upload.com/docs/helpers-server: where the files are kept.
      ...all('aws cloudflare tigris wasabi digitalOcean minio backblaze linode custom', pure),
    },
    unlisted: 'unknown',
  },
  {
    packages: ['cloudinary'],
    category: 'effect',
    exports: {
      ...all(
        'v2.uploader.upload v2.uploader.upload_large v2.uploader.upload_stream v2.uploader.unsigned_upload',
        effect('storage', 'write', 'writes the media library'),
      ),
      ...all(
        'v2.uploader.destroy v2.api.delete_resources v2.api.delete_all_resources v2.api.update',
        effect('storage', 'write', 'writes the media library'),
      ),
      ...all(
        'v2.api.resource v2.api.resources v2.search.execute',
        effect('storage', 'read', 'reads the media library'),
      ),
      ...all('v2.utils.api_sign_request v2.utils.sign_request', effect('storage', 'write', 'signs an upload')),
      ...all('v2.config v2.url v2.image', pure),
    },
    unlisted: 'unknown',
  },
  service({
    packages: [
      'minio',
      '@google-cloud/storage',
      '@azure/storage-blob',
      'imagekit',
      '@imagekit/nodejs',
      '@bunny.net/storage-sdk',
      'ssh2-sftp-client',
      'basic-ftp',
    ],
    kind: 'storage',
    exports: { ...all('toFile StorageSharedKeyCredential', pure) },
    clients: 'Client Storage BlobServiceClient BlobServiceClient.fromConnectionString default ImageKit',
    write: 'uses the bucket',
    members: {
      ...all(
        'bucket file bucket.file getContainerClient getBlockBlobClient getBlobClient',
        gives({ instance: 'minio' }),
      ),
    },
  }),
]

function mounted(): CallMeaning {
  return call({ async: true, mounts: 'procedures', returns: 'response' })
}
