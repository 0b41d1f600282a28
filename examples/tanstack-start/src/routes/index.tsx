import { createFileRoute, Link } from '@tanstack/react-router'
import { ActionForm, field } from '~/components/action-form'
import { listPrices, requestDemo } from '~/features/marketing/functions'
import { money } from '~/lib/money'

export const Route = createFileRoute('/')({
  loader: () => listPrices(),
  component: Home,
})

function Home() {
  const prices = Route.useLoaderData()
  return (
    <>
      <h1>Invoices for small organisations</h1>
      <ul>
        {prices.map((price) => (
          <li key={price.id}>
            {price.plan}: {money(price.monthlyCents)} a month
          </li>
        ))}
      </ul>
      <Link to="/signup">Start now</Link> <Link to="/login">Sign in</Link>
      <h2>Ask for a demo</h2>
      <ActionForm
        label="Send"
        action={(form) => requestDemo({ data: { email: field(form, 'email'), company: field(form, 'company') } })}
      >
        <input name="email" type="email" placeholder="E-mail" required />
        <input name="company" placeholder="Company" required />
      </ActionForm>
    </>
  )
}
