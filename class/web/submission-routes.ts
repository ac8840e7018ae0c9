import { Router, type Response } from 'express'
import {
  messagePage,
  sendPage,
  notFound,
  runPage,
  showSubmission,
  type AppContext,
  type Site,
} from '../../server/for-class.ts'
import { findExercise } from '../../course/find.ts'
import { decodeEvidence } from '../../grader/index.ts'
import { readRun } from '../../store/runs.ts'
import { ownerOf } from '../people/submissions-of.ts'
import type { ClassContext } from './class-context.ts'

/** What a learner handed in or ran, as the learner sees it, for a teacher. */
export function submissionRoutes(context: ClassContext): Router {
  const { pool } = context
  const router = Router()
  router.get('/class/submissions/:id', async (request, response) => {
    const { id } = request.params
    const owner = await ownerOf(pool, id)
    if (owner === undefined) throw notFound('No submission has this id.')
    const site = context.siteFor(request)
    if (await showSubmission(context.contextOf(owner), id, site, response)) return
    if (await showRun(context.contextOf(owner), id, site, response)) return
    const back = { address: `/class/people/${owner}`, label: 'Back to the learner' }
    const text = 'There is no verdict on this one.'
    await sendPage(response, messagePage({ title: 'Not judged', text, site, back }))
  })
  return router
}

async function showRun(
  { runs, paths, course }: AppContext,
  id: string,
  site: Site,
  response: Response,
): Promise<boolean> {
  await runs.find(id)
  const run = readRun(paths.runs, id)
  if (!run) return false
  const { report } = run
  const exercise = findExercise(course, report.exercise)?.exercise
  const evidence = decodeEvidence(run.evidence)
  await sendPage(response, runPage({ site, report, evidence, exercise }))
  return true
}
