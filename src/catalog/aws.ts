import { all, asyncPure, call, effect, fn, gives, pure } from './define.ts'
import type { EffectMeaning, Library } from './meaning.ts'
import { service } from './service.ts'

/** The object that is read: the server's rights reach all of them. */
const object: Pick<EffectMeaning, 'privileged' | 'subject'> = { privileged: true, subject: [[1, 'Key']] }

/** `new GetObjectCommand(…)`: what is sent decides whether `client.send()` reads or writes. */
const READING = 'aws.reading-command'

interface Client {
  readonly packages: readonly string[]
  readonly kind: EffectMeaning['kind']
  readonly clients: string
  readonly write: string
  readonly read: string
  /** Commands that only read, without 'Command'; the client's own methods have the same names. */
  readonly reading: string
}

/** They ask until something is there. */
const waiters = 'waitUntilBucketExists waitUntilBucketNotExists waitUntilObjectExists waitUntilObjectNotExists'

function aws({ packages, kind, clients, write, read, reading }: Client): Library {
  const names = reading.split(/\s+/).filter(Boolean)
  const reads = effect(kind, 'read', read, { privileged: true, subject: [[0, 'Key']] })
  return service({
    packages,
    kind,
    clients,
    write,
    detects: 'aws',
    read: [names.map((name) => name[0]!.toLowerCase() + name.slice(1)).join(' '), read],
    harmless: 'destroy config middlewareStack.add middlewareStack.use',
    exports: {
      ...all(names.map((name) => `${name}Command`).join(' '), gives({ instance: READING })),
      ...all(names.map((name) => `paginate${name}`).join(' '), { ...reads, async: false }),
      ...all(waiters, reads),
    },
    // https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/welcome.html: the packages are generated
    unlisted: 'harmless',
    because: 'commands, errors and enums: only a client, a paginator or a waiter sends anything',
    members: {
      send: effect(kind, 'write', write, { variants: [{ when: { at: [0], instance: READING }, then: reads }] }),
    },
  })
}

