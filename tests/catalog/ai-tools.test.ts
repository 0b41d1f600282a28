/** Tools of AI models: making one runs nothing, and what one of them checks stands in front of no other. */
import { describe, expect, it } from 'vitest'
import { act, cases, handler, session, work, type Answer, type Case } from '../analysis/harness.ts'

const tanstack = `import { chat, createChatOptions, toHttpResponse, toolDefinition } from '@tanstack/ai'; import { openaiText } from '@tanstack/ai-openai'; const adapter = openaiText('m')`
const vercel = `import { dynamicTool, generateText, streamText, tool, ToolLoopAgent } from 'ai'; import { openai } from '@ai-sdk/openai'; const model = openai('m')`
const using = (imports: string, text: string): string => `${imports}\n${handler(text)}`
const signedIn = `${session} if (!session) throw new Error('no');`

/** A handler that runs a model with the tool `add`, by what the tool does. */
const models: Readonly<Record<string, (add: string) => string>> = {
  'of TanStack AI': (add) =>
    using(
      tanstack,
      `const add = toolDefinition({ name: 'add' }).server(async (input) => { ${add} }); return toHttpResponse(chat({ adapter, messages: data.messages, tools: [add] }))`,
    ),
  'among options that are made before': (add) =>
    using(
      tanstack,
      `const options = createChatOptions({ adapter, tools: [toolDefinition({ name: 'add' }).server(async (input) => { ${add} })] }); return toHttpResponse(chat({ ...options, messages: data.messages }))`,
    ),
  'of the AI SDK': (add) =>
    using(
      vercel,
      `return streamText({ model, prompt: data.prompt, tools: { add: tool({ execute: async (input) => { ${add} } }) } }).toTextStreamResponse()`,
    ),
  'that is dynamic': (add) =>
    using(
      vercel,
      `const { text } = await generateText({ model, prompt: data.prompt, tools: { add: dynamicTool({ execute: async (input) => { ${add} } }) } }); return text`,
    ),
  'of an agent': (add) =>
    using(
      vercel,
      `const agent = new ToolLoopAgent({ model, tools: { add: tool({ execute: async (input) => { ${add} } }) } }); const { text } = await agent.generate({ prompt: data.prompt }); return text`,
    ),
}

const effectsOf = (answer: Answer): readonly string[] => [...new Set(answer.effects)].sort()

describe('a tool that is only made', () => {
  cases(
    { verdict: 'public' },
    {
      'and listed by its name': using(
        tanstack,
        `const tools = [toolDefinition({ name: 'add' }).server(async () => { ${work} })]; return tools.map((tool) => ({ name: tool.name }))`,
      ),
      'with what the browser is to do': using(
        tanstack,
        `return [toolDefinition({ name: 'add' }).client(async () => { ${work} })].length`,
      ),
      'of the AI SDK': using(
        vercel,
        `const add = tool({ execute: async () => { ${work} } }); return { about: add.description }`,
      ),
    },
  )
})

for (const [name, model] of Object.entries(models))
  describe(`a tool ${name} that a model is given`, () => {
    it('does its work for whoever asks the model', () => {
      expect(effectsOf(act(model(work)))).toEqual(['runs an AI model', 'writes `invoices`'])
    })
    it('does none for those whom it refuses, and the model runs all the same', () => {
      const answer = act(model(`${signedIn} ${work}`))
      expect(answer).toMatchObject({ verdict: 'unguarded', cause: 'noGuard' })
      expect(effectsOf(answer)).toEqual(['runs an AI model'])
    })
    it('is no guard of those who ask the model, whatever it makes of its own refusal', () => {
      const answer = act(model(`try { ${signedIn} ${work} } catch { return [] }`))
      expect(answer).toMatchObject({ verdict: 'unguarded', cause: 'noGuard' })
    })
    it('is told what it reads', () => {
      const answer = act(model('return db.select().from(invoices)'))
      expect(effectsOf(answer)).toEqual(['reads `invoices`', 'runs an AI model'])
    })
    it('is guarded by what stands in front of the model', () => {
      const answer = act(model(work).replace('{ data, context }) => {', `{ data, context }) => { ${signedIn}`))
      expect(answer).toMatchObject({ verdict: 'guarded' })
      expect(effectsOf(answer)).toEqual(['runs an AI model', 'writes `invoices`'])
    })
    it('acts on what the model chooses, which is what the caller makes it choose', () => {
      const doing = 'await db.delete(invoices).where(eq(invoices.id, input.id))'
      const answer = act(model(doing).replace('{ data, context }) => {', `{ data, context }) => { ${signedIn}`))
      expect(answer.scope()).toMatchObject({ tenant: 'unscoped' })
    })
  })

