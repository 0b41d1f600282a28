import type { ModuleForm } from '../model/form.ts'
import { contentKey, type Disk } from './disk.ts'
import type { Observed, Source } from './freshness.ts'
import { MAX_BYTES, parseContent } from './parse.ts'

/** Forms that are kept; about 50 kB each. Beyond it the ones that were not asked for longest go. */
const MAX_FORMS = 5_000

interface Host {
  readonly file: string
  readonly form: ModuleForm
  readonly version: string
}

/** The forms of files: parsed once a process, again only when their content changed. */
export class ModuleStore {
  readonly #disk: Disk
  readonly #entries = new Map<string, Source<ModuleForm>>()
  readonly #versions = new WeakMap<ModuleForm, string>()
  #host: Host | undefined
  #parsed = 0
  #unnamed = 0

  constructor(disk: Disk) {
    this.#disk = disk
  }

  /** How many files were parsed: what tests count. */
  get parsed(): number {
    return this.#parsed
  }

  begin(): void {
    this.dropHost()
    if (this.#entries.size <= MAX_FORMS) return
    // A map keeps its order of insertion, and `form` renews it: the first ones are the oldest.
    for (const file of this.#entries.keys()) {
      if (this.#entries.size <= MAX_FORMS * 0.9) break
      this.#entries.delete(file)
    }
  }

  form(file: string): ModuleForm {
    let entry = this.#entries.get(file)
    if (entry === undefined) {
      entry = this.#disk.world.source(this.#reader(file))
    } else {
      this.#entries.delete(file)
    }
    this.#entries.set(file, entry)
    return entry.get()
  }

  /**
   * The host's form of the file that it lints stands for that file, also when others import it. Without `text` it is a
   * content of its own; with `text` it is known to be what is on disk, when it is.
   */
  setHost(file: string, form: ModuleForm, text: string | undefined): void {
    this.dropHost()
    let version = this.#versions.get(form)
    if (version === undefined) {
      version = text === undefined ? `host:${++this.#unnamed}` : contentKey(text)
      this.#versions.set(form, version)
    }
    this.#host = { file, form, version }
    this.#entries.get(file)?.forget()
  }

  dropHost(): void {
    if (this.#host === undefined) return
    const { file } = this.#host
    this.#host = undefined
    this.#entries.get(file)?.forget()
  }

  #reader(file: string): (previous: Observed<ModuleForm> | undefined) => Observed<ModuleForm> {
    let onDisk: Observed<ModuleForm> | undefined
    // What the host gave last is also what the file says once it is saved: it need not be parsed again.
    let fromHost: Observed<ModuleForm> | undefined
    const read = this.#disk.refresher(file, MAX_BYTES, (content) => {
      if (fromHost?.version === content.key) return fromHost.value
      this.#parsed++
      return parseContent(file, content)
    })
    return () => {
      const host = this.#host
      if (host?.file === file) {
        const given = { value: host.form, version: host.version }
        fromHost = onDisk?.version === host.version ? undefined : given
        return given
      }
      onDisk = read(onDisk)
      return onDisk
    }
  }
}
