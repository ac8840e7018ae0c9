import type { BrowserContext, CDPSession, Page as Tab, Target } from 'puppeteer'
import type { RefusedCookie } from '../../../../types/index.ts'
import { targetOf } from '../../../wire/find/find-exchange.ts'
import { noticeImports } from './notice-imports.ts'
import type { PageSurroundings } from '../page-surroundings.ts'
import { refusedScript } from './refused-script.ts'
import { bareImport, whatThrew } from './script-fault.ts'

/** What a tab told by itself. */
export interface NoticedInTab {
  /** What was written into its console, and what its scripts threw. */
  readonly said: string[]
  /** Cookies that Chromium did not keep. */
  readonly refused: RefusedCookie[]
  /** Requests that failed. */
  readonly failures: { url: string; network: string; cors: string | null }[]
  /** Why nothing more can be asked of the tab; null while something can. */
  gone(): string | null
  /** Hands over the next window that the page opens, until the function that it returns is called. */
  onWindow(listener: (opened: Target) => void): () => void
}

/** Listens to a tab, and remarks what may explain a failure. */
export async function noticeInTab(
  tab: Tab,
  session: CDPSession,
  context: BrowserContext,
  { finders, remark, scripts, importerOf }: PageSurroundings,
): Promise<NoticedInTab> {
  const refused: RefusedCookie[] = []
  const said: string[] = []
  const failures: { url: string; network: string; cors: string | null }[] = []
  let gone: string | null = null
  let onWindow: ((opened: Target) => void) | null = null
  tab.once('error', () => {
    gone ??= 'the page crashed the browser tab'
    remark({ id: 'tab-crashed', say: 'Your page crashed the browser tab.' })
  })
  tab.on('dialog', (dialog) => {
    if (dialog.type() !== 'beforeunload')
      remark({
        id: 'dialog',
        say: `Your page opened ${dialog.type()}(${JSON.stringify(dialog.message())}); it was dismissed.`,
      })
    // To dismiss a beforeunload would be to stay.
    const answer = dialog.type() === 'beforeunload' ? dialog.accept() : dialog.dismiss()
    void answer.catch(() => {})
  })
  tab.on('console', (message) => {
    said.push(`${message.type()}: ${message.text()}`)
    const refusal = message.type() === 'error' ? refusedScript(message.text()) : undefined
    if (refusal) remark(refusal)
  })
  tab.on('pageerror', (error) => {
    said.push(`error: ${error instanceof Error ? error.message : String(error)}`)
    if (error instanceof Error && bareImport(error.message) === undefined)
      remark(whatThrew(error, scripts))
  })
  context.on('targetcreated', (target) => {
    if (target.opener() !== tab.target()) return
    if (onWindow) return onWindow(target)
    remark({ id: 'popup', say: 'Your page opened a window of its own; it was closed.' })
    void target
      .page()
      .then((popup) => popup?.close())
      .catch(() => {})
  })
  const asked = new Map<string, string>()
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    asked.set(requestId, request.url)
    if (/^https?:/.test(request.url) && !finders.know(request.url)) {
      remark({
        id: 'other-origin',
        say: `Your page requested ${request.url}, which is not your server.`,
      })
    }
  })
  session.on('Network.loadingFailed', ({ requestId, errorText, corsErrorStatus }) => {
    failures.push({
      url: asked.get(requestId) ?? '',
      network: errorText,
      cors: corsErrorStatus?.corsError ?? null,
    })
  })
  session.on('Network.responseReceived', ({ response }) => {
    if (!response.fromServiceWorker) return
    remark({
      id: 'service-worker',
      say: `A service worker of your page answered ${targetOf(response.url)}, not your server.`,
    })
  })
  session.on('Network.responseReceivedExtraInfo', ({ blockedCookies }) => {
    for (const { cookieLine, blockedReasons } of blockedCookies)
      refused.push({ line: cookieLine, reasons: blockedReasons })
  })
  await noticeImports(session, { remark, scripts, importerOf, know: finders.know })
  return {
    said,
    refused,
    failures,
    gone: () => gone,
    onWindow(listener) {
      onWindow = listener
      return () => void (onWindow = null)
    },
  }
}
