import type { ESLint } from 'eslint'
import pkg from '../package.json' with { type: 'json' }

// The public types come from 'eslint' alone: those of @typescript-eslint/utils do not fit a user's eslint.config.ts.
interface AuthzPlugin extends ESLint.Plugin {
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string }
}

const plugin: AuthzPlugin = {
  meta: { name: pkg.name, version: pkg.version, namespace: 'authz' },
  rules: {},
}

// The second name makes `require('eslint-plugin-authz')` return the plugin itself.
export { plugin as default, plugin as 'module.exports' }
