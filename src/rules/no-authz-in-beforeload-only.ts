import { relative } from 'node:path'
import type { RouteReport } from '../model/report.ts'
import { createRule, type Rule } from './create-rule.ts'
import { onFile } from './file-report.ts'
import { locate } from './locate.ts'

type MessageId = 'beforeLoad' | 'loader' | 'component' | 'serverMiddleware' | 'inherited'

const fact = '{{open}} for anyone who makes the call'

const rule: Rule<MessageId, []> = createRule<MessageId>({
  name: 'no-authz-in-beforeload-only',
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow routes that check the caller while the server functions that they call do not',
      recommended: 'recommended',
      cwe: [862, 602],
      owasp: ['A01:2021', 'API5:2023'],
      nist: ['PR.AA-05'],
    },
    schema: [],
    messages: {
      beforeLoad: `\`beforeLoad\` guards the page \`{{path}}\`, not what it calls: ${fact}. Guard the server function itself.`,
      loader: `The \`loader\` of \`{{path}}\` checks the caller, but ${fact}. Guard the server function itself.`,
      component: `The component of \`{{path}}\` only hides the page: ${fact}. Guard the server function itself.`,
      serverMiddleware: `\`server.middleware\` of \`{{path}}\` does not run for server functions: ${fact}. Guard the server function itself.`,
      inherited: `\`{{path}}\` relies on the guard of its parent route in \`{{inherited}}\`: ${fact}. Guard the server function itself.`,
    },
    languages: ['js/js'],
  },
  create(context) {
    return onFile(context, ({ report, source }) => {
      for (const found of report.routes) {
        // What belongs to nobody is read by anybody: the rules for functions have an option for that, a page needs none.
        const route = { ...found, opens: found.opens.filter(({ exposure }) => exposure !== 'read') }
        if (route.opens.length === 0) continue
        const inherited =
          route.inherited === undefined ? '' : relative(context.cwd, route.inherited).replaceAll('\\', '/')
        context.report({
          loc: locate(source, route.range),
          messageId: messageOf(route),
          data: { path: route.path, open: openOf(route), inherited },
        })
      }
    })
  },
})
export default rule

function messageOf({ guardedIn, inherited }: RouteReport): MessageId {
  if (inherited !== undefined) return 'inherited'
  return guardedIn === 'server.middleware' ? 'serverMiddleware' : guardedIn
}

/** "`listInvoices` reads `invoices`", or "`listInvoices`, `a` and 2 more act" */
function openOf({ opens }: RouteReport): string {
  const [first, second] = opens
  if (!first) return ''
  if (!second) return `\`${first.name}\` ${first.what}`
  const more = opens.length - 2
  return more > 0
    ? `\`${first.name}\`, \`${second.name}\` and ${more} more act`
    : `\`${first.name}\` and \`${second.name}\` act`
}
