import { createRootRoute, HeadContent, Link, Outlet, Scripts } from '@tanstack/react-router'
import type { ReactNode } from 'react'

export const Route = createRootRoute({
  head: () => ({
    meta: [{ charSet: 'utf-8' }, { name: 'viewport', content: 'width=device-width' }, { title: 'Tallybook' }],
  }),
  component: Outlet,
  shellComponent: Shell,
  notFoundComponent: () => <p>There is nothing here.</p>,
})

function Shell({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <HeadContent />
      </head>
      <body>
        <header>
          <Link to="/">Tallybook</Link>
        </header>
        <main>{children}</main>
        <Scripts />
      </body>
    </html>
  )
}
