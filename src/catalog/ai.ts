/** AI models, and the tools that they run. */
import { all, asyncPure, builder, call, effect, gives, passes, pure, verifies } from './define.ts'
import type { ArgPath, CallbackMeaning, CallMeaning, Library, Meaning } from './meaning.ts'
import { service } from './service.ts'

/** The model decides which tools run, if any, and with what; it is told what they give, and what they throw. */
const tool = (at: ArgPath, of?: 'maker'): CallbackMeaning => ({
  at,
  ...(of ? { of } : {}),
  given: ['input', { object: {}, rest: 'unknown' }],
  apart: true,
})
const runsModel = 'runs an AI model'
const ai = effect('ai', 'write', runsModel, { runs: [tool([0, 'tools', '*', 'execute'])] })
/** The result is there at once and streams later. */
const aiNow: CallMeaning = { ...ai, async: false }
const agent: CallMeaning = { ...ai, runs: [tool([0, 'tools', '*', 'execute'], 'maker')] }
const model: Meaning = gives('unknown')

export const models: readonly Library[] = [
  {
    // https://tanstack.com/ai/latest/docs/guides/server-tools: `chat` streams and runs tools; adapters only describe the model.
    packages: ['@tanstack/ai', '@tanstack/ai/*'],
    category: 'effect',
    detects: 'tanstack-ai',
    exports: {
      chat: { ...aiNow, runs: [...(aiNow.runs ?? []), tool([0, 'tools', '*', 'server'])] },
      toolDefinition: builder('tanstack-ai.tool'),
      ...all('tool createChatOptions', passes),
      ...all(
        `maxIterations untilFinishReason combineStrategies mergeAgentTools convertMessagesToModelMessages
         convertSchemaToJsonSchema parsePartialJSON chatParamsFromRequestBody StreamProcessor createReplayStream`,
        pure,
      ),
      ...all('summarize embedding generateImage generateVideo generateSpeech generateTranscription', ai),
      ...all('toStreamResponse toServerSentEventsResponse toHttpResponse', gives('response')),
    },
    unlisted: 'unknown',
  },
  {
    packages: ['ai', 'ai/rsc', '@ai-sdk/rsc'],
    category: 'effect',
    detects: 'ai-sdk',
    exports: {
      // https://ai-sdk.dev/docs/reference: messages, tools and models are only described.
      ...all(
        `tool dynamicTool jsonSchema zodSchema valibotSchema asSchema Output.object Output.array Output.choice Output.text
         Output.json Output stepCountIs hasToolCall isStepCount convertToModelMessages convertToCoreMessages
         appendResponseMessages appendClientMessage pruneMessages validateUIMessages safeValidateUIMessages generateId
         createIdGenerator smoothStream simulateReadableStream wrapLanguageModel wrapImageModel wrapProvider customProvider
         createProviderRegistry experimental_createProviderRegistry defaultSettingsMiddleware extractReasoningMiddleware
         extractJsonMiddleware simulateStreamingMiddleware addToolInputExamplesMiddleware gateway createGateway
         readUIMessageStream getToolName getStaticToolName getToolOrDynamicToolName getTextFromDataUrl isToolUIPart
         isStaticToolUIPart isToolOrDynamicToolUIPart isTextUIPart isFileUIPart isReasoningUIPart isDataUIPart
         lastAssistantMessageIsCompleteWithToolCalls lastAssistantMessageIsCompleteWithApprovalResponses isDeepEqualData
         cosineSimilarity parsePartialJson consumeStream createTextStreamResponse DefaultChatTransport
         TextStreamChatTransport JsonToSseTransformStream UI_MESSAGE_STREAM_HEADERS createStreamableValue createStreamableUI
         readStreamableValue formatDataStreamPart processDataStream`,
        pure,
      ),
      ...all(
        `AISDKError.isInstance APICallError.isInstance InvalidArgumentError.isInstance InvalidPromptError.isInstance
         InvalidToolInputError.isInstance LoadAPIKeyError.isInstance NoObjectGeneratedError.isInstance
         NoImageGeneratedError.isInstance NoSuchToolError.isInstance NoOutputGeneratedError.isInstance NoSuchModelError.isInstance
         RetryError.isInstance ToolExecutionError.isInstance TypeValidationError.isInstance UnsupportedFunctionalityError.isInstance
         JSONParseError.isInstance DownloadError.isInstance InvalidResponseDataError.isInstance`,
        gives('boolean'),
      ),

      ...all('generateText generateObject generateImage experimental_generateImage embed embedMany rerank', ai),
      ...all(
        'generateSpeech experimental_generateSpeech transcribe experimental_transcribe experimental_generateVideo streamUI',
        ai,
      ),
      ...all('streamText streamObject', aiNow),
      ...all('ToolLoopAgent Agent Experimental_Agent', gives({ instance: 'ai.agent' })),
      ...all('createUIMessageStreamResponse createTextStreamResponse createDataStreamResponse', gives('response')),
      // https://ai-sdk.dev/docs/ai-sdk-core/tools-and-tool-calling: they run when the model that was given them calls them.
      ...all('tool dynamicTool', passes),
      createUIMessageStream: call({ runs: [{ at: [0, 'execute'] }] }),
    },
    unlisted: 'unknown',
    instances: { 'ai.agent': { members: all('generate respond stream', agent), unlisted: 'unknown' } },
  },
  // https://github.com/modelcontextprotocol/typescript-sdk/blob/main/docs/client.md
  service({
    packages: [
      '@modelcontextprotocol/sdk/client',
      '@modelcontextprotocol/sdk/client/*',
      '@modelcontextprotocol/client',
    ],
    kind: 'http',
    clients: 'Client',
    write: 'calls a tool of an MCP server',
    read: [
      `connect ping complete listTools listResources listResourceTemplates readResource listPrompts getPrompt
       subscribeResource unsubscribeResource`,
      'asks an MCP server',
    ],
    harmless: `close setRequestHandler setNotificationHandler setLoggingLevel sendRootsListChanged registerCapabilities
       getServerCapabilities getServerVersion getInstructions`,
  }),
  {
    packages: ['@ai-sdk/*', '@openrouter/ai-sdk-provider', 'ollama-ai-provider', 'workers-ai-provider'],
    category: 'harmless',
    exports: { default: model },
    unlisted: 'harmless',
  },
  service({
    packages: [
      'openai',
      '@anthropic-ai/sdk',
      'groq-sdk',
      '@mistralai/mistralai',
      'cohere-ai',
      'together-ai',
      '@google/generative-ai',
      '@google/genai',
      'replicate',
      '@fal-ai/client',
      '@fal-ai/serverless-client',
      'ollama',
      '@huggingface/inference',
      'elevenlabs',
      '@elevenlabs/elevenlabs-js',
      'assemblyai',
      '@deepgram/sdk',
      '@langchain/openai',
      '@langchain/anthropic',
      'voyageai',
      'exa-js',
      '@tavily/core',
      '@mendable/firecrawl-js',
      'firecrawl',
    ],
    kind: 'ai',
    clients:
      'default OpenAI AzureOpenAI Anthropic Groq Mistral CohereClient CohereClientV2 Together GoogleGenerativeAI GoogleGenAI Replicate Ollama HfInference InferenceClient ElevenLabsClient AssemblyAI createClient ChatOpenAI ChatAnthropic OpenAIEmbeddings VoyageAIClient Exa tavily FirecrawlApp Firecrawl',
    write: 'runs an AI model',
    read: ['models.list models.retrieve files.list', 'reads what the AI provider keeps'],
    harmless: 'config',
    members: {
      ...all(
        'getGenerativeModel chats.create bindTools withStructuredOutput pipe startChat',
        gives({ instance: 'openai' }),
      ),
      'webhooks.unwrap': verifies('unknown', { async: true }),
    },
    exports: {
      ...all('toFile OpenAI.toFile', asyncPure),
      ...all('fal.subscribe fal.run fal.queue.submit fal.stream', ai),
      'fal.config': pure,
      ...all('fal.storage.upload', effect('storage', 'write', 'writes the bucket')),
    },
  }),
]
