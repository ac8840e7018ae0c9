import { createHash } from 'node:crypto'
import type { CheckResult, GradeEvent, Report, CookieChart } from '../../grader/types/index.ts'
import { sayOf } from './say-of.ts'
import { recordedId, type LiveRun, type RunEvent } from './runs.ts'
import { checkView, outcomeWords, pendingCheck, seconds, type CheckContext } from './check.ts'
import { count, html, type Html } from '../ui/html.ts'
import { icon } from '../ui/icon.ts'
import { tokenField, type Site } from '../ui/layout.ts'
import { reportView, verdictWords } from './report.ts'
import { chart } from './cookie-chart.ts'
import { runHistory } from './run-history.ts'
import type { ReadStanding, Standing } from './standing.ts'
import { primaryAttribute, standingView, tabWords, wayOn } from './way-on.ts'
import { visible } from '../ui/visible.ts'

/**
 * A change of a page that shows a run: the element with this id is replaced, or put at the end of
 * `into` when it is not there.
 */
interface Patch {
  readonly target: string
  readonly into?: string
  readonly html: string
}

/** What an event changes in a page, and what a screen reader says about it. */
export interface Change {
  readonly patches: readonly Patch[]
  readonly say?: string
}

/** What `liveResults` needs of the standing: only a run that is over may have changed it. */
export async function standingAfter(
  run: LiveRun,
  readStanding: ReadStanding,
): Promise<Standing | undefined> {
  return run.state === 'over' ? readStanding(run) : undefined
}

/**
 * A run as far as it has come. A page that has it can be kept up to date by `changeFor` each later
 * event. `known`: where the learner is, for a run that is over.
 */
export function liveResults(run: LiveRun, site: Site, known: Standing | undefined): Html {
  const standing = run.state === 'over' ? known : undefined
  const report = reportOf(run)
  const of = <Type extends RunEvent['type']>(type: Type) =>
    run.events.filter((event) => event.type === type) as Extract<RunEvent, { type: Type }>[]
  return html`<div class="results" id="results" data-run="${run.id}" data-seen="${run.events.length}" data-over="${String(run.state === 'over')}" data-tab="${tabOf(run, report, standing)}"${standing && primaryAttribute(report, standing)}>
${
  report
    ? finished(run, report, standing)
    : html`<div class="run-head">${status(run.events.findLast(changesStatus), run)}${run.state !== 'over' && cancelForm(run, site)}</div>
${checkList(run)}`
}
<div id="waits">${!report && lastOfEach(of('progress')).map(waitView)}</div>
<ul class="notes" id="notes">${!report && of('repeated').map(repeatedNote)}</ul>
${!report && html`<ol class="live-wire" id="wire" aria-label="The newest requests">${of('exchange').slice(-wireRows).map(wireRow)}</ol>`}
</div>`
}

/** What an event of the run changes in a page that shows `liveResults` of everything before it. */
export async function changeFor(
  event: RunEvent,
  run: LiveRun,
  site: Site,
  readStanding: ReadStanding,
): Promise<Change> {
  switch (event.type) {
    case 'started':
      return {
        patches: [
          await patch(
            'results',
            liveResults(upTo(run, event), site, await standingAfter(run, readStanding)),
          ),
        ],
        say: `Started: ${count(event.checks.length, 'check')}.`,
      }
    case 'check':
      return {
        patches: [
          await patch(
            `check-${event.result.id}`,
            checkView(event.result, contextOf(run, event.result.id)),
          ),
        ],
        say: `${outcomeWords[event.result.outcome]}: ${event.result.title}.`,
      }
    case 'progress': {
      const say = sayOfWait(event, run)
      return {
        patches: [await patch(waitId(event.scenario), waitView(event), 'waits')],
        ...(say !== undefined && { say }),
      }
    }
    case 'exchange':
      return { patches: [await patch(`wire-${event.exchange}`, wireRow(event), 'wire')] }
    case 'repeated':
      return {
        patches: [await patch(repeatedId(event), repeatedNote(event), 'notes')],
        say: event.reason,
      }
    case 'finished':
      return { patches: [], say: `${verdictWords(event.report)}.` }
    case 'kept':
    case 'cancelled':
    case 'broken': {
      const standing = await readStanding(run)
      return {
        patches: [
          await patch('results', liveResults(run, site, standing)),
          ...(await afterwards(standing)),
        ],
        ...(event.type !== 'kept' && { say: sayOf(event) }),
      }
    }
    default:
      return {
        patches: [await patch('status', status(event, run))],
        ...(event.type === 'waiting' && { say: sayOf(event) }),
      }
  }
}

/** The report of a run that has come to one. */
export function reportOf(run: LiveRun): Report | undefined {
  return run.events.find((event) => event.type === 'finished')?.report
}

type Of<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>

/** The page shows the newest requests while they come; the run's own page has all. */
const wireRows = 6

/** What a page shows besides the results that a run has changed. */
function afterwards(standing: Standing): Promise<Patch[]> {
  return Promise.all([
    patch('standing', standingView(standing)),
    patch('history', runHistory(standing)),
  ])
}

function tabOf(run: LiveRun, report: Report | undefined, standing: Standing | undefined): string {
  if (!standing) return 'Running'
  if (!report) return run.events.at(-1)?.type === 'cancelled' ? 'Stopped' : 'Could not be checked'
  return tabWords(report, standing)
}

