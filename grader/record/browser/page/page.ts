import type { HTTPResponse } from 'puppeteer'
import type { Clock } from '../../timing/clock.ts'
import { BrowserDied, InconclusiveObservation } from '../../../types/errors.ts'
import type {
  ConsoleResult,
  Diagnosis,
  Exchange,
  RefusedCookie,
  Visit,
} from '../../../types/index.ts'
import type { Fetched, Page } from '../../../types/page.ts'
import { asCookie, asLeft, evaluateInConsole, isHtml, settle, shownText } from './ask-tab.ts'
import {
  createAdaptiveTimeout,
  until,
  whenever,
  type AdaptiveTimeout,
} from '../../timing/deadline.ts'
import { targetOf, type Finders } from '../../wire/find-exchange.ts'
import { isAwaited } from '../../wire/is-awaited.ts'
import { documentOf } from '../../wire/follow-redirects.ts'
import { fetchInPage, type FetchedInPage } from './fetch-in-page.ts'
import { handleRejections } from './handle-rejections.ts'
import { keptAsFile } from './kept-as-file.ts'
import type { Visitor } from '../visitors.ts'
import { noticeImports } from './notice-imports.ts'
import { isSourceOfPage, refusedScript, shownAsText } from './refused-script.ts'
import { bareImport, whatThrew } from './script-fault.ts'

export interface PageSurroundings {
  /** `http://127.0.0.1:40123`, the recording proxy. */
  readonly base: string
  readonly clock: Clock
  readonly finders: Finders
  readonly timeout: AdaptiveTimeout
  /** Called with a request whose answer is no longer waited for. */
  readonly giveUp: (exchange: Exchange) => void
  readonly remark: (remark: Diagnosis) => void
  /** Called with a load that failed, and Chromium's reason. */
  readonly loadFailed: (load: { path: string; error: string }) => void
  /** The learner's files by the path a page asks for them, where the two differ. */
  readonly scripts: Readonly<Record<string, string>>
  /** The learner's file that imports this, where it is known. */
  readonly importerOf?: ((specifier: string) => string | undefined) | undefined
  /** How many times slower the pages' scripts are made. */
  readonly slowdown?: number
}

