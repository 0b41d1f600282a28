// What no suggestion can write, since only the author knows what is meant: done as the message says.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** @type {Record<string, { why: string, edits: Record<string, [from: string, to: string]> }>} by claim; its edits by entry point */
const repairs = {
  'no-untrusted-identity/input': {
    why: 'names the columns that may be written',
    edits: { saveProfile: ['set(data)', 'set({ displayName: data.displayName, timezone: data.timezone })'] },
  },
  'no-untrusted-identity/role': {
    why: 'asks for the right to give roles',
    edits: {
      setMemberRole: [
        "orgFn({ method: 'POST' })",
        "createServerFn({ method: 'POST' }).middleware([orgRoleMiddleware('owner', 'admin')])",
      ],
    },
  },
  'no-untrusted-identity/tenant': {
    why: 'looks up the membership',
    edits: {
      switchOrganization: [
        'await db',
        `const membership = await db.query.member.findFirst({
      where: and(eq(member.userId, context.user.id), eq(member.organizationId, data.organizationId)),
    })
    if (!membership) throw new HttpError(403, 'You are not a member of this organisation')
    await db`,
      ],
    },
  },
  'no-unknown-permission/unknown': {
    why: 'asks for the permission that is meant',
    edits: { previewAnnouncements: ["'beta'", "'announcement:read'"] },
  },
}

/** `` `saveProfile` names the columns that may be written ``; undefined where nobody has written how. */
export function byHand({ claim, message }) {
  const { why, edits } = repairs[claim] ?? {}
  const name = Object.keys(edits ?? {}).find((entryPoint) => message.includes(`\`${entryPoint}\``))
  return name === undefined ? undefined : { name, edit: edits[name], desc: `\`${name}\` ${why}, by hand.` }
}

/** In the declaration of the entry point, which is the first place behind its name. */
export function repairByHand(folder, finding) {
  const { name, edit } = byHand(finding)
  const file = join(folder, finding.file)
  const text = readFileSync(file, 'utf8')
  const start = text.indexOf(`export const ${name} =`)
  const at = text.indexOf(edit[0], start)
  if (start < 0 || at < 0) throw new Error(`${finding.file} no longer has ${edit[0]} in ${name}`)
  writeFileSync(file, text.slice(0, at) + edit[1] + text.slice(at + edit[0].length))
}
