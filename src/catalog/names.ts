/**
 * What names of variables, models and columns say. A name is never a guard: these tell which value is no secret, whose rows a
 * model holds, and which column nobody can guess.
 */

type NamePattern = Pick<RegExp, 'test'>

/** `ownerId` as databases write it: `owner_id`. */
export const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()

export const singular = (word: string): string => word.replace(/ies$/, 'y').replace(/s$/, '')

const wordsOf = (name: string): readonly string[] => (snake(name).match(/[a-z0-9]+/g) ?? []).map(singular)

/** `invoices:read` is about `invoice` and `invoice_lines`. */
export const isAbout = (right: string, models: Iterable<string>): boolean => {
  const words = wordsOf(right)
  return [...models].some((model) => wordsOf(model).some((word) => words.includes(word)))
}

/** Variables that are no secret: built into the client, or the address and the name of something. */
export const publicVariable: NamePattern =
  /^(VITE|NEXT_PUBLIC|PUBLIC|REACT_APP|EXPO_PUBLIC|NUXT_PUBLIC)_|(^|_)(URL|URI|HOST|HOSTNAME|ORIGIN|DOMAIN|PORT|REGION|NAME|ENV|MODE|VERSION|STAGE|LEVEL|EMAIL|PATH|DIR|TZ|LOCALE|LANG|LANGUAGE|CURRENCY|COUNTRY)$/

/** Variables that are built into the client: whoever looks at the pages knows them. */
export const browserVariable: NamePattern = /^(VITE|NEXT_PUBLIC|PUBLIC|REACT_APP|EXPO_PUBLIC|NUXT_PUBLIC)_/

/** The mark of an identity that proved nothing. */
export const guestFlag: NamePattern = /^is_(anonymous|guest)$/

/** Variables that hold what only the server knows. Of those that neither this nor `publicVariable` names, nobody can tell. */
export const secretVariable: NamePattern =
  /(^|_)(SECRETS?|TOKENS?|KEYS?|APIKEYS?|PASS|PASSWORDS?|PASSWD|PASSPHRASE|PASSCODE|PWD|PIN|CREDENTIALS?|BEARER|AUTH|AUTHORIZATION|SIGNATURE|SIGNING|HMAC|SALT|PEPPER|HASH|PRIVATE|WEBHOOK|CRON)(_|\d|$)|(SECRET|TOKEN|PASSWORD|APIKEY)$/i

/** Models of the principal itself. */
export const principalModel: NamePattern =
  /^(.*_)?(users?|accounts?|members?|profiles?|people|persons?|customers?|employees?|staff|teachers?|students?|players?)$/i

/** Models of the tenant itself. */
export const tenantModel: NamePattern =
  /^(.*_)?(organi[sz]ations?|orgs?|tenants?|workspaces?|teams?|compan(y|ies)|schools?|households?|facilit(y|ies)|spaces?)$/i

/** Columns that say whose a row is, and nothing else: not who works on it. */
export const ownColumn: NamePattern = /^(user|owner|author|creator|created_by|profile|account)(_?id)?$/i

/** Functions that nobody can see and whose name says that they change something: never taken for harmless. */
export const changingMethod: NamePattern =
  /^(delete|remove|destroy|drop|purge|wipe|insert|update|upsert|save|send|publish|revoke|refund|charge|cancel|reset|reseed|seed|put|patch|post)(?![a-z])/

/**
 * Functions of a database whose name says that they only read. What they do is kept from us, so that this makes nobody's
 * verdict: it says how bad it is that they are open.
 */
export const readingFunction: NamePattern =
  /^(get|list|search|count|find|fetch|load|match|select)(?=[_A-Z])(?!.*(create|insert|update|delete|upsert|increment|_or_|Or[A-Z]))/

/** Headers that say how a message is sent, of what kind it is and from where, and not who sends it. */
export const messageHeader: NamePattern =
  /^(content-(type|length|encoding|language|disposition)|accept(-\w+)?|user-agent|range|if-[\w-]+|cache-control|sec-[\w-]+|x-request-id|x-forwarded-(for|proto|port)|forwarded|x-(real|client)-ip|true-client-ip|cf-(connecting-ip|ipcountry|ray)|fly-client-ip|x-vercel-(ip-\w+|forwarded-for|id))$/i

/** Members of an answer that say that there is none: what went wrong, and whether it went well. */
export const errorMember: NamePattern = /^errors?$/
export const successMember: NamePattern = /^(success|ok)$/

/** The columns of a cache that stands in the database: what is kept, under which name, and for how long. */
export const cacheColumns: readonly NamePattern[] = [/\bkey\b/i, /\bvalue\b/i, /\b(?:expire\w*|ttl)\b/i]

/** Columns that say whose a row is. */
export const ownerColumn: NamePattern =
  /^(user|owner|author|creator|created_?by|member|customer|profile|account|player|student|teacher|assignee|uploader|sender|recipient)(_?id)?$/i

