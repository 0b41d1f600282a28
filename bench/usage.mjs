// Preloaded into the measured processes: writes what one has cost when it ends.
import { writeFileSync } from 'node:fs'

const start = performance.now()
process.on('exit', () => {
  if (!process.env.BENCH_USAGE) return
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  const usage = {
    milliseconds: performance.now() - start,
    processor: (userCPUTime + systemCPUTime) / 1_000,
    megabytes: maxRSS / 1_024,
  }
  writeFileSync(process.env.BENCH_USAGE, JSON.stringify(usage))
})
