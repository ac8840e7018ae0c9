import { join } from 'node:path'
import { Router, type Response } from 'express'
import { findExercise } from '../../course/find.ts'
import { misconceptionsOf } from '../../course/mutants/misconceptions.ts'
import { readOrdinaryFile } from '../../course/read/read-file.ts'
import type { Exercise } from '../../course/types.ts'
import type { WorkFile } from '../../course/work/work-folder.ts'
import { decodeEvidence } from '../../grader/index.ts'
import type { Submission } from '../../store/open-store.ts'
import { sendPage, siteFor, type AppContext } from '../http/app-context.ts'
import { notFound } from '../http/page-error.ts'
import { nextExercise } from '../runs/standing.ts'
import type { Html } from '../ui/html.ts'
import type { Site } from '../ui/layout.ts'
import { highlightedSide, plainSide } from '../ui/side.ts'
import type { WrongAnswer } from './misconceptions.ts'
import { submissionPage, type SubmittedFile } from './submission-page.ts'

/**
 * Submissions, kept for good. The reference solution is shown beside those that passed, and nowhere
 * else.
 */
export function submissionRoutes(context: AppContext): Router {
  const router = Router()
  router.get('/submissions/:id', async (request, response) => {
    const submission = await findSubmission(context, request.params.id)
    if (!submission) throw notFound('No submission has this id.')
    const site = siteFor(context, request, submission.exerciseId)
    await sendPage(response, await pageOf(context, submission, site))
  })
  return router
}

/**
 * Sends the page of a learner's submission to somebody else, with `above` before it. False when they
 * have none of this id.
 */
export async function showSubmission(
  context: AppContext,
  id: string,
  { site, above }: { readonly site: Site; readonly above: Html },
  response: Response,
): Promise<boolean> {
  const submission = await findSubmission(context, id)
  if (submission) await sendPage(response, await pageOf(context, submission, site, above))
  return submission !== undefined
}

async function findSubmission({ store }: AppContext, id: string): Promise<Submission | undefined> {
  return /^[a-z0-9-]{1,64}$/.test(id) ? store.submission(id) : undefined
}

async function pageOf(
  context: AppContext,
  submission: Submission,
  site: Site,
  above?: Html,
): Promise<Html> {
  const { course, store } = context
  const { id, report, submittedAt, exerciseId, verdict } = submission
  const exercise = findExercise(course, exerciseId)?.exercise
  const unlocked = verdict === 'passed' ? exercise : undefined
  return submissionPage({
    site,
    above,
    submittedAt,
    report,
    exercise,
    evidence: decodeEvidence((await store.submissionEvidence(id)) ?? '[]'),
    files: await Promise.all(submission.files.map((file) => submittedFile(file, unlocked))),
    misconceptions: unlocked ? await wrongAnswers(context, unlocked) : [],
    next: unlocked && nextExercise(context, unlocked, (await store.bestVerdicts()).values()),
  })
}

/** With those the learner met on the way, by the diagnoses of what was submitted before. */
async function wrongAnswers({ store }: AppContext, exercise: Exercise): Promise<WrongAnswer[]> {
  const summaries = await store.submissions(exercise.id)
  const submitted = await Promise.all(summaries.map(({ id }) => store.submission(id)))
  const reports = submitted.flatMap((each) => each?.report ?? [])
  const met = new Set(
    reports.flatMap(({ checks }) => checks.flatMap(({ diagnosis }) => diagnosis?.id ?? [])),
  )
  return misconceptionsOf(exercise).map((each) => ({
    ...each,
    met: met.has(each.id),
    changes: each.files.map(({ path, solution, mutant }) => ({
      path,
      reference: plainSide('Reference', solution),
      wrong: plainSide('Wrong', mutant),
    })),
  }))
}

async function submittedFile(
  { path, content }: WorkFile,
  unlocked: Exercise | undefined,
): Promise<SubmittedFile> {
  const own = await highlightedSide('Yours', path, content)
  // Only a name the exercise itself lists is ever joined to its folder.
  const known = unlocked?.files.find((name) => name === path)
  if (!unlocked || known === undefined) return { path, own }
  return {
    path,
    own,
    reference: await highlightedSide(
      'Reference',
      known,
      readOrdinaryFile(join(unlocked.dir, 'solution', known)),
    ),
  }
}
