import { findExercise } from '../../course/find.ts'
import { joinCourses } from '../../course/join-courses.ts'
import type { Paths } from '../../course/paths.ts'
import type { Course } from '../../course/types.ts'
import { siteFor, createShell, pageTokens, type AppContext } from '../../server/for-class.ts'
import { openClassStore } from '../../store/postgres/open-class-store.ts'
import { createLine } from '../queue/line.ts'
import type { Queues } from '../queue/queues.ts'
import type { RunEvents } from '../queue/run-events.ts'
import { hasVisitor, visitorOf, type ClassContext } from './class-context.ts'
import { createClassroom } from './classroom.ts'
import { classGate, sessionToken, teachersOnly } from './gate.ts'
import { createLearners, routesOf } from './learners.ts'
import { peopleRoutes } from './people-routes.ts'
import { submissionRoutes } from './submission-routes.ts'
import { teacherRoutes } from './teacher-routes.ts'
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
    contextOf,
  }
  const gate = classGate(context)
  const teachers = [peopleRoutes(context), teacherRoutes(context), submissionRoutes(context)]
  const forTeachers = Router().use('/class', teachersOnly).use(teachers)
  const app = createShell({
    secret,
    tokens,
    publicOrigin: origin,
    gate,
    // The routes of a learner are known once there is one, and tell learners nothing of the
    // teacher's.
    known: [],
    formLimit: '2mb',
    routes: [forTeachers, routesOf(learners, (request) => visitorOf(request).id)],
    siteOf: (request) => (hasVisitor(request) ? context.siteFor(request) : undefined),
  })
  return Object.assign(app, { close: learners.close })
}
