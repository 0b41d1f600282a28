import { createFileRoute } from '@tanstack/react-router'
import { ActionForm } from '~/components/action-form'
import { deleteInvoice, getInvoice, sendReminder, voidInvoice } from '~/features/invoices/functions'
import { money } from '~/lib/money'

export const Route = createFileRoute('/_authed/invoices/$invoiceId')({
  loader: ({ params }) => getInvoice({ data: { invoiceId: params.invoiceId } }),
  component: Invoice,
})

function Invoice() {
  const invoice = Route.useLoaderData()
  const data = { invoiceId: invoice.id }
  return (
    <>
      <h2>{invoice.number}</h2>
      <p>
        {invoice.customer}, {money(invoice.amountCents)}, due on {invoice.dueAt.toISOString().slice(0, 10)},{' '}
        {invoice.status}
      </p>
      <ActionForm label="Send reminder" action={() => sendReminder({ data })} />
      <ActionForm label="Void" action={() => voidInvoice({ data })} />
      <ActionForm label="Delete" action={() => deleteInvoice({ data })} />
    </>
  )
}
