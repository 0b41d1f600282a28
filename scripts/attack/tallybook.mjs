// What to attack in `examples/tanstack-start`: its people, its tables, and one call of each entry point.
import { createHmac, randomBytes } from 'node:crypto'

const random = () => randomBytes(24).toString('base64url')

/** The secrets of this run. Only the rightful callers know them. */
export const env = {
  BETTER_AUTH_SECRET: random(),
  PAYMENTS_WEBHOOK_SECRET: random(),
  CRON_SECRET: random(),
  REMINDER_SECRET: random(),
  SEED_PASSWORD: random(),
}

const acme = ['org_acme', 'inv_acme_1', 'inv_acme_2', 'inv_acme_3']

/** Who signs in, and whose rows are their own. */
export const people = {
  ada: { email: 'ada@acme.test', own: ['usr_ada', ...acme] },
  ben: { email: 'ben@acme.test', own: ['usr_ben', ...acme] },
  cleo: { email: 'cleo@globex.test', own: ['usr_cleo', 'org_globex', 'inv_globex_1', 'inv_globex_2'] },
  dora: { email: 'dora@example.test', own: ['usr_dora'] },
  sam: { email: 'sam@tallybook.test', own: ['usr_sam'] },
}

/** A text column of each table that carries a mark, if somebody reads it, and the column that says whose a row is. */
export const tables = {
  announcements: { text: 'title' },
  audit_log: { text: 'subject', owner: 'organization_id' },
  comments: { text: 'body', owner: 'author_id' },
  feature_requests: { text: 'title', owner: 'requested_by' },
  invitation: { text: 'email', owner: 'organization_id' },
  invoice_lines: { text: 'text', owner: 'invoice_id' },
  invoices: { text: 'customer', owner: 'organization_id' },
  leads: { text: 'company' },
  member: { owner: 'organization_id' },
  notes: { text: 'body', owner: 'owner_id' },
  organization: { text: 'name', owner: 'id' },
  prices: { text: 'plan' },
  profiles: { text: 'display_name', owner: 'user_id' },
  session: { owner: 'active_organization_id' },
  user: { text: 'name' },
}

/** Tables that credential endpoints are there to write. */
export const identityTables = ['account', 'session', 'user', 'verification']

const profile = { displayName: 'Changed', timezone: 'UTC' }
const request = { requestId: 'req_credit_notes' }
const note = { noteId: 'note_ada_1' }
const invoice = { invoiceId: 'inv_acme_1' }
const overdue = { invoiceId: 'inv_acme_3' }
const theirInvoice = { invoiceId: 'inv_globex_1' }
const announcement = '/api/announcements/ann_reminders'
const payment = JSON.stringify({ type: 'invoice.paid', ...invoice })
const signedPayment = createHmac('sha256', env.PAYMENTS_WEBHOOK_SECRET).update(payment).digest('hex')
const newcomer = { name: 'Nils', email: 'nils@example.test', password: random() }
const ada = { email: people.ada.email, password: env.SEED_PASSWORD }
const json = { 'content-type': 'application/json' }

/**
 * One call of each entry point, which all callers make alike. `by` is the rightful caller, Ada where it is not said;
 * `rightful` is what that one sends instead, and `outsiders` what somebody of another organisation does; `lost` are those who get through because a check of theirs is lost;
 * `outsider` is somebody else than Cleo; `environment` is what variables are when others call (null: not set).
 */
