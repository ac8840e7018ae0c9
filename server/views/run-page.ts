import type { Exercise } from '../../course/types.ts'
import type { Evidence, Report } from '../../grader/types.ts'
import type { LiveRun } from '../runs.ts'
import { exchangeView } from './exchange.ts'
import { count, html, type Html } from './html.ts'
import { layout, type Site } from './layout.ts'
import { liveResults } from './live-results.ts'
import { reportView } from './report.ts'
import { moment } from './moment.ts'
import { visible } from './visible.ts'

/** A run that is kept: its whole report and everything that was recorded. */
export function runPage({ site, report, evidence, exercise }: { site: Site; report: Report; evidence: readonly Evidence[]; exercise: Exercise | undefined }): Html {
  const body = html`<div class="run-page">
<header><p class="eyebrow">${exercise ? html`<a href="/exercises/${exercise.id}">${exercise.title}</a>` : report.title}</p>
<h1>Run ${report.run}</h1>
<p class="facts">${moment(report.startedAt)}</p></header>
<section class="results" aria-labelledby="results"><h2 class="sr-only" id="results">Results</h2>${reportView(report)}</section>
${evidenceView(evidence, Date.parse(report.startedAt))}
</div>`
  return layout({ title: `Run ${report.run}: ${report.title}`, site, kind: 'run', body })
}

/** A run that is under way, or one that was not kept. Follows it by script, or by reloading where there is none. */
export function liveRunPage({ site, run }: { site: Site; run: LiveRun }): Html {
  const body = html`<div class="run-page">
<header><p class="eyebrow"><a href="/exercises/${run.exercise.id}">${run.exercise.title}</a></p>
<h1>Run ${run.id}</h1></header>
<p id="say" class="sr-only" role="status"></p>
<div id="connection" class="connection" role="alert" hidden></div>
<h2 class="sr-only">Results</h2>
${liveResults(run, site)}
</div>`
  return layout({ title: `Run ${run.id}: ${run.exercise.title}`, site, kind: 'run', script: 'exercise.js', body, ...(run.state !== 'over' && { refresh: 2 }) })
}

/** What was recorded, scenario by scenario: every exchange, and what the program printed. */
export function evidenceView(evidence: readonly Evidence[], origin: number): Html | undefined {
  if (evidence.length === 0) return undefined
  return html`<section class="evidence" aria-labelledby="evidence"><h2 id="evidence">What was recorded</h2>
${evidence.map(
  ({ scenario, exchanges, log, remarks }) => html`<section class="scenario"><h3>${visible(scenario)}</h3>
<p class="facts">${count(exchanges.length, 'exchange')}</p>
${remarks.map(({ say }) => html`<p class="because">Noticed: ${visible(say)}</p>`)}
${exchanges.map((exchange) => exchangeView(exchange, origin))}
${log.trim() !== '' && html`<details class="log"><summary>What your program printed</summary><pre tabindex="0"><code>${logLines(log)}</code></pre></details>`}
</section>`,
)}</section>`
}

function logLines(log: string): string {
  return log.split(/\r?\n/).map((line) => visible(line.length > 2000 ? `${line.slice(0, 2000)} … ${line.length - 2000} more` : line)).join('\n')
}
