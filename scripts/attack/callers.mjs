// The five who call every entry point. All of them send what a browser would: none is stopped for a missing `Origin`.
// And the rightful caller's browser once more, when another page makes it call.
import { people } from './tallybook.mjs'

/** Signs everybody in, once. The answer makes the callers of one call. */
export async function callers(url, password) {
  const signedIn = {}
  for (const [name, { email, own }] of Object.entries(people)) {
    signedIn[name] = { own, headers: { cookie: await signIn(url, email, password) } }
  }
  return (call) => {
    const by = call.by ?? 'ada'
    const { context } = forger(by)
    return {
      nobody: {},
      forger: forger(by),
      // A session makes nobody honest: they claim more than they have.
      outsider: { ...signedIn[call.outsider ?? 'cleo'], context, knows: call.outsiders },
      member: { ...signedIn.ben, context },
      // Whose rows these are is not the question: they may.
      rightful: { headers: signedIn[by].headers, knows: call.rightful, inOrder: true },
      lured: { headers: signedIn[by].headers, lured: true },
    }
  }
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
