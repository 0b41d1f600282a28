import { createFileRoute } from '@tanstack/react-router'
import { useState } from 'react'
import { ActionForm, field } from '~/components/action-form'
import { createNote, deleteNote, listNotes, searchNotes, updateNote } from '~/features/notes/functions'

export const Route = createFileRoute('/_authed/notes')({
  loader: () => listNotes(),
  component: Notes,
})

function Notes() {
  const notes = Route.useLoaderData()
  const [found, setFound] = useState<string[]>()
  return (
    <>
      <h1>Notes</h1>
      <ActionForm
        label="Search"
        action={async (form) => {
          const hits = await searchNotes({ data: { text: field(form, 'text') } })
          setFound(hits.map((hit) => hit.body))
        }}
      >
        <input name="text" type="search" />
      </ActionForm>
      {found && <p>{found.join(', ') || 'Nothing found'}</p>}
      <ul>
        {notes.map((note) => (
          <li key={note.id}>
            <ActionForm
              label="Save"
              action={(form) => updateNote({ data: { noteId: note.id, body: field(form, 'body') } })}
            >
              <input name="body" defaultValue={note.body} required />
            </ActionForm>
            <ActionForm label="Delete" action={() => deleteNote({ data: { noteId: note.id } })} />
          </li>
        ))}
      </ul>
      <ActionForm label="Add" action={(form) => createNote({ data: { body: field(form, 'body') } })}>
        <input name="body" required />
      </ActionForm>
    </>
  )
}
