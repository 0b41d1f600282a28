/** Folders that tools write, for tools: what is installed, built, cached. No code imports from there, and ESLint need not see it. */
export const toolFolders: ReadonlySet<string> = new Set([
  ...['node_modules', '.git', '.hg', '.svn', '.yarn', '.pnpm-store', '.nx', '.turbo', '.cache', '.vite'],
  ...['.next', '.nuxt', '.output', '.vinxi', '.nitro', '.tanstack', '.svelte-kit', '.expo'],
  ...['.vercel', '.netlify', '.wrangler', '.open-next', '.sst', '.serverless'],
])
