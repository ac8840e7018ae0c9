import type { CourseProgress } from '../../course/progress/progress.ts'
import type { Course } from '../../course/types.ts'
import { continueBox } from './course-page.ts'
import { html, type Html } from '../ui/html.ts'
import { layout, type Site } from '../ui/layout.ts'

export interface CourseRow {
  readonly course: Course
  readonly address: string
  readonly progress: CourseProgress
}

/** Every course on this server, with the way on in each. */
export function coursesPage({ site, rows }: { site: Site; rows: readonly CourseRow[] }): Html {
  const body = html`<div class="intro"><h1>All courses</h1></div>
${rows.map(
  ({ course, address, progress }) => html`<section class="section" aria-labelledby="${course.id}">
<h2 id="${course.id}"><a href="${address}">${course.title}</a></h2>
<p class="section-summary">${course.summary}</p>
${continueBox(progress)}
</section>`,
)}`
  return layout({ title: 'All courses', site, kind: 'course', body })
}
