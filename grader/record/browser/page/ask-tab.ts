import type { BrowserContext, CDPSession, HTTPResponse, Page as Tab } from 'puppeteer'
import type { ConsoleResult, Cookie } from '../../../types/index.ts'

/** A navigation's response, or Chromium's own reason why there is none. */
export async function settle(
  navigation: Promise<HTTPResponse | null>,
): Promise<{ response: HTTPResponse | null; error: string | null }> {
  try {
    return { response: await navigation, error: null }
  } catch (error) {
    const message = (error as Error).message
    return {
      response: null,
      error:
        /net::\w+/.exec(message)?.[0] ??
        (/timeout/i.test(message) ? 'the page did not finish loading' : message),
    }
  }
}

/**
 * What the page shows. A page that goes on to another one by itself has nothing to show in between:
 * then what that one shows.
 */
export async function shownText(tab: Tab): Promise<unknown> {
  for (let tries = 1; tries < 20; tries++) {
    const text = await tab
      .evaluate('document.body?.innerText ?? ""')
      .catch((error: Error) => void asLeft(error))
    if (text !== undefined) return text
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return ''
}

/** Whether the tab shows HTML; of a page that goes on to another one, as if it did. */
export async function isHtml(tab: Tab): Promise<boolean> {
  const type = await tab
    .evaluate('document.contentType')
    .catch((error: Error) => void asLeft(error))
  return type === undefined || /html|xml/.test(String(type))
}

/** For an expression whose page went away. @throws any other error. */
export function asLeft(error: Error): Pick<ConsoleResult, 'value' | 'error'> {
  if (
    !/navigated or closed|context was destroyed|Cannot find context|was collected/i.test(
      error.message,
    )
  )
    throw error
  return { value: undefined, error: 'the page was left before it answered' }
}

/** The value of an expression, or what it threw. */
export async function evaluateInConsole(
  session: CDPSession,
  expression: string,
): Promise<Pick<ConsoleResult, 'value' | 'error'>> {
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression,
    awaitPromise: true,
    returnByValue: true,
    userGesture: true,
  })
  if (exceptionDetails)
    return {
      value: undefined,
      error: exceptionDetails.exception?.description?.split('\n', 1)[0] ?? exceptionDetails.text,
    }
  return { value: result.value as unknown, error: null }
}

/** A cookie of the browser's own list. */
export function asCookie(cookie: Awaited<ReturnType<BrowserContext['cookies']>>[number]): Cookie {
  return {
    name: cookie.name,
    value: cookie.value,
    domain: cookie.domain,
    path: cookie.path ?? '/',
    expiresAt:
      cookie.session || cookie.expires === undefined || cookie.expires === -1
        ? null
        : cookie.expires * 1000,
    httpOnly: cookie.httpOnly ?? false,
    secure: cookie.secure,
    sameSite:
      cookie.sameSite === 'Strict' || cookie.sameSite === 'Lax' || cookie.sameSite === 'None'
        ? cookie.sameSite
        : null,
  }
}