/** Columns that say which tenant a row belongs to. */
export const tenantColumn: NamePattern =
  /^(organi[sz]ation|org|tenant|workspace|team|company|school|household|facility|space)(_?id)$/i

/** Columns that hold secrets. */
export const secretColumn: NamePattern =
  /(^|_)(password|token|secret|hash|api_?key|access_?token|refresh_?token|salt|otp|private_?key)(_|$)/i

/** Columns that hold what only its owner knows, or what was made of that: nobody guesses it. */
const unguessableColumn: NamePattern =
  /(^|_)(token|secret|api_?key|session_?id|signature|(token|key|secret|code|otp|pin|password|passcode|passphrase|credential)_?(hash|digest)|hashed_?(token|key|secret|code|otp|pin|password)|password|passcode|passphrase)$/i

/** Of a table like these the column `key` is such a one: `apikey` is that of Better Auth's API Key plugin. */
const keyModel: NamePattern = /(^|_)(api|access|secret)_?keys?$/

/** Whether a column holds such a thing. */
export const isUnguessable = (model: string, column: string): boolean =>
  unguessableColumn.test(snake(column)) || (column === 'key' && keyModel.test(snake(model)))

/** Models that keep sessions. */
export const sessionModel: NamePattern = /(^|[_a-z])sessions?$/i

/** Those that do so where their rows are somebody's and expire. What else does that (an invitation, a key, a subscription) keeps none. */
export const tokenModel: NamePattern = /(^|_)(logins?|((auth|access|refresh|login|remember|bearer|user)_)?tokens?)$/

/** The columns by which a session is found; not by whose it is, or by what else its row says. */
export const sessionKeyColumn: NamePattern = /^((session_)?(id|key|hash)|sid)$/

/** Members of an identity that name one person. */
export const identityMember: NamePattern = /^(?:id|user_?id|sub|e_?mail|username)$/i

/** Columns that hold what people are told who may come in: `teams.inviteCode`. It opens the row that it stands in, and no more. */
export const sharedCodeColumn: NamePattern = /(^|_)(access|invit(e|ation)|join(ing)?|enrol(l|ment|lment)?|share)_?code$/

/** What is kept under such a key is for whoever was sent the rest of the key: `reset-token:`, `login_code:`. */
export const secretKey: NamePattern =
  /(^|[^a-z])(token|secret|session|sess|code|otp|password|passcode|api_?key|magic(_?link)?|reset|verif(y|ication)|confirm(ation)?|invit(e|ation)|ticket|grant)s?([^a-z]|$)/

/** Methods of the language by which a generator is asked for what it yields. */
export const drives: NamePattern = /^(next|return|throw)$/

/** Columns that say until when a row holds. */
export const expiryColumn: NamePattern = /^(expires?(_?at|_?on)?|expiry|valid_?until)$/

/** Columns that say of a row that it has served its purpose. */
export const spentColumn: NamePattern = /^(is_)?(used|redeemed|consumed|claimed|spent|accepted)(_(at|on|by))?$/

/** Columns that name a row, and stand wherever it is spoken of. */
export const idColumn: NamePattern = /(^|_)(id|uuid)$/

/** Methods of a column's definition by which the application or chance makes up its value (Drizzle). */
export const makesUp: NamePattern = /^(\$default|\$defaultFn|defaultRandom)$/

/** Columns that hold what a row is found by for whoever shows what it was made of: `keys.hash`. */
export const digestColumn: NamePattern = /^(hash|digest)$/i

/** Columns that say of a row that everybody may see it, and what they say then. */
export const publishedColumn: NamePattern =
  /^(is_?)?(published|public|listed|visible)(_at|_on)?$|^(status|state|visibility|privacy|access)$/i
export const publishedValue: NamePattern = /^(true|published|public|listed|live|approved|everyone|anyone)$/i

/** Models whose rows are found by what a link carries, which only those have who were sent it. */
export const invitationModel: NamePattern = /(^|_)invit(e|es|ation|ations)$/i

/** Models of what was tried and how often, or of what was done: written before somebody is refused, they are no work for them. */
export const recordModel: NamePattern =
  /(^|_)(rate_?limits?|throttles?|(login|sign_?in|auth|access|password|otp|verification|failed)(_\w+)?_attempts?|failed_logins?|audit(_?(logs?|events?|trail|entries))?|(security|access|login|auth)_?(logs?|events?|history))$/i

/** Those of them that count how often something was tried. */
export const countModel: NamePattern =
  /(^|_)(rate_?limits?|throttles?|(login|sign_?in|auth|access|password|otp|verification|failed)(_\w+)?_attempts?)$/i

/** Columns that hold personal data. */
export const personalColumn: NamePattern =
  /^(e_?mail|phone|phone_?number|address|ssn|birth_?date|date_?of_?birth|ip_?address)$/i

