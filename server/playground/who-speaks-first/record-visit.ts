import type { Evidence, Printed } from '../../../grader/types/index.ts'
import { startRecordedServer } from '../recorded-server.ts'
import { smallSite } from './small-site.ts'

/**
 * One visit of one browser to the small site, which is at an origin nobody was at before: nothing
 * of it is in any cache.
 */
export interface RecordedVisit {
  /** What the browser opens. */
  readonly url: string
  /**
   * Everything that was said, once the site has told its news and nothing more comes: at most 15
   * seconds after the start.
   */
  readonly recorded: Promise<Evidence>
  close(): Promise<void>
}

/**
 * So long without a byte, and a visit that has heard the news is over. The icon is asked for before
 * that.
 */
const QUIET_MS = 700
const MOST_MS = 15_000

export async function recordVisit(): Promise<RecordedVisit> {
  const printed: Printed[] = []
  const site = smallSite((text) => printed.push({ at: server.now(), text }))
  const server = await startRecordedServer((request, response) => site.answer(request, response))
  const url = `${server.url}/`
  const over = Promise.withResolvers<void>()
  let quiet: NodeJS.Timeout | undefined
  const most = setTimeout(over.resolve, MOST_MS)
  server.onTraffic(() => {
    clearTimeout(quiet)
    if (site.toldAll()) quiet = setTimeout(over.resolve, QUIET_MS)
  })
  const end = () => {
    clearTimeout(quiet)
    clearTimeout(most)
    over.resolve()
  }
  return {
    url,
    recorded: over.promise.then(() => {
      end()
      return {
        scenario: `Your browser opens ${url}`,
        recorded: {},
        exchanges: server.exchanges(),
        printed: [...printed],
        log: '',
        exit: null,
        remarks: [],
      }
    }),
    async close() {
      end()
      site.stop()
      await server.close()
    },
  }
}
