import { db } from '~/server/db'

/** Anybody can send this header. */
export async function GET(request: Request) {
  if (request.headers.get('x-user-role') !== 'owner') return new Response('Owners only', { status: 403 })
  const all = await db.query.members.findMany()
  return new Response(all.map((member) => `${member.userId},${member.role}`).join('\n'))
}
