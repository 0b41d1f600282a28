// Applies the plugin's own suggestions to a copy of the application, as somebody would in an editor: one, then look again.
import { readFileSync, writeFileSync } from 'node:fs'
import { ESLint } from 'eslint'
import ts from 'typescript-eslint'

/** With what everybody should have on. What signed-in people may do to the rows of others is not asked here. */
async function lint(folder, plugin) {
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [
      { ignores: ['**/dist/**', '**/.tanstack/**', '**/routeTree.gen.ts'] },
      { files: ['**/*.{ts,tsx}'], languageOptions: { parser: ts.parser } },
      plugin.configs.recommended,
    ],
  })
  const results = await eslint.lintFiles(['src'])
  const unread = results.filter(({ fatalErrorCount }) => fatalErrorCount > 0)
  if (unread.length > 0)
    throw new Error(`ESLint could not read ${unread[0].filePath}: ${unread[0].messages[0].message}`)
  return results
}

/** One suggestion for each finding, and a look after each. @returns the findings, what was applied, and what is left. */
export async function applySuggestions(folder, plugin) {
  const findings = await lint(folder, plugin)
  const applied = []
  for (let results = findings; ; results = await lint(folder, plugin)) {
    const chosen = results.flatMap(({ filePath, messages }) => {
      const suggestion = firstRepair(messages)
      return suggestion ? [{ filePath, suggestion }] : []
    })
    if (chosen.length === 0) return { findings: messagesOf(findings), applied, left: messagesOf(results) }
    for (const { filePath, suggestion } of chosen) {
      writeFileSync(filePath, splice(readFileSync(filePath, 'utf8'), suggestion.fix))
      applied.push(suggestion.desc)
    }
    if (applied.length > 500) throw new Error('The suggestions do not come to an end: each leads to another finding.')
  }
}

const messagesOf = (results) => results.flatMap(({ messages }) => messages)

/** The plugin's first suggestion for the first finding that has one. To declare an endpoint public is a decision, and no repair. */
export function firstRepair(messages) {
  return messages
    .flatMap(({ suggestions = [] }) => suggestions.slice(0, 1))
    .find(({ messageId }) => messageId !== 'declarePublic')
}

export function splice(text, { range: [start, end], text: inserted }) {
  return text.slice(0, start) + inserted + text.slice(end)
}
