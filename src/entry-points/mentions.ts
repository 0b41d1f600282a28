import { mayHavePageData, mayHaveRole } from './next/conventions.ts'

/**
 * Without one of these words there is no entry point, no route and no marker in a file, unless its place makes it one. A
 * builder that is imported from another file carries none of the framework's names: `.handler` is its needle.
 */
const needles =
  /createServerFn|createMiddleware|create(?:Lazy)?FileRoute|create(?:Server|API)FileRoute|createRootRoute|createStart|registerGlobalMiddleware|\bhandlers\b|\.\s*handler\b|['"]use server['"]|authz/

/** A scan of the text and of the name, so that a file without anything to say costs nothing else. */
export const mayHaveEntryPoints = (file: string, text: string): boolean =>
  needles.test(text) || mayHaveRole(file) || mayHavePageData(file, text)

const asking =
  /\b(?:useSession|getSession|getCookies?|getHeaders?|getRequestHeaders?|getRequest|getWebRequest|getEvent|parseCookies|timingSafeEqual)\b|\.headers\b|process\.env\.\w*(?:SECRET|TOKEN|KEY)/

/** Something in it may ask who calls. */
export const mayAsk = (text: string): boolean => asking.test(text)

/** A file that hands something out and asks who calls may hold a guard that others share. */
export const mayHoldGuards = (text: string): boolean =>
  /\bexport\b/.test(text) && (mayAsk(text) || /from\s*['"][^'"\n]*(?:auth|session)/i.test(text))

/** Its functions run in the browser, or are entry points themselves: a handler calls none of them as a guard. */
export const isOneSided = (text: string): boolean => /^\s*['"]use (?:client|server)['"]/.test(text)
