import * as parser from '@typescript-eslint/parser'
import authz from '../../dist/index.js'

export default [
  { ignores: ['**/.next/**', 'next-env.d.ts'] },
  { files: ['**/*.{ts,tsx}'], languageOptions: { parser } },
  authz.configs.recommended,
]
