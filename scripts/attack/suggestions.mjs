// Applies the plugin's own suggestions to a copy of the application, as somebody would in an editor: one, then look again.
import { readFileSync, writeFileSync } from 'node:fs'
import { grouped } from './grouped.mjs'
import { findingsIn, lint } from './lint.mjs'

/** Findings that no edit in their place can repair, and what does. */
const repairedElsewhere = {
  'no-authz-in-beforeload-only': 'the page is as it should be: what it calls has a finding of its own',
  'no-ineffective-guard/clientOnly': 'what the browser asks cannot be asked on the server: those behind it get a guard',
  'no-unverifiable-entry-point': 'the middleware that decides has a finding of its own',
}

/**
 * One suggestion for each finding, or for those of one rule, and a look after each.
 * @returns the findings, what was applied, what has no suggestion and why, and what is left in the end.
 */
export async function applySuggestions(folder, plugin, rule) {
  const look = async () =>
    findingsIn(await lint(folder, plugin), folder).filter(({ claim }) => !rule || claim.startsWith(`${rule}/`))
  const findings = await look()
  const met = new Map()
  const applied = []
  for (let left = findings; ; left = await look()) {
    for (const finding of left) met.set(`${finding.claim} ${finding.file} ${finding.message}`, finding)
    const chosen = Object.values(grouped(left, ({ path }) => path)).flatMap((ofFile) => repairs(ofFile))
    if (chosen.length === 0) {
      const elsewhere = [...met.values()].filter((finding) => !repairOf(finding))
      return { findings, applied, left, elsewhere }
    }
    for (const finding of chosen) {
      const { fix, desc } = repairOf(finding)
      writeFileSync(finding.path, splice(readFileSync(finding.path, 'utf8'), fix))
      applied.push({ ...finding, desc })
    }
    if (applied.length > 500) throw new Error('The suggestions do not come to an end: each leads to another finding.')
  }
}

/**
 * To declare an endpoint public is a decision, and no repair.
 * @param {{ suggestions?: { messageId?: string, desc: string, fix: { range: number[], text: string } }[] }} finding
 */
export const repairOf = ({ suggestions = [] }) =>
  suggestions.slice(0, 1).find(({ messageId }) => messageId !== 'declarePublic')

/**
 * Findings of one file whose suggestions do not meet, the last one first, so that each still fits when the others are made.
 * Whose rows they are is settled when it is settled who gets that far.
 */
export function repairs(findings) {
  const repairable = findings.filter((finding) => repairOf(finding))
  const sooner = repairable.filter(({ claim }) => !claim.startsWith('require-'))
  const chosen = []
  for (const finding of sooner.length > 0 ? sooner : repairable)
    if (chosen.every((other) => !meet(rangeOf(other), rangeOf(finding)))) chosen.push(finding)
  return chosen.toSorted((a, b) => rangeOf(b)[0] - rangeOf(a)[0])
}

const rangeOf = (finding) => repairOf(finding).fix.range

const meet = (a, b) => a[0] <= b[1] && b[0] <= a[1]

/** Why nothing is suggested for a finding; undefined where something should be. */
export const reasonOf = ({ claim }) => repairedElsewhere[claim] ?? repairedElsewhere[claim.split('/')[0]]

export function splice(text, { range: [start, end], text: inserted }) {
  return text.slice(0, start) + inserted + text.slice(end)
}
