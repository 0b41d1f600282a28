import type { Library } from './meaning.ts'

const schemas = (names: string, members: 'present' | 'optional'): Library => ({
  packages: names.split(' '),
  category: 'harmless',
  exports: {},
  unlisted: 'harmless',
  schemas: members,
})

/** Schema libraries shape values; what the caller sent stays the caller's. */
const others: Library = {
  packages: [
    'zod-form-data',
    'zod-validation-error',
    'zod-to-json-schema',
    'drizzle-zod',
    'drizzle-valibot',
    'superstruct',
    'runtypes',
    'io-ts',
    '@sinclair/typebox',
    '@sinclair/typebox/*',
    'typebox',
    'typebox/*',
    'ajv',
    'ajv-formats',
    'class-validator',
    'class-transformer',
    '@conform-to/zod',
    '@conform-to/zod/*',
    '@conform-to/react',
    '@conform-to/dom',
    '@standard-schema/spec',
    'validator',
  ],
  category: 'harmless',
  exports: {},
  unlisted: 'harmless',
}

export const validation: readonly Library[] = [
  schemas('zod zod/* valibot arktype', 'present'),
  // a key is optional until it is `required()`: https://joi.dev/api/#anyrequired--aliases-exist, https://github.com/jquense/yup#schemarequired
  schemas('yup joi', 'optional'),
  others,
]
