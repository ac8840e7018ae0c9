import { count, html, type Html } from '../ui/html.ts'
import { icon } from '../ui/icon.ts'
import { moment } from '../ui/moment.ts'
import type { Standing } from './standing.ts'

/** The runs of an exercise that are still kept, newest first, each with a link to its page. */
export function runHistory({ history, submitted }: Standing): Html {
  const shown = history.slice(0, MOST_SHOWN)
  return html`<details class="past" id="history"${shown.length === 0 && html` hidden`}><summary>${count(history.length, 'run')} so far</summary><ol>${shown.map(
    ({ run, startedAt, verdict, passedChecks, totalChecks }) =>
      html`<li>${icon(verdict)} <a href="/runs/${run}">${moment(startedAt)}</a> <span class="facts">${verdict === 'errored' ? 'could not be checked' : `${verdict === 'passed' ? 'passed' : 'not yet'}: ${passedChecks} of ${totalChecks}`}${submitted.has(run) && html` <span>submitted</span>`}</span></li>`,
  )}</ol></details>`
}

const MOST_SHOWN = 30
