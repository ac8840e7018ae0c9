import { Router, type Request } from 'express'
import { findExercise, type FoundExercise } from '../../../course/find.ts'
import { PageError, notFound, sendPage } from '../../../server/for-class.ts'
import { checksVersion } from '../../queue/checks-version.ts'
import { publishRegrade, regradeTable, type Which } from '../../queue/regrade.ts'
import type { ClassContext } from '../class-context.ts'
import { regradePage } from '../pages/regrade-page.ts'
import type { Regrades } from './regrades.ts'
import { textField } from '../text-field.ts'

/** Judging an exercise again by the checks as they are now, and letting that count. */
export function regradeRoutes(context: ClassContext, regrades: Regrades): Router {
  const { pool, course } = context
  const router = Router()

  router.get('/class/regrade', async (request, response) => {
    const site = context.siteFor(request)
    const exercises = await submittedExercises()
    const asked = queryText(request, 'exercise')
    if (asked === '') return sendPage(response, regradePage({ site, exercises, chosen: undefined }))
    const { exercise } = foundOf(asked)
    const which = whichOf(queryText(request, 'which'))
    const version = await checksVersion(exercise)
    const chosen = {
      exerciseId: exercise.id,
      title: exercise.title,
      which,
      version,
      // Asked before the table is read, or its last row could be missing from a table that is over.
      ...regrades.stateOf(exercise.id, which),
      rows: await regradeTable({ pool }, exercise.id, version, which),
      waiting: await waitingFor(exercise.id, version),
      isStarted: queryText(request, 'started') !== '',
    }
    const done = queryText(request, 'published')
    const notice = /^\d{1,9}$/.test(done) ? Number(done) : undefined
    await sendPage(response, regradePage({ site, exercises, chosen, published: notice }))
  })

  router.post('/class/regrade', (request, response) => {
    const found = foundOf(textField(request, 'exercise'))
    const which = whichOf(textField(request, 'which'))
    regrades.start(found, which)
    response.redirect(303, `${addressOf(found, which)}&started=yes`)
  })

  router.post('/class/regrade/publish', async (request, response) => {
    const found = foundOf(textField(request, 'exercise'))
    const which = whichOf(textField(request, 'which'))
    const version = await checksVersion(found.exercise)
    if (textField(request, 'version') !== version)
      throw new PageError(
        409,
        'Nothing was published: the checks have changed since that table. Regrade again.',
      )
    if (textField(request, 'sure') !== 'yes')
      throw new PageError(422, 'Nothing was published: tick the box to confirm.')
    const changed = await publishRegrade({ pool }, found.exercise.id, version)
    await showAnew(found.exercise.id, version)
    response.redirect(303, `${addressOf(found, which)}&published=${changed}`)
  })

  /** The learners' pages read what counts now. */
  const showAnew = async (exerciseId: string, version: string): Promise<void> => {
    const { rows } = await pool.query<{ id: string; learnerId: string }>(
      `SELECT s.id, learner_id AS "learnerId" FROM submissions s
       JOIN judgements j ON j.submission_id = s.id AND j.current
       WHERE exercise_id = $1 AND checks_version = $2`,
      [exerciseId, version],
    )
    for (const { id, learnerId } of rows) await context.readAnew(learnerId, id)
  }

  /** Exercises that somebody submitted, in the course's order. */
  const submittedExercises = async () => {
    const { rows } = await pool.query<{ exerciseId: string; learners: number }>(
      `SELECT exercise_id AS "exerciseId", count(DISTINCT learner_id)::integer AS learners
       FROM submissions WHERE purpose = 'submit' AND state = 'judged' GROUP BY exercise_id`,
    )
    const learners = new Map(rows.map((row) => [row.exerciseId, row.learners]))
    return course.sections
      .flatMap(({ lessons }) => lessons.flatMap(({ exercises }) => exercises))
      .filter(({ id }) => learners.has(id))
      .map(({ id, title }) => ({ exerciseId: id, title, learners: learners.get(id)! }))
  }

  const waitingFor = async (exerciseId: string, version: string): Promise<number> => {
    const { rows } = await pool.query<{ waiting: number }>(
      `SELECT count(*)::integer AS waiting FROM pgboss.job AS job JOIN submissions s ON s.id = data ->> 'submission'
       WHERE job.state < 'completed' AND data ->> 'regrade' = $2 AND exercise_id = $1`,
      [exerciseId, version],
    )
    return rows[0]!.waiting
  }

  const foundOf = (id: string): FoundExercise => {
    const found = findExercise(course, id)
    if (!found) throw notFound(`No exercise is called “${id}”.`)
    return found
  }

  return router
}

function whichOf(text: string): Which {
  return text === 'best' ? 'best' : 'latest'
}

function queryText(request: Request, name: string): string {
  const value: unknown = request.query[name]
  return typeof value === 'string' ? value : ''
}

function addressOf({ exercise }: Pick<FoundExercise, 'exercise'>, which: Which): string {
  return `/class/regrade?exercise=${exercise.id}&which=${which}`
}
