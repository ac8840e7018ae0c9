import type { FoundExercise } from '../../course/find.ts'
import { endPreparations } from '../../grader/index.ts'
import { Interrupted } from '../explain-error.ts'
import { requireExercise } from '../options/find-exercise.ts'
import { loadEveryCourse } from '../reading/other-courses.ts'
import { interruptible } from '../interrupt.ts'
import { signalExitCode, type ExitCode } from '../exit-code.ts'
import { readingNote } from '../reading/reading-place.ts'
import { stubNote } from './merge.ts'
import { exerciseList } from '../watch/exercise-list.ts'
import { readKeys } from '../watch/keys.ts'
import { nextExercise } from '../watch/next-exercise.ts'
import { createScreen } from '../watch/screen.ts'
import { watchExercise } from '../watch/watch-exercise.ts'

/**
 * Grades on every save until the learner quits: 0, or the code of the signal that ended it. The
 * verdicts are on the screen; the exit code tells nothing of them.
 */
export async function watch(
  id: string,
  options: { poll?: boolean; verbose?: boolean },
): Promise<ExitCode> {
  const course = await loadEveryCourse()
  const first = requireExercise(course, id)
  const screen = createScreen(options.verbose ?? false)
  const keys = readKeys()
  const surroundings = {
    screen,
    keys,
    poll: options.poll ?? false,
    next: (after: FoundExercise) => nextExercise(course, after),
    list: () => exerciseList(course, Math.min(80, process.stdout.columns || 80)),
  }
  let code: ExitCode = 0
  try {
    await interruptible(async (signal) => {
      try {
        for (let found: FoundExercise | null = first; found;) {
          screen.say(`${found.exercise.title}: ${screen.address}/exercises/${found.exercise.id}`)
          const note = await readingNote()
          if (note) screen.say(note)
          const changed = stubNote(found.exercise)
          if (changed) screen.say(changed)
          found = await watchExercise(found, { ...surroundings, signal })
        }
        signal.throwIfAborted()
      } finally {
        keys.close()
        await endPreparations()
      }
    })
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
    code = signalExitCode(error.signal)
  }
  process.stdout.write('Stopped. Nothing was left running.\n')
  return code
}
