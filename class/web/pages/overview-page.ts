import { count, html, moment, visible, type Html, type Site } from '../../../server/for-class.ts'
import type { Health } from '../../health/health.ts'
import { classPage } from './class-layout.ts'

export interface OverviewPage {
  readonly site: Site
  readonly health: Health
  titleOf(exerciseId: string): string
}

/** A queue this old is worth an alert. */
const LONG_SECONDS = 120

/** The teacher's first page: how the gradings are going, and what to do when they are not. */
export function overviewPage({ site, health, titleOf }: OverviewPage): Html {
  const { learners, activeToday, waiting, grading, errored, workers } = health
  const oldest = waitedSeconds(health)
  return classPage({
    title: 'Class',
    site,
    tab: '/class',
    refresh: 15,
    body: html`${alertFor(health, oldest)}
<dl class="figures">
<div><dt>Learners</dt><dd>${learners}</dd></div>
<div><dt>Active in the last day</dt><dd>${activeToday}</dd></div>
<div><dt>Waiting to be graded</dt><dd>${waiting.untimed + waiting.timed}</dd></div>
<div><dt>The oldest has waited</dt><dd>${oldest === null ? '–' : span(oldest)}</dd></div>
<div><dt>Being graded</dt><dd>${grading}</dd></div>
<div><dt>Workers</dt><dd>${workers.filter(({ isAlive }) => isAlive).length}</dd></div>
</dl>
${learners === 0 && html`<p><a class="button" href="/class/people">Add your learners</a></p>`}
<h2>Workers</h2>
${
  workers.length === 0
    ? html`<p>No worker is running. Start one: <code>npm run worker</code></p>`
    : html`<ul class="plain-list">${workers.map(
        ({ host, slots, isAlive, seenAt }) =>
          html`<li><code>${host}</code>: ${count(slots.untimed, 'slot')}, and ${slots.timed} for exercises that take long; ${isAlive ? 'running' : html`not heard of since ${moment(seenAt)}`}</li>
`,
      )}</ul>`
}
<h2>Could not be judged</h2>
${
  errored.length === 0
    ? html`<p>Nothing in the last week.</p>`
    : html`<p>This is not the learners’ fault, and it counts as no attempt.</p><ul class="plain-list">${errored.map(
        ({ submissionId, name, exerciseId, trouble }) =>
          html`<li><a href="/class/submissions/${submissionId}"><bdi>${name}</bdi>, ${titleOf(exerciseId)}</a>: ${visible(trouble)}</li>
`,
      )}</ul>`
}`,
  })
}

function span(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : count(Math.round(seconds / 60), 'minute')
}

function waitedSeconds({ oldestWaitingSince }: Health): number | null {
  if (oldestWaitingSince === null) return null
  return Math.max(0, Math.round((Date.now() - Date.parse(oldestWaitingSince)) / 1000))
}

function alertFor({ waiting, workers }: Health, oldest: number | null): Html | false {
  const waits = waiting.untimed + waiting.timed > 0
  if (waits && !workers.some(({ isAlive }) => isAlive))
    return html`<p class="alert" role="alert">No worker is running, so nothing is graded. Start one: <code>npm run worker</code></p>`
  if (oldest !== null && oldest > LONG_SECONDS)
    return html`<p class="alert" role="alert">The oldest submission has been waiting for ${span(oldest)}. A further worker helps: <code>npm run worker</code> on another machine, with the same <code>DATABASE_URL</code>.</p>`
  return false
}
