import { createFileRoute, Link, Outlet } from '@tanstack/react-router'
import { ActionForm, field } from '~/components/action-form'
import { createInvoice, downloadStatement, listInvoices } from '~/features/invoices/functions'
import { money } from '~/lib/money'

export const Route = createFileRoute('/_authed/invoices')({
  loader: () => listInvoices(),
  component: Invoices,
})

function Invoices() {
  const invoices = Route.useLoaderData()
  return (
    <>
      <h1>Invoices</h1>
      <ul>
        {invoices.map((invoice) => (
          <li key={invoice.id}>
            <Link to="/invoices/$invoiceId" params={{ invoiceId: invoice.id }}>
              {invoice.number}
            </Link>{' '}
            {invoice.customer} {money(invoice.amountCents)} {invoice.status}
          </li>
        ))}
      </ul>
      <a href="/api/invoices/export">Export</a>
      <ActionForm
        label="Create"
        action={(form) => {
          const amountCents = Math.round(Number(field(form, 'amount')) * 100)
          return createInvoice({
            data: { number: field(form, 'number'), customer: field(form, 'customer'), amountCents },
          })
        }}
      >
        <input name="number" placeholder="Number" required />
        <input name="customer" placeholder="Customer" required />
        <input name="amount" type="number" step="0.01" placeholder="Amount" required />
      </ActionForm>
      <ActionForm
        label="Download statement"
        action={async (form) => {
          const statement = await downloadStatement({ data: { year: Number(field(form, 'year')) } })
          window.open(URL.createObjectURL(new Blob([statement], { type: 'text/tab-separated-values' })))
        }}
      >
        <input name="year" type="number" defaultValue={new Date().getFullYear()} />
      </ActionForm>
      <Outlet />
    </>
  )
}
