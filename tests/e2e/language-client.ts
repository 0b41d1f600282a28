/** As much of an editor as a language server needs to lint open buffers, over the protocol's own stdin and stdout. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { pathToFileURL } from 'node:url'

export interface Diagnostic {
  readonly range: Range
  readonly code: string
  readonly message: string
}

interface Position {
  readonly line: number
  readonly character: number
}

interface Range {
  readonly start: Position
  readonly end: Position
}

interface TextEdit {
  readonly range: Range
  readonly newText: string
}

export interface CodeAction {
  readonly title: string
  readonly command: { readonly command: string; readonly arguments: readonly unknown[] }
}

interface Message {
  readonly id?: number | string
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

interface OpenBuffer {
  version: number
  text: string
}

export class Editor {
  readonly #server: ChildProcessWithoutNullStreams
  readonly #folder: string
  readonly #settings: unknown
  readonly #waiting = new Map<number, Waiting>()
  readonly #open = new Map<string, OpenBuffer>()
  #received: Buffer = Buffer.alloc(0)
  #requests = 0
  #log = ''

  private constructor(program: string, folder: string, settings: unknown) {
    this.#folder = folder
    this.#settings = settings
    this.#server = spawn(process.execPath, [program, '--stdio'], { cwd: folder })
    this.#server.stdout.on('data', (chunk: Buffer) => this.#receive(chunk))
    this.#server.stderr.on('data', (chunk: Buffer) => (this.#log += chunk.toString()))
    this.#server.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`The language server has ended.\n${this.#log}`))
      this.#waiting.clear()
    })
  }

  /** Opens a folder; `settings` is what the server is told when it asks for a configuration. */
  static async on(folder: string, program: string, settings: unknown): Promise<Editor> {
    const editor = new Editor(program, folder, settings)
    await editor.#request('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'project' }],
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true, applyEdit: true },
        textDocument: {
          diagnostic: {},
          codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } },
        },
      },
    })
    editor.#notify('initialized', {})
    return editor
  }

  /** What the server has written besides its answers. */
  get log(): string {
    return this.#log
  }

  open(file: string, text: string): void {
    this.#open.set(file, { version: 1, text })
    this.#notify('textDocument/didOpen', {
      textDocument: { uri: this.#uri(file), languageId: 'typescript', version: 1, text },
    })
  }

  /** What somebody types: nothing is saved. */
  type(file: string, text: string): void {
    const buffer = this.#buffer(file)
    buffer.text = text
    this.#notify('textDocument/didChange', {
      textDocument: { uri: this.#uri(file), version: ++buffer.version },
      contentChanges: [{ text }],
    })
  }

  text(file: string): string {
    return this.#buffer(file).text
  }

  async diagnostics(file: string): Promise<readonly Diagnostic[]> {
    const report = (await this.#request('textDocument/diagnostic', { textDocument: { uri: this.#uri(file) } })) as {
      readonly items: readonly Diagnostic[]
    }
    return report.items
  }

  async actions(file: string, { range }: Diagnostic): Promise<readonly CodeAction[]> {
    const diagnostics = (await this.diagnostics(file)).filter(
      (one) => JSON.stringify(one.range) === JSON.stringify(range),
    )
    const params = { textDocument: { uri: this.#uri(file) }, range, context: { diagnostics } }
    return (await this.#request('textDocument/codeAction', params)) as readonly CodeAction[]
  }

  /** The server sends its edits back by a request of its own, which changes the buffer. */
  async apply({ command }: CodeAction): Promise<void> {
    await this.#request('workspace/executeCommand', command)
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.on('close', resolve))
    await this.#request('shutdown', null)
    this.#notify('exit', null)
    await closed
  }

  #uri(file: string): string {
    return pathToFileURL(`${this.#folder}/${file}`).href
  }

  #buffer(file: string): OpenBuffer {
    const buffer = this.#open.get(file)
    if (!buffer) throw new Error(`${file} is not open`)
    return buffer
  }

  #request(method: string, params: unknown): Promise<unknown> {
    const id = ++this.#requests
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
    this.#send({ id, method, params })
    return answer
  }

  #notify(method: string, params: unknown): void {
    this.#send({ method, params })
  }

  #send(message: Message): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    this.#server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk])
    for (;;) {
      const head = this.#received.indexOf('\r\n\r\n')
      if (head < 0) return
      const [, length] = /Content-Length: (\d+)/i.exec(this.#received.subarray(0, head).toString())!
      const end = head + 4 + Number(length)
      if (this.#received.length < end) return
      const body = this.#received.subarray(head + 4, end).toString()
      this.#received = this.#received.subarray(end)
      this.#handle(JSON.parse(body) as Message)
    }
  }

  #handle({ id, method, params, result, error }: Message): void {
    if (method === undefined) {
      const waiting = this.#waiting.get(id as number)
      this.#waiting.delete(id as number)
      if (error) waiting?.reject(new Error(error.message))
      else waiting?.resolve(result)
    } else if (id !== undefined) {
      this.#send({ id, result: this.#answer(method, params) })
    } else if (method === 'window/logMessage') {
      this.#log += (params as { readonly message: string }).message
    }
  }

  #answer(method: string, params: unknown): unknown {
    switch (method) {
      case 'workspace/configuration':
        return (params as { readonly items: readonly unknown[] }).items.map(() => this.#settings)
      case 'workspace/applyEdit':
        return { applied: this.#applyEdit(params) }
      default:
        return null
    }
  }

  #applyEdit(params: unknown): boolean {
    const { edit } = params as {
      readonly edit: {
        readonly documentChanges: readonly {
          readonly textDocument: { readonly uri: string }
          readonly edits: TextEdit[]
        }[]
      }
    }
    for (const { textDocument, edits } of edit.documentChanges) {
      const file = [...this.#open.keys()].find((name) => this.#uri(name) === textDocument.uri)!
      this.type(file, edited(this.text(file), edits))
    }
    return true
  }
}

function edited(text: string, edits: readonly TextEdit[]): string {
  const lines = text.split('\n')
  const at = ({ line, character }: Position): number =>
    lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0) + character
  return edits
    .toSorted((a, b) => at(b.range.start) - at(a.range.start))
    .reduce((now, { range, newText }) => now.slice(0, at(range.start)) + newText + now.slice(at(range.end)), text)
}
