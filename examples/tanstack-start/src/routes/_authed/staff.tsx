import { createFileRoute, redirect } from '@tanstack/react-router'
import { ActionForm, field } from '~/components/action-form'
import { listPrices } from '~/features/marketing/functions'
import {
  deleteLead,
  getRevenueReport,
  listAnnouncements,
  listLeads,
  publishAnnouncement,
  retractAnnouncement,
  updatePrice,
} from '~/features/staff/functions'
import { money } from '~/lib/money'

export const Route = createFileRoute('/_authed/staff')({
  beforeLoad: ({ context }) => {
    if (context.session.user.role !== 'admin') throw redirect({ to: '/notes' })
  },
  loader: async () => {
    const [revenue, leads, announcements, prices] = await Promise.all([
      getRevenueReport(),
      listLeads(),
      listAnnouncements(),
      listPrices(),
    ])
    return { revenue, leads, announcements, prices }
  },
  component: Staff,
})

function Staff() {
  const { revenue, leads, announcements, prices } = Route.useLoaderData()
  return (
    <>
      <h1>Revenue</h1>
      <ul>
        {revenue.map((row) => (
          <li key={row.organization}>
            {row.organization} {money(row.totalCents)}
          </li>
        ))}
      </ul>
      <h1>Leads</h1>
      <ul>
        {leads.map((lead) => (
          <li key={lead.id}>
            {lead.company} {lead.email}
            <ActionForm label="Delete" action={() => deleteLead({ data: { leadId: lead.id } })} />
          </li>
        ))}
      </ul>
      <h1>Prices</h1>
      {prices.map((price) => (
        <ActionForm
          key={price.id}
          label={`Save ${price.plan}`}
          action={(form) =>
            updatePrice({ data: { priceId: price.id, monthlyCents: Math.round(Number(field(form, 'price')) * 100) } })
          }
        >
          <input name="price" type="number" step="0.01" defaultValue={price.monthlyCents / 100} />
        </ActionForm>
      ))}
      <h1>Announcements</h1>
      {announcements.map((announcement) => (
        <ActionForm
          key={announcement.id}
          label="Retract"
          action={() => retractAnnouncement({ data: { announcementId: announcement.id } })}
        >
          {announcement.title}
        </ActionForm>
      ))}
      <ActionForm
        label="Publish"
        action={(form) => publishAnnouncement({ data: { title: field(form, 'title'), body: field(form, 'body') } })}
      >
        <input name="title" placeholder="Title" required />
        <textarea name="body" placeholder="Text" />
      </ActionForm>
    </>
  )
}
