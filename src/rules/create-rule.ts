/** What every rule has in common. Presets, the README's table and the head of each docs page derive from `meta.docs`. */
import type { TSESLint } from '@typescript-eslint/utils'

export type Preset = 'recommended' | 'multi-tenant' | 'strict'

export interface RuleDocs {
  readonly description: string
  /** The smallest preset that the rule is part of. */
  readonly recommended: Preset
  /** Options that a larger preset sets. */
  readonly presetOptions?: Readonly<Partial<Record<Preset, readonly unknown[]>>>
  /** Weakness numbers of cwe.mitre.org. */
  readonly cwe: readonly number[]
  /** Of the OWASP Top 10 and of the OWASP API Security Top 10. */
  readonly owasp: readonly string[]
  /** Subcategories of the NIST Cybersecurity Framework 2.0. */
  readonly nist: readonly string[]
}

/** `invalidPolicy` is every rule's: the first active one says that the policy file is wrong. */
export type RuleContext<
  Ids extends string = string,
  Options extends readonly unknown[] = readonly unknown[],
> = Readonly<TSESLint.RuleContext<Ids | 'invalidPolicy', Options>>

export interface RuleSource<Ids extends string, Options extends readonly unknown[]> {
  readonly name: string
  readonly meta: Omit<TSESLint.RuleMetaData<Ids, RuleDocs, Options>, 'docs'> & { readonly docs: RuleDocs }
  readonly create: (context: RuleContext<Ids, Options>) => TSESLint.RuleListener
}

export type Rule<
  Ids extends string = string,
  Options extends readonly unknown[] = readonly unknown[],
> = TSESLint.RuleModule<Ids | 'invalidPolicy', Options, RuleDocs>

export function createRule<Ids extends string, Options extends readonly unknown[] = []>({
  name,
  meta,
  create,
}: RuleSource<Ids, Options>): Rule<Ids, Options> {
  return {
    meta: {
      ...meta,
      docs: { ...meta.docs, url: pageOf(name) },
      messages: { ...meta.messages, invalidPolicy: '{{ problem }}' },
    },
    create,
  }
}

function pageOf(name: string): string {
  return `https://github.com/eslint-plugin-authz/eslint-plugin-authz/blob/main/docs/rules/${name}.md`
}
