import { createFileRoute } from '@tanstack/react-router'
import { ActionForm } from '~/components/action-form'
import { changeMemberRole, listMembers } from '~/features/members/functions'

export const Route = createFileRoute('/_authed/members')({
  loader: () => listMembers(),
  component: Members,
})

function Members() {
  const members = Route.useLoaderData()
  return (
    <>
      <h1>Members</h1>
      <ul>
        {members.map((member) => (
          <li key={member.id}>
            {member.name} {member.email} {member.role}
            {member.role === 'member' && (
              <ActionForm
                label="Make admin"
                action={() => changeMemberRole({ data: { memberId: member.id, role: 'admin' } })}
              />
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
