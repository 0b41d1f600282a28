// What to attack in `examples/tanstack-start`: its people, its tables, and one call of each entry point.
import { createHmac, randomBytes } from 'node:crypto'

const random = () => randomBytes(24).toString('base64url')

/** The secrets of this run. Only the rightful callers know them. */
export const env = {
  BETTER_AUTH_SECRET: random(),
  PAYMENTS_WEBHOOK_SECRET: random(),
  CRON_SECRET: random(),
  SEED_PASSWORD: random(),
}

/** Who signs in, and whose rows are their own. */
export const people = {
  ada: { email: 'ada@acme.test', own: ['usr_ada', 'org_acme'] },
  ben: { email: 'ben@acme.test', own: ['usr_ben', 'org_acme'] },
  cleo: { email: 'cleo@globex.test', own: ['usr_cleo', 'org_globex'] },
  sam: { email: 'sam@tallybook.test', own: ['usr_sam'] },
}

/** A text column of each table that carries a mark, and the column that says whose a row is. */
export const tables = {
  announcements: { text: 'title' },
  comments: { text: 'body' },
  feature_requests: { text: 'title', owner: 'requested_by' },
  invoices: { text: 'customer', owner: 'organization_id' },
  leads: { text: 'company' },
  notes: { text: 'body', owner: 'owner_id' },
  organization: { text: 'name', owner: 'id' },
  prices: { text: 'plan' },
  profiles: { text: 'display_name', owner: 'user_id' },
  user: { text: 'name' },
}

/** Tables that credential endpoints are there to write. */
export const identityTables = ['account', 'session', 'user', 'verification']

const request = { requestId: 'req_credit_notes' }
const note = { noteId: 'note_ada_1' }
const invoice = { invoiceId: 'inv_acme_1' }
const announcement = '/api/announcements/ann_reminders'
const payment = JSON.stringify({ type: 'invoice.paid', ...invoice })
const signedPayment = createHmac('sha256', env.PAYMENTS_WEBHOOK_SECRET).update(payment).digest('hex')
const newcomer = { name: 'Nils', email: 'nils@example.test', password: random() }
const ada = { email: people.ada.email, password: env.SEED_PASSWORD }
const json = { 'content-type': 'application/json' }

/**
 * One call of each entry point, which all callers make alike. `by` is the rightful caller, Ada where it is not said;
 * `rightful` is what that one knows and nobody else; `lost` are those who get through because a check of theirs is lost.
 */
export const calls = {
  getProfile: {},
  updateProfile: { data: { userId: 'usr_ada', displayName: 'Changed', timezone: 'UTC' } },

  getSession: {},
  signIn: { data: { ...ada, password: 'a guess' }, rightful: { data: ada } },
  signUp: { data: newcomer },
  signOut: {},

  listInvoices: {},
  getInvoice: { data: invoice },
  createInvoice: { data: { number: 'A-2000', customer: 'Wayne', amountCents: 100 } },
  deleteInvoice: { data: invoice },
  voidInvoice: { data: invoice },
  sendReminder: { data: invoice },
  downloadStatement: { data: { year: 2026 } },

  listPrices: {},
  requestDemo: { data: { email: 'somebody@example.test', company: 'Somebody' } },

  listMembers: {},
  changeMemberRole: { data: { memberId: 'mem_ben', role: 'admin' } },

  listNotes: {},
  searchNotes: { data: { text: '' } },
  createNote: { data: { body: 'Hello' } },
  updateNote: { data: { ...note, body: 'Changed' } },
  deleteNote: { data: note },

  listFeatureRequests: {},
  voteForFeature: { data: request },
  commentOnFeature: { data: { ...request, body: 'Me too' } },
  withdrawFeatureRequest: { data: request },

  listLeads: { by: 'sam' },
  deleteLead: { by: 'sam', data: { leadId: 'lead_1' }, lost: ['outsider', 'member'] },
  getRevenueReport: { by: 'sam' },
  updatePrice: { by: 'sam', data: { priceId: 'price_solo', monthlyCents: 1 } },
  listAnnouncements: { by: 'sam' },
  publishAnnouncement: { by: 'sam', data: { title: 'Sale', body: 'Everything must go' } },
  retractAnnouncement: { by: 'sam', data: { announcementId: 'ann_reminders' } },

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
  'GET /api/health': {},
  'GET /api/leads/export': { by: 'sam', rightful: { headers: { 'x-user-role': 'admin' } } },
  'POST /api/hooks/payments': {
    headers: { ...json, 'x-payments-signature': '0'.repeat(64) },
    body: payment,
    rightful: { headers: { ...json, 'x-payments-signature': signedPayment } },
  },
  'GET /api/invoices/export': {},
}
