import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/fixtures/**'],
    setupFiles: ['tests/setup.ts'],
    testTimeout: 20_000,
    coverage: { include: ['src/**'] },
  },
})
