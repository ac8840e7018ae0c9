import type { Request } from 'express'
import { npmRun } from '../../../course/command-line.ts'
import { html, moment, type Classroom, type PageTokens } from '../../../server/for-class.ts'
import { dueOf } from '../../assignments/assignments.ts'
import type { Queryable } from '../../database.ts'
import { visitorOf } from '../class-context.ts'

export interface ClassroomOptions {
  readonly pool: Queryable
  readonly origin: string
  readonly tokens: PageTokens
}

/** What the pages of a learner say about the class they are in. */
export function createClassroom(
  { pool, origin, tokens }: ClassroomOptions,
  learnerId: string,
): Classroom {
  return {
    submitCommand: ({ id }) => npmRun('submit', [id, '--to', origin]),
    async dueOf({ id }) {
      const due = await dueOf(pool, learnerId, id)
      if (!due) return undefined
      const { isOpen, isOver, opensAt, dueAt } = due
      if (!isOpen) return html`You can submit this from ${moment(opensAt!)} on.`
      if (dueAt === null) return undefined
      return isOver
        ? html`This was due on ${moment(dueAt)}. What you submit now is marked as late.`
        : html`Due on ${moment(dueAt)}.`
    },
    links(request: Request) {
      const { name, role } = visitorOf(request)
      return html`${role === 'teacher' && html`<a class="course-link class-link" href="/class">Class</a>`}
<form class="leave" method="post" action="/leave"><input type="hidden" name="token" value="${tokens.issueFor(request)}"><button type="submit">Leave<span class="sr-only"> as ${name}</span></button></form>`
    },
  }
}
