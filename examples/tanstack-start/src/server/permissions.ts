import { createAccessControl } from 'better-auth/plugins/access'
import { adminAc, defaultStatements, memberAc, ownerAc } from 'better-auth/plugins/organization/access'

export const accessControl = createAccessControl({
  ...defaultStatements,
  invoice: ['read', 'create', 'remind', 'void', 'delete'],
})

export const roles = {
  owner: accessControl.newRole({ ...ownerAc.statements, invoice: ['read', 'create', 'remind', 'void', 'delete'] }),
  admin: accessControl.newRole({ ...adminAc.statements, invoice: ['read', 'create', 'remind', 'void'] }),
  member: accessControl.newRole({ ...memberAc.statements, invoice: ['read', 'create'] }),
}

export type InvoicePermission = 'read' | 'create' | 'remind' | 'void' | 'delete'
