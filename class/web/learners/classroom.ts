import type { Request } from 'express'
import { npmRun } from '../../../course/command-line.ts'
import {
  PageError,
  html,
  moment,
  type Classroom,
  type PageTokens,
} from '../../../server/for-class.ts'
import { duesOf } from '../../assignments/assignments.ts'
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
  const dueOf = async (exerciseId: string) => (await duesOf(pool, learnerId)).get(exerciseId)
  return {
    submitCommand: ({ id }) => npmRun('submit', [id, '--to', origin]),
    async dueOf({ id }) {
      const due = await dueOf(id)
      if (!due) return undefined
      const { isOpen, isOver, opensAt, dueAt } = due
      if (!isOpen) return html`You can submit this from ${moment(opensAt!)} on.`
      if (dueAt === null) return undefined
      return isOver
        ? html`This was due on ${moment(dueAt)}. What you submit now is marked as late.`
        : html`Due on ${moment(dueAt)}.`
    },
    async requireOpen({ id }) {
      const due = await dueOf(id)
      if (due && !due.isOpen)
        throw new PageError(409, 'This exercise is not open yet. Nothing was submitted.')
    },
    links(request: Request) {
      const { name, role } = visitorOf(request)
      return html`${role === 'teacher' && html`<a class="course-link class-link" href="/class">Class</a>`}
<form class="leave" method="post" action="/leave"><input type="hidden" name="token" value="${tokens.issueFor(request)}"><button type="submit">Leave<span class="sr-only"> as ${name}</span></button></form>`
    },
  }
}
