import type { Express } from 'express'
import { joinCourses } from '../../course/join-courses.ts'
import { shownPath, type Paths } from '../../course/paths.ts'
import type { Course, Exercise } from '../../course/types.ts'
import { ensureWork, readWork, workFolder } from '../../course/work/work-folder.ts'
import { encodeEvidence, observePage, programOf } from '../../grader/index.ts'
import type { Store } from '../../store/open-store.ts'
import { saveRun } from '../../store/runs.ts'
import { siteFor, type AppContext } from './app-context.ts'
import { openInEditor, type OpenInEditor } from '../exercises/editor/open-in-editor.ts'
import { createTypeService } from '../exercises/typing/type-service.ts'
import type { PlaygroundTools } from '../playground/playground-app.ts'
import { createPlaygrounds } from '../playground/playgrounds.ts'
import { createRuns, type Grade, type Prepared, type RunWork } from '../runs/runs.ts'
import { createShell } from './create-shell.ts'
import { learnerRoutes } from './learner-routes.ts'
import { accessGate, visitorOf } from './security/access-gate.ts'
import { pageTokens } from './security/page-token.ts'
import { loadSecret } from './security/secret.ts'

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

export type App = Express & {
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
  const routes = learnerRoutes(context, {
    types,
    playgrounds,
    openInEditor: options.openInEditor ?? openInEditor,
  })
  const app = createShell({
    secret,
    tokens,
    publicOrigin: options.publicOrigin,
    gate: accessCode ? accessGate(accessCode, secret) : undefined,
    known: routes,
    routes,
    siteOf: (request) => siteFor(context, request),
  })
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
