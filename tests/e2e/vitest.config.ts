import { defineConfig } from 'vitest/config'

// What `npm run test:hosts` runs, once it has installed the hosts.
export default defineConfig({
  test: { include: ['tests/e2e/*.e2e.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
})
