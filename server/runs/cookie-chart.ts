import { chartPicture, chartSummary } from '../../grader/report/svg/index.ts'
import type { CookieChart } from '../../grader/types/index.ts'
import { html, type Html } from '../ui/html.ts'
import { drawn, alternativeTable } from './picture.ts'
import { visible } from '../ui/visible.ts'

/**
 * A cookie's life as a picture. The same stands beside it as a sentence and as a table; while it is
 * `live`, as one row per request.
 */
export function chart(
  exhibit: CookieChart,
  { live = false, id }: { live?: boolean; id?: string } = {},
): Html {
  const { label, expiry } = exhibit
  const picture = chartPicture(exhibit, { id: 'cookie-chart', live })
  return html`<figure class="cookie-chart"${id !== undefined && html` id="${id}"`}>
<figcaption>The life of <code>${visible(label)}</code>: ${chartSummary(exhibit, live)}</figcaption>
${drawn(picture)}
<p class="legend">${key('sent')} sent ${key('unsent')} not sent${expiry !== null && html` ${key('end')} end in the browser’s jar: ${expiry.toFixed(1)} s`}</p>
${live ? rows(exhibit) : alternativeTable(picture.alternative, 'Requests', { links: false })}
</figure>`
}

function key(kind: 'sent' | 'unsent' | 'end'): Html {
  const shapes = {
    sent: html`<line class="sent" x1="8" x2="8" y1="2" y2="14"/>`,
    unsent: html`<circle class="unsent" cx="8" cy="8" r="5"/>`,
    end: html`<line class="expiry" x1="8" x2="8" y1="0" y2="16"/>`,
  }
  return html`<svg class="picture key" width="16" height="16" aria-hidden="true">${shapes[kind]}</svg>`
}

function rows({ samples }: CookieChart): Html {
  return html`<ol class="request-rows">${samples.map(({ at, sent }) => html`<li><span class="at">${at.toFixed(1)} s</span> ${key(sent ? 'sent' : 'unsent')} ${sent ? 'sent' : 'not sent'}</li>`)}</ol>`
}
