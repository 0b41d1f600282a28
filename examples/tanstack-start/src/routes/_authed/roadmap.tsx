import { createFileRoute } from '@tanstack/react-router'
import { ActionForm, field } from '~/components/action-form'
import {
  commentOnFeature,
  listFeatureRequests,
  voteForFeature,
  withdrawFeatureRequest,
} from '~/features/roadmap/functions'

export const Route = createFileRoute('/_authed/roadmap')({
  loader: () => listFeatureRequests(),
  component: Roadmap,
})

function Roadmap() {
  const requests = Route.useLoaderData()
  const { session } = Route.useRouteContext()
  return (
    <>
      <h1>Roadmap</h1>
      {requests.map((request) => (
        <section key={request.id}>
          <h2>
            {request.title} ({request.votes})
          </h2>
          <ul>
            {request.comments.map((comment) => (
              <li key={comment.id}>{comment.body}</li>
            ))}
          </ul>
          <ActionForm label="Vote" action={() => voteForFeature({ data: { requestId: request.id } })} />
          <ActionForm
            label="Comment"
            action={(form) => commentOnFeature({ data: { requestId: request.id, body: field(form, 'body') } })}
          >
            <input name="body" maxLength={500} required />
          </ActionForm>
          {request.requestedBy === session.user.id && (
            <ActionForm label="Withdraw" action={() => withdrawFeatureRequest({ data: { requestId: request.id } })} />
          )}
        </section>
      ))}
    </>
  )
}