export const calls = {
  getProfile: {},
  getTimezone: {},
  updateProfile: { data: { userId: 'usr_ada', displayName: 'Changed', timezone: 'UTC' } },
  // Dora has no profile: now there is one in her name.
  saveProfile: { data: { ...profile, userId: 'usr_dora' }, rightful: { data: profile } },

  getSession: {},
  signIn: { data: { ...ada, password: 'a guess' }, rightful: { data: ada } },
  signUp: { data: newcomer },
  signOut: {},

  listInvoices: {},
  getInvoice: { data: invoice },
  createInvoice: { data: { number: 'A-2000', customer: 'Wayne', amountCents: 100 } },
  deleteInvoice: { data: invoice },
  voidInvoice: { data: invoice, lost: ['outsider', 'member'] },
  sendReminder: { data: invoice, lost: ['outsider', 'member'] },
  discountInvoice: { data: { ...invoice, amountCents: 1 }, lost: ['member'] },
  writeOffInvoice: { data: invoice, lost: ['member'] },
  approveInvoice: { data: overdue, lost: ['member'] },
  markInvoicePaid: { data: invoice },
  searchInvoices: { data: { organizationId: 'org_acme', customer: '' } },
  listOpenInvoices: { outsider: 'dora' },
  removeInvoiceLine: {
    data: { ...invoice, lineId: 'line_acme_1' },
    outsiders: { data: { ...theirInvoice, lineId: 'line_acme_1' } },
  },
  reopenInvoice: { data: overdue },
  downloadStatement: { data: { year: 2026 } },

  listPrices: {},
  listNews: {},
  subscribe: { data: { email: 'somebody@example.test' } },
  requestCallback: { data: { email: 'somebody@example.test', phone: '+46 8 123' } },
  requestDemo: { data: { email: 'somebody@example.test', company: 'Somebody' } },

  listMembers: {},
  changeMemberRole: { data: { memberId: 'mem_ben', role: 'admin' } },
  inviteMember: { data: { email: 'eve@example.test' }, lost: ['member'] },
  removeMember: { data: { memberId: 'mem_ben' }, lost: ['member'] },
  leaveOrganization: {},
  setMemberRole: { data: { memberId: 'mem_ben', role: 'admin' } },
  addMember: { data: { userId: 'usr_dora', organizationId: 'org_acme' } },
  getOrganization: { data: { organizationId: 'org_acme' } },
  switchOrganization: { data: { organizationId: 'org_acme' } },

  listNotes: {},
  getNote: { data: note },
  exportNotes: { outsider: 'dora' },
  latestNote: {},
  importNote: { data: { body: 'Hello' } },
  searchNotes: { data: { text: '' } },
  createNote: { data: { body: 'Hello' } },
  updateNote: { data: { ...note, body: 'Changed' } },
  deleteNote: { data: note },

  listFeatureRequests: {},
  voteForFeature: { data: request },
  commentOnFeature: { data: { ...request, body: 'Me too' } },
  withdrawFeatureRequest: { data: request },
  requestFeature: { data: { title: 'Dark mode', requestedBy: 'usr_ada' } },
  deleteComment: { by: 'ben', data: { commentId: 'com_1' } },

  listLeads: { by: 'sam' },
  deleteLead: { by: 'sam', data: { leadId: 'lead_1' }, lost: ['outsider', 'member'] },
  getRevenueReport: { by: 'sam' },
  updatePrice: { by: 'sam', data: { priceId: 'price_solo', monthlyCents: 1 } },
  listAnnouncements: { by: 'sam' },
  listAuditLog: { by: 'sam' },
  findLead: { by: 'sam', data: { email: 'cfo@vandelay.test' }, environment: { SUPPORT_MODE: 'on' } },
  addPrice: { by: 'sam', data: { plan: 'Trio', monthlyCents: 1_900 } },
  editAnnouncement: { by: 'sam', data: { announcementId: 'ann_reminders', body: 'Changed' } },
  publishAnnouncement: { by: 'sam', data: { title: 'Sale', body: 'Everything must go' } },
  retractAnnouncement: { by: 'sam', data: { announcementId: 'ann_reminders' } },
  exportLeads: { by: 'sam', data: { role: 'admin' } },
  listLeadsForPartners: {},
  previewAnnouncements: {},

  'GET /api/announcements/$id': { by: 'sam', path: announcement },
  'DELETE /api/announcements/$id': { by: 'sam', path: announcement },
  'GET /api/auth/$': { path: '/api/auth/get-session' },
  'POST /api/auth/$': {
    path: '/api/auth/sign-in/email',
    headers: json,
    body: JSON.stringify({ ...ada, password: 'a guess' }),
    rightful: { body: JSON.stringify(ada) },
  },
  'POST /api/cron/overdue': {
    headers: { authorization: 'Bearer undefined' },
    rightful: { headers: { authorization: `Bearer ${env.CRON_SECRET}` } },
  },
  'POST /api/cron/remind': {
    environment: { REMINDER_SECRET: null },
    headers: { authorization: 'Bearer undefined' },
    rightful: { headers: { authorization: `Bearer ${env.REMINDER_SECRET}` } },
  },
  'GET /api/health': {},
  'GET /api/leads/export': { by: 'sam', rightful: { headers: { 'x-user-role': 'admin' } } },
  'POST /api/hooks/payments': {
    headers: { ...json, 'x-payments-signature': '0'.repeat(64) },
    body: payment,
    rightful: { headers: { ...json, 'x-payments-signature': signedPayment } },
  },
  'GET /api/invoices/export': {},
  'GET /api/members/export': {},
}

/** Pages that the rules speak of, by file. */
export const pages = {
  'src/routes/_authed/account.tsx': { path: '/account' },
  'src/routes/_authed/invoices.$invoiceId.tsx': { path: '/invoices/inv_acme_1' },
  'src/routes/_authed/ledger.tsx': { path: '/ledger' },
  'src/routes/_authed/notes.tsx': { path: '/notes' },
  'src/routes/_authed/roadmap.tsx': { path: '/roadmap' },
  'src/routes/_authed/staff.tsx': { path: '/staff', by: 'sam' },
  'src/routes/board.tsx': { path: '/board', by: 'ben' },
  'src/routes/import.tsx': { path: '/import' },
  'src/routes/support.tsx': { path: '/support' },
}
