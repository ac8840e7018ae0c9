import { Router } from 'express'
import { courseProgress } from '../../course/progress.ts'
import { sendPage, siteFor, type AppContext } from '../app-context.ts'
import { renderMarkdown } from '../markdown/render-markdown.ts'
import { coursePage } from '../views/course-page.ts'
import { html, raw } from '../views/html.ts'

/** The course page, and a word about who serves it. */
export function courseRoutes(context: AppContext): Router {
  const { course, store } = context
  const router = Router()

  router.get('/', async (request, response) => {
    const { parts } = await renderMarkdown(course.introduction)
    const introduction = html`${parts.map((part) => ('html' in part ? raw(part.html) : ''))}`
    const progress = courseProgress(course, store.records())
    await sendPage(response, coursePage({ site: siteFor(context, request), course, introduction, progress }))
  })

  // So that a second start on the same port can say who is there (see port-holder.ts).
  router.get('/api/server', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ server: 'roundtrip', course: course.title })
  })

  return router
}
