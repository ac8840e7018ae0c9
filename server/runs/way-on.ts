import type { Exercise } from '../../course/types.ts'
import type { Report } from '../../grader/types/index.ts'
import { count, html, type Html } from '../ui/html.ts'
import { verdictWords } from './report.ts'
import { standingWords, type Standing } from './standing.ts'

/** After a verdict: what changed since the run before, and what to do next. */
export function wayOn(report: Report | undefined, standing: Standing): Html {
  const { state, passedSubmission, next } = standing
  const since = report && sinceLastRun(standing.before(report.run), report)
  return html`${since !== undefined && html`<p class="since">${since}</p>`}
${state === 'unsubmitted' && report?.verdict === 'passed' && html`<p class="way-on">Passed, but not submitted yet. Submit keeps your files for good and shows you the reference solution.</p>`}
${
  passedSubmission !== undefined &&
  html`<p class="way-on">${nextLink(next, primaryOf(report, standing) === 'next')} <a class="button" href="/submissions/${passedSubmission}">Compare with the reference solution</a></p>`
}`
}

/** A link to the exercise to go on with; words when every one is passed. */
export function nextLink(next: Exercise | null, primary: boolean): Html {
  return next
    ? html`<a class="button${primary && ' primary'}" href="/exercises/${next.id}">Next exercise: ${next.title}</a>`
    : html`<span>Every exercise of this course is passed.</span>`
}

/**
 * How the checks differ from those of the run before: "Since the last run: 2 pass now, 1 broke."
 * Undefined where the two cannot be compared.
 */
export function sinceLastRun(before: Report | undefined, now: Report): string | undefined {
  if (!before || before.verdict === 'errored' || now.verdict === 'errored') return undefined
  const passedBefore = new Set(passedChecks(before))
  const passedNow = new Set(passedChecks(now))
  const fixed = [...passedNow].filter((id) => !passedBefore.has(id)).length
  const broken = now.checks.filter(({ id }) => passedBefore.has(id) && !passedNow.has(id)).length
  const changes = [
    ...(fixed > 0 ? [count(fixed, 'passes now', 'pass now')] : []),
    ...(broken > 0 ? [`${broken} broke`] : []),
  ]
  return `Since the last run: ${changes.length > 0 ? changes.join(', ') : 'no check changed'}.`
}

function passedChecks({ checks }: Report): string[] {
  return checks.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id)
}

/** What the tab's title begins with: how the newest run ended, so that another tab can tell. */
export function tabWords(report: Report | undefined, { state }: Pick<Standing, 'state'>): string {
  if (report && report.verdict !== 'passed') return verdictWords(report)
  if (state === 'unsubmitted') return 'Passed, not submitted'
  return report || state === 'passed' ? 'Passed' : ''
}

/** The state of the exercise beside its title. */
export function standingView({ state }: Standing): Html {
  return html`<span id="standing" class="${state}">${standingWords[state]}</span>`
}

/** What to do next: the page's one primary button. */
export function primaryOf(
  report: Pick<Report, 'verdict'> | undefined,
  { state }: Standing,
): 'run' | 'submit' | 'next' {
  if (state === 'unsubmitted') return 'submit'
  return state === 'passed' && (!report || report.verdict === 'passed') ? 'next' : 'run'
}

/** The same for the script of the page. */
export function primaryAttribute(report: Report | undefined, standing: Standing): Html {
  return html` data-primary="${primaryOf(report, standing)}"`
}
