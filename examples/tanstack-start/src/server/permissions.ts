import { createAccessControl } from 'better-auth/plugins/access'
import { adminAc, defaultStatements, memberAc, ownerAc } from 'better-auth/plugins/organization/access'

/** What a role in an organisation may do beyond what Better Auth asks for by itself. */
export const permissions = { invoice: ['read', 'create', 'remind', 'void', 'delete'] } as const

/** What Tallybook lets single people do, whatever organisation they are in: `user.grants`. */
export const grants = ['lead:read', 'announcement:read']

export const accessControl = createAccessControl({ ...defaultStatements, ...permissions })

export const roles = {
  owner: accessControl.newRole({ ...ownerAc.statements, invoice: ['read', 'create', 'remind', 'void', 'delete'] }),
  admin: accessControl.newRole({ ...adminAc.statements, invoice: ['read', 'create', 'remind', 'void'] }),
  member: accessControl.newRole({ ...memberAc.statements, invoice: ['read', 'create'] }),
}

export type InvoicePermission = (typeof permissions.invoice)[number]
