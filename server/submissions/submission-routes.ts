import { extname, join } from 'node:path'
import { Router } from 'express'
import { findExercise } from '../../course/find.ts'
import { misconceptionsOf } from '../../course/misconceptions.ts'
import { exerciseAfter } from '../../course/next-exercise.ts'
import { readOrdinaryFile } from '../../course/read/read-file.ts'
import type { Exercise } from '../../course/types.ts'
import type { WorkFile } from '../../course/work/work-folder.ts'
import { decodeEvidence } from '../../grader/index.ts'
import { courseOf, sendPage, siteFor, type AppContext } from '../http/app-context.ts'
import { highlightLines } from '../markdown/highlight.ts'
import { notFound } from '../http/page-error.ts'
import type { Side } from '../ui/diff.ts'
import { plainSide } from '../exercises/plain-side.ts'
import type { WrongAnswer } from './misconceptions.ts'
import { submissionPage, type SubmittedFile } from './submission-page.ts'
import { visible } from '../ui/visible.ts'

/**
 * Submissions, kept for good. The reference solution is shown beside those that passed, and nowhere
 * else.
 */
export function submissionRoutes(context: AppContext): Router {
  const { course, store } = context
  const router = Router()

  router.get('/submissions/:id', async (request, response) => {
    const { id } = request.params
    const submission = /^[a-z0-9-]{1,64}$/.test(id) ? store.submission(id) : undefined
    if (!submission) throw notFound('There is no submission with this id.')
    const { report, submittedAt, exerciseId, verdict } = submission
    const exercise = findExercise(course, exerciseId)?.exercise
    const unlocked = verdict === 'passed' ? exercise : undefined
    const page = submissionPage({
      site: siteFor(context, request, exerciseId),
      submittedAt,
      report,
      exercise,
      evidence: decodeEvidence(store.submissionEvidence(id) ?? '[]'),
      files: await Promise.all(submission.files.map((file) => submittedFile(file, unlocked))),
      misconceptions: unlocked ? wrongAnswers(unlocked) : [],
      next: unlocked
        ? (exerciseAfter(courseOf(unlocked.id, context.courses), unlocked.id, passedExercises())
            ?.exercise ?? null)
        : undefined,
    })
    await sendPage(response, page)
  })

  const passedExercises = () =>
    new Set(
      [...store.bestVerdicts()].flatMap(([id, { verdict }]) => (verdict === 'passed' ? [id] : [])),
    )

  /** With those the learner met on the way, by the diagnoses of what was submitted before. */
  const wrongAnswers = (exercise: Exercise): WrongAnswer[] => {
    const reports = store
      .submissions(exercise.id)
      .flatMap(({ id }) => store.submission(id)?.report ?? [])
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
  const own = await side('Yours', path, content)
  // Only a name the exercise itself lists is ever joined to its folder.
  const known = unlocked?.files.find((name) => name === path)
  if (!unlocked || known === undefined) return { path, own }
  return {
    path,
    own,
    reference: await side(
      'Reference',
      known,
      readOrdinaryFile(join(unlocked.dir, 'solution', known)),
    ),
  }
}

async function side(title: string, path: string, content: Uint8Array): Promise<Side> {
  const lines = Buffer.from(content)
    .toString('utf8')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map(visible)
  return {
    title,
    lines,
    highlighted: await highlightLines(lines.join('\n'), extname(path).slice(1)),
  }
}
