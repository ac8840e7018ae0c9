import type { ConsoleResult } from '../../../../types/index.ts'
import type { FetchInit } from '../../../../types/page.ts'
import type { Fetched } from '../../../../types/seen-by-browser.ts'
import { until, wheneverWithin } from '../../../timing/deadline.ts'
import { isAwaited } from '../../../wire/find/is-awaited.ts'
import { fetchInPage, type FetchedInPage } from './fetch-in-page.ts'
import type { TabAtWork } from '../tab-at-work.ts'

/** Has the page's script fetch an address, and gives what crossed the wire and what it saw. */
export async function fetchFromPage(
  { finders, noticed, giveUp, whole }: TabAtWork,
  evaluate: (expression: string) => Promise<ConsoleResult>,
  address: string,
  init: FetchInit,
): Promise<Fetched> {
  const url = whole(address)
  const takeNext = finders.fromNow()
  const failedBefore = noticed.failures.length
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
  const exchange = (await wheneverWithin(unseen, finders.onTraffic, () => take(method))) ?? null
  const preflight = (method === 'OPTIONS' ? undefined : take('OPTIONS')) ?? null
  if (exchange && isAwaited(exchange)) giveUp(exchange)
  // The network's reason and the script's error come by different ways.
  const failure =
    error === null
      ? undefined
      : await until(200, () =>
          noticed.failures.slice(failedBefore).find((each) => each.url === url),
        )
  return {
    exchange,
    preflight,
    seen: error ? null : (seen as Fetched['seen']),
    error,
    resolvedWith,
    networkError: failure?.network ?? null,
    corsError: failure?.cors ?? null,
  }
}
