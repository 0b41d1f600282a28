/** recommended ⊂ multi-tenant ⊂ strict, derived from what each rule says of itself. */
import type { ESLint, Linter } from 'eslint'
import type { Preset, Rule } from '../rules/create-rule.ts'
import { rules } from '../rules/index.ts'

/** Smallest first. */
const presets: readonly Preset[] = ['recommended', 'multi-tenant', 'strict']

/** Each is one flat-config object that brings the plugin itself, so that it works alone. */
export function configsFor(plugin: ESLint.Plugin): Readonly<Record<Preset, Linter.Config>> {
  const config = (preset: Preset): Linter.Config => ({
    name: `authz/${preset}`,
    plugins: { authz: plugin },
    rules: rulesOf(preset),
  })
  return { recommended: config('recommended'), 'multi-tenant': config('multi-tenant'), strict: config('strict') }
}

function rulesOf(preset: Preset): Linter.RulesRecord {
  const included = presets.slice(0, presets.indexOf(preset) + 1)
  return Object.fromEntries(
    Object.entries(rules)
      .filter(([, rule]) => included.includes(docsOf(rule).recommended))
      .map(([name, rule]) => [`authz/${name}`, entryFor(rule, included)]),
  )
}

function entryFor(rule: Rule, included: readonly Preset[]): Linter.RuleEntry {
  const options = included
    .map((preset) => docsOf(rule).presetOptions?.[preset])
    .findLast((found) => found !== undefined)
  return options ? ['error', ...options] : 'error'
}

const docsOf = (rule: Rule) => rule.meta.docs!
