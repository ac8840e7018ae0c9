import { Router } from 'express'
import { glossaryOf } from '../../course/lessons/glossary.ts'
import { sendPage, siteFor, type AppContext } from '../http/app-context.ts'
import { glossaryPage } from '../lessons/glossary-page.ts'
import { reviewPage } from './review-page.ts'

/** What one comes back to after reading: the terms, and the questions that were missed. */
export function reviewRoutes(context: AppContext): Router {
  const { course, store } = context
  const router = Router()
  const terms = glossaryOf(course)
  const lessons = course.sections.flatMap((section) => section.lessons)

  router.get('/glossary', async (request, response) => {
    await sendPage(response, glossaryPage({ site: siteFor(context, request), terms }))
  })

  router.get('/review', async (request, response) => {
    const answers = await store.answers()
    const missed = await store.missedQuestions()
    const isRight = (id: string) =>
      answers.some((answer) => answer.questionId === id && answer.correct)
    const all = lessons
      .flatMap((lesson) => lesson.questions.map((question) => ({ question, lesson })))
      .filter(({ question }) => missed.includes(question.id))
    const page = reviewPage({
      site: siteFor(context, request),
      open: all.filter(({ question }) => !isRight(question.id)),
      corrected: all.filter(({ question }) => isRight(question.id)),
      answered: answers.find((answer) => answer.questionId === request.query['answered']),
    })
    await sendPage(response, page)
  })

  return router
}
