import type { Exercise } from '../../course/types.ts'
import { scenarioPictures } from '../../grader/report/svg/index.ts'
import type { Evidence, Report } from '../../grader/types/index.ts'
import type { LiveRun } from './runs.ts'
import { exchangeView } from './exchange.ts'
import { count, html, type Html } from '../ui/html.ts'
import { layout, type Site } from '../ui/layout.ts'
import { liveResults } from './live-results.ts'
import { reportView } from './report.ts'
import type { Standing } from './standing.ts'
import { moment } from '../ui/moment.ts'
import { pictureView } from './picture.ts'
import { visible } from '../ui/visible.ts'

/** A run that is kept: its whole report and everything that was recorded. */
export function runPage({
  site,
  report,
  evidence,
  exercise,
  above,
}: {
  site: Site
  report: Report
  evidence: readonly Evidence[]
  exercise: Exercise | undefined
  /** What anybody but the learner reads above it. */
  above?: Html | undefined
}): Html {
  const body = html`<div class="run-page">
${above}
<header><p class="eyebrow">${exercise ? html`<a href="/exercises/${exercise.id}">${exercise.title}</a>` : report.title}</p>
<h1>Run ${report.run}</h1>
<p class="facts">${moment(report.startedAt)}</p></header>
<section class="results" aria-labelledby="results"><h2 class="sr-only" id="results">Results</h2>${reportView(report)}</section>
${evidenceView(evidence, Date.parse(report.startedAt))}
</div>`
  return layout({
    title: `Run ${report.run}: ${report.title}`,
    site,
    kind: 'run',
    styles: workStyles,
    body,
  })
}

/** What a page with results and pictures is drawn by. */
export const workStyles = ['pictures.css', 'work.css'] as const

/**
 * A run that is under way, or one that was not kept. Follows it by script, or by reloading where
 * there is none.
 */
export function liveRunPage({
  site,
  run,
  standing,
}: {
  site: Site
  run: LiveRun
  standing: Standing | undefined
}): Html {
  const body = html`<div class="run-page">
<header><p class="eyebrow"><a href="/exercises/${run.exercise.id}">${run.exercise.title}</a></p>
<h1>Run ${run.id}</h1></header>
<p id="say" class="sr-only" role="status"></p>
<div id="connection" class="connection" role="alert" hidden></div>
<h2 class="sr-only">Results</h2>
${liveResults(run, site, standing)}
</div>`
  return layout({
    title: `Run ${run.id}: ${run.exercise.title}`,
    site,
    kind: 'run',
    script: 'exercise.js',
    styles: workStyles,
    body,
    ...(run.state !== 'over' && { refresh: 2 }),
  })
}

/**
 * What was recorded, scenario by scenario: drawn, every exchange byte for byte, and what the
 * program printed.
 */
export function evidenceView(evidence: readonly Evidence[], origin: number): Html | undefined {
  if (evidence.length === 0) return undefined
  return html`<section class="evidence" aria-labelledby="evidence"><h2 id="evidence">What was recorded</h2>
${evidence.map(
  (
    each,
    index,
  ) => html`<section class="scenario" id="scenario-${index + 1}"><h3>${visible(each.scenario)}</h3>
<p class="facts">${count(each.exchanges.length, 'exchange')}</p>
${each.remarks.map(({ say }) => html`<p class="because">Noticed: ${visible(say)}</p>`)}
${pictures(each, index, origin)}
${each.exchanges.map((exchange) => exchangeView(exchange, origin))}
${each.log.trim() !== '' && html`<details class="log"><summary>What your program printed</summary><pre tabindex="0"><code>${logLines(each.log)}</code></pre></details>`}
</section>`,
)}</section>`
}

/** A long one is folded; a link to the picture unfolds it. */
function pictures(evidence: Evidence, index: number, origin: number): Html[] {
  const names = ['Who said what', 'Connections']
  return scenarioPictures(evidence, index, origin).map((picture, number) => {
    const name = names[number]!
    return html`<details class="picture-fold"${picture.height <= tallest && html` open`}><summary>${name}</summary>${pictureView(picture, `${name}: ${evidence.scenario}`)}</details>`
  })
}

const tallest = 700

function logLines(log: string): string {
  return log
    .split(/\r?\n/)
    .map((line) =>
      visible(line.length > 2000 ? `${line.slice(0, 2000)} … ${line.length - 2000} more` : line),
    )
    .join('\n')
}
