import { gunzipSync } from 'node:zlib'
import { Router, type Request, type Response } from 'express'
import { findExercise } from '../../../course/find.ts'
import { decodeEvidence } from '../../../grader/index.ts'
import {
  messagePage,
  notFound,
  runPage,
  sendPage,
  showSubmission,
  type AppContext,
} from '../../../server/for-class.ts'
import { decodeReport } from '../../../store/decode-report.ts'
import { readRun } from '../../../store/runs.ts'
import { submissionFacts, type SubmissionFacts } from '../../people/judgements-of.ts'
import type { ClassContext } from '../class-context.ts'
import { notJudgedWords, submissionHead } from '../pages/submission-head.ts'

/** What a learner handed in or ran, as the learner sees it, and everything it was ever judged. */
export function submissionRoutes(context: ClassContext): Router {
  const { pool, course } = context
  const router = Router()

  router.get('/class/submissions/:id', async (request, response) => {
    const { id } = request.params
    const facts = await factsOf(request)
    const site = context.siteFor(request)
    const above = submissionHead({
      id,
      facts,
      shown: facts.judgements.find(({ current }) => current),
    })
    const owner = context.contextOf(facts.learnerId)
    if (facts.purpose === 'submit' && (await showSubmission(owner, id, { site, above }, response)))
      return
    if (await showRun(owner, id, request, response, facts)) return
    const back = { address: `/class/people/${facts.learnerId}`, label: 'Back to the learner' }
    await sendPage(
      response,
      messagePage({ title: 'No verdict', text: notJudgedWords(facts), site, back }),
    )
  })

  router.get('/class/submissions/:id/judgements/:judgement', async (request, response) => {
    const facts = await factsOf(request)
    const { id, judgement } = request.params
    const shown = facts.judgements.find((each) => String(each.id) === judgement)
    if (!shown) throw notFound('This submission has no such judgement.')
    const { rows } = await pool.query<{ report: string; evidenceGz: Uint8Array }>(
      'SELECT report, evidence_gz AS "evidenceGz" FROM judgements WHERE id = $1',
      [shown.id],
    )
    const { report, evidenceGz } = rows[0]!
    const page = runPage({
      site: context.siteFor(request),
      above: submissionHead({ id, facts, shown }),
      report: decodeReport(report),
      evidence: decodeEvidence(evidenceGz.length === 0 ? '[]' : gunzipSync(evidenceGz).toString()),
      exercise: findExercise(course, facts.exerciseId)?.exercise,
    })
    await sendPage(response, page)
  })

  const factsOf = async (request: Request<{ id: string }>): Promise<SubmissionFacts> => {
    const facts = await submissionFacts(pool, request.params.id)
    if (!facts) throw notFound('No submission has this id.')
    return facts
  }

  const showRun = async (
    { runs, paths }: AppContext,
    id: string,
    request: Request,
    response: Response,
    facts: SubmissionFacts,
  ): Promise<boolean> => {
    const shown = facts.judgements.find(({ current }) => current)
    if (!shown) return false
    await runs.find(id)
    const run = readRun(paths.runs, id)
    if (!run) return false
    const { report } = run
    await sendPage(
      response,
      runPage({
        site: context.siteFor(request),
        above: submissionHead({ id, facts, shown }),
        report,
        evidence: decodeEvidence(run.evidence),
        exercise: findExercise(course, report.exercise)?.exercise,
      }),
    )
    return true
  }

  return router
}
