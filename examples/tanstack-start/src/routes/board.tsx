import { createFileRoute, redirect } from '@tanstack/react-router'
import { createServerFn } from '@tanstack/react-start'
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { ActionForm } from '~/components/action-form'
import { getSession } from '~/features/auth/functions'
import { listFeatureRequests } from '~/features/roadmap/functions'
import { db } from '~/server/db'
import { comments } from '~/server/db/schema'

const deleteComment = createServerFn({ method: 'POST' })
  .validator(z.object({ commentId: z.string() }))
  .handler(async ({ data }) => {
    await db.delete(comments).where(eq(comments.id, data.commentId))
  })

export const Route = createFileRoute('/board')({
  loader: async () => {
    const session = await getSession()
    if (!session) throw redirect({ to: '/login' })
    return listFeatureRequests()
  },
  component: Board,
})

function Board() {
  const requests = Route.useLoaderData()
  return (
    <ul>
      {requests.flatMap(({ comments }) =>
        comments.map((comment) => (
          <li key={comment.id}>
            {comment.body}
            <ActionForm label="Delete" action={() => deleteComment({ data: { commentId: comment.id } })} />
          </li>
        )),
      )}
    </ul>
  )
}
