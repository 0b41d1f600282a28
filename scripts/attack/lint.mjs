// The plugin's findings in a copy of the application.
import { relative } from 'node:path'
import { ESLint } from 'eslint'
import ts from 'typescript-eslint'

/**
 * With everything that the plugin has, save for the rule about what rights are called and where they are asked for: no call
 * could show that. Only what belongs to nobody may be read by anybody: prices and news are on the home
 * page of this application.
 */
export async function lint(folder, plugin) {
  const owned = ['error', { reads: 'owned' }]
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [
      { ignores: ['**/dist/**', '**/.tanstack/**', '**/routeTree.gen.ts'] },
      { files: ['**/*.{ts,tsx}'], languageOptions: { parser: ts.parser } },
      plugin.configs.strict,
      {
        rules: {
          'authz/no-unguarded-server-fn': owned,
          'authz/no-unguarded-server-route': owned,
          'authz/require-resource-action-permission': 'off',
        },
      },
    ],
  })
  const results = await eslint.lintFiles(['src'])
  const unread = results.filter(({ fatalErrorCount }) => fatalErrorCount > 0)
  if (unread.length > 0)
    throw new Error(`ESLint could not read ${unread[0].filePath}: ${unread[0].messages[0].message}`)
  return results
}

/** Each with its place and, as `claim`, its rule and message: `no-ineffective-guard/notAwaited`. */
export const findingsIn = (results, folder) =>
  results.flatMap(({ filePath, messages }) =>
    messages.map((message) => ({
      ...message,
      path: filePath,
      file: relative(folder, filePath).replaceAll('\\', '/'),
      claim: `${message.ruleId.replace(/^authz\//, '')}/${message.messageId}`,
    })),
  )