/** Models of people who sign in, and nothing narrower: not those of a school's teachers or a club's players. */
export const userModel: NamePattern = /^(.*_)?(users?|accounts?|profiles?|admins?)$/i

/** Models that say who belongs where. */
export const membershipModel: NamePattern =
  /(^|_)(members?|memberships?|collaborators?|participants?)$|^users?_(on|in|of)_/i

/** Columns that say what somebody may do. */
export const roleColumn: NamePattern = /(^|_)(roles?|permissions?|scopes?|access_?level)(_id)?$/i

/** Properties of an identity that tell staff from others. */
export const privilege: NamePattern = /role|admin|staff|permission|scope|super_?user|moderator|^e_?mail$|^id$/i

/** Columns of a user that nobody may fill in for themselves. */
export const grantColumn: NamePattern =
  /role|admin|staff|permission|scope|super_?user|moderator|plan|credit|balance|verified|approved/i

/**
 * Columns that the application fills in itself: what a row is found by, when something happened, how far it has come, what
 * kind it is, what was counted or switched on.
 */
export const keptColumn: NamePattern =
  /^(id|uuid|e_?mail|login|type|kind|tier|level|balance|score)$|_(id|uuid|at|by|type|kind|tier|level|count|score)$|^(is|has|can)_|(^|_)(status|state|stage|version|active|enabled|disabled|banned|blocked|suspended|locked|deleted|archived|internal)(_|$)/

/** Properties of an identity that are true for staff only. */
export const privilegeFlag: NamePattern =
  /^(is_?|has_?)?(super_?|site_?|platform_?|system_?)?(admin|staff|super_?user|root)$/i

/** Columns that say who may see a row. */
export const visibilityColumn: NamePattern = /visib|access|privacy|sharing|audience/i

/** Values of such columns, and flags, of rows that everybody may see. */
export const openWord: NamePattern = /(^|_)(public|published|everyone|anyone|open|shared|listed|discoverable)(_|$)/i

/** Those of rows that not everybody may see. */
export const closedWord: NamePattern =
  /(^|_)(un(published|listed)|private|hidden|internal|restricted|members?_only)(_|$)/i

/** Members that list what somebody may do: a literal that is looked for in one of them is a permission. */
export const permissionMember: NamePattern = /permission|privilege|entitlement|(scope|grant)s?$/i

/** Members that list permissions or roles: one item of them is a right that somebody has. */
export const listsRights = (member: string): boolean => permissionMember.test(member) || /roles$/i.test(member)

/** The role that a flag stands for: `is_admin` says `admin`. */
export const roleOfFlag = (flag: string): string => flag.replace(/^(is|has)_/, '')

/** Columns and arguments that name a user. */
export const userColumn: NamePattern = /^user(_?id)?$/i

/** Keys of a session or a token under which stands who somebody is, or what they may do. */
export const saysWho: NamePattern =
  /^((user|account|member|customer|admin)(_?(id|name|e_?mail))?|sub|subject|uid|identity|principal|roles?|user_?roles?|groups|permissions|is_?(admin|staff|super_?user))$/
/** What is called so may tell who is calling: a module's `session`, a store's `current`. */
export const speaksOfCaller = (name: string): boolean => callerWord.test(snake(name))

const callerWord =
  /(?:^|_)(?:users?|me|viewer|sessions?|auth\w*|identity|principal|account|member|roles?|permissions?|scopes?|token|admin|caller|current|context|ctx|req|request|headers?|cookies?|(?:logged|signed)_in)(?:_|$)/

/** What code calls the identity that it was handed. */
export const identityName: NamePattern = /^(user|me|viewer)$/

/** Columns and members that name the organisation which somebody belongs to. */
export const membershipColumn: NamePattern = /org|tenant|team|workspace|company|school/i

/** Columns that name a user who was given something to do with the row, and does not own it: `assignedTo`, `approvedBy`. */
export const taskColumn: NamePattern = /^(assign|approv|review|updat|invit)/i

/** Columns that name a user who did something with the row: `createdBy`, `waived_by_id`, `uploadedByUserId`. */
export const actorColumn: NamePattern = /_by(_user)?(_?id)?$/

/** Columns that name an account in which money is counted, and nobody who signs in: `revenueAccountId`. */
export const ledgerColumn: NamePattern = /(?<!user|owner|author|creator|member)_account(_id)?$/

/** Columns of a user or a session that say in which tenant they work from now on. */
export const activeTenantColumn: NamePattern =
  /^(active|current|selected|default|last)_?(organi[sz]ation|org|tenant|workspace|team|company)(_?id)?$/

/** Roles that may do more than others. */
export const privilegedWord: NamePattern =
  /(^|_)(admin|administrator|owner|staff|moderator|manager|root|super_?user)$|^super_/

/** Roles of those who run the application, and belong to no tenant. */
export const staffRole: NamePattern = /super|platform|system|site|staff|root|support|internal|global|god|operator/i
