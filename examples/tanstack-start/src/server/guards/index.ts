export { requireMembership } from './membership'
export { mayInvite, requireInvoice, requirePermission } from './permission'
export { currentSession, requireGrant, requireStaff, requireUser } from './session'
