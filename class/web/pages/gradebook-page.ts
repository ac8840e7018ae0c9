import { html, type Html, type Site } from '../../../server/for-class.ts'
import { scoreOf, type Grade } from '../../gradebook/gradebook.ts'
import type { Column } from '../../gradebook/gradebook-csv.ts'
import type { Person } from '../../people/roster.ts'
import { classPage } from './class-layout.ts'

export interface GradebookPage {
  readonly site: Site
  readonly learners: readonly Person[]
  /** The exercises that are shown. */
  readonly columns: readonly Column[]
  /** Whether those are shown, too, that were neither assigned nor submitted. */
  readonly isWhole: boolean
  readonly grades: readonly Grade[]
  /** Where the next learners are; undefined on the last page. */
  readonly next?: string | undefined
}

/** The best submission of everybody for every exercise. */
export function gradebookPage(page: GradebookPage): Html {
  const { site, learners, columns, isWhole, grades, next } = page
  const best = new Map(grades.map((grade) => [`${grade.learnerId} ${grade.exerciseId}`, grade]))
  return classPage({
    title: 'Gradebook',
    site,
    tab: '/class/gradebook',
    body: html`<p>The best submission counts. <a href="/class/gradebook.csv?for=canvas">CSV for Canvas</a> · <a href="/class/gradebook.csv">CSV with every detail</a></p>
<p>${isWhole ? html`<a href="/class/gradebook">Leave out what was neither assigned nor submitted</a>` : html`Shown are the exercises that were assigned or submitted. <a href="/class/gradebook?exercises=all">Show all</a>`}</p>
<div class="wide" role="region" aria-label="Gradebook" tabindex="0"><table class="gradebook">
<thead><tr><th scope="col">Name</th><th scope="col">Passed</th>${columns.map(({ title, exerciseId }) => html`<th scope="col"><a href="/exercises/${exerciseId}">${title}</a> <a class="work" href="/class/work/${exerciseId}.tar.gz" download>files<span class="sr-only"> of ${title}</span></a></th>`)}</tr></thead>
<tbody>${learners.map((learner) => {
      const cells = columns.map(({ exerciseId }) => best.get(`${learner.id} ${exerciseId}`))
      const passed = cells.filter((grade) => grade?.verdict === 'passed').length
      return html`<tr><th scope="row"><a href="/class/people/${learner.id}"><bdi>${learner.name}</bdi></a></th><td>${passed}</td>${cells.map(cell)}</tr>
`
    })}</tbody>
</table></div>
${next !== undefined && html`<p><a href="${next}">The next learners</a></p>`}`,
  })
}

function cell(grade: Grade | undefined): Html {
  if (!grade) return html`<td></td>`
  const late = grade.isLate && html` <span class="late">late</span>`
  const words =
    grade.verdict === 'passed' ? 'passed' : `${grade.passedChecks} of ${grade.totalChecks}`
  return html`<td class="${grade.verdict}"><a href="/class/submissions/${grade.submissionId}" title="${`${scoreOf(grade)} of 100 points`}">${words}</a>${late}</td>`
}
