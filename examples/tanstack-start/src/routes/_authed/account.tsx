import { createFileRoute } from '@tanstack/react-router'
import { ActionForm, field } from '~/components/action-form'
import { getProfile, updateProfile } from '~/features/account/functions'

export const Route = createFileRoute('/_authed/account')({
  loader: () => getProfile(),
  component: Account,
})

function Account() {
  const profile = Route.useLoaderData()
  return (
    <>
      <h1>Account</h1>
      <ActionForm
        label="Save"
        action={(form) => {
          const data = { displayName: field(form, 'displayName'), timezone: field(form, 'timezone') }
          return updateProfile({ data: { ...data, userId: profile.userId } })
        }}
      >
        <input name="displayName" defaultValue={profile.displayName} required />
        <input name="timezone" defaultValue={profile.timezone} required />
      </ActionForm>
    </>
  )
}
