import js from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import eslintPlugin from 'eslint-plugin-eslint-plugin'
import n from 'eslint-plugin-n'
import * as regexp from 'eslint-plugin-regexp'
import ts from 'typescript-eslint'

export default defineConfig(
  globalIgnores(['dist', 'coverage', 'examples', 'tests/fixtures']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  regexp.configs['flat/recommended'],
  n.configs['flat/recommended-module'],
  {
    // TypeScript resolves the imports, and scripts and tests may use what is not published.
    rules: {
      'n/no-missing-import': 'off',
      'n/no-unpublished-import': 'off',
      'n/no-process-exit': 'error',
      'n/prefer-node-protocol': 'error',
    },
    settings: {
      node: { convertPath: [{ include: ['src/cli/main.ts'], replace: ['^src/cli/main.ts$', 'dist/cli.js'] }] },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, isolatedDeclarations: true } },
    rules: {
      // Node types are compared with string literals: the enum would be loaded at run time, and TypeScript finds a typo.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // A redundant member of a union, as in `-1 | number`, tells the reader something.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      // With noUncheckedIndexedAccess, `!` is the plain way to say what a loop's condition already said.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // `(a|b)` reads better than `(?:a|b)` where nobody asks for the group.
      'regexp/no-unused-capturing-group': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { boolean: true, string: true } }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['src/analysis/**/*.ts'],
    rules: {
      // Calls replace the state of the machine, and end its path: control-flow analysis does not see that `m.state.alive`
      // has changed since it was tested.
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
  {
    files: ['src/rules/**/*.ts'],
    extends: [eslintPlugin.configs['all-type-checked']],
    rules: {
      // The helper that creates rules derives the address of a rule's page from its name.
      'eslint-plugin/require-meta-docs-url': 'off',
      // It says which preset a rule is part of.
      'eslint-plugin/require-meta-docs-recommended': ['error', { allowNonBoolean: true }],
    },
  },
  {
    files: ['tests/rules/**/*.ts'],
    extends: [eslintPlugin.configs['tests-recommended']],
    rules: { 'eslint-plugin/require-test-error-positions': 'error' },
  },
  {
    files: ['tests/**/*.ts', '*.config.{js,ts}', 'scripts/**'],
    rules: { 'n/no-unsupported-features/node-builtins': 'off' },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
  },
)
