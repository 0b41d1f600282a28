import { db } from '~/server/db'

/** Only the layout and the proxy look at the caller. */
export default async function Members() {
  const all = await db.query.members.findMany()
  return (
    <ul>
      {all.map((member) => (
        <li key={member.id}>
          {member.userId}: {member.role}
        </li>
      ))}
    </ul>
  )
}
