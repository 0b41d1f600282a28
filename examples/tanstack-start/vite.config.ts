import { existsSync } from 'node:fs'
import { tanstackStart } from '@tanstack/react-start/plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

if (existsSync('.env')) process.loadEnvFile('.env')

export default defineConfig({
  resolve: { tsconfigPaths: true },
  plugins: [tanstackStart(), react()],
})
