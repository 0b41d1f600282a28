export { mayInvite, requireInvoice, requirePermission } from './permission'
export { currentSession, requireStaff, requireUser } from './session'
