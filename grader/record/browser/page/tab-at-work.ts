import type { BrowserContext, CDPSession, Page as Tab } from 'puppeteer'
import { BrowserDied } from '../../../types/errors.ts'
import { until } from '../../timing/deadline.ts'
import type { Visitor } from '../visitors.ts'
import { noticeInTab, type NoticedInTab } from './notice/notice-in-tab.ts'
import type { PageSurroundings } from './page-surroundings.ts'
import { trackNavigations, type Navigations } from './visit/navigations.ts'

/** A tab with what its parts share. */
export interface TabAtWork extends PageSurroundings {
  readonly tab: Tab
  readonly session: CDPSession
  readonly context: BrowserContext
  readonly noticed: NoticedInTab
  readonly navigations: Navigations
  /**
   * Everything asked of the tab goes through here: a dead browser is ours, a silent page is the
   * learner's.
   */
  ask<Value, Otherwise>(
    work: () => Promise<Value>,
    otherwise: Otherwise,
  ): Promise<Value | Otherwise>
  /** Waits until a change of the tab's visits makes it so; false when that did not come in time. */
  untilNavigation(isSo: () => boolean): Promise<boolean>
  /** The whole address of a path of the learner's program; any other address as it is. */
  whole(address: string): string
}

/** Opens a tab in a visitor's browser, and listens to all that it tells. */
export async function openTabAtWork(
  { context, newTab }: Visitor,
  surroundings: PageSurroundings,
): Promise<TabAtWork> {
  const { base, timeout } = surroundings
  const { tab, session } = await newTab()
  const navigations = trackNavigations(session, tab)
  const [noticed] = await Promise.all([
    noticeInTab(tab, session, context, surroundings),
    navigations.begin(),
  ])
  if (surroundings.slowdown !== undefined)
    await session.send('Emulation.setCPUThrottlingRate', { rate: surroundings.slowdown })
  const ask: TabAtWork['ask'] = async (work, otherwise) => {
    if (!context.browser().connected) throw new BrowserDied('the browser went away')
    if (noticed.gone() !== null) return otherwise
    try {
      return await timeout.within(work(), otherwise)
    } catch (error) {
      if (!context.browser().connected)
        throw new BrowserDied('the browser went away', { cause: error })
      // The reason why the answer will not come may arrive after the news that it will not.
      const isGone = noticed.gone() ?? (await until(500, () => noticed.gone() ?? undefined))
      if (isGone !== undefined) return otherwise
      throw error
    }
  }
  return {
    ...surroundings,
    tab,
    session,
    context,
    noticed,
    navigations,
    ask,
    async untilNavigation(isSo) {
      const { promise, resolve } = Promise.withResolvers<true>()
      const look = () => void (isSo() && resolve(true))
      const stop = navigations.onChange(look)
      look()
      return ask(() => promise, false).finally(stop)
    },
    whole: (address) => (/^(?:https?:|about:)/.test(address) ? address : base + address),
  }
}
