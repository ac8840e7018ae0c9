import { Router, type Request, type Response } from 'express'
import { findLesson, nearest } from '../../course/find.ts'
import { courseProgress } from '../../course/progress/progress.ts'
import type { Course, Lesson, Question } from '../../course/types.ts'
import { runsRevision } from '../../store/runs.ts'
import { recordsOf, siteFor, wantsJson, type AppContext } from '../http/app-context.ts'
import { createPageCache } from './page-cache.ts'
import { playgroundsElsewhere } from '../markdown/playgrounds-elsewhere.ts'
import { renderMarkdown, type RenderedMarkdown } from '../markdown/render-markdown.ts'
import { notFound, PageError } from '../http/page-error.ts'
import { allowFramesOf, PLAYGROUND_ORIGINS } from '../http/security/security-headers.ts'
import type { Site } from '../ui/layout.ts'
import { lessonPage } from './lesson-page.ts'
import { outcome } from '../ui/quiz.ts'

/** Lessons to read, how far they were read, and the answers to their questions. */
export function lessonRoutes(context: AppContext): Router {
  const { course, store, paths } = context
  const router = Router()
  const lessonsOf = ({ sections }: Course) => sections.flatMap((section) => section.lessons)
  const lessons = lessonsOf(course)
  const pages = createPageCache()
  const contents = new Map<Lesson, Promise<RenderedMarkdown>>()

  const lessonOf = (id: string): Lesson => {
    const found = findLesson(course, id)
    if (found) return found.lesson
    const suggestion = nearest(
      id,
      lessons.map((lesson) => lesson.id),
    )
    throw notFound(
      `No lesson is called “${id}”.${suggestion === undefined ? '' : ` Did you mean “${suggestion}”?`}`,
    )
  }

  router.get('/lessons/:id', async (request, response) => {
    const lesson = lessonOf(request.params.id)
    const content = await contentOf(lesson)
    if (content.playgrounds.length > 0) allowFramesOf(response, [PLAYGROUND_ORIGINS])
    const site = siteFor(context, request)
    const revision = [await store.revision(), runsRevision(paths.runs)]
    await pages.send(response, [lesson.id, site, revision], () => pageOf(lesson, content, site))
  })

  const pageOf = async (lesson: Lesson, content: RenderedMarkdown, site: Site) => {
    const { section } = findLesson(course, lesson.id)!
    const records = await recordsOf(context)
    const all = courseProgress(course, records).sections.flatMap((each) => each.lessons)
    const position = all.findIndex((each) => each.lesson === lesson)
    const own = lessonsOf(context.courses.find((each) => lessonsOf(each).includes(lesson))!)
    const isOpen = (id: string) =>
      all.some((each) => each.lesson.id === id && each.state !== 'done')
    return lessonPage({
      site,
      section,
      content,
      progress: all[position]!,
      answers: records.answers,
      needs: lessons.filter(({ id }) => lesson.needs.includes(id) && isOpen(id)),
      previous: own[own.indexOf(lesson) - 1],
      next: own[own.indexOf(lesson) + 1],
    })
  }

  const contentOf = (lesson: Lesson): Promise<RenderedMarkdown> => {
    const known = contents.get(lesson)
    if (known) return known
    const rendering = renderMarkdown(withoutTitle(lesson.markdown)).then((content) =>
      context.classroom ? playgroundsElsewhere(content) : content,
    )
    contents.set(lesson, rendering)
    rendering.catch(() => contents.delete(lesson))
    return rendering
  }

  router.post('/lessons/:id/read', async (request: Request<{ id: string }>, response) => {
    const lesson = lessonOf(request.params.id)
    const fraction: unknown = request.body?.fraction ?? 1
    if (typeof fraction !== 'number' || !(fraction >= 0 && fraction <= 1))
      throw new PageError(400, 'The fraction read is a number from 0 to 1.')
    await store.markLesson(lesson.id, fraction)
    if (wantsJson(request)) return void response.json({ fraction })
    response.redirect(303, `/lessons/${lesson.id}#lesson-end`)
  })

  router.post('/questions/:id/answer', async (request: Request<{ id: string }>, response) => {
    const lesson = lessons.find(({ questions }) =>
      questions.some(({ id }) => id === request.params.id),
    )
    const question = lesson?.questions.find(({ id }) => id === request.params.id)
    if (!lesson || !question) throw notFound(`No question is called “${request.params.id}”.`)
    await answer(question, lesson, request, response)
  })

  const answer = async (
    question: Question,
    lesson: Lesson,
    request: Request,
    response: Response,
  ) => {
    const given = String(request.body?.option ?? '')
    const option = /^\d{1,2}$/.test(given) ? question.options[Number(given)] : undefined
    if (!option) throw new PageError(400, 'Choose one of the answers first, then send it again.')
    await store.addAnswer({ questionId: question.id, option: option.text, correct: option.correct })
    const page =
      request.body?.from === 'review' ? `/review?answered=${question.id}` : `/lessons/${lesson.id}`
    if (!wantsJson(request)) return void response.redirect(303, `${page}#quiz-${question.id}`)
    response.json({
      correct: option.correct,
      outcome: String(await outcome(question, { option: option.text, correct: option.correct })),
    })
  }

  return router
}

/** The page has the title as its heading already. */
function withoutTitle(markdown: string): string {
  return markdown.replace(/^\s*# [^\n]*\n/, '')
}
