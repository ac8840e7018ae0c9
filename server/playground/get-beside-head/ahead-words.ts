import { count } from '../../../course/count.ts'
import type { Exchange } from '../../../grader/types/index.ts'
import { LAMPS } from './catalogue.ts'

/** Whether a browser says that it loads this in advance (Fetch Metadata; `X-Moz` in old Firefox). */
export function isAhead({ request }: Exchange): boolean {
  return request.headers.some(
    ([name, value]) => /^(?:sec-purpose|purpose|x-moz)$/i.test(name) && /\bprefetch\b/i.test(value),
  )
}

/**
 * What came of a catalogue whose page asked browsers to load its links in advance: sentences.
 * `left`: how many of its lamps there still are.
 */
export function whatCameAhead(exchanges: readonly Exchange[], left: number): string {
  const ahead = exchanges.filter(isAhead)
  const refused = ahead.filter(({ response }) => response?.status === 405)
  if (ahead.length === 0)
    return (
      `Your browser loaded no link in advance, although the page asked for it, so ${lampsLeft(left)}. ` +
      'Chromium and Firefox usually do, and Safari only if you switch it on.'
    )
  const sent = `Your browser sent ${count(ahead.length, 'GET')} that nobody had clicked`
  return refused.length === ahead.length
    ? `${sent}. The server refused ${ahead.length === 1 ? 'it' : 'each'} with 405, so ${lampsLeft(left)}.`
    : `${sent}, and the server did what the links say. Now ${lampsLeft(left)}. ` +
        'Below, only Sec-Purpose tells these GETs from clicks.'
}

function lampsLeft(left: number): string {
  if (left === 0) return 'no lamp is left'
  if (left === LAMPS) return `all ${LAMPS} lamps are still there`
  return left === 1 ? '1 lamp is left' : `${left} lamps are left`
}
