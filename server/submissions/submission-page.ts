import type { Exercise } from '../../course/types.ts'
import type { Evidence, Report } from '../../grader/types/index.ts'
import { diffView } from '../ui/diff.ts'
import { html, type Html } from '../ui/html.ts'
import { layout, type Site } from '../ui/layout.ts'
import { moment } from '../ui/moment.ts'
import { codeFigure, type Side } from '../ui/side.ts'
import { reportView, verdictLine } from '../runs/report.ts'
import { misconceptionsView, type WrongAnswer } from './misconceptions.ts'
import { evidenceView, workStyles } from '../runs/run-page.ts'
import { nextLink, tabWords } from '../runs/way-on.ts'

export interface SubmissionPage {
  readonly site: Site
  readonly submittedAt: string
  readonly report: Report
  readonly evidence: readonly Evidence[]
  readonly exercise: Exercise | undefined
  readonly files: readonly SubmittedFile[]
  /** What others get wrong here: given once this exercise was passed. */
  readonly misconceptions: readonly WrongAnswer[]
  /** After a pass, the exercise to go on with; null when every one is passed. */
  readonly next: Exercise | null | undefined
  /** What anybody but the learner reads above it. */
  readonly above?: Html | undefined
}

export interface SubmittedFile {
  readonly path: string
  readonly own: Side
  /** The reference solution's file of the same name: given once this exercise was passed. */
  readonly reference?: Side
}

/**
 * A submission: the verdict, the files as they were, and after a pass the reference solution beside
 * them.
 */
export function submissionPage({
  site,
  submittedAt,
  report,
  evidence,
  exercise,
  files,
  misconceptions,
  next,
  above,
}: SubmissionPage): Html {
  const compared = files.filter((file) => file.reference)
  const body = html`<div class="submission-page">
${above}
<header><p class="eyebrow">${exercise ? html`<a href="/exercises/${exercise.id}">${exercise.title}</a>` : report.title}</p>
<h1>Submission</h1>
${verdictLine(report)}
<p class="facts">Submitted on ${moment(submittedAt)}</p>
${!above && wayOn(next, site)}</header>
${
  compared.length > 0 &&
  html`<section aria-labelledby="comparison"><h2 id="comparison">Your solution and the reference</h2>
<p>The reference is one way of many. Look at where they differ, and decide which you would rather meet in a year.</p>
${compared.map(
  ({ path, own, reference }) => html`<h3><code>${path}</code></h3>${comparison(own, reference!)}
<details class="whole"><summary>The whole reference</summary>${codeFigure(reference!)}</details>`,
)}</section>`
}
${misconceptionsView(misconceptions)}
<section class="results" aria-labelledby="results-title"><h2 id="results-title">Results</h2>${reportView(report)}</section>
<section aria-labelledby="files"><h2 id="files">The files you submitted</h2>
${files.map(({ path, own }) => html`<details class="whole"><summary><code>${path}</code></summary>${codeFigure(own)}</details>`)}</section>
${evidenceView(evidence, Date.parse(report.startedAt))}
</div>`
  return layout({
    title: `Submission: ${report.title}`,
    tab: tabWords(report, { state: 'passed' }),
    site,
    kind: 'submission',
    styles: workStyles,
    body,
  })
}

function wayOn(next: Exercise | null | undefined, site: Site): Html | undefined {
  if (next === undefined) return undefined
  return html`<p class="way-on">${nextLink(next, true)}${!next && html` <a href="${site.courseAddress}">To the course</a>`}</p>`
}

function comparison(own: Side, reference: Side): Html {
  const same = own.lines.join('\n') === reference.lines.join('\n')
  return same
    ? html`<p class="because">Yours and the reference are the same, line for line.</p>`
    : diffView(own, reference)
}
