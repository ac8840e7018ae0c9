import { ActionFailed } from '../../../../types/errors.ts'
import type { Exchange } from '../../../../types/index.ts'
import { targetOf } from '../../../wire/find/find-exchange.ts'
import { evaluateInConsole } from '../ask-tab.ts'
import { bringToFront } from '../bring-to-front.ts'
import { lookAgain } from '../look-again.ts'
import type { TabAtWork } from '../tab-at-work.ts'
import type { Visits } from '../visit/visits.ts'
import { findInPage, type Found } from './find-element.ts'

/** An element that is there, visible and at rest. */
export type Place = Extract<Found, { problem: null }>

/** Acts on elements of a tab's page. */
export interface Actor {
  /**
   * Waits for the element: `visible`, at rest and not covered, or only `present`.
   * @throws ActionFailed where the learner's page does not have it, Error where the author's does
   * not, or there is no page.
   */
  find(call: Call, needs: 'visible' | 'present'): Promise<Place>
  /** What an expression gives in the page now; undefined when it gives nothing in time. */
  read(expression: string): Promise<unknown>
  /** Says that the element that is there does not let itself be used so. */
  refuse(call: Call, received: string): Error
}

/** What an author called, for sentences: `page.click('button')`. */
export interface Call {
  readonly name: string
  readonly selector: string
  /** Its stack names the author's line. */
  readonly at: Error
}

export function createActor(at: TabAtWork, visits: Visits): Actor {
  const { tab, session, navigations, ask } = at
  /** Where elements of the page that is shown were found: while it is left, it cannot be asked. */
  let known = new Map<string, Place>()
  let knownOf = navigations.count()

  const read = async (expression: string): Promise<unknown> => {
    const silence = { value: undefined }
    const result = await ask(
      () => evaluateInConsole(session, expression).catch(() => silence),
      silence,
    )
    return result.value
  }
  const look = async ({ selector }: Call, needs: string) =>
    (await read(`(${findInPage})(${JSON.stringify(selector)}, '${needs}')`)) as Found | undefined

  const refuse = ({ name, selector, at: called }: Call, received: string): Error => {
    // Said of the element: a sentence of its own names it.
    const lacks = received.replace(/^it /, `${selector} `)
    const page = shownAddress(tab.url(), visits.lastAddress())
    if (page === null)
      return mistake(called, `${name}: no page is open. Await page.open(…) before it.`)
    if (at.finders.isOrigin(page))
      return mistake(
        called,
        `${name}: ${lacks} on ${page}, a page of the exercise's own. Correct the selector, or that page.`,
      )
    return new ActionFailed(
      {
        claim: `the page at ${targetOf(page)} has ${wanted(name, selector)}`,
        expected: `a visible element that matches ${selector}`,
        received: `${lacks}${cameWith(visits.shown())}`,
      },
      visits.shown(),
    )
  }

  return {
    read,
    refuse,
    async find(call, needs) {
      const isLeaving = () => navigations.pending() !== null
      if (!isLeaving() && knownOf !== navigations.count()) known = new Map()
      knownOf = navigations.count()
      const before = known.get(call.selector)
      if (isLeaving() && before && needs === 'visible') return before
      let last: Found | undefined
      let place: Place | undefined
      await lookAgain(at, async () => {
        const found = await look(call, needs)
        place = found?.problem === null && isSame(found, last, needs) ? found : undefined
        last = found ?? last
        return place !== undefined || found?.problem === 'no-selector'
      })
      if (last?.problem === 'no-selector')
        throw mistake(call.at, `${call.name}: ${last.detail} Write a CSS selector.`)
      if (!place) throw refuse(call, whyNot(call.selector, last, navigations.pending()))
      known.set(call.selector, place)
      if (place.isHiddenTab) await ask(() => bringToFront(at.context, tab), undefined)
      return place
    },
  }
}

function isSame(found: Place, last: Found | undefined, needs: string): boolean {
  if (needs === 'present') return true
  return last?.problem === null && last.x === found.x && last.y === found.y
}

/** An error that says what the author wrote wrongly, with the place where it was written. */
export function mistake(called: Error, message: string): Error {
  const error = new TypeError(message)
  error.stack = `TypeError: ${message}\n${(called.stack ?? '').split('\n').slice(1).join('\n')}`
  return error
}

function shownAddress(url: string, last: string | null): string | null {
  if (/^https?:/.test(url)) return url
  return last !== null && /^https?:/.test(last) ? last : null
}

function wanted(name: string, selector: string): string {
  const what = /^page\.(\w+)/.exec(name)?.[1] ?? ''
  const purposes: Record<string, string> = {
    click: 'to click on',
    fill: 'to type into',
    press: 'to press a key on',
    check: 'to check',
    uncheck: 'to uncheck',
    selectOption: 'to choose from',
    setInputFiles: 'to choose files with',
  }
  return `${selector} ${purposes[what] ?? ''}`.trim()
}

function whyNot(
  selector: string,
  last: Found | undefined,
  pending: { hops: readonly { method: string; url: string }[] } | null,
): string {
  if (pending) {
    const { method, url } = pending.hops.at(-1)!
    return `the page was being left, because ${method} ${targetOf(url)} was not answered yet`
  }
  if (!last) return 'the page did not answer'
  switch (last.problem) {
    case 'missing':
      return `nothing matches ${selector}`
    case 'hidden':
      return `${last.detail} matches, but is not visible`
    case 'covered':
      return `it is there, but ${last.detail} covers it`
    default:
      return 'it is there, but did not come to rest'
  }
}

function cameWith(exchange: Exchange | null): string {
  if (!exchange) return ''
  const { request, response } = exchange
  const asked = `${request.method} ${request.target}`
  return response
    ? `; the page came as the answer to ${asked}: ${response.status} ${response.reason}`.trimEnd()
    : `; ${asked} was not answered`
}
