import type { ESLint, Linter } from 'eslint'
import pkg from '../package.json' with { type: 'json' }
import { configsFor } from './configs/index.ts'
import { rules } from './rules/index.ts'

// The public types come from 'eslint' alone: those of @typescript-eslint/utils do not fit a user's eslint.config.ts.
interface AuthzPlugin extends ESLint.Plugin {
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string }
  readonly rules: NonNullable<ESLint.Plugin['rules']>
  readonly configs: {
    readonly recommended: Linter.Config
    readonly 'multi-tenant': Linter.Config
    readonly strict: Linter.Config
  }
}

const parts = {
  meta: { name: pkg.name, version: pkg.version, namespace: 'authz' },
  rules: rules as unknown as NonNullable<ESLint.Plugin['rules']>,
}
// A preset brings the plugin that it is a part of.
const plugin: AuthzPlugin = Object.assign(parts, { configs: configsFor(parts) })

// The second name makes `require('eslint-plugin-authz')` return the plugin itself.
export { plugin as default, plugin as 'module.exports' }
