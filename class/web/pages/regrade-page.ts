import { count, html, tokenField, type Html, type Site } from '../../../server/for-class.ts'
import type { RegradeRow, Score, Which } from '../../queue/regrade.ts'
import type { RegradeState } from '../teachers/regrades.ts'
import { classPage } from './class-layout.ts'

export interface RegradePage {
  readonly site: Site
  /** Those that somebody submitted. */
  readonly exercises: readonly {
    readonly exerciseId: string
    readonly title: string
    readonly learners: number
  }[]
  /** Undefined before one was chosen. */
  readonly chosen: ChosenRegrade | undefined
  /** So many submissions got another judgement just now. */
  readonly published?: number | undefined
}

export interface ChosenRegrade extends RegradeState {
  readonly exerciseId: string
  readonly title: string
  readonly which: Which
  /** Of the checks as they are now. */
  readonly version: string
  readonly rows: readonly RegradeRow[]
  /** So many are in line to be graded again. */
  readonly waiting: number
  /** The teacher has just started it. */
  readonly isStarted: boolean
}

/** Chooses what is judged again, shows what that changes, and lets it count. */
export function regradePage({ site, exercises, chosen, published }: RegradePage): Html {
  return classPage({
    title: 'Regrade',
    site,
    tab: '/class/regrade',
    notice: published === undefined ? undefined : publishedWords(published),
    ...(chosen && isUnderWay(chosen) && { refresh: 3 }),
    body: html`<p>When the checks of an exercise have changed, judge its submissions again. Nothing counts before you publish it, and what counted before is kept.</p>
${
  exercises.length === 0
    ? html`<p>Nobody has submitted anything yet.</p>`
    : html`<form method="get" action="/class/regrade" class="times">
<label>Exercise <select name="exercise" required>${exercises.map(({ exerciseId, title, learners }) => html`<option value="${exerciseId}"${exerciseId === chosen?.exerciseId && html` selected`}>${title} (${count(learners, 'learner')})</option>`)}</select></label>
<label>Of each learner <select name="which"><option value="latest">the newest submission</option><option value="best"${chosen?.which === 'best' && html` selected`}>the best submission</option></select></label>
<button type="submit">Show</button></form>`
}
${chosen && section(chosen, site)}`,
  })
}

function section(chosen: ChosenRegrade, site: Site): Html {
  const { title, rows, trouble } = chosen
  const pending = rows.filter(({ after }) => after === null)
  const started = isUnderWay(chosen) || (chosen.isStarted && rows.length > 0)
  return html`<h2>${title}</h2>
${trouble !== undefined && html`<p class="error" role="alert">The regrade stopped: ${trouble}</p>`}
<p>${standing(chosen, pending.length)}</p>
${!isUnderWay(chosen) && pending.length > 0 && form('/class/regrade', chosen, site, html`<button class="primary" type="submit">${started ? 'Go on with the rest' : `Judge ${count(pending.length, 'submission')} again`}</button>`)}
${pending.length === 0 && publishing(chosen, site)}
${table(rows)}`
}

function standing({ rows, waiting, isRunning }: ChosenRegrade, pending: number): string {
  if (rows.length === 0) return 'Nobody has submitted this exercise yet.'
  const judged = `${rows.length - pending} of ${rows.length} judged by the checks as they are now.`
  if (isRunning) return `${judged} What was recorded is being judged again.`
  if (waiting > 0)
    return `${judged} ${waiting === 1 ? 'One is' : `${waiting} are`} in line to be graded again, after everything that learners wait for.`
  return judged
}

/** What would change, and the button for it. */
function publishing(chosen: ChosenRegrade, site: Site): Html | false {
  const changes = chosen.rows.filter(differs)
  if (chosen.rows.length === 0) return false
  if (changes.length === 0) {
    const kept = chosen.rows.some(({ after }) => after?.verdict === 'errored')
    return html`<p>${kept ? 'Nothing else changes. What could not be judged keeps its verdict.' : 'Nothing changes: every verdict is what it was.'}</p>`
  }
  const better = changes.filter(({ before, after }) => shareOf(after!) > shareOf(before)).length
  const worse = changes.filter(({ before, after }) => shareOf(after!) < shareOf(before)).length
  return form(
    '/class/regrade/publish',
    chosen,
    site,
    html`<input type="hidden" name="version" value="${chosen.version}">
<p><label class="confirm"><input type="checkbox" name="sure" value="yes" required> Let the new verdicts count: ${better} better, ${worse} worse${changes.length > better + worse && `, ${changes.length - better - worse} with the same share of checks`}.</label></p>
<button class="primary" type="submit">Publish</button>`,
  )
}

function form(action: string, { exerciseId, which }: ChosenRegrade, site: Site, rest: Html): Html {
  return html`<form method="post" action="${action}">${tokenField(site)}<input type="hidden" name="exercise" value="${exerciseId}"><input type="hidden" name="which" value="${which}">${rest}</form>`
}

function table(rows: readonly RegradeRow[]): Html | false {
  if (rows.length === 0) return false
  const [changed, same] = [rows.filter(isOfNote), rows.filter((row) => !isOfNote(row))]
  return html`${changed.length > 0 && tableOf(changed, 'Before and after')}
${same.length > 0 && html`<details class="unchanged"><summary>${count(same.length, 'submission')} without a change</summary>${tableOf(same, 'Without a change')}</details>`}`
}

function tableOf(rows: readonly RegradeRow[], label: string): Html {
  return html`<div class="wide" role="region" aria-label="${label}" tabindex="0"><table>
<thead><tr><th scope="col">Name</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">Change</th></tr></thead>
<tbody>${rows.map(
    ({ learner, learnerId, submission, before, after }) =>
      html`<tr><th scope="row"><a href="/class/people/${learnerId}"><bdi>${learner}</bdi></a></th><td><a href="/class/submissions/${submission}">${words(before)}</a></td><td>${after === null ? 'not yet' : words(after)}</td><td>${changeOf(before, after)}</td></tr>
`,
  )}</tbody></table></div>`
}

function words({ verdict, passedChecks, totalChecks }: Score): string {
  if (verdict === 'errored') return 'could not be judged'
  return verdict === 'passed' ? 'passed' : `${passedChecks} of ${totalChecks}`
}

function changeOf(before: Score, after: Score | null): Html | string {
  if (after === null) return ''
  if (after.verdict === 'errored') return 'none: it keeps its verdict'
  const difference = shareOf(after) - shareOf(before)
  if (difference === 0) return 'none'
  return difference > 0
    ? html`<span class="better">better</span>`
    : html`<span class="worse">worse</span>`
}

/** A pass is more than any share of the checks. */
function shareOf({ verdict, passedChecks, totalChecks }: Score): number {
  return verdict === 'passed' ? 2 : passedChecks / Math.max(1, totalChecks)
}

function differs({ before, after }: RegradeRow): boolean {
  return (
    after !== null &&
    after.verdict !== 'errored' &&
    (words(before) !== words(after) || shareOf(before) !== shareOf(after))
  )
}

function isOfNote(row: RegradeRow): boolean {
  return row.after === null || row.after.verdict === 'errored' || differs(row)
}

function isUnderWay({ isRunning, waiting }: ChosenRegrade): boolean {
  return isRunning || waiting > 0
}

function publishedWords(changed: number): string {
  return changed === 0
    ? 'Nothing was left to publish.'
    : `Published: ${count(changed, 'submission')} ${changed === 1 ? 'counts' : 'count'} by the new verdict. The old ones are kept.`
}
