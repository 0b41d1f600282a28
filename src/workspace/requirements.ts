/** What the policy file demands of an entry point, and what of that it does not prove. */
import type { Proof } from '../catalog/meaning.ts'
import type { EntryPointReport, ScopeReport } from '../model/report.ts'
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
  const demanded = policy.require
    .filter((requirement) => concerns(requirement, policy, file, entryPoint))
    .flatMap((requirement) => requirement.proves)
  return [...new Set(demanded)].filter((proof) => !proves(entryPoint, proof, scopeOf))
}

function concerns(
  { files, names, models, writes }: Requirement,
  policy: Policy,
  file: string,
  { name, effects }: EntryPointReport,
): boolean {
  if (files !== undefined && !policyNames(policy, files, file)) return false
  if (names !== undefined && !names.some((pattern) => matchesGlob(name, pattern))) return false
  if (models === undefined && writes === undefined) return true
  return effects.some(
    (effect) =>
      (writes === undefined || effect.write === writes) &&
      (models === undefined || (effect.model !== undefined && models.includes(effect.model))),
  )
}

function proves({ proofs }: EntryPointReport, wanted: Proof, scopeOf: () => ScopeReport | undefined): boolean {
  if (proofs.some((proof) => includes(proof, wanted))) return true
  if (wanted === 'authenticated')
    return proofs.some((proof) => proof === 'tenant' || proof === 'owner' || /^(?:role|permission):/.test(proof))
  if (wanted === 'tenant') return ['scoped', 'delegated'].includes(scopeOf()?.tenant ?? '')
  return wanted === 'owner' && scopeOf()?.object === 'bound'
}

/** `permission:a,b` asks for both; `role:a|b` is content with either. */
function includes(proof: Proof, wanted: Proof): boolean {
  if (proof === wanted) return true
  const at = proof.indexOf(':') + 1
  return at > 0 && wanted.startsWith(proof.slice(0, at)) && proof.slice(at).split(',').includes(wanted.slice(at))
}