/** Opens a tab in a visitor's browser. */
export async function openPage(
  { context, newTab }: Visitor,
  surroundings: PageSurroundings,
): Promise<Page> {
  const { base, clock, finders, timeout, remark } = surroundings
  const { tab, session } = await newTab()
  const refused: RefusedCookie[] = []
  const said: string[] = []
  const failures: { url: string; network: string; cors: string | null }[] = []
  /** Why nothing more can be asked of the tab. */
  let gone: string | null = null
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
      remark(whatThrew(error, surroundings.scripts))
  })
  await noticeImports(session, { ...surroundings, know: finders.know })
  context.on('targetcreated', (target) => {
    if (target.opener() !== tab.target()) return
    remark({ id: 'popup', say: 'Your page opened a window of its own; it was closed.' })
    void target
      .page()
      .then((popup) => popup?.close())
      .catch(() => {})
  })
  session.on('Network.requestWillBeSent', ({ request }) => {
    if (/^https?:/.test(request.url) && !finders.know(request.url)) {
      remark({
        id: 'other-origin',
        say: `Your page requested ${request.url}, which is not your server.`,
      })
    }
  })
  const asked = new Map<string, string>()
  session.on(
    'Network.requestWillBeSent',
    ({ requestId, request }) => void asked.set(requestId, request.url),
  )
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
  if (surroundings.slowdown !== undefined)
    await session.send('Emulation.setCPUThrottlingRate', { rate: surroundings.slowdown })

  /**
   * Everything asked of the tab goes through here: a dead browser is ours, a silent page is the
   * learner's.
   */
  const ask = async <Value, Otherwise>(
    work: () => Promise<Value>,
    otherwise: Otherwise,
  ): Promise<Value | Otherwise> => {
    if (!context.browser().connected) throw new BrowserDied('the browser went away')
    if (gone) return otherwise
    try {
      return await timeout.within(work(), otherwise)
    } catch (error) {
      if (!context.browser().connected)
        throw new BrowserDied('the browser went away', { cause: error })
      // The reason why the answer will not come may arrive after the news that it will not.
      if (gone ?? (await until(500, () => gone ?? undefined))) return otherwise
      throw error
    }
  }

  const visit = async (
    url: string,
    navigate: () => Promise<HTTPResponse | null>,
  ): Promise<Visit> => {
    const take = finders.fromNow()
    const saidBefore = said.length
    const unfinished = { response: null, error: 'the page did not finish loading' }
    const loaded = await ask(() => settle(navigate()), unfinished)
    if (!context.browser().connected) throw new BrowserDied('the browser went away')
    if (loaded === unfinished && !gone) {
      remark({ id: 'page-unfinished', say: `The page at ${targetOf(url)} did not finish loading.` })
      await ask(() => session.send('Page.stopLoading').catch(() => {}), null)
    }
    const { response, error } = loaded
    const { document, followed } = documentOf(url, (at) => take('GET', at), response)
    const last = followed.at(-1) ?? document
    if (last && isAwaited(last)) surroundings.giveUp(last)
    const asFile = error === 'net::ERR_ABORTED' && last?.response ? keptAsFile(last.response) : null
    if (asFile)
      remark({
        id: 'download',
        say: `${targetOf(url)} was ${asFile}, so Chromium took it for a file to keep and showed no page.`,
      })
    const text = error ? '' : String(await ask(() => shownText(tab), ''))
    if (isSourceOfPage(text) && !(await ask(() => isHtml(tab), true)))
      remark(shownAsText(targetOf(url), response?.headers()['content-type']))
    if (error) surroundings.loadFailed({ path: targetOf(url), error })
    return {
      kind: 'visit',
      url,
      document,
      followed,
      text,
      console: said.slice(saidBefore),
      error: gone ?? error,
    }
  }

  const evaluate = async (expression: string): Promise<ConsoleResult> => {
    const silence = { value: undefined, error: null }
    const askedAt = clock.now()
    const result = await ask(() => evaluateInConsole(session, expression).catch(asLeft), silence)
    const why =
      result === silence
        ? { error: gone ?? `no answer in ${Math.round((clock.now() - askedAt) / 1000)} s` }
        : {}
    return {
      kind: 'console',
      page: tab.url().startsWith(`${base}/`) ? targetOf(tab.url()) : '/',
      expression,
      ...result,
      ...why,
    }
  }

  const whole = (address: string) => (/^https?:/.test(address) ? address : base + address)
  return handleRejections<Page>({
    open: (address) =>
      visit(whole(address), () => tab.goto(whole(address), { waitUntil: 'load', timeout: 0 })),
    reload: () => visit(tab.url(), () => tab.reload({ waitUntil: 'load', timeout: 0 })),
    evaluate,
    async until(expression, enough) {
      let last = await evaluate(expression)
      const isEnough = () => last.error === null && enough(last.value)
      let isOver = false
      const asking = async () => {
        while (!isEnough() && !gone && !isOver) {
          await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
          last = await evaluate(expression)
        }
      }
      await ask(asking, undefined).finally(() => (isOver = true))
      return last
    },
    async fetch(address, init = {}) {
      const url = whole(address)
      const takeNext = finders.fromNow()
      const failedBefore = failures.length
      const result = await evaluate(
        `(${fetchInPage})(${JSON.stringify(url)}, ${JSON.stringify({ cache: 'no-store', ...init })})`,
      )
      const {
        resolvedWith = null,
        readError = null,
        ...seen
      } = (result.value ?? {}) as Partial<FetchedInPage>
      const error = result.error ?? readError
      const method = (init.method ?? 'GET').toUpperCase()
      const take = (wanted: string) => takeNext(wanted, url)
      // What was not seen may never have been sent: then there is nothing to wait for.
      const unseen = error === null ? 200 : 50
      const exchange = (await whenever(unseen, finders.onTraffic, () => take(method))) ?? null
      const preflight = (method === 'OPTIONS' ? undefined : take('OPTIONS')) ?? null
      if (exchange && isAwaited(exchange)) surroundings.giveUp(exchange)
      // The network's reason and the script's error come by different ways.
      const failure =
        error === null
          ? undefined
          : await until(200, () => failures.slice(failedBefore).find((each) => each.url === url))
      return {
        exchange,
        preflight,
        seen: error ? null : (seen as Fetched['seen']),
        error,
        resolvedWith,
        networkError: failure?.network ?? null,
        corsError: failure?.cors ?? null,
      }
    },
    corsErrors: () =>
      failures.flatMap(({ url, cors }) => (cors === null ? [] : [{ url, error: cors }])),
    async jar() {
      // The browser answers, not the page. An empty list in its stead would be a lie about the
      // program.
      const cookies = await createAdaptiveTimeout().within(context.cookies(), null)
      if (cookies === null)
        throw new InconclusiveObservation(
          'Chromium did not tell its cookies in time; running it again.',
        )
      return { kind: 'jar', at: clock.now(), cookies: cookies.map(asCookie), refused: [...refused] }
    },
    async plant(cookies) {
      const { hostname } = new URL(base)
      await context.setCookie(
        ...Object.entries(cookies).map(([name, value]) => ({
          name,
          value,
          domain: hostname,
          path: '/',
        })),
      )
    },
  })
}

/** Between two looks at a page. */
const AGAIN_MS = 30
