import type { CDPSession, Page as Tab } from 'puppeteer'
import { isFromCache } from '../network/is-from-cache.ts'

/** A visit of a tab as Chromium makes it. */
export interface Navigation {
  /** Chromium's name for all of its requests. */
  readonly requestId: string
  /** What was asked, in order: the first address, then where each redirect led. */
  readonly hops: Hop[]
  /** `pending` until the page is replaced, `shown` until its load event. */
  state: 'pending' | 'shown' | 'loaded' | 'failed' | 'same-page'
  /** Chromium's reason when it failed. */
  error: string | null
  /** Of the last answer, when one came. */
  contentType: string | undefined
}

/** One request of a visit. */
export interface Hop {
  readonly method: string
  readonly url: string
  fromCache: boolean
}

/** All visits of one tab, by what the DevTools protocol tells. */
export interface Navigations {
  /** Listens from now on. */
  begin(): Promise<void>
  /** How many began so far, for since(). */
  count(): number
  /** Those that began after so many others. */
  since(count: number): readonly Navigation[]
  /** The one whose answer is being waited for. Chromium runs nothing in the tab's page meanwhile. */
  pending(): Navigation | null
  /** How many requests for another page were made by the page itself and have not left yet. */
  requested(): number
  /** How many files the page itself asked to save: a link with `download`. */
  filesRequested(): number
  /** Calls whenever something changes, until the function that it returns is called. */
  onChange(listener: () => void): () => void
}

/** Follows the visits of a tab's main frame. */
export function trackNavigations(session: CDPSession, tab: Tab): Navigations {
  const all: Navigation[] = []
  const byLoader = new Map<string, Navigation>()
  const listeners = new Set<() => void>()
  let main = ''
  let requested = 0
  let filesRequested = 0
  const changed = () => [...listeners].forEach((listener) => listener())
  const add = (navigation: Navigation) => {
    all.push(navigation)
    requested = 0
    return navigation
  }
  const settle = (loaderId: string, change: Partial<Navigation>) => {
    const navigation = byLoader.get(loaderId)
    if (!navigation || navigation.state === 'failed') return
    Object.assign(navigation, change)
    changed()
  }

  session.on('Network.requestWillBeSent', (event) => {
    const { requestId, loaderId, frameId, request, redirectResponse, type } = event
    // What speculation rules fetch in advance is told of as a visit is, but nobody goes there.
    if (requestId !== loaderId || frameId !== main || type === 'Prefetch') return
    const hop = { method: request.method, url: request.url, fromCache: false }
    const known = byLoader.get(loaderId)
    const last = known?.hops.at(-1)
    if (last && redirectResponse) last.fromCache = isFromCache(redirectResponse, type)
    if (known) known.hops.push(hop)
    else byLoader.set(loaderId, add(begun(requestId, hop)))
    changed()
  })
  session.on('Network.responseReceived', ({ requestId, response, type }) => {
    const navigation = byLoader.get(requestId)
    const last = navigation?.hops.at(-1)
    if (!navigation || !last) return
    last.fromCache = isFromCache(response, type)
    navigation.contentType = response.headers['content-type'] ?? response.headers['Content-Type']
  })
  session.on('Network.loadingFailed', ({ requestId, errorText }) => {
    if (byLoader.get(requestId)?.state === 'pending')
      settle(requestId, { state: 'failed', error: errorText })
  })
  session.on('Page.frameRequestedNavigation', ({ frameId, disposition, url }) => {
    if (frameId === main && disposition === 'download') filesRequested++
    if (frameId !== main || disposition !== 'currentTab' || !/^https?:/.test(url)) return
    requested++
    changed()
  })
  session.on('Page.frameClearedScheduledNavigation', ({ frameId }) => {
    if (frameId === main) requested = 0
    changed()
  })
  session.on('Page.frameNavigated', ({ frame, type }) => {
    const { id, loaderId, url } = frame
    // A visit that failed shows Chromium's own page.
    if (id !== main || frame.unreachableUrl !== undefined) return
    // Of about:blank and of a page that was kept whole no request is told.
    if (!byLoader.has(loaderId) || type === 'BackForwardCacheRestore') {
      const whole = type === 'BackForwardCacheRestore' ? 'loaded' : 'shown'
      const hop = { method: 'GET', url, fromCache: true }
      byLoader.set(loaderId, add({ ...begun(loaderId, hop), state: whole }))
    }
    settle(loaderId, byLoader.get(loaderId)!.state === 'pending' ? { state: 'shown' } : {})
  })
  session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
    if (frameId !== main) return
    add({ ...begun('', { method: 'GET', url, fromCache: true }), state: 'same-page' })
    changed()
  })
  session.on('Page.lifecycleEvent', ({ frameId, loaderId, name }) => {
    if (frameId === main && name === 'load') settle(loaderId, { state: 'loaded' })
  })

  return {
    async begin() {
      const [{ frameTree }] = await Promise.all([
        session.send('Page.getFrameTree'),
        session.send('Page.enable'),
        session.send('Page.setLifecycleEventsEnabled', { enabled: true }),
      ])
      main = frameTree.frame.id
    },
    count: () => all.length,
    since: (count) => all.slice(count),
    pending() {
      const last = all.findLast(({ state }) => state !== 'same-page')
      return last?.state === 'pending' && !tab.isClosed() ? last : null
    },
    requested: () => requested,
    filesRequested: () => filesRequested,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function begun(requestId: string, hop: Hop): Navigation {
  return { requestId, hops: [hop], state: 'pending', error: null, contentType: undefined }
}
