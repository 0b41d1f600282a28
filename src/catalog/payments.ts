import { all, asyncPure, call, effect, fn, gives, pure, verifies } from './define.ts'
import type { CallMeaning, EffectMeaning, Library, Meaning, Result } from './meaning.ts'

type Facts = Pick<EffectMeaning, 'privileged' | 'subject'>
const read = (what: string, facts: Facts = {}): CallMeaning => effect('payment', 'read', what, facts)
const write = (what: string, facts: Facts = {}): CallMeaning => effect('payment', 'write', what, facts)

/** What belongs to somebody: named by its own id, or by the customer's. The rest is the shop's. */
const somebodys =
  'customers subscriptions subscriptionItems invoices paymentMethods paymentIntents setupIntents charges refunds billingPortal.sessions checkout.sessions customerSessions'

/** `customers.retrieve`, `checkout.sessions.create`, `testHelpers.a.b.create`: the last name tells reading from writing. */
const resources = (provider: string, reading: string): Record<string, Meaning> => {
  const members: Record<string, Meaning> = {}
  for (const path of ['*.', '*.*.', '*.*.*.']) {
    for (const verb of reading.split(' ')) members[path + verb] = read(`reads payments at ${provider}`)
    members[`${path}*`] = write(`changes payments at ${provider}`)
  }
  const facts: Facts = { privileged: true, subject: [[0], [0, 'customer']] }
  for (const name of somebodys.split(' ')) {
    for (const verb of reading.split(' ')) members[`${name}.${verb}`] = read(`reads payments at ${provider}`, facts)
    members[`${name}.*`] = write(`changes payments at ${provider}`, facts)
  }
  return members
}

/** What is for sale, and for how much: shown to whoever may buy. */
const priceList: Record<string, Meaning> = Object.fromEntries(
  ['products', 'prices'].flatMap((resource) =>
    ['retrieve', 'list', 'search'].map((verb) => [
      `${resource}.${verb}`,
      effect('http', 'read', 'reads the price list at Stripe'),
    ]),
  ),
)

const event = verifies('unknown', { source: 'https://docs.stripe.com/webhooks#verify-events' })
const stripeWebhooks = {
  'webhooks.constructEvent': event,
  'webhooks.constructEventAsync': { ...event, async: true },
  'webhooks.signature.verifyHeader': verifies('true'),
  'webhooks.signature.verifyHeaderAsync': verifies('true', { async: true }),
  ...all('webhooks.generateTestHeaderString webhooks.generateTestHeaderStringAsync', pure),
}

/** Makes a handler that runs its callbacks only for signed requests. */
const signedHandler = (facts: Partial<CallMeaning> = {}): CallMeaning =>
  call({ proves: 'signature', anonymous: fn(call({ async: true, returns: 'response' })), returns: 'unknown', ...facts })

const standard: Result = { instance: 'standard-webhooks' }

