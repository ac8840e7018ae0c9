import type { HTTPResponse } from 'puppeteer'
import { BrowserDied } from '../../../../types/errors.ts'
import type { Diagnosis, Exchange, Visit } from '../../../../types/index.ts'
import type { Lead } from '../../../../types/seen-by-browser.ts'
import { targetOf, type Take } from '../../../wire/find/find-exchange.ts'
import { isAwaited } from '../../../wire/find/is-awaited.ts'
import { documentOf, documentOfHops, type Followed } from '../../../wire/find/follow-redirects.ts'
import { isHtml, settle, shownText } from '../ask-tab.ts'
import { keptAsFile } from '../notice/kept-as-file.ts'
import { isSourceOfPage, shownAsText } from '../notice/refused-script.ts'
import type { PageOptions } from '../../../../types/page.ts'
import type { BrowserRequests } from '../network/browser-requests.ts'
import type { TabAtWork } from '../tab-at-work.ts'
import type { Navigation } from './navigations.ts'
import { visitInWindow } from './window.ts'

export interface Visits {
  open(address: string): Promise<Visit>
  reload(): Promise<Visit>
  /** One page back (-1) or forward (1). */
  go(step: -1 | 1): Promise<Visit>
  leads(action: () => Promise<unknown>): Promise<Lead>
  /** The address that was last to be visited, whatever came of it; null before the first visit. */
  lastAddress(): string | null
  /** How many visits were answered with a file to save. */
  files(): number
  /** What the page that the tab shows came with; null where no answer on the wire is known. */
  shown(): Exchange | null
}

/** Makes the visits of a tab. */
export function createVisits(
  at: TabAtWork,
  { acceptDownloads = false, httpCredentials }: PageOptions,
  requests: BrowserRequests,
): Visits {
  const { tab, session, noticed, navigations, finders, ask, remark } = at
  let lastAddress: string | null = null
  let shown: Exchange | null = null
  let files = 0

  /** What is common to all visits once Chromium has done with them. */
  const conclude = async (
    url: string,
    found: Followed,
    take: Take,
    { error, contentType }: { error: string | null; contentType: string | undefined },
    saidBefore: number,
  ): Promise<Visit> => {
    const { document, followed } = httpCredentials ? askedAgain(found, take, tab.url()) : found
    const last = followed.at(-1) ?? document
    if (last && isAwaited(last)) at.giveUp(last)
    lastAddress = url
    if (error !== 'net::ERR_ABORTED') shown = last
    const asFile = error === 'net::ERR_ABORTED' && last?.response ? keptAsFile(last.response) : null
    if (asFile) files++
    if (asFile && !acceptDownloads)
      remark({
        id: 'download',
        say: `${targetOf(url)} was ${asFile}, so Chromium took it for a file to keep and showed no page.`,
      })
    const text = error ? '' : String(await ask(() => shownText(tab), ''))
    if (isSourceOfPage(text) && !(await ask(() => isHtml(tab), true)))
      remark(shownAsText(targetOf(url), contentType))
    if (error) at.loadFailed({ path: targetOf(url), error })
    return {
      kind: 'visit',
      url,
      document,
      followed,
      text,
      console: noticed.said.slice(saidBefore),
      error: noticed.gone() ?? error,
    }
  }

  const giveUpLoading = async (url: string) => {
    remark({ id: 'page-unfinished', say: `The page at ${targetOf(url)} did not finish loading.` })
    await ask(() => session.send('Page.stopLoading').catch(() => {}), null)
  }

  const open = async (url: string, navigate: () => Promise<HTTPResponse | null>) => {
    const take = finders.fromNow()
    const saidBefore = noticed.said.length
    lastAddress = url
    const unfinished = { response: null, error: UNFINISHED }
    const loaded = await ask(() => settle(navigate()), unfinished)
    if (!at.context.browser().connected) throw new BrowserDied('the browser went away')
    if (loaded === unfinished && noticed.gone() === null) await giveUpLoading(url)
    const { response, error } = loaded
    const found = documentOf(url, (address) => take('GET', address), response)
    const contentType = response?.headers()['content-type']
    return conclude(url, found, take, { error, contentType }, saidBefore)
  }

  /** The visit that something led to, found by what Chromium tells of it. */
  const follow = async (begin: () => Promise<unknown>): Promise<Lead> => {
    const take = finders.fromNow()
    const [saidBefore, before] = [noticed.said.length, navigations.count()]
    await begin()
    const latest = () => navigations.since(before).at(-1)
    await at.untilNavigation(() => isSettled(latest()))
    const navigation = latest()
    if (!at.context.browser().connected) throw new BrowserDied('the browser went away')
    if (!navigation) return { ...nowhere(tab.url(), noticed.said.slice(saidBefore)), to: 'nothing' }
    const url = navigation.hops[0]!.url
    if (navigation.state === 'same-page')
      return { ...nowhere(url, noticed.said.slice(saidBefore)), error: null, to: 'same-page' }
    const isUnfinished = !isSettled(navigation)
    if (isUnfinished && noticed.gone() === null) await giveUpLoading(url)
    const error = isUnfinished ? UNFINISHED : navigation.error
    const { contentType, requestId, hops } = navigation
    const taken = (hop: number) => take(hops[hop]!.method, hops[hop]!.url)
    // A form that was sent twice has asked twice with the same method and address. After a challenge
    // Chromium tells of the second answer only, so there the wire alone knows the first.
    const exchangeOf = (hop: number) =>
      (httpCredentials ? null : requests.exchangeOf(requestId, hop)) ?? taken(hop)
    const found = documentOfHops(hops, exchangeOf)
    const visit = await conclude(url, found, take, { error, contentType }, saidBefore)
    return { ...visit, to: whereTo(visit) }
  }

  return {
    open: (address) =>
      open(at.whole(address), () => tab.goto(at.whole(address), { waitUntil: 'load', timeout: 0 })),
    reload: async () => withoutTo(await follow(() => session.send('Page.reload'))),
    async go(step) {
      const history = await ask(() => session.send('Page.getNavigationHistory'), null)
      const entry = history?.entries[history.currentIndex + step]
      if (!entry)
        return { ...nowhere(tab.url(), []), error: `there is no page to go ${WAYS[step]} to` }
      const goThere = () => session.send('Page.navigateToHistoryEntry', { entryId: entry.id })
      return withoutTo(await follow(goThere))
    },
    async leads(action) {
      const window = visitInWindow(at, finders.fromNow())
      try {
        const led = follow(action)
        const isInWindow = await Promise.race([led.then(() => false), window.opened])
        // What the tab itself does meanwhile is not what the action led to.
        led.catch(() => {})
        const lead = isInWindow ? await window.visit() : await led
        if (lead.to === 'nothing') remark(ledNowhere(lead.url))
        return lead
      } finally {
        window.stop()
      }
    },
    lastAddress: () => lastAddress,
    files: () => files,
    shown: () => shown,
  }
}