function finished(run: LiveRun, report: Report, standing: Standing | undefined): Html {
  const kept = run.events.find((event) => event.type === 'kept')
  return html`${reportView(report, standing && wayOn(report, standing))}
${kept?.warning !== undefined && html`<p class="error">The verdict was not saved. ${visible(kept.warning)}</p>`}
${kept && kept.warning === undefined && keptLinks(report, kept.submission)}`
}

/** Where a report that was kept can be found again. */
export function keptLinks(report: Report, submission: string | null): Html {
  return html`<p class="kept">${submission !== null && html`<a href="/submissions/${submission}">Your submission</a>`}
<a href="/runs/${report.run}">The whole run, with every byte</a></p>`
}

function checkList(run: LiveRun): Html {
  const started = run.events.find((event) => event.type === 'started')
  const results = resultsOf(run)
  return html`<ol class="checks">${(started?.checks ?? []).map((check) => {
    const result = results.get(check.id)
    return result ? checkView(result, contextOf(run, check.id)) : pendingCheck(check)
  })}</ol>`
}

function resultsOf(run: LiveRun): Map<string, CheckResult> {
  return new Map(
    run.events.flatMap((event) =>
      event.type === 'check' ? [[event.result.id, event.result] as const] : [],
    ),
  )
}

function contextOf(run: LiveRun, id: string): CheckContext {
  const checks = run.events.find((event) => event.type === 'started')?.checks ?? []
  const before = checks.slice(
    0,
    checks.findIndex((check) => check.id === id),
  )
  const results = resultsOf(run)
  return {
    run: recordedId(run),
    titleOf: (other) => checks.find((check) => check.id === other)?.title ?? other,
    before: before.flatMap((check) => results.get(check.id) ?? []),
  }
}

function changesStatus(event: RunEvent): boolean {
  return ['waiting', 'started', 'preparing', 'ready', 'cancelled', 'broken'].includes(event.type)
}

function status(event: RunEvent | undefined, run: LiveRun): Html {
  const share = event?.type === 'preparing' ? event.fraction : undefined
  const kind =
    event?.type === 'broken'
      ? 'errored'
      : event?.type === 'cancelled'
        ? 'skipped'
        : event?.type === 'waiting'
          ? 'waiting'
          : 'running'
  return html`<p class="status" id="status">${icon(kind)} <span>${sayOf(event)}${share !== undefined && html` <progress value="${share}" max="1"></progress>`}</span>${run.purpose === 'submit' && html` <span class="facts">to be submitted</span>`}</p>`
}

function cancelForm(run: LiveRun, site: Site): Html {
  return html`<form method="post" action="/api/runs/${run.id}/cancel" data-action="cancel">${tokenField(site)}<button type="submit">Stop</button></form>`
}

function waitView({ scenario, done, total, unit, chart: exhibit }: Of<'progress'>): Html {
  return html`<section class="wait" id="${waitId(scenario)}">
<p class="wait-title">${visible(scenario)} <span class="facts">${done} of ${total} ${unit}${exhibit && countdown(exhibit)}</span></p>
<progress value="${done}" max="${total}" aria-label="${done} of ${total} ${unit}"></progress>
${exhibit && chart(exhibit, { live: true })}
</section>`
}

/** Goes on counting by itself where there is a script. */
function countdown(exhibit: CookieChart): Html {
  const left = secondsLeft(exhibit)
  return html` <span class="countdown" data-left="${left.toFixed(1)}">${left > 0 ? `about ${Math.ceil(left)} s left` : 'about to end'}</span>`
}

/** By the newest request's time: that is when the event was made. */
function secondsLeft({ seconds, samples }: CookieChart): number {
  return Math.max(0, seconds - (samples.at(-1)?.at ?? 0))
}

const lastWords = 5

/**
 * Twice in a wait, so that a screen reader is not talking all the time: how long it is, and that it
 * ends soon.
 */
function sayOfWait(event: Of<'progress'>, run: LiveRun): string | undefined {
  if (!event.chart) return undefined
  const all = run.events.filter(
    (each) => each.type === 'progress' && each.scenario === event.scenario,
  ) as Of<'progress'>[]
  const before = all[all.indexOf(event) - 1]?.chart
  if (!before)
    return `${event.scenario}: about ${count(Math.ceil(secondsLeft(event.chart)), 'second')}.`
  return secondsLeft(event.chart) <= lastWords && secondsLeft(before) > lastWords
    ? `About ${lastWords} seconds left.`
    : undefined
}

function waitId(scenario: string): string {
  return `wait-${createHash('sha256').update(scenario).digest('hex').slice(0, 8)}`
}

function lastOfEach(events: readonly Of<'progress'>[]): Of<'progress'>[] {
  return [...new Map(events.map((event) => [event.scenario, event])).values()]
}

function wireRow({ exchange, summary, at }: Of<'exchange'>): Html {
  return html`<li id="wire-${exchange}"><span class="at">${seconds(at)}</span> <code>${visible(summary)}</code></li>`
}

function repeatedId(event: Of<'repeated'>): string {
  return `note-${waitId(event.scenario + event.reason)}`
}

function repeatedNote(event: Of<'repeated'>): Html {
  return html`<li id="${repeatedId(event)}">${visible(event.reason)}</li>`
}

/** The run as it was when this event was its newest. */
function upTo(run: LiveRun, event: GradeEvent): LiveRun {
  return { ...run, events: run.events.slice(0, run.events.indexOf(event) + 1) }
}

async function patch(target: string, view: Html, into?: string): Promise<Patch> {
  return { target, ...(into !== undefined && { into }), html: String(await view) }
}
