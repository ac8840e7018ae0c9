import { html, moment, tokenField, type Html, type Site } from '../../../server/for-class.ts'
import type { Person } from '../../people/roster.ts'
import type { ListedSubmission } from '../../people/submissions-of.ts'
import { classPage } from './class-layout.ts'

export interface PersonPage {
  readonly site: Site
  readonly person: Person
  /** Newest first. */
  readonly submissions: readonly ListedSubmission[]
  titleOf(exerciseId: string): string
}

/** What somebody has handed in, and what can be done with what is kept of them. */
export function personPage({ site, person, submissions, titleOf }: PersonPage): Html {
  const { id, name, rosterId } = person
  return classPage({
    title: name,
    site,
    tab: '/class/people',
    body: html`${rosterId !== null && html`<p>Identifier: ${rosterId}</p>`}
<h2>Runs and submissions</h2>
${
  submissions.length === 0
    ? html`<p>Nothing yet.</p>`
    : html`<div class="wide" role="region" aria-label="Runs and submissions" tabindex="0"><table>
<thead><tr><th scope="col">When</th><th scope="col">Exercise</th><th scope="col">What</th><th scope="col">Result</th></tr></thead>
<tbody>${submissions.map(
        (each) =>
          html`<tr><td><a href="/class/submissions/${each.id}">${moment(each.submittedAt)}</a></td><td>${titleOf(each.exerciseId)}</td><td>${each.purpose === 'submit' ? 'Submission' : 'Run'}</td><td>${result(each)}${each.isLate && html` <span class="late">late</span>`}</td></tr>
`,
      )}</tbody></table></div>`
}
<h2>What is kept of <bdi>${name}</bdi></h2>
<p><a href="/class/people/${id}/export.json" download>Save everything as JSON</a></p>
<details><summary>Remove <bdi>${name}</bdi> from the class</summary>
<form method="post" action="/class/people/${id}/remove">${tokenField(site)}
<p>This removes the person with all submissions and files. It cannot be undone.</p>
<label for="name">Type the name to confirm</label>
<input id="name" name="name" autocomplete="off" required>
<button type="submit">Remove</button></form></details>`,
  })
}

function result({ state, verdict, passedChecks, totalChecks }: ListedSubmission): string {
  if (verdict === 'passed') return 'passed'
  if (verdict === 'failed') return `${passedChecks} of ${totalChecks}`
  return {
    judged: 'could not be judged',
    errored: 'could not be judged',
    superseded: 'replaced by a newer one',
    waiting: 'waiting',
    grading: 'being graded',
  }[state]
}