export const payments: readonly Library[] = [
  {
    packages: ['stripe', 'stripe/*'],
    category: 'effect',
    detects: 'stripe',
    exports: {
      ...all(
        `createFetchHttpClient createNodeHttpClient createSubtleCryptoProvider createNodeCryptoProvider
         Stripe.createFetchHttpClient Stripe.createNodeHttpClient Stripe.createSubtleCryptoProvider
         Stripe.createNodeCryptoProvider errors.StripeError Stripe.errors.StripeError`,
        pure,
      ),

      ...all('default Stripe', gives({ instance: 'stripe' })),
      ...stripeWebhooks,
      ...Object.fromEntries(Object.entries(stripeWebhooks).map(([name, meaning]) => [`Stripe.${name}`, meaning])),
    },
    unlisted: 'unknown',
    instances: {
      stripe: {
        members: {
          ...resources(
            'Stripe',
            'retrieve list search listLineItems listPaymentMethods retrieveUpcoming createPreview listSources retrieveBalance',
          ),
          ...priceList,
          ...stripeWebhooks,
          ...all('on off getApiField getConstant', pure),
        },
        unlisted: 'effect-write',
      },
    },
  },
  {
    packages: ['svix', 'standardwebhooks'],
    category: 'auth',
    detects: 'svix',
    exports: {
      WebhookVerificationError: pure,

      Webhook: gives(standard, { source: 'https://docs.svix.com/receiving/verifying-payloads/how' }),
      Svix: gives({ instance: 'svix' }),
    },
    unlisted: 'unknown',
    instances: {
      'standard-webhooks': { members: { verify: verifies('unknown'), sign: pure }, unlisted: 'unknown' },
      svix: { members: { '*.*': effect('http', 'write', 'sends webhooks') }, unlisted: 'effect-write' },
    },
  },
  {
    packages: ['@upstash/qstash', '@upstash/qstash/nextjs', '@upstash/qstash/h3'],
    category: 'auth',
    exports: {
      Receiver: gives({ instance: 'qstash.receiver' }),
      Client: gives({ instance: 'qstash' }),
      ...all(
        'verifySignatureAppRouter verifySignature verifySignatureEdge verifySignatureH3',
        call({
          proves: 'signature',
          anonymous: fn(call({ async: true, returns: 'response' })),
          returns: { wraps: 0 },
          source: 'https://upstash.com/docs/qstash/quickstarts/vercel-nextjs',
        }),
      ),
    },
    unlisted: 'unknown',
    instances: {
      'qstash.receiver': { members: { verify: verifies('true', { async: true }) }, unlisted: 'unknown' },
      qstash: {
        members: {
          ...all('publish publishJSON batch batchJSON enqueue', effect('queue', 'write', 'queues a message')),
          '*.*': effect('queue', 'write', 'changes the queue'),
        },
        unlisted: 'effect-write',
      },
    },
  },
  {
    packages: ['@octokit/webhooks', '@octokit/webhooks-methods'],
    category: 'auth',
    exports: {
      validateEventName: pure,

      Webhooks: gives({ instance: 'octokit.webhooks' }),
      verify: call({ async: true, proves: 'signature', anonymous: 'false', returns: 'boolean' }),
      verifyWithFallback: call({ async: true, proves: 'signature', anonymous: 'false', returns: 'boolean' }),
      sign: asyncPure,
    },
    unlisted: 'unknown',
    instances: {
      'octokit.webhooks': {
        members: {
          verify: call({ async: true, proves: 'signature', anonymous: 'false', returns: 'boolean' }),
          verifyAndReceive: verifies('unknown', { async: true }),
          ...all('on onAny onError removeListener sign', pure),
        },
        unlisted: 'unknown',
      },
    },
  },
  {
    packages: ['@polar-sh/sdk', '@polar-sh/sdk/*'],
    category: 'effect',
    detects: 'polar',
    exports: {
      ...all('WebhookVerificationError SDKError SDKValidationError HTTPValidationError', pure),
      Polar: gives({ instance: 'polar' }),
      validateEvent: verifies('unknown'),
    },
    unlisted: 'unknown',
    instances: {
      polar: {
        members: resources('Polar', 'get list getState getExternal getStateExternal'),
        unlisted: 'effect-write',
      },
    },
  },
  {
    packages: ['@polar-sh/tanstack-start', '@polar-sh/nextjs'],
    category: 'effect',
    detects: 'polar',
    exports: {
      Webhooks: signedHandler({ source: 'https://polar.sh/docs/integrate/sdk/adapters/tanstack-start' }),
      // Opens a checkout for whatever product the address names: public by design.
      Checkout: gives(fn(call({ async: true, returns: 'response' }))),
      CustomerPortal: call({ runs: [], returns: 'unknown' }),
    },
    unlisted: 'unknown',
  },
  {
    packages: ['@lemonsqueezy/lemonsqueezy.js'],
    category: 'effect',
    detects: 'lemonsqueezy',
    exports: {
      lemonSqueezySetup: pure,
      ...all(
        `getAuthenticatedUser getCheckout listCheckouts getCustomer listCustomers getOrder listOrders getProduct listProducts
         getSubscription listSubscriptions getVariant listVariants getStore listStores getLicenseKey listLicenseKeys
         getDiscount listDiscounts getPrice listPrices getUsageRecord listUsageRecords listSubscriptionInvoices`,
        read('reads payments at Lemon Squeezy'),
      ),
      validateLicense: call({
        async: true,
        proves: 'secret',
        anonymous: { object: { data: { object: { valid: 'false' } }, error: 'unknown' } },
        returns: 'unknown',
      }),
    },
    unlisted: 'effect-write',
  },
  {
    packages: ['@paddle/paddle-node-sdk'],
    category: 'effect',
    detects: 'paddle',
    exports: { Paddle: gives({ instance: 'paddle' }) },
    unlisted: 'unknown',
    instances: {
      paddle: {
        members: {
          ...resources('Paddle', 'get list preview'),
          'webhooks.unmarshal': verifies('unknown', { async: true }),
          'webhooks.isSignatureValid': call({
            async: true,
            proves: 'signature',
            anonymous: 'false',
            returns: 'boolean',
          }),
        },
        unlisted: 'effect-write',
      },
    },
  },
  {
    packages: [
      'creem',
      '@dodopayments/core',
      'dodopayments',
      '@mollie/api-client',
      'razorpay',
      'square',
      '@paypal/checkout-server-sdk',
      '@paypal/paypal-server-sdk',
      'braintree',
    ],
    category: 'effect',
    exports: {
      ...all(
        'default Creem DodoPayments createMollieClient Razorpay SquareClient Client',
        gives({ instance: 'payments' }),
      ),
    },
    unlisted: 'unknown',
    instances: {
      payments: {
        members: resources('the provider', 'get list retrieve fetch all page iterate'),
        unlisted: 'effect-write',
      },
    },
  },
  {
    packages: ['autumn-js', 'autumn-js/*'],
    category: 'effect',
    detects: 'autumn',
    exports: {
      Autumn: gives({ instance: 'payments.autumn' }),
      autumnHandler: gives(fn(call({ async: true, mounts: 'procedures', returns: 'response' }))),
    },
    unlisted: 'unknown',
    instances: {
      'payments.autumn': {
        members: {
          ...all('check customers.get entitled', read('reads a subscription')),
          ...all('attach checkout track cancel setupPayment', write('changes a subscription')),
          '*.*': write('changes a subscription'),
        },
        unlisted: 'effect-write',
      },
    },
  },
]
