import { join } from 'node:path'
import { Router } from 'express'
import { findExercise } from '../../course/find.ts'
import { misconceptionsOf } from '../../course/mutants/misconceptions.ts'
import { readOrdinaryFile } from '../../course/read/read-file.ts'
import type { Exercise } from '../../course/types.ts'
import type { WorkFile } from '../../course/work/work-folder.ts'
import { decodeEvidence } from '../../grader/index.ts'
import { sendPage, siteFor, type AppContext } from '../http/app-context.ts'
import { notFound } from '../http/page-error.ts'
import { nextExercise } from '../runs/standing.ts'
import { highlightedSide, plainSide } from '../ui/side.ts'
import type { WrongAnswer } from './misconceptions.ts'
import { submissionPage, type SubmittedFile } from './submission-page.ts'

/**
 * Submissions, kept for good. The reference solution is shown beside those that passed, and nowhere
 * else.
 */
export function submissionRoutes(context: AppContext): Router {
  const { course, store } = context
  const router = Router()

  router.get('/submissions/:id', async (request, response) => {
    const { id } = request.params
    const submission = /^[a-z0-9-]{1,64}$/.test(id) ? await store.submission(id) : undefined
    if (!submission) throw notFound('No submission has this id.')
    const { report, submittedAt, exerciseId, verdict } = submission
    const exercise = findExercise(course, exerciseId)?.exercise
    const unlocked = verdict === 'passed' ? exercise : undefined
    const page = submissionPage({
      site: siteFor(context, request, exerciseId),
      submittedAt,
      report,
      exercise,
      evidence: decodeEvidence((await store.submissionEvidence(id)) ?? '[]'),
      files: await Promise.all(submission.files.map((file) => submittedFile(file, unlocked))),
      misconceptions: unlocked ? await wrongAnswers(unlocked) : [],
      next: unlocked && nextExercise(context, unlocked, (await store.bestVerdicts()).values()),
    })
    await sendPage(response, page)
  })

  /** With those the learner met on the way, by the diagnoses of what was submitted before. */
  const wrongAnswers = async (exercise: Exercise): Promise<WrongAnswer[]> => {
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

  return router
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
