import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Request, RequestHandler, Response, Router } from 'express'
import { joinCourses } from '../../../course/join-courses.ts'
import type { Paths } from '../../../course/paths.ts'
import type { Course } from '../../../course/types.ts'
import {
  learnerRoutes,
  refuseWrongMethods,
  type AppContext,
  type Classroom,
  type PageTokens,
} from '../../../server/for-class.ts'
import type { ClassStore } from '../../../store/postgres/open-class-store.ts'
import type { Line } from '../../queue/line.ts'
import type { Queues } from '../../queue/queues.ts'
import type { RunEvents } from '../../queue/run-events.ts'
import { holdNewest } from './hold-newest.ts'
import { createQueuedRuns, type QueuedRuns } from '../runs/queued-runs.ts'

export interface LearnersOptions {
  readonly courses: readonly [Course, ...Course[]]
  /** The class's own: each learner has a folder in its state folder. */
  readonly paths: Paths
  readonly store: ClassStore
  readonly queues: Queues
  readonly events: RunEvents
  readonly line: Line
  readonly tokens: PageTokens
  /** What is said to this learner about the class. */
  classroomOf(learnerId: string): Classroom
}

/** Everybody's own course: their progress, their files, their runs. */
export interface Learners {
  of(learnerId: string): Learner
  /** Reads a submission's judgement again, where the server keeps the one of before. */
  readAnew(learnerId: string, submissionId: string): Promise<void>
  /** Removes what the server keeps of somebody outside the database. */
  removeFiles(learnerId: string): Promise<void>
  close(): Promise<void>
}

export interface Learner {
  readonly context: AppContext
  readonly runs: QueuedRuns
  readonly routers: readonly Router[]
  /** What is being answered, the streams of gradings included. */
  readonly open: Set<Response>
}

/**
 * So many learners are held in memory, about 0.1 MB each. Who comes back after that waits some
 * milliseconds.
 */
const MOST_HELD = 1_000

/**
 * Nobody ever meets another's things, because each learner's routes are made of nothing but their
 * own.
 */
export function createLearners(options: LearnersOptions): Learners {
  const course = joinCourses(options.courses)

  const create = (learnerId: string): Learner => {
    const { courses, store, queues, events, line, tokens } = options
    const paths = pathsOf(learnerId, options.paths)
    const runs = createQueuedRuns({ learnerId, course, paths, queues, events, line })
    const classroom = options.classroomOf(learnerId)
    const context = { course, courses, store: store.of(learnerId), paths, runs, tokens, classroom }
    const routers = learnerRoutes(context, {
      // A language server a learner would be 100 MB each; syntax alone is told.
      types: undefined,
      playgrounds: undefined,
      openInEditor: undefined,
    })
    return { context, runs, routers, open: new Set() }
  }
  const held = holdNewest({
    most: MOST_HELD,
    create,
    isInUse: ({ open }) => open.size > 0,
    release: ({ runs }) => runs.close(),
  })

  return {
    of: held.of,
    async readAnew(learnerId, submissionId) {
      const { runs } = pathsOf(learnerId, options.paths)
      if (held.has(learnerId) || existsSync(runs))
        await held.of(learnerId).runs.readAnew(submissionId)
    },
    async removeFiles(learnerId) {
      await held.drop(learnerId)
      await rm(pathsOf(learnerId, options.paths).root, { recursive: true, force: true })
    },
    close: held.close,
  }
}

/** A learner's files lie where a person's own would, in a folder of their own. */
function pathsOf(learnerId: string, paths: Paths): Paths {
  if (!/^[0-9a-f]{16}$/.test(learnerId)) throw new RangeError(`Not a learner's id: ${learnerId}`)
  const root = join(paths.state, 'learners', learnerId)
  const state = join(root, '.roundtrip')
  return {
    ...paths,
    root,
    work: join(root, 'work'),
    state,
    store: join(state, 'none'),
    runs: join(state, 'runs'),
    base: join(state, 'base'),
  }
}

/** The learner's routes as one handler, for whoever asks. Wrong methods are refused. */
export function routesOf(learners: Learners, idOf: (request: Request) => string): RequestHandler {
  // Everybody's are at the same addresses.
  let refuse: RequestHandler | undefined
  return async (request, response, next) => {
    const { routers, open, runs } = learners.of(idOf(request))
    open.add(response)
    response.once('close', () => open.delete(response))
    await runs.catchUp()
    refuse ??= refuseWrongMethods(routers)
    const handlers = [refuse, ...routers]
    const goOn = (index: number) => (error?: unknown) => {
      const handler = handlers[index]
      if (error !== undefined || !handler) return next(error)
      return handler(request, response, goOn(index + 1))
    }
    await goOn(0)()
  }
}
