// node scripts/run-if-present.mjs <script> [argument …]
import { existsSync } from 'node:fs'
import { main, node } from './ensure.mjs'

const [script, ...args] = process.argv.slice(2)
await main(() => (existsSync(script) ? node([script, ...args]) : 0))
