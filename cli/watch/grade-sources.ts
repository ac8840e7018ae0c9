import type { FoundExercise } from '../../course/find.ts'
import {
  gradeExercise,
  type GradeEvent,
  type Grading,
  type Program,
  type Report,
} from '../../grader/index.ts'
import type { Screen } from './screen.ts'
import type { Sources } from './source-files.ts'
import type { FileWatch } from './watch-files.ts'

/**
 * A verdict on what may be half of a file is worth nothing, and neither is the sight of it: so long
 * the files must have stood still.
 */
const HOLD_MS = 100
/** A program that does not start may be one that is being written. */
const HOLD_BROKEN_MS = 500

export interface GradeSourcesOptions {
  readonly found: FoundExercise
  readonly program: Program
  readonly sources: Sources
  readonly files: FileWatch
  readonly screen: Screen
  readonly signal: AbortSignal
}

/**
 * What became of a grading: its verdict was drawn, or it was dropped. `seen`: something of it was
 * drawn before that.
 */
export type Outcome =
  | { readonly kind: 'judged'; readonly grading: Grading }
  | { readonly kind: 'dropped'; readonly seen: boolean }

/**
 * Grades files as they stand and draws the grading. Drops it when the signal is aborted, or when
 * the files are no longer what was graded, which no event need have told.
 */
export async function gradeSources({
  found,
  program,
  sources,
  files,
  screen,
  signal,
}: GradeSourcesOptions): Promise<Outcome> {
  const view = screen.begin()
  const held: GradeEvent[] = []
  let holdMs = HOLD_MS
  let timer: NodeJS.Timeout | undefined

  const draw = () => {
    clearTimeout(timer)
    const left = holdMs - files.stillFor()
    if (left > 0) timer = setTimeout(draw, left)
    else if (holdMs === HOLD_BROKEN_MS) void drawUnlessChanged()
    else drawHeld()
  }
  const drawHeld = () => held.splice(0).forEach(view.onEvent)
  /** The other half may be there already, and nobody has told it yet. */
  const drawUnlessChanged = async () => {
    const { key } = await files.settled()
    if (key === sources.key && !signal.aborted) drawHeld()
  }
  const onEvent = (event: GradeEvent) => {
    if (event.type === 'finished') return finished.resolve(event.report)
    if (event.type === 'check' && event.result.id === 'starts' && event.result.outcome !== 'passed')
      holdMs = HOLD_BROKEN_MS
    held.push(event)
    draw()
  }
  /** The verdict is there some moments before everything has been cleared away. */
  const finished = Promise.withResolvers<Report>()
  const stoodStill = async () => {
    for (let left = holdMs - files.stillFor(); left > 0; left = holdMs - files.stillFor()) {
      signal.throwIfAborted()
      await new Promise((resolve) => setTimeout(resolve, left))
    }
  }

  const grading = gradeExercise({ ...found, program, kept: sources.files, onEvent, signal })
  grading.catch(finished.reject)
  try {
    const report = await finished.promise
    await stoodStill()
    const { key } = await files.settled()
    signal.throwIfAborted()
    if (key !== sources.key) return { kind: 'dropped', seen: view.stop() }
    drawHeld()
    view.onEvent({ type: 'finished', report })
    return { kind: 'judged', grading: await grading }
  } catch (error) {
    const seen = view.stop()
    if (signal.aborted) return { kind: 'dropped', seen }
    throw error
  } finally {
    clearTimeout(timer)
    await grading.catch(() => {})
  }
}
