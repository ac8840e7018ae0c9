import type { Exercise, Lesson } from '../../course/types.ts'
import type { Report } from '../../grader/types/index.ts'
import { renderInline } from '../markdown/render-markdown.ts'
import type { LiveRun } from '../runs/runs.ts'
import { levels } from '../lessons/course-page.ts'
import { count, html, raw, type Html } from '../ui/html.ts'
import { icon } from '../ui/icon.ts'
import { layout, tokenField, type Site } from '../ui/layout.ts'
import { neighbours } from '../ui/neighbours.ts'
import { keptLinks, liveResults, reportOf } from '../runs/live-results.ts'
import { moment } from '../ui/moment.ts'
import { reportView } from '../runs/report.ts'
import { runHistory } from '../runs/run-history.ts'
import type { Standing } from '../runs/standing.ts'
import { primaryAttribute, primaryOf, standingView, tabWords, wayOn } from '../runs/way-on.ts'
import { workStyles } from '../runs/run-page.ts'
import { yourFile, type YourFile } from './your-file.ts'

export interface ExercisePage extends YourFile {
  readonly lesson: Lesson
  /** The task, rendered. */
  readonly task: Html
  /** What does in a terminal what the button does. */
  readonly command: string
  /** When the exercise is due, in a class. */
  readonly due: Html | undefined
  /** The places of the hints that were shown, in order. */
  readonly hintsShown: readonly number[]
  /** The run to follow, if one is under way or has ended a moment ago. */
  readonly live: LiveRun | undefined
  /** The newest run that was kept. */
  readonly last: Report | undefined
  readonly standing: Standing
  readonly submissions: readonly PastSubmission[]
  /** What a grading of this exercise takes, in seconds. */
  readonly seconds: number
  /** The exercises before and after this one, in the course's order. */
  readonly previous: Exercise | undefined
  readonly next: Exercise | undefined
}

interface PastSubmission {
  readonly id: string
  readonly submittedAt: string
  readonly verdict: Report['verdict']
  readonly passedChecks: number
  readonly totalChecks: number
  readonly run: string
}

/**
 * An exercise: the task, the learner's file, hints, the buttons that have it judged, and what was
 * found.
 */
export function exercisePage(page: ExercisePage): Html {
  const { site, exercise, lesson, task } = page
  const body = html`<div class="task" id="task" role="region" aria-label="The task" tabindex="0">
<header>
<p class="eyebrow"><a href="/lessons/${lesson.id}">${lesson.title}</a></p>
<h1>${exercise.title}</h1>
<p class="facts">${levels[exercise.level]} <span>about ${exercise.minutes} minutes</span> ${standingView(page.standing)}</p>
${page.due !== undefined && html`<p class="due">${page.due}</p>`}
</header>
<div class="prose">${task}</div>
${hints(exercise, page.hintsShown, site)}
${neighbours('exercise', page)}
</div>
<div class="work">
${yourFile(page)}
${runBar(page)}
${results(page)}
${past(page)}
${runHistory(page.standing)}
${reset(page)}
</div>`
  return layout({
    title: exercise.title,
    tab: tab(page),
    site,
    kind: 'exercise',
    script: 'exercise.js',
    firstScript: 'kept-layout.js',
    styles: workStyles,
    body,
    ...(page.live && page.live.state !== 'over' && { refresh: 3 }),
  })
}

/**
 * The hints shown so far and the button for the next one. What was not asked for is not in the
 * page.
 */
export function hints(
  { id, hints: all }: Exercise,
  places: readonly number[],
  site: Site,
): Html | undefined {
  if (all.length === 0) return undefined
  // An exercise may have lost one since it was shown.
  const texts = places.flatMap((place) => all[place]?.text ?? [])
  const shown = texts.length
  return html`<section class="hints" id="hints" aria-labelledby="hints-title"><h2 id="hints-title">Hints</h2>
${shown > 0 && html`<ol>${texts.map((hint) => html`<li tabindex="-1">${raw(renderInline(hint))}</li>`)}</ol>`}
${shown < all.length && html`<form method="post" action="/exercises/${id}/hints" data-action="hint">${tokenField(site)}<input type="hidden" name="count" value="${shown + 1}"><button type="submit">${shown === 0 ? `Show the first of ${count(all.length, 'hint')}` : `Show hint ${shown + 1} of ${all.length}`}</button></form>`}
</section>`
}

function runBar(page: ExercisePage): Html {
  const { exercise, live, last, site, command, standing, seconds } = page
  const busy = live !== undefined && live.state !== 'over'
  const primary = primaryOf(live ? reportOf(live) : last, standing)
  const button = (purpose: 'run' | 'submit', label: string) =>
    html`<form method="post" action="/exercises/${exercise.id}/${purpose}" data-action="start">${tokenField(site)}<button type="submit"${purpose === primary && html` class="primary"`}${busy && html` aria-disabled="true"`}>${label}</button></form>`
  return html`<section class="run-bar" aria-label="Run and submit">
${button('run', 'Run the checks')} ${button('submit', 'Submit')} <span class="keys"><kbd>Ctrl</kbd> <kbd>Enter</kbd> runs</span>
</section>
<p class="because">Takes about ${seconds} s. Submit also keeps your files for good; a pass shows you the reference solution. In a terminal: <code>${command}</code></p>
<p id="say" class="sr-only" role="status"></p>
<div id="connection" class="connection" role="alert" hidden></div>`
}

function results({ live, last, site, standing }: ExercisePage): Html {
  const heading = html`<h2 class="sr-only">Results</h2>`
  if (live) return html`${heading}${liveResults(live, site, standing)}`
  const attributes = html`class="results" id="results" data-tab="${tabWords(last, standing)}"${primaryAttribute(last, standing)}`
  if (last)
    return html`${heading}<div ${attributes}><p class="facts">Last run, ${moment(last.startedAt)}</p>${reportView(last, wayOn(last, standing))}${keptLinks(last, null)}</div>`
  // Left without a word in it, the place takes no room.
  return standing.passedSubmission === undefined
    ? html`<div ${attributes}></div>`
    : html`${heading}<div ${attributes}>${wayOn(undefined, standing)}</div>`
}

/** A run that is under way says so by the script, which follows it. */
function tab({ live, last, standing }: ExercisePage): string {
  return live ? '' : tabWords(last, standing)
}

function past({ submissions }: ExercisePage): Html | undefined {
  if (submissions.length === 0) return undefined
  return html`<section class="past" aria-labelledby="past-title"><h2 id="past-title">Submissions</h2><ol>${submissions.map(
    ({ id, submittedAt, verdict, passedChecks, totalChecks }) =>
      html`<li>${icon(verdict)} <a href="/submissions/${id}">${moment(submittedAt)}</a> <span class="facts">${verdict === 'errored' ? 'could not be checked' : `${verdict === 'passed' ? 'passed' : 'not yet'}: ${passedChecks} of ${totalChecks}`}</span></li>`,
  )}</ol></section>`
}

function reset({ exercise, file, site, isHere }: ExercisePage): Html {
  return html`<details class="reset"><summary>Start again from the stub</summary>
<p>${isHere ? 'Your files are copied beside the folder first, with the time in the copy’s name.' : 'Your files are copied first, and your teacher can give them back.'} Then <code>${file}</code> is the stub again.</p>
<form method="post" action="/exercises/${exercise.id}/reset">${tokenField(site)}<button type="submit">Reset</button></form></details>`
}
