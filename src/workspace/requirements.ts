/** What the policy file demands of an entry point, and what of that it does not prove. */
import type { Proof } from '../catalog/meaning.ts'
import { isPrivilegeProof } from '../model/proofs.ts'
import type { EntryPointReport, LooseQueryReport, ScopeReport } from '../model/report.ts'
import { matchesGlob } from '../project/glob.ts'
import { policyNames, type Policy, type Requirement } from '../policy.ts'

/**
 * @param scopeOf whose rows it touches: asked only where a tenant or an owner has to be proved
 * @returns the proofs that are missing, in the order of the policy file
 */
export function lacking(
  policy: Policy,
  file: string,
  entryPoint: EntryPointReport,
  scopeOf: () => ScopeReport | undefined,
): readonly Proof[] {
  // an open one has a report of its own, and of an undecided one nothing is known
  if (entryPoint.verdict !== 'guarded' && entryPoint.verdict !== 'public') return []
  const lacks = policy.require
    .filter((requirement) => concerns(requirement, policy, file, entryPoint))
    .flatMap((requirement) => requirement.proves.filter((proof) => !proves(entryPoint, requirement, proof, scopeOf)))
  return [...new Set(lacks)]
}

function concerns(
  requirement: Requirement,
  policy: Policy,
  file: string,
  { name, effects }: EntryPointReport,
): boolean {
  const { files, names, models, writes } = requirement
  if (files !== undefined && !policyNames(policy, files, file)) return false
  if (names !== undefined && !names.some((pattern) => matchesGlob(name, pattern))) return false
  if (models === undefined && writes === undefined) return true
  return effects.some((effect) => isOf(requirement, effect))
}

/** It is one of those that the row of the policy speaks of. */
const isOf = (
  { models, writes }: Requirement,
  { model, write }: { readonly model?: string; readonly write: boolean },
) =>
  (writes === undefined || write === writes) &&
  (models === undefined || (model !== undefined && models.includes(model)))

/** It is proved before all that the row speaks of. */
function proves(
  { proofs, effects, guards }: EntryPointReport,
  requirement: Requirement,
  wanted: Proof,
  scopeOf: () => ScopeReport | undefined,
): boolean {
  const concerned =
    requirement.models || requirement.writes !== undefined ? effects.filter((one) => isOf(requirement, one)) : []
  const lists = concerned.length > 0 ? concerned.map((effect) => [...proofs, ...(effect.proofs ?? [])]) : [proofs]
  const proved = lists.every((list) => list.some((proof) => includes(proof, wanted) || implies(proof, wanted)))
  if (wanted !== 'tenant' && wanted !== 'owner') return proved
  // that some row is the caller's says nothing of another one; who declares it, answers for it
  const isDeclared = proved && guards.some(({ how }) => how === 'declared')
  const scope = isDeclared ? undefined : scopeOf()
  if (proved) return !scope?.loose.some((query) => isOf(requirement, query) && speaksOf(wanted, query))
  return wanted === 'tenant' ? ['scoped', 'delegated'].includes(scope?.tenant ?? '') : scope?.object === 'bound'
}

const speaksOf = (wanted: 'tenant' | 'owner', { kind }: LooseQueryReport): boolean =>
  (kind === 'tenant') === (wanted === 'tenant')

/** Nobody has a role, a tenant or rows without being somebody. */
const implies = (proof: Proof, wanted: Proof): boolean =>
  wanted === 'authenticated' && (proof === 'tenant' || proof === 'owner' || isPrivilegeProof(proof))

/** `permission:a,b` asks for both; `role:a|b` is content with either. */
function includes(proof: Proof, wanted: Proof): boolean {
  if (proof === wanted) return true
  const at = proof.indexOf(':') + 1
  return at > 0 && wanted.startsWith(proof.slice(0, at)) && proof.slice(at).split(',').includes(wanted.slice(at))
}
