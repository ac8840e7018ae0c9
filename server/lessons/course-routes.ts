import { Router, type Request, type Response } from 'express'
import { placeId } from '../../course/paths.ts'
import { courseProgress } from '../../course/progress/progress.ts'
import type { Course } from '../../course/types.ts'
import {
  addressOfCourse,
  recordsOf,
  sendPage,
  siteFor,
  type AppContext,
} from '../http/app-context.ts'
import { renderMarkdown } from '../markdown/render-markdown.ts'
import { notFound } from '../http/page-error.ts'
import { coursePage } from './course-page.ts'
import { coursesPage } from './courses-page.ts'
import { html, raw } from '../ui/html.ts'

/** The course page, and a word about who serves it. */
export function courseRoutes(context: AppContext): Router {
  const { courses, paths } = context
  const [first, ...others] = courses
  const router = Router()

  const sendCourse = async (course: Course, request: Request, response: Response) => {
    const { parts } = await renderMarkdown(course.introduction)
    const introduction = html`${parts.map((part) => ('html' in part ? raw(part.html) : ''))}`
    const records = await recordsOf(context)
    const own = new Set(
      course.sections.flatMap(({ lessons }) =>
        lessons.flatMap(({ questions }) => questions.map(({ id }) => id)),
      ),
    )
    const toReview = records.answers.filter(
      ({ questionId, correct }) => !correct && own.has(questionId),
    ).length
    await sendPage(
      response,
      coursePage({
        site: siteFor(context, request),
        course,
        introduction,
        progress: courseProgress(course, records),
        toReview,
      }),
    )
  }

  router.get('/', (request, response) => sendCourse(first, request, response))

  router.get('/courses', async (request, response) => {
    const records = await recordsOf(context)
    const rows = courses.map((course) => ({
      course,
      address: addressOfCourse(course, courses),
      progress: courseProgress(course, records),
    }))
    await sendPage(response, coursesPage({ site: siteFor(context, request), rows }))
  })

  router.get('/courses/:id', async (request, response) => {
    const course = others.find(({ id }) => id === request.params.id)
    if (course) return sendCourse(course, request, response)
    if (first.id === request.params.id) return response.redirect(303, '/')
    throw notFound(
      `This server has no course “${request.params.id}”. All its courses are at /courses.`,
    )
  })

  // So that a second start on the same port can say who is there (see port-holder.ts), and a
  // command whether its links lead here.
  router.get('/api/server', (_request, response) => {
    response
      .set('Cache-Control', 'no-store')
      .json({ server: 'roundtrip', course: first.title, place: placeId(paths) })
  })

  return router
}
