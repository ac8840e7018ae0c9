import type { PageObservation } from '../../../grader/index.ts'
import type { Judgement } from '../request/judge-request.ts'
import { count, html, type Html } from '../../ui/html.ts'
import { judgedSideBySide, type Judged } from '../judged.ts'
import { visible } from '../../ui/visible.ts'

export interface ResponseVerdicts {
  readonly bytes: Uint8Array
  /** Where the bytes are the answer. */
  readonly address: string
  /** The page that asks there by fetch(), and reports what came. */
  readonly probe: string
  /** What Chromium made of it; null where none is at hand. */
  readonly look: PageObservation | null
  readonly strict: Judgement
}

/**
 * What the reader's own browser, Chromium and a strict reader make of the same answer. The first is
 * told by a script, once its two frames are here.
 */
export function responseVerdicts({ bytes, address, probe, look, strict }: ResponseVerdicts): Html {
  const byFetch = html`<section class="judged waiting" id="by-fetch"><h3>Your browser</h3>
<p><strong>Asking.</strong> <span></span></p>
<p class="legend">The same, opened as a page</p>
<iframe class="shown" src="${address}" sandbox title="The response, opened as a page"></iframe>
<iframe class="probe" src="${probe}" tabindex="-1" aria-hidden="true" title="fetch()"></iframe></section>`
  return judgedSideBySide(
    `${count(bytes.length, 'byte')} sent.`,
    [byReader(bytes, strict), ...(look ? [byChromium(look)] : [])],
    byFetch,
  )
}

function byChromium({ status, error, text }: PageObservation): Judged {
  const who = 'The grader’s Chromium'
  const read = status === null ? 'It could not read a status.' : `It read status ${status}`
  if (error === null)
    return {
      who,
      verdict: 'accepted',
      word: 'Shows it.',
      say: `${read}${text.trim() === '' ? ', and the page is empty.' : `, and the page says “${visible(text.trim())}”.`}`,
    }
  if (error === 'ERR_ABORTED')
    return {
      who,
      verdict: 'waiting',
      word: 'Shows no page.',
      say: `${read}: without content, or with a file to keep, a browser stays where it was.`,
    }
  return {
    who,
    verdict: 'refused',
    word: `${error}.`,
    say: status === null ? read : `${read}, and failed later.`,
  }
}

function byReader(bytes: Uint8Array, { verdict, say, at }: Judgement): Judged {
  const label = at === undefined ? 'What was sent' : 'What was sent, and where it stops'
  return {
    who: 'A strict reader',
    verdict,
    word: verdict === 'accepted' ? 'Accepts it.' : 'Refuses it.',
    say,
    bytes,
    label,
    ...(at !== undefined && { at }),
  }
}