export const awsSdk: readonly Library[] = [
  aws({
    packages: ['@aws-sdk/client-s3'],
    kind: 'storage',
    clients: 'S3Client S3',
    write: 'writes the bucket',
    read: 'reads the bucket',
    reading:
      'GetObject HeadObject ListObjects ListObjectsV2 ListBuckets HeadBucket GetObjectTagging GetObjectAttributes ListParts',
  }),
  {
    packages: ['@aws-sdk/s3-request-presigner', '@aws-sdk/cloudfront-signer', '@aws-sdk/s3-presigned-post'],
    category: 'effect',
    detects: 'aws',
    exports: {
      // The address carries the server's rights to whatever key it was made for.
      getSignedUrl: effect('storage', 'write', 'makes an address that writes the bucket', {
        variants: [
          {
            when: { at: [1], instance: READING },
            then: effect('storage', 'read', 'makes an address that reads the bucket', object),
          },
          {
            when: { at: [1], present: false },
            then: effect('storage', 'read', 'makes an address that reads the bucket', object),
          },
        ],
      }),
      getSignedCookies: effect('storage', 'read', 'makes cookies that read the bucket'),
      createPresignedPost: effect('storage', 'write', 'makes an upload address'),
    },
    unlisted: 'unknown',
    instances: { [READING]: { members: {}, unlisted: 'harmless' } },
  },
  {
    packages: ['@aws-sdk/lib-storage'],
    category: 'effect',
    detects: 'aws',
    exports: {
      Upload: gives({
        object: { done: fn(effect('storage', 'write', 'writes the bucket')), on: fn(pure), abort: fn(asyncPure) },
      }),
    },
    unlisted: 'unknown',
  },
  aws({
    packages: ['@aws-sdk/client-ses', '@aws-sdk/client-sesv2'],
    kind: 'mail',
    clients: 'SESClient SES SESv2Client SESv2',
    write: 'sends mail',
    read: 'reads mail settings',
    reading: 'GetSendQuota GetSendStatistics ListIdentities GetAccount',
  }),
  aws({
    packages: [
      '@aws-sdk/client-sqs',
      '@aws-sdk/client-sns',
      '@aws-sdk/client-eventbridge',
      '@aws-sdk/client-scheduler',
      '@aws-sdk/client-sfn',
    ],
    kind: 'queue',
    clients: 'SQSClient SQS SNSClient SNS EventBridgeClient SchedulerClient SFNClient',
    write: 'queues a message',
    read: 'reads the queue',
    reading: 'GetQueueAttributes GetQueueUrl ListQueues DescribeExecution ListExecutions GetSchedule ListSchedules',
  }),
  aws({
    packages: ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb'],
    kind: 'db',
    clients:
      'DynamoDBClient DynamoDB DynamoDBDocumentClient DynamoDBDocument DynamoDBDocumentClient.from DynamoDBDocument.from',
    write: 'writes DynamoDB',
    read: 'reads DynamoDB',
    reading: 'Get GetItem Query Scan BatchGet BatchGetItem TransactGet TransactGetItems DescribeTable ListTables',
  }),
  aws({
    packages: ['@aws-sdk/client-secrets-manager', '@aws-sdk/client-ssm', '@aws-sdk/client-kms'],
    kind: 'secret',
    clients: 'SecretsManagerClient SSMClient KMSClient SecretsManager SSM KMS',
    write: 'changes secrets',
    read: 'reads secrets',
    reading:
      'GetSecretValue ListSecrets GetParameter GetParameters GetParametersByPath Decrypt Encrypt GenerateDataKey Sign Verify',
  }),
  aws({
    packages: ['@aws-sdk/client-lambda'],
    kind: 'process',
    clients: 'LambdaClient Lambda',
    write: 'calls a Lambda function',
    read: 'reads Lambda functions',
    reading: 'GetFunction ListFunctions',
  }),
  aws({
    packages: ['@aws-sdk/client-bedrock-runtime', '@aws-sdk/client-bedrock-agent-runtime'],
    kind: 'ai',
    clients: 'BedrockRuntimeClient BedrockRuntime BedrockAgentRuntimeClient',
    write: 'runs an AI model',
    read: 'reads a knowledge base',
    reading: 'Retrieve',
  }),
  aws({
    packages: ['@aws-sdk/client-cognito-identity-provider'],
    kind: 'identity',
    clients: 'CognitoIdentityProviderClient CognitoIdentityProvider',
    write: 'changes identities at Cognito',
    read: 'reads identities at Cognito',
    reading: 'AdminGetUser ListUsers GetUser ListGroups AdminListGroupsForUser ListUsersInGroup',
  }),
  {
    packages: ['aws-jwt-verify'],
    category: 'auth',
    detects: 'cognito',
    exports: {
      SimpleJwksCache: pure,

      ...all('CognitoJwtVerifier.create JwtVerifier.create', gives({ instance: 'aws.jwt-verifier' })),
    },
    unlisted: 'unknown',
    instances: {
      'aws.jwt-verifier': {
        members: {
          verify: call({ async: true, proves: 'authenticated', anonymous: 'throws', returns: 'principal' }),
          verifySync: call({ proves: 'authenticated', anonymous: 'throws', returns: 'principal' }),
          hydrate: asyncPure,
        },
        unlisted: 'unknown',
      },
    },
  },
  aws({
    packages: [
      '@aws-sdk/client-rekognition',
      '@aws-sdk/client-textract',
      '@aws-sdk/client-cloudfront',
      '@aws-sdk/client-sts',
      '@aws-sdk/client-cloudwatch-logs',
    ],
    kind: 'other',
    clients:
      'RekognitionClient Rekognition TextractClient Textract CloudFrontClient CloudFront STSClient STS CloudWatchLogsClient CloudWatchLogs',
    write: 'calls AWS',
    read: 'reads AWS',
    reading: '',
  }),
  service({
    packages: ['aws-sdk'],
    kind: 'other',
    detects: 'aws',
    clients: 'S3 SES SQS SNS DynamoDB Lambda DynamoDB.DocumentClient',
    write: 'calls AWS',
    exports: all('config.update Credentials', pure),
  }),
]
