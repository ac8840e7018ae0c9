import type { Router } from 'express'
import type { OpenInEditor } from '../exercises/editor/open-in-editor.ts'
import { exerciseRoutes } from '../exercises/exercise-routes.ts'
import { fileRoutes } from '../exercises/file-routes.ts'
import { openRoutes } from '../exercises/open-routes.ts'
import type { TypeService } from '../exercises/typing/type-service.ts'
import { typingRoutes } from '../exercises/typing/typing-routes.ts'
import { courseRoutes } from '../lessons/course-routes.ts'
import { lessonRoutes } from '../lessons/lesson-routes.ts'
import { playgroundRoutes } from '../playground/playground-routes.ts'
import type { Playgrounds } from '../playground/playgrounds.ts'
import { reviewRoutes } from '../review/review-routes.ts'
import { runRoutes } from '../runs/run-routes.ts'
import { searchRoutes } from '../search/search-routes.ts'
import { submissionRoutes } from '../submissions/submission-routes.ts'
import type { AppContext } from './app-context.ts'

/** What the routes of a learner use beside what is the learner's. */
export interface LearnerTools {
  readonly types: TypeService | undefined
  /** Undefined where the browser is on another machine, which does not reach their ports. */
  readonly playgrounds: Playgrounds | undefined
  /** Undefined where the learner's files are on another machine than they are. */
  readonly openInEditor: OpenInEditor | undefined
}

/** Everything that a learner reads and does in a course. */
export function learnerRoutes(context: AppContext, tools: LearnerTools): Router[] {
  const { types, playgrounds, openInEditor } = tools
  return [
    courseRoutes(context),
    searchRoutes(context),
    reviewRoutes(context),
    lessonRoutes(context),
    exerciseRoutes(context),
    fileRoutes(context),
    typingRoutes(context, types),
    ...(openInEditor ? [openRoutes(context, openInEditor)] : []),
    runRoutes(context),
    submissionRoutes(context),
    playgroundRoutes(context, playgrounds),
  ]
}