describe('an agent', () => {
  const agents = (first: string, second: string): string =>
    `${vercel}
    const agentWith = (add: () => Promise<unknown>) => new ToolLoopAgent({ model, tools: { add: tool({ execute: add }) } })
    const answerOf = async (agent: any, prompt: string) => (await agent.generate({ prompt })).text
    ${handler(`const ones = [await answerOf(agentWith(async () => { ${first} }), data.a), await answerOf(agentWith(async () => { ${second} }), data.b)]; return ones`)}`
  it('has the tools that it was made with, and not those of another', () => {
    const all = ['runs an AI model', 'writes `invoices`', 'writes `users`']
    expect(effectsOf(act(agents('await db.delete(users)', work)))).toEqual(all)
    expect(effectsOf(act(agents(work, 'await db.delete(users)')))).toEqual(all)
  })
})

describe('what a tool is called', () => {
  cases(
    { verdict: 'unguarded', exposure: 'owned-read' },
    {
      'shows what it was made of': using(
        tanstack,
        `const rows = await db.select().from(invoices); const tools = rows.map((row) => toolDefinition({ name: row.id }).server(async () => {})); return tools.map((tool) => ({ name: tool.name }))`,
      ),
    },
  )
})

describe('what one of many tools is called', () => {
  const many = Array.from({ length: 14 }, (_, i) => `toolDefinition({ name: 'tool ${String(i)}' })`).join()
  cases(
    { verdict: 'unguarded', exposure: 'owned-read' },
    {
      'shows what it was made of': using(
        tanstack,
        `const rows = await db.select().from(invoices); const tools = [...(process.env.MANY ? [${many}] : []), ...rows.map((row) => toolDefinition({ name: row.id }))]; return tools.map((tool) => ({ name: tool.name }))`,
      ),
    },
  )
})

describe('a client of an MCP server', () => {
  const client = `import { Client } from '@modelcontextprotocol/sdk/client/index.js'; import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'`
  const connected = `const client = new Client({ name: 'x', version: '1' }); await client.connect(new StreamableHTTPClientTransport(new URL(process.env.MCP_URL!)));`
  cases(
    { verdict: 'unguarded', exposure: 'read' },
    {
      'tells what it offers': using(
        `${client}; ${tanstack}`,
        `${connected} const { tools } = await client.listTools(); return tools.map((tool) => toolDefinition({ name: tool.name }).server(async () => {})).map((tool) => ({ name: tool.name }))`,
      ),
    },
  )
  cases(
    { verdict: 'unguarded', exposure: 'write' },
    { 'runs its tools': using(client, `${connected} await client.callTool({ name: data.name, arguments: data })`) },
  )
})

describe('several tools', () => {
  it('are all run, whichever of them there are', () => {
    const text = `const two = () => [toolDefinition({ name: 'a' }).server(async () => { ${work} }), toolDefinition({ name: 'b' }).server(async () => { await db.delete(users) })]
      return toHttpResponse(chat({ adapter, messages: data.messages, tools: [...(process.env.TWO ? two() : [])] }))`
    expect(effectsOf(act(using(tanstack, text)))).toEqual(['runs an AI model', 'writes `invoices`', 'writes `users`'])
  })

  const two = (first: string, second: string): Case =>
    using(
      tanstack,
      `const session = await auth.api.getSession({ headers: getRequestHeaders() }); const userId = session?.user.id ?? null
      const tools = [toolDefinition({ name: 'a' }).server(async () => { ${first} }), toolDefinition({ name: 'b' }).server(async () => { ${second} })]
      return toHttpResponse(chat({ adapter, messages: data.messages, tools }))`,
    )
  const checked = `if (!userId) throw new Error(); return db.insert(invoices).values({ ownerId: userId })`
  const open = `await fetch('https://x.example', { method: 'POST', body: data.text })`

  it('a check in one is in front of no other', () => {
    for (const [first, second] of [
      [checked, open],
      [open, checked],
    ] as const) {
      const answer = act(two(first, second) as string)
      expect(answer).toMatchObject({ verdict: 'unguarded', cause: 'resultIgnored' })
      expect(effectsOf(answer)).toHaveLength(2)
    }
  })

  it('nor behind what the handler has done', () => {
    const text = (two(checked, checked) as string).replace('const tools', `${work} const tools`)
    expect(act(text)).toMatchObject({ verdict: 'unguarded', cause: 'resultIgnored' })
  })
})
