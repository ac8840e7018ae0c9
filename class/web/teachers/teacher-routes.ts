import { pipeline } from 'node:stream/promises'
import { Router, type Request } from 'express'
import { allExercises, findExercise } from '../../../course/find.ts'
import { misconceptionsOf } from '../../../course/mutants/misconceptions.ts'
import { PageError, notFound, sendPage } from '../../../server/for-class.ts'
import { allWork } from '../../export/all-work.ts'
import {
  listAssignments,
  listExtensions,
  setAssignment,
  setExtension,
} from '../../assignments/assignments.ts'
import { fromLocalInput, serverTimeZone } from '../../assignments/local-time.ts'
import { canvasCsv, plainCsv, type Column } from '../../gradebook/gradebook-csv.ts'
import { exercisesInUse, readGrades } from '../../gradebook/gradebook.ts'
import { readHealth } from '../../health/health.ts'
import { findPerson, listPeople } from '../../people/roster.ts'
import { readStuckBoard, type StuckCheck } from '../../stuck-board/stuck-board.ts'
import type { ClassContext } from '../class-context.ts'
import { assignmentsPage } from '../pages/assignments-page.ts'
import { gradebookPage } from '../pages/gradebook-page.ts'
import { overviewPage } from '../pages/overview-page.ts'
import { stuckPage, type NamedStuckCheck } from '../pages/stuck-page.ts'
import { textField } from '../text-field.ts'

const LEARNERS_ON_A_PAGE = 200
const STUCK_DAYS = 14

/** What a teacher sees of the class, and sets for it. */
export function teacherRoutes(context: ClassContext): Router {
  const { pool, course, titleOf } = context
  const router = Router()
  const columns: readonly Column[] = allExercises(course).map(({ exercise: { id, title } }) => ({
    exerciseId: id,
    title,
  }))

  router.get('/class', async (request, response) => {
    const health = await readHealth(pool, context.line)
    await sendPage(response, overviewPage({ site: context.siteFor(request), health, titleOf }))
  })

  router.get('/class/gradebook', async (request, response) => {
    const from = Math.max(0, Math.trunc(Number(request.query['from'] ?? 0)) || 0)
    const everybody = await learners()
    const end = from + LEARNERS_ON_A_PAGE
    const shown = everybody.slice(from, end)
    const isWhole = request.query['exercises'] === 'all'
    const inUse = await exercisesInUse(pool)
    await sendPage(
      response,
      gradebookPage({
        site: context.siteFor(request),
        learners: shown,
        columns: columns.filter(({ exerciseId }) => isWhole || inUse.has(exerciseId)),
        isWhole,
        grades: await readGrades(
          pool,
          shown.map(({ id }) => id),
        ),
        next:
          end < everybody.length
            ? `/class/gradebook?from=${end}${isWhole ? '&exercises=all' : ''}`
            : undefined,
      }),
    )
  })

  router.get('/class/gradebook.csv', async (request, response) => {
    const forCanvas = request.query['for'] === 'canvas'
    const write = forCanvas ? canvasCsv : plainCsv
    const csv = write(await learners(), columns, await readGrades(pool))
    response
      .set('Cache-Control', 'no-store')
      .attachment(forCanvas ? 'gradebook-canvas.csv' : 'gradebook.csv')
    // It breaks when a teacher leaves in the middle; what can fail was read before.
    await pipeline(csv, response).catch(() => response.destroy())
  })

  router.get('/class/work/:file', async (request, response, next) => {
    const id = /^([a-z0-9-]+)\.tar\.gz$/.exec(request.params.file)?.[1]
    if (id === undefined) return next()
    const archive = await allWork(pool, exerciseOf(id))
    response.set('Cache-Control', 'no-store').attachment(`${id}.tar.gz`).send(archive)
  })

  router.get('/class/stuck', async (request, response) => {
    const checks = (await readStuckBoard(pool, STUCK_DAYS)).map(named)
    await sendPage(
      response,
      stuckPage({ site: context.siteFor(request), checks, days: STUCK_DAYS }),
    )
  })

  router.get('/class/assignments', async (request, response) => {
    const [assignments, extensions, everybody, now] = await Promise.all([
      listAssignments(pool),
      listExtensions(pool),
      learners(),
      pool.query<{ now: string }>('SELECT now() AS now'),
    ])
    const page = assignmentsPage({
      site: context.siteFor(request),
      exercises: columns,
      assignments,
      extensions,
      learners: everybody,
      timeZone: serverTimeZone(),
      now: now.rows[0]!.now,
      notice: request.query['done'] === 'saved' ? 'Saved.' : undefined,
    })
    await sendPage(response, page)
  })

  router.post(
    '/class/assignments/:exercise',
    async (request: Request<{ exercise: string }>, response) => {
      const exerciseId = exerciseOf(request.params.exercise)
      const opensAt = timeField(request, 'opens')
      const dueAt = timeField(request, 'due')
      if (opensAt !== null && dueAt !== null && dueAt <= opensAt)
        throw new PageError(422, 'Nothing was saved: it would be due before it opens.')
      await setAssignment(pool, { exerciseId, opensAt, dueAt })
      response.redirect(303, '/class/assignments?done=saved')
    },
  )

  router.post('/class/extensions', async (request, response) => {
    const exerciseId = exerciseOf(textField(request, 'exercise'))
    const learner = await findPerson(pool, textField(request, 'learner'))
    if (!learner) throw notFound('Nobody in the class has this id.')
    await setExtension(pool, learner.id, exerciseId, timeField(request, 'due'))
    response.redirect(303, '/class/assignments?done=saved')
  })

  const learners = async () => (await listPeople(pool)).filter(({ role }) => role === 'learner')

  const exerciseOf = (id: string): string => {
    if (!findExercise(course, id)) throw notFound(`No exercise is called “${id}”.`)
    return id
  }

  const named = (stuck: StuckCheck): NamedStuckCheck => {
    const exercise = findExercise(course, stuck.exerciseId)?.exercise
    const known = exercise && misconceptionsOf(exercise).find(({ id }) => id === stuck.diagnosis)
    return {
      ...stuck,
      exerciseTitle: exercise?.title ?? stuck.exerciseId,
      misconception: known?.belief,
    }
  }

  return router
}

function timeField(request: Request, name: string): string | null {
  const text = textField(request, name)
  const time = fromLocalInput(text)
  if (time === undefined) throw new PageError(422, `Nothing was saved: “${text}” isn’t a time.`)
  return time
}
