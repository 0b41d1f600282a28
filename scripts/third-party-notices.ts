// Writes the licence of every package whose code ended up in dist/, from what the bundler really took.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Rolldown, TsdownPlugin } from 'tsdown'

const FILE = 'THIRD-PARTY-NOTICES'

/** Both builds share one plugin object, so that the later one writes the packages of both. */
export function thirdPartyNotices(): TsdownPlugin {
  const packages = new Map<string, string>()
  return {
    name: 'third-party-notices',
    generateBundle(_options, bundle: Rolldown.OutputBundle) {
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue
        for (const [id, module] of Object.entries(output.modules)) {
          const directory = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id.replace(/^\0/, ''))?.[0]
          if (directory && module.renderedLength > 0) packages.set(directory, notice(directory))
        }
      }
      if (packages.size > 0)
        this.emitFile({ type: 'asset', fileName: FILE, source: [...packages.values()].sort().join('\n') })
    },
  }
}

function notice(directory: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Record<
    string,
    string
  >
  const files = readdirSync(directory).filter((file) => /^(?:licen[cs]e|notice)/i.test(file))
  if (files.length === 0) throw new Error(`${name ?? directory} is bundled but has no licence file to keep`)
  const texts = files.map((file) => readFileSync(join(directory, file), 'utf8').trim())
  return [`${'-'.repeat(80)}\n${name ?? ''} ${version ?? ''} (${license ?? ''})\n`, ...texts, ''].join('\n')
}
