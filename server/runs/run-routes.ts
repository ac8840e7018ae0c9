import { Router, type Request } from 'express'
import { findExercise } from '../../course/find.ts'
import { decodeEvidence } from '../../grader/index.ts'
import { isRunId, readRun } from '../../store/runs.ts'
import { sendPage, siteFor, wantsJson, type AppContext } from '../http/app-context.ts'
import { notFound } from '../http/page-error.ts'
import { streamRun } from './stream-run.ts'
import { recordedId, type LiveRun } from './runs.ts'
import { standingReader } from './standing.ts'
import { checkOrigin } from '../http/security/check-origin.ts'
import { reportOf, standingAfter } from './live-results.ts'
import { liveRunPage, runPage } from './run-page.ts'

/** A run's page, its stream of events, and stopping it. */
export function runRoutes(context: AppContext): Router {
  const { course, paths, runs } = context
  const router = Router()
  const readStanding = standingReader(context)

  router.get('/runs/:id', async (request, response) => {
    const { id } = request.params
    const live = await runs.find(id)
    const kept = isRunId(id) ? readRun(paths.runs, live ? recordedId(live) : id) : undefined
    if (kept) {
      const exercise = findExercise(course, kept.report.exercise)?.exercise
      const site = siteFor(context, request, kept.report.exercise)
      return sendPage(
        response,
        runPage({ site, report: kept.report, evidence: decodeEvidence(kept.evidence), exercise }),
      )
    }
    if (live)
      return sendPage(
        response,
        liveRunPage({
          site: siteFor(context, request, live.exercise.id),
          run: live,
          standing: await standingAfter(live, readStanding),
        }),
      )
    throw notFound(
      'No run has this id. Old runs that were not submitted are removed after a while.',
    )
  })

  router.get('/api/runs/:id', async (request, response) => {
    const run = await runs.find(request.params.id)
    response.set('Cache-Control', 'no-store')
    if (!run) return void response.status(404).json({ error: 'This server knows no such run.' })
    response.json(summaryOf(run))
  })

  router.get(
    '/api/runs/:id/events',
    checkOrigin(),
    async (request: Request<{ id: string }>, response) => {
      const run = await runs.find(request.params.id)
      if (!run) return void response.status(404).json({ error: 'This server knows no such run.' })
      const site = siteFor(context, request)
      streamRun({ run, runs, site, readStanding, request, response })
    },
  )

  router.post('/api/runs/:id/cancel', async (request: Request<{ id: string }>, response) => {
    const run = await runs.find(request.params.id)
    if (!run) return void response.status(404).json({ error: 'This server knows no such run.' })
    await runs.cancel(run.id)
    if (wantsJson(request)) return void response.json(summaryOf(run))
    response.redirect(303, `/runs/${run.id}`)
  })

  return router
}

function summaryOf(run: LiveRun) {
  return {
    run: run.id,
    exercise: run.exercise.id,
    purpose: run.purpose,
    state: run.state,
    verdict: reportOf(run)?.verdict ?? null,
  }
}
