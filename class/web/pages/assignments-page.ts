import { html, moment, tokenField, type Html, type Site } from '../../../server/for-class.ts'
import type { Assignment, Extension } from '../../assignments/assignments.ts'
import { toLocalInput } from '../../assignments/local-time.ts'
import type { Person } from '../../people/roster.ts'
import { classPage } from './class-layout.ts'

export interface AssignmentsPage {
  readonly site: Site
  readonly exercises: readonly { readonly exerciseId: string; readonly title: string }[]
  readonly assignments: readonly Assignment[]
  readonly extensions: readonly Extension[]
  readonly learners: readonly Person[]
  /** `Europe/Berlin`: the zone of all times on this page. */
  readonly timeZone: string
  /** ISO 8601: what the database's clock says. */
  readonly now: string
  readonly notice?: string | undefined
}

/** When which exercise is to be done, and who has longer. */
export function assignmentsPage(page: AssignmentsPage): Html {
  const { site, exercises, extensions, learners, timeZone, now, notice } = page
  const assigned = new Map(page.assignments.map((each) => [each.exerciseId, each]))
  const titles = new Map(exercises.map(({ exerciseId, title }) => [exerciseId, title]))
  return classPage({
    title: 'Assignments',
    site,
    tab: '/class/assignments',
    notice,
    body: html`<p>All times are in the server’s time zone, ${timeZone}, where it is now ${moment(now)}. What comes after a deadline is taken and marked as late. Before an exercise opens, nobody can submit it.</p>
<div class="wide" role="region" aria-label="Assignments" tabindex="0"><table>
<thead><tr><th scope="col">Exercise</th><th scope="col">Opens, and due</th></tr></thead>
<tbody>${exercises.map(({ exerciseId, title }) => {
      const { opensAt = null, dueAt = null } = assigned.get(exerciseId) ?? {}
      return html`<tr><th scope="row"><a href="/exercises/${exerciseId}">${title}</a></th>
<td><form method="post" action="/class/assignments/${exerciseId}" class="times">${tokenField(site)}
<label>Opens<span class="sr-only">: ${title}</span> <input type="datetime-local" name="opens" value="${toLocalInput(opensAt)}"></label>
<label>Due<span class="sr-only">: ${title}</span> <input type="datetime-local" name="due" value="${toLocalInput(dueAt)}"></label>
<button type="submit">Save<span class="sr-only"> the times of ${title}</span></button></form></td></tr>
`
    })}</tbody></table></div>
<h2>Extensions</h2>
<form method="post" action="/class/extensions" class="times">${tokenField(site)}
<label>Learner <select name="learner" required>${learners.map(({ id, name }) => html`<option value="${id}">${name}</option>`)}</select></label>
<label>Exercise <select name="exercise" required>${exercises.filter(({ exerciseId }) => assigned.get(exerciseId)?.dueAt).map(({ exerciseId, title }) => html`<option value="${exerciseId}">${title}</option>`)}</select></label>
<label>Until <input type="datetime-local" name="due" required></label>
<button type="submit">Give more time</button></form>
${
  extensions.length > 0 &&
  html`<ul class="extensions">${extensions.map(
    ({ learnerId, name, exerciseId, dueAt }) =>
      html`<li><bdi>${name}</bdi>, ${titles.get(exerciseId) ?? exerciseId}: until ${moment(dueAt)} <form method="post" action="/class/extensions">${tokenField(site)}<input type="hidden" name="learner" value="${learnerId}"><input type="hidden" name="exercise" value="${exerciseId}"><input type="hidden" name="due" value=""><button type="submit">Take back<span class="sr-only"> from ${name}</span></button></form></li>
`,
  )}</ul>`
}`,
  })
}
