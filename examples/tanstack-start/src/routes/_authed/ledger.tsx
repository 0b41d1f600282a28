import { createFileRoute } from '@tanstack/react-router'
import { listInvoices } from '~/features/invoices/functions'
import { money } from '~/lib/money'

export const Route = createFileRoute('/_authed/ledger')({
  loader: () => listInvoices(),
  headers: () => ({ 'cache-control': 'public, max-age=60' }),
  component: Ledger,
})

function Ledger() {
  const invoices = Route.useLoaderData()
  return (
    <>
      <h1>Ledger</h1>
      <ul>
        {invoices.map((invoice) => (
          <li key={invoice.id}>
            {invoice.customer} {money(invoice.amountCents)}
          </li>
        ))}
      </ul>
    </>
  )
}
