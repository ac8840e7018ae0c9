import { join } from 'node:path'
import { Router, type Request } from 'express'
import { findExercise } from '../../course/find.ts'
import { ensureWork } from '../../course/work/work-folder.ts'
import { sendPage, siteFor, wantsJson, type AppContext } from '../http/app-context.ts'
import type { OpenInEditor } from './editor/open-in-editor.ts'
import { notFound } from '../http/page-error.ts'
import { messagePage } from '../ui/message-page.ts'

/**
 * Opens the learner's files in their own editor. Only what the exercise itself lists is ever
 * opened.
 */
export function openRoutes(context: AppContext, openInEditor: OpenInEditor): Router {
  const router = Router()
  router.post('/exercises/:id/open', async (request: Request<{ id: string }>, response) => {
    const exercise = findExercise(context.course, request.params.id)?.exercise
    if (!exercise) throw notFound('The course has no such exercise.')
    const { dir } = ensureWork(exercise, context.paths)
    const editor = await openInEditor(exercise.files.map((name) => join(dir, name)))
    const text = `Opened in ${editor}.`
    const back = { address: `/exercises/${exercise.id}`, label: 'Back to the exercise' }
    if (wantsJson(request)) return void response.json({ say: text })
    await sendPage(
      response,
      messagePage({ title: exercise.title, text, site: siteFor(context, request), back }),
    )
  })
  return router
}
