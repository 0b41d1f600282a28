import { resolve } from 'node:path'
import rule from '../../src/rules/no-authz-in-beforeload-only.ts'
import type { RouteReport } from '../../src/model/report.ts'
import { file, ruleTester } from './harness.ts'

const code = `export const Route = createFileRoute('/invoices')({
  beforeLoad: guard,
  loader: () => listInvoices(),
})
`
const list = { name: 'listInvoices', file: '/p/src/invoices.ts', what: 'reads `invoices`' }
const remove = { name: 'deleteInvoice', file: '/p/src/invoices.ts', what: 'deletes `invoices`' }
const routeIn = (given: Partial<RouteReport>) =>
  file(code, (at) => ({
    routes: [{ path: '/invoices', range: at('guard'), guardedIn: 'beforeLoad', opens: [list], ...given }],
  }))
const place = { line: 2, column: 15, endLine: 2, endColumn: 20 }
const data = { path: '/invoices', open: '`listInvoices` reads `invoices`', inherited: '' }

ruleTester.run('no-authz-in-beforeload-only', rule, {
  valid: [{ name: 'what the route calls is guarded', ...routeIn({ opens: [] }) }],
  invalid: [
    { name: 'beforeLoad', ...routeIn({}), errors: [{ ...place, messageId: 'beforeLoad', data }] },
    { name: 'loader', ...routeIn({ guardedIn: 'loader' }), errors: [{ ...place, messageId: 'loader', data }] },
    { name: 'component', ...routeIn({ guardedIn: 'component' }), errors: [{ ...place, messageId: 'component', data }] },
    {
      name: 'server.middleware',
      ...routeIn({ guardedIn: 'server.middleware' }),
      errors: [{ ...place, messageId: 'serverMiddleware', data }],
    },
    {
      name: 'the guard of a parent route, named by its file',
      ...routeIn({ inherited: resolve('src/routes/_app.tsx') }),
      errors: [{ ...place, messageId: 'inherited', data: { ...data, inherited: 'src/routes/_app.tsx' } }],
    },
    {
      name: 'one report for a route that calls two',
      ...routeIn({ opens: [list, remove] }),
      errors: [
        { ...place, messageId: 'beforeLoad', data: { ...data, open: '`listInvoices` and `deleteInvoice` act' } },
      ],
    },
    {
      name: 'one report for a route that calls many',
      ...routeIn({ opens: [list, remove, remove, remove] }),
      errors: [
        {
          ...place,
          messageId: 'beforeLoad',
          data: { ...data, open: '`listInvoices`, `deleteInvoice` and 2 more act' },
        },
      ],
    },
  ],
})
