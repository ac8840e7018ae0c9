import { InconclusiveObservation } from '../../../types/errors.ts'
import type { ConsoleResult } from '../../../types/index.ts'
import type { Page, PageOptions } from '../../../types/page.ts'
import { createAdaptiveTimeout } from '../../timing/deadline.ts'
import { targetOf } from '../../wire/find/find-exchange.ts'
import type { Visitor } from '../visitors.ts'
import { mistake, createActor } from './act/act-on-page.ts'
import { createTurns, type ActionLog } from './act/author-calls.ts'
import { createInput } from './act/input.ts'
import { asCookie, asLeft, evaluateInConsole } from './ask-tab.ts'
import { bringToFront } from './bring-to-front.ts'
import { fetchFromPage } from './network/fetch-from-page.ts'
import { evaluateInFrame } from './frame.ts'
import { handleRejections } from './handle-rejections.ts'
import { answerChallenges } from './network/answer-challenges.ts'
import { recordRequests } from './network/browser-requests.ts'
import { recordDownloads } from './network/downloads.ts'
import type { LinkToWire } from './network/link-to-wire.ts'
import { lookAgain } from './look-again.ts'
import type { PageSurroundings } from './page-surroundings.ts'
import { openTabAtWork, type TabAtWork } from './tab-at-work.ts'
import { createVisits } from './visit/visits.ts'

/** What a page needs of its scenario beside its surroundings. */
export interface PageOfScenario {
  readonly options: PageOptions
  /** Where this page's visitor saves files; null for one who does not. */
  readonly downloadFolder: string | null
  readonly link: LinkToWire
  readonly log: ActionLog
}

/** Opens a tab in a visitor's browser. */
export async function openPage(
  visitor: Visitor,
  surroundings: PageSurroundings,
  { options, downloadFolder, link, log }: PageOfScenario,
): Promise<Page> {
  const at = await openTabAtWork(visitor, surroundings)
  const { tab, session, context, clock, noticed, navigations, ask } = at
  const requests = recordRequests(session, link)
  const downloads = downloadFolder === null ? null : recordDownloads(at, downloadFolder)
  if (options.javaScriptEnabled === false)
    await session.send('Emulation.setScriptExecutionDisabled', { value: true })
  if (options.httpCredentials) await answerChallenges(session, options.httpCredentials)
  let isClosed = false
  const whyClosed = () =>
    isClosed ? 'the page was closed before. Open another one by newPage().' : null

  const visits = createVisits(at, options, requests)
  const inTurn = createTurns(log, whyClosed)
  const evaluate = async (expression: string): Promise<ConsoleResult> => {
    const answer = () => evaluateInConsole(session, expression).catch(asLeft)
    const result = await askInWords(at, answer)
    return { kind: 'console', page: placeOf(at, tab.url()), expression, ...result }
  }
  const inFrame = async (selector: string, expression: string): Promise<ConsoleResult> => {
    let url: string | null = null
    const answer = async () => {
      const { url: found, ...rest } = await evaluateInFrame(at, selector, expression)
      url = found
      return rest
    }
    const result = await askInWords(at, answer)
    return { kind: 'console', page: placeOf(at, url ?? tab.url()), expression, ...result }
  }
  const untilEnough = async (
    look: () => Promise<ConsoleResult>,
    enough: (value: any) => boolean,
  ): Promise<ConsoleResult> => {
    let last = await look()
    const isEnough = () => (last.error === null && enough(last.value)) || noticed.gone() !== null
    if (isEnough()) return last
    await lookAgain(at, async () => {
      last = await look()
      return isEnough()
    })
    return last
  }

  const methods: Page = {
    open: visits.open,
    reload: visits.reload,
    goBack: () => visits.go(-1),
    goForward: () => visits.go(1),
    async close() {
      isClosed = true
      await ask(() => tab.close(), undefined)
    },
    async bringToFront() {
      await ask(() => bringToFront(context, tab), undefined)
    },
    ...createInput(at, createActor(at, visits), inTurn),
    async leads(action) {
      const called = new Error('called here')
      if (typeof action !== 'function')
        throw mistake(
          called,
          `page.leads(): give it something to do: leads(() => page.click('a')).`,
        )
      const end = log.begin('page.leads()', called)
      return visits.leads(action).finally(end)
    },
    evaluate,
    until: (expression, enough) => untilEnough(() => evaluate(expression), enough),
    frame: (selector) =>
      handleRejections({
        evaluate: (expression: string) => inFrame(selector, expression),
        until: (expression: string, enough: (value: any) => boolean) =>
          untilEnough(() => inFrame(selector, expression), enough),
      }),
    fetch: (address, init = {}) => fetchFromPage(at, evaluate, address, init),
    requests: () => requests.all(),
    async downloads() {
      if (!downloads)
        throw new TypeError(
          "page.downloads(): this page saves no files. Open it by newPage('Ann', { acceptDownloads: true }).",
        )
      return downloads.all(visits.files() + navigations.filesRequested())
    },
    corsErrors: () =>
      noticed.failures.flatMap(({ url, cors }) => (cors === null ? [] : [{ url, error: cors }])),
    async jar() {
      // The browser answers, not the page. An empty list in its stead would be a lie about the
      // program.
      const cookies = await createAdaptiveTimeout().within(context.cookies(), null)
      if (cookies === null)
        throw new InconclusiveObservation(
          'Chromium did not tell its cookies in time; running it again.',
        )
      const refused = [...noticed.refused]
      return { kind: 'jar', at: clock.now(), cookies: cookies.map(asCookie), refused }
    },
    async plant(cookies) {
      const { hostname } = new URL(surroundings.base)
      await context.setCookie(
        ...Object.entries(cookies).map(([name, value]) => ({
          name,
          value,
          domain: hostname,
          path: '/',
        })),
      )
    },
  }
  return handleRejections(refuseOnceClosed(methods, whyClosed))
}

/** What goes on being known of a tab that was closed. */
const LASTING = new Set<keyof Page>(['requests', 'downloads', 'corsErrors', 'jar', 'close'])

/** The same page, whose methods name the author's mistake once it was closed. */
function refuseOnceClosed(methods: Page, whyClosed: () => string | null): Page {
  const guarded = Object.entries(methods).map(([name, method]: [string, unknown]) => [
    name,
    (...args: readonly unknown[]) => {
      const closed = LASTING.has(name as keyof Page) ? null : whyClosed()
      if (closed !== null) throw mistake(new Error(), `page.${name}(): ${closed}`)
      return (method as (...args: readonly unknown[]) => unknown)(...args)
    },
  ])
  return Object.fromEntries(guarded) as unknown as Page
}

/** What an expression gave, or why nothing came of it. */
async function askInWords(
  { ask, clock, noticed, navigations }: TabAtWork,
  answer: () => Promise<Pick<ConsoleResult, 'value' | 'error'>>,
): Promise<Pick<ConsoleResult, 'value' | 'error'>> {
  const silence = { value: undefined, error: null }
  const askedAt = clock.now()
  const result = await ask(answer, silence)
  if (result !== silence) return result
  const seconds = Math.round((clock.now() - askedAt) / 1000)
  const left = navigations.pending()?.hops.at(-1)
  const because = left
    ? `: the page was being left, and ${left.method} ${targetOf(left.url)} was not answered`
    : ''
  return { value: undefined, error: noticed.gone() ?? `no answer in ${seconds} s${because}` }
}

/** The path of a page of the learner's program; the whole address of any other page. */
function placeOf({ base }: TabAtWork, url: string): string {
  return url.startsWith(`${base}/`) ? targetOf(url) : url
}
