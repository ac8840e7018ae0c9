import compression from 'compression'
import cookieParser from 'cookie-parser'
import express from 'express'
import { joinCourses } from '../../course/join-courses.ts'
import { shownPath, type Paths } from '../../course/paths.ts'
import type { Course, Exercise } from '../../course/types.ts'
import { ensureWork, readWork, workFolder } from '../../course/work/work-folder.ts'
import { encodeEvidence, observePage, programOf } from '../../grader/index.ts'
import type { Store } from '../../store/open-store.ts'
import { saveRun } from '../../store/runs.ts'
import type { AppContext } from './app-context.ts'
import { serveAssets } from './assets.ts'
import { openInEditor, type OpenInEditor } from '../exercises/editor/open-in-editor.ts'
import { answerErrors, answerUnknown } from './error-answers.ts'
import type { PlaygroundTools } from '../playground/playground-app.ts'
import { createPlaygrounds } from '../playground/playgrounds.ts'
import { courseRoutes } from '../lessons/course-routes.ts'
import { exerciseRoutes } from '../exercises/exercise-routes.ts'
import { fileRoutes } from '../exercises/file-routes.ts'
import { createTypeService } from '../exercises/typing/type-service.ts'
import { typingRoutes } from '../exercises/typing/typing-routes.ts'
import { lessonRoutes } from '../lessons/lesson-routes.ts'
import { playgroundRoutes } from '../playground/playground-routes.ts'
import { openRoutes } from '../exercises/open-routes.ts'
import { reviewRoutes } from '../review/review-routes.ts'
import { runRoutes } from '../runs/run-routes.ts'
import { searchRoutes } from '../search/search-routes.ts'
import { submissionRoutes } from '../submissions/submission-routes.ts'
import { createRuns, type Grade, type Prepared, type RunWork } from '../runs/runs.ts'
import { accessGate, visitorOf } from './security/access-gate.ts'
import { checkHost } from './security/check-host.ts'
import { checkOriginOfChanges } from './security/check-origin.ts'
import { pageTokens } from './security/page-token.ts'
import { setPublicOrigin } from './security/public-origin.ts'
import { loadSecret } from './security/secret.ts'
import { securityHeaders } from './security/security-headers.ts'
import { themeRoutes } from '../ui/theme.ts'
import { refuseWrongMethods } from './wrong-method.ts'

export interface AppOptions {
  readonly course: Course
  /** Courses to be read beside it (see course/join-courses.ts). */
  readonly others?: readonly Course[]
  readonly store: Store
  readonly paths: Paths
  /** `gradeExercise`, or what a test puts in its place. */
  readonly grade: Grade
  /** What opens the learner's files in their own editor, or what a test puts in its place. */
  readonly openInEditor?: OpenInEditor
  /** What opens a playground's answer in Chromium, or what a test puts in its place. */
  readonly look?: PlaygroundTools['look']
  /** Ask every visitor for this code once. */
  readonly accessCode?: string
  /** Answer under this origin, too: the one by which the port is forwarded. */
  readonly publicOrigin?: string
}

export type App = express.Express & {
  /** Stops the gradings that were started from the page, and waits until each is cleaned up. */
  close(): Promise<void>
}

/**
 * The whole server, apart from listening. Throws what `node:fs` throws when the state folder cannot
 * be written.
 */
export function createApp(options: AppOptions): App {
  const { store, paths, accessCode } = options
  const courses = [options.course, ...(options.others ?? [])] as const
  const secret = loadSecret(paths.state)
  const tokens = pageTokens(secret, visitorOf)
  const runs = createRuns(runWork(options))
  const context: AppContext = { course: joinCourses(courses), courses, store, paths, runs, tokens }
  const types = createTypeService(paths)
  const playgrounds = createPlaygrounds({ look: options.look ?? observePage })
  const routes = [
    themeRoutes(),
    courseRoutes(context),
    searchRoutes(context),
    reviewRoutes(context),
    lessonRoutes(context),
    exerciseRoutes(context),
    fileRoutes(context),
    typingRoutes(context, types),
    openRoutes(context, options.openInEditor ?? openInEditor),
    runRoutes(context),
    submissionRoutes(context),
    playgroundRoutes(context, playgrounds),
  ]
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  setPublicOrigin(app, options.publicOrigin)

  app.use(checkHost(), securityHeaders(), compression())
  app.get('/static/:file', serveAssets())
  app.use(cookieParser(secret), refuseWrongMethods(routes), checkOriginOfChanges())
  app.use(express.urlencoded({ extended: false, limit: '16kb' }), express.json({ limit: '256kb' }))
  if (accessCode) app.use(accessGate(accessCode, secret))
  app.use(tokens.check)
  app.use(routes)
  app.use(answerUnknown(), answerErrors(context))
  return Object.assign(app, {
    close: async () =>
      void (await Promise.all([runs.close(), playgrounds.close(), types?.close()])),
  })
}

function runWork({ store, paths, grade }: AppOptions): RunWork {
  return {
    grade,
    prepare: (exercise) => prepare(exercise, paths),
    async keep({ purpose }, { report, evidence }, files) {
      const run = { report, evidence: encodeEvidence(evidence), files }
      saveRun(paths.runs, run)
      return purpose === 'submit' ? (await store.addSubmission(run)).id : null
    },
  }
}

function prepare(exercise: Exercise, paths: Paths): Prepared {
  const { dir } = ensureWork(exercise, paths)
  const entry = exercise.files[0]
  const label = shownPath(`${workFolder(exercise, paths)}/${entry}`, paths.root)
  return { program: programOf(exercise, dir, label), files: readWork(exercise, dir, paths.root) }
}
