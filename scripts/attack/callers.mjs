// The five who call every entry point. All of them send what a browser would: none is stopped for a missing `Origin`.
import { people } from './tallybook.mjs'

/** Signs everybody in, once. The answer makes the callers of one call. */
export async function callers(url, password) {
  const signedIn = {}
  for (const [name, { email, own }] of Object.entries(people)) {
    signedIn[name] = { own, headers: { cookie: await signIn(url, email, password) } }
  }
  return (call) => ({
    nobody: {},
    forger: forger(call.by ?? 'ada'),
    outsider: signedIn.cleo,
    member: signedIn.ben,
    // Whose rows these are is not the question: they may.
    rightful: { headers: signedIn[call.by ?? 'ada'].headers, knows: call.rightful },
  })
}

/** No session and no secret, but everything that claims to be somebody and that any program can send. */
function forger(victim) {
  const user = { id: `usr_${victim}`, email: people[victim].email, name: victim, role: 'admin' }
  return {
    headers: {
      authorization: `Bearer ${unsignedToken({ sub: user.id, role: 'admin' })}`,
      cookie: `better-auth.session_token=forged.signature; session=${user.id}; user=${user.id}; role=admin`,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-user': user.email,
      'x-user-id': user.id,
      'x-user-role': 'admin',
    },
    context: {
      user,
      session: { user, session: { userId: user.id, activeOrganizationId: 'org_acme' } },
      activeOrganizationId: 'org_acme',
      organizationId: 'org_acme',
      orgRole: 'owner',
    },
  }
}

function unsignedToken(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`
}

async function signIn(url, email, password) {
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  if (!answer.ok) throw new Error(`${email} cannot sign in: ${answer.status} ${await answer.text()}`)
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}
