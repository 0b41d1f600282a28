import type { Rule } from './create-rule.ts'
import noStandingPrivilegedClient from './no-standing-privileged-client.ts'
import noUnknownPermission from './no-unknown-permission.ts'
import noUntrustedIdentity from './no-untrusted-identity.ts'
import requireOrgScopedRole from './require-org-scoped-role.ts'
import requireResourceActionPermission from './require-resource-action-permission.ts'
import noAuthzInBeforeloadOnly from './no-authz-in-beforeload-only.ts'
import requireDenialLog from './require-denial-log.ts'
import requireCsrfMiddleware from './require-csrf-middleware.ts'
import noIneffectiveGuard from './no-ineffective-guard.ts'
import noInjectableContext from './no-injectable-context.ts'
import noMutationInGet from './no-mutation-in-get.ts'
import noProtectedWorkInLoader from './no-protected-work-in-loader.ts'
import noSharedCacheOfPrivateData from './no-shared-cache-of-private-data.ts'
import noUnguardedPage from './no-unguarded-page.ts'
import noUnguardedRouteHandler from './no-unguarded-route-handler.ts'
import noUnguardedServerAction from './no-unguarded-server-action.ts'
import noUnguardedServerFn from './no-unguarded-server-fn.ts'
import noUnguardedServerRoute from './no-unguarded-server-route.ts'
import noUnverifiableEntryPoint from './no-unverifiable-entry-point.ts'
import requireProof from './require-proof.ts'
import requireResourceCheck from './require-resource-check.ts'
import requireTenantScope from './require-tenant-scope.ts'
import validPublicMarker from './valid-public-marker.ts'

/** By name, in the order of the README's table. */
export const rules: Readonly<Record<string, Rule>> = {
  'no-unguarded-server-fn': noUnguardedServerFn,
  'no-unguarded-server-route': noUnguardedServerRoute,
  'no-unguarded-server-action': noUnguardedServerAction,
  'no-unguarded-route-handler': noUnguardedRouteHandler,
  'no-unguarded-page': noUnguardedPage,
  'no-authz-in-beforeload-only': noAuthzInBeforeloadOnly,
  'no-ineffective-guard': noIneffectiveGuard,
  'no-injectable-context': noInjectableContext,
  'no-shared-cache-of-private-data': noSharedCacheOfPrivateData,
  'valid-public-marker': validPublicMarker,
  'require-tenant-scope': requireTenantScope,
  'require-resource-check': requireResourceCheck,
  'require-proof': requireProof,
  'no-untrusted-identity': noUntrustedIdentity,
  'require-org-scoped-role': requireOrgScopedRole,
  'no-unknown-permission': noUnknownPermission,
  'no-protected-work-in-loader': noProtectedWorkInLoader,
  'no-mutation-in-get': noMutationInGet,
  'require-csrf-middleware': requireCsrfMiddleware,
  'require-denial-log': requireDenialLog,
  'require-resource-action-permission': requireResourceActionPermission,
  'no-standing-privileged-client': noStandingPrivilegedClient,
  'no-unverifiable-entry-point': noUnverifiableEntryPoint,
}
