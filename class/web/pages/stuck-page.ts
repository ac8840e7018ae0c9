import {
  beliefView,
  count,
  html,
  visible,
  type Html,
  type Site,
} from '../../../server/for-class.ts'
import type { StuckCheck } from '../../stuck-board/stuck-board.ts'
import { classPage } from './class-layout.ts'

/** A check that holds learners up, with the words that the course has for it. */
export interface NamedStuckCheck extends StuckCheck {
  readonly exerciseTitle: string
  /** What those who make this mistake believe; undefined where it was not recognized. */
  readonly misconception: string | undefined
}

export interface StuckPage {
  readonly site: Site
  readonly checks: readonly NamedStuckCheck[]
  readonly days: number
}

/** Which checks hold whom up, so that a teacher sees where to help first. */
export function stuckPage({ site, checks, days }: StuckPage): Html {
  return classPage({
    title: 'Who is stuck',
    site,
    tab: '/class/stuck',
    refresh: 30,
    body: html`<p>The first check that fails, of every exercise that somebody tried in the last ${count(days, 'day')} and has not passed.</p>
${checks.length === 0 ? html`<p>Nobody is stuck.</p>` : html`<ul class="stuck">${checks.map(item)}</ul>`}`,
  })
}

function item({ learners, exerciseId, exerciseTitle, checkTitle, misconception }: NamedStuckCheck) {
  return html`<li><h2>${visible(checkTitle)}</h2>
<p><a href="/exercises/${exerciseId}">${exerciseTitle}</a> · ${count(learners.length, 'learner')}</p>
${misconception !== undefined && html`<p class="misconception">They may believe: ${beliefView(misconception)}</p>`}
<ul>${learners.map(
    ({ id, name, submissionId, attempts, minutes }) =>
      html`<li><a href="/class/people/${id}"><bdi>${name}</bdi></a>: <a href="/class/submissions/${submissionId}">${count(attempts, 'attempt')}</a>${minutes >= 1 && ` in ${span(minutes)}`}</li>
`,
  )}</ul></li>
`
}

function span(minutes: number): string {
  if (minutes < 120) return count(Math.round(minutes), 'minute')
  return minutes < 48 * 60
    ? count(Math.round(minutes / 60), 'hour')
    : count(Math.round(minutes / 1440), 'day')
}
