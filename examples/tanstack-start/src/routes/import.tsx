import { createFileRoute } from '@tanstack/react-router'
import { ActionForm, field } from '~/components/action-form'
import { importNote } from '~/features/notes/functions'
import { authMiddleware } from '~/server/middleware'

export const Route = createFileRoute('/import')({
  server: { middleware: [authMiddleware] },
  component: Import,
})

function Import() {
  return (
    <>
      <h1>Notes of the old system</h1>
      <ActionForm label="Import" action={(form) => importNote({ data: { body: field(form, 'body') } })}>
        <textarea name="body" required />
      </ActionForm>
    </>
  )
}
