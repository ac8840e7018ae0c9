import { findExercise } from '../../course/find.ts'
import { joinCourses } from '../../course/join-courses.ts'
import type { Paths } from '../../course/paths.ts'
import type { Course } from '../../course/types.ts'
import {
  createShell,
  pageTokens,
  refuseWrongMethods,
  siteFor,
  type AppContext,
} from '../../server/for-class.ts'
import { explainPostgresError } from '../../store/postgres/explain-postgres-error.ts'
import { openClassStore } from '../../store/postgres/open-class-store.ts'
import { createLine } from '../queue/line.ts'
import type { Queues } from '../queue/queues.ts'
import type { RunEvents } from '../queue/run-events.ts'
import { apiRoutes } from './api/api-routes.ts'
import { hasVisitor, visitorOf, type ClassContext } from './class-context.ts'
import { createClassroom } from './learners/classroom.ts'
import { classGate, codeGuesses, leaveRoutes, sessionToken, teachersOnly } from './access/gate.ts'
import { createLearners, routesOf } from './learners/learners.ts'
import { peopleRoutes } from './teachers/people-routes.ts'
import { regradeRoutes } from './teachers/regrade-routes.ts'
import { createRegrades } from './teachers/regrades.ts'
import { submissionRoutes } from './teachers/submission-routes.ts'
import { teacherRoutes } from './teachers/teacher-routes.ts'
import { Router, type Express } from 'express'

export interface ClassAppOptions {
  readonly course: Course
  readonly others?: readonly Course[]
  readonly paths: Paths
  readonly queues: Queues
  readonly events: RunEvents
  /** The key of codes and cookies: the same for as long as codes shall work. */
  readonly secret: string
  /** Where the class reads: `https://course.example`, `http://192.168.1.5:4321`. */
  readonly origin: string
}

export type ClassApp = Express & {
  /** Follows no run any longer. */
  close(): Promise<void>
}

/** The whole server of a class, apart from listening and grading. */
export function createClassApp(options: ClassAppOptions): ClassApp {
  const { paths, queues, events, secret, origin } = options
  const { pool } = queues
  const courses = [options.course, ...(options.others ?? [])] as const
  const course = joinCourses(courses)
  const tokens = pageTokens(secret, sessionToken)
  const line = createLine(pool, (id) => findExercise(course, id)?.exercise)
  const learners = createLearners({
    courses,
    paths,
    store: openClassStore(pool),
    queues,
    events,
    line,
    tokens,
    classroomOf: (learnerId) => createClassroom({ pool, origin, tokens }, learnerId),
  })
  const contextOf = (learnerId: string): AppContext => learners.of(learnerId).context
  const context: ClassContext = {
    pool,
    course,
    secret,
    origin,
    line,
    siteFor: (request) => siteFor(contextOf(visitorOf(request).id), request),
    titleOf: (id) => findExercise(course, id)?.exercise.title ?? id,
    removeFiles: learners.removeFiles,
    readAnew: learners.readAnew,
    contextOf,
  }
  const guesses = codeGuesses()
  const gate = classGate(context, guesses)
  const leaving = leaveRoutes(context)
  const regrades = createRegrades(queues)
  const teachers = [
    peopleRoutes(context),
    teacherRoutes(context),
    regradeRoutes(context, regrades),
    submissionRoutes(context),
  ]
  const forTeachers = Router()
    .use('/class', teachersOnly)
    .use(refuseWrongMethods(teachers), teachers)
  const app = createShell({
    secret,
    tokens,
    publicOrigin: origin,
    api: apiRoutes({ context, guesses, queues, events }),
    gate,
    // The others are told once it is known who asks: a learner learns nothing of the teacher's.
    known: [gate, leaving],
    formLimit: '2mb',
    routes: [leaving, forTeachers, routesOf(learners, (request) => visitorOf(request).id)],
    explainError: explainPostgresError,
    siteOf: (request) => (hasVisitor(request) ? context.siteFor(request) : undefined),
  })
  return Object.assign(app, {
    async close() {
      await regrades.over()
      await learners.close()
    },
  })
}
