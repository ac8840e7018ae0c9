import { exerciseAfter } from '../../course/progress/next-exercise.ts'
import {
  exerciseProgress,
  type ExerciseProgress,
  type VerdictRecord,
} from '../../course/progress/progress.ts'
import type { Exercise } from '../../course/types.ts'
import type { Report } from '../../grader/types/index.ts'
import { listOwnRuns, readReport, type RunSummary } from '../../store/runs.ts'
import { courseOf, recordsOf, type AppContext } from '../http/app-context.ts'
import type { LiveRun } from './runs.ts'

/** Where the learner is with an exercise, and where to go from there. */
export interface Standing {
  readonly state: ExerciseProgress['state']
  /** Id of the newest submission that passed: its page has the reference solution. */
  readonly passedSubmission: string | undefined
  /** The exercise to go on with. Null when every other one is passed. */
  readonly next: Exercise | null
  /** What was run so far and is still kept, newest first. */
  readonly history: readonly RunSummary[]
  /** Ids of the runs that were submitted. */
  readonly submitted: ReadonlySet<string>
  /** The kept run before this one. */
  before(run: string): Report | undefined
}

/** Reads where the learner is with an exercise now. */
export async function standingOf(context: AppContext, exercise: Exercise): Promise<Standing> {
  const { store, paths } = context
  const { id } = exercise
  const submissions = await store.submissions(id)
  const ownRuns = listOwnRuns(paths)
  const records = await recordsOf(context, ownRuns)
  const history = ownRuns.filter((run) => run.exercise === id)
  return {
    state: exerciseProgress(exercise, records).state,
    passedSubmission: submissions.find(({ verdict }) => verdict === 'passed')?.id,
    next: nextExercise(context, exercise, records.verdicts),
    history,
    submitted: new Set(submissions.map(({ run }) => run)),
    before(run) {
      const position = history.findIndex((each) => each.run === run)
      const previous = position < 0 ? undefined : history[position + 1]
      return previous && readReport(paths.runs, previous.run)
    },
  }
}

/** The exercise to go on with after this one. Null when every other one is passed. */
export function nextExercise(
  { courses }: AppContext,
  { id }: Exercise,
  best: Iterable<VerdictRecord>,
): Exercise | null {
  const passed = [...best].filter(({ verdict }) => verdict === 'passed')
  const ids = new Set(passed.map(({ exerciseId }) => exerciseId))
  return exerciseAfter(courseOf(id, courses), id, ids)?.exercise ?? null
}

/** Reads the standing of the exercise a run is about, when it is asked for: a run changes it. */
export type ReadStanding = (run: Pick<LiveRun, 'exercise'>) => Promise<Standing>

/** The way to read it. */
export function standingReader(context: AppContext): ReadStanding {
  return ({ exercise }) => standingOf(context, exercise)
}

/**
 * What a run takes on this machine, in whole seconds: the median of the last five that came to a
 * verdict. Undefined before the first one.
 */
export function measuredSeconds(history: readonly RunSummary[]): number | undefined {
  const durations = history
    .filter(({ verdict }) => verdict !== 'errored')
    .slice(0, 5)
    .map(({ durationMs }) => durationMs)
    .toSorted((a, b) => a - b)
  const median = durations[Math.floor(durations.length / 2)]
  return median && Math.max(1, Math.round(median / 1000))
}

/** What a state is called beside an exercise's title. */
export const standingWords: Record<Standing['state'], string> = {
  none: '',
  tried: 'not yet passed',
  unsubmitted: 'passed, not submitted',
  passed: 'passed',
}