const UNFINISHED = 'the page did not finish loading'
const WAYS = { [-1]: 'back', 1: 'forward' } as const

/** A challenge to which the tab has an answer is asked again by Chromium itself. */
function askedAgain({ document, followed }: Followed, take: Take, url: string): Followed {
  const challenge = followed.at(-1) ?? document
  if (challenge?.response?.status !== 401) return { document, followed }
  const again = take(challenge.request.method, url)
  return { document, followed: again ? [...followed, again] : followed }
}

function ledNowhere(url: string): Diagnosis {
  const place = /^https?:/.test(url) ? targetOf(url) : url
  return {
    id: 'led-nowhere',
    say: `What the visitor did was to lead to another page; Chromium stayed at ${place} and asked for none.`,
  }
}

function isSettled(navigation: Navigation | undefined): boolean {
  return navigation !== undefined && !['pending', 'shown'].includes(navigation.state)
}

function whereTo({ error, document, followed }: Visit): Lead['to'] {
  if (error === null) return 'page'
  const answer = (followed.at(-1) ?? document)?.response
  if (error !== 'net::ERR_ABORTED' || !answer) return 'error'
  return keptAsFile(answer) === null ? 'no-content' : 'download'
}

function nowhere(url: string, console: readonly string[]): Visit {
  return {
    kind: 'visit',
    url,
    document: null,
    followed: [],
    text: '',
    console,
    error: 'Chromium began no visit',
  }
}

function withoutTo({ to, ...visit }: Lead): Visit {
  return to === 'nothing' ? { ...visit, error: UNFINISHED } : visit
}
