import { npmRun } from '../../course/command-line.ts'
import type { FoundExercise } from '../../course/find.ts'
import { resolvePaths, shownPath } from '../../course/paths.ts'
import { ensureWork } from '../../course/work/work-folder.ts'
import { prepareGrading, type Verdict } from '../../grader/index.ts'
import { chosenProgram } from '../options/chosen-program.ts'
import { explainError } from '../explain-error.ts'
import { saveGrading } from '../save-grading.ts'
import { readingAddress } from '../reading/reading-place.ts'
import { wholeRun } from '../../grader/report/index.ts'
import { gradeSources } from './grade-sources.ts'
import { showHint } from './hints.ts'
import type { Keys } from './keys.ts'
import type { Screen } from './screen.ts'
import type { Sources } from './source-files.ts'
import { watchFiles } from './watch-files.ts'

export interface WatchSurroundings {
  readonly screen: Screen
  readonly keys: Keys
  readonly poll: boolean
  /** What comes after an exercise that is passed; null when there is nothing. */
  readonly next: (after: FoundExercise) => Promise<FoundExercise | null>
  /** Every exercise and what was reached in it, a line each. */
  readonly list: () => Promise<string>
  readonly signal: AbortSignal
}

/**
 * Grades an exercise at once and on every save, until the learner quits (null) or goes on to
 * another one. Whatever the program, the files or the browser do meanwhile, it goes on. When it
 * settles, no grading is under way.
 * @throws FileError when the exercise's folder cannot be made
 */
export async function watchExercise(
  found: FoundExercise,
  surroundings: WatchSurroundings,
): Promise<FoundExercise | null> {
  const { screen, keys, signal } = surroundings
  const { exercise } = found
  const { dir } = ensureWork(exercise)
  const { program } = chosenProgram(found)
  const over = Promise.withResolvers<FoundExercise | null>()
  const leaving = new AbortController()
  const ending = AbortSignal.any([signal, leaving.signal])
  const notifier = createNotifier(ending)

  let wanted: 'first' | 'saved' | 'asked' | null = 'first'
  let running: { readonly key: string; readonly overtaken: AbortController } | null = null
  let verdict: Verdict | null = null
  /** The check whose failure was shown first. */
  let failed: string | undefined
  /** The files the last verdict is about. */
  let judged: string | null = null
  let saidUnchanged = false

  const want = (why: 'saved' | 'asked') => {
    wanted = wanted === 'asked' ? 'asked' : why
    running?.overtaken.abort()
    notifier.notify()
  }
  const files = watchFiles({
    exercise,
    dir,
    poll: surroundings.poll,
    tell: screen.whisper,
    onSettled: ({ key }) => {
      if (running?.key !== key) want('saved')
    },
  })

  const loop = async () => {
    for (await notifier.notified(); !ending.aborted; await notifier.notified()) {
      if (!wanted) continue
      const why = wanted
      wanted = null
      const sources = await files.settled()
      if (sources.absent.length > 0) {
        judged = null
        screen.say(
          `${sources.absent.join(' ')} Waiting for it in ${shownPath(dir, resolvePaths().root)}/`,
        )
      } else if (why === 'saved' && sources.key === judged) {
        if (!saidUnchanged)
          screen.whisper(
            `Saved without a change.${keys.there ? ' r runs the checks all the same.' : ''}`,
          )
        saidUnchanged = true
      } else {
        await grade(sources)
      }
      if (wanted) notifier.notify()
    }
  }

  const grade = async (sources: Sources) => {
    const overtaken = new AbortController()
    running = { key: sources.key, overtaken }
    try {
      const outcome = await gradeSources({
        found,
        program,
        sources,
        files,
        screen,
        signal: AbortSignal.any([ending, overtaken.signal]),
      })
      if (outcome.kind === 'dropped') {
        wanted ??= 'saved'
        const again =
          wanted === 'asked'
            ? 'That grading was ended, to run it again.'
            : 'Saved again: that grading was ended, and nothing of it is left running.'
        if (outcome.seen && !ending.aborted) screen.say(`↻ ${again}`)
        return
      }
      judged = sources.key
      saidUnchanged = false
      verdict = outcome.grading.report.verdict
      failed = outcome.grading.report.checks.find((check) => check.outcome === 'failed')?.id
      const problem = await saveGrading(outcome.grading, sources.files)
      screen.say(problem ?? wholeRun(readingAddress(), outcome.grading.report))
    } catch (error) {
      // A fault of ours must not end the loop: the next save may well go round it.
      judged = sources.key
      screen.say(explainError(error).message)
    } finally {
      running = null
    }
    // While the learner thinks.
    if (!ending.aborted) void prepareGrading(exercise, program)
    if (verdict === 'passed') screen.say(`Hand it in: ${npmRun('submit', [exercise.id])}`)
    screen.whisper(legend())
  }

  const legend = () => {
    if (!keys.there) return 'Waiting for the next save. Ctrl-C ends it.'
    return [
      'h hint',
      ...(verdict === 'passed' ? ['n next exercise'] : []),
      'r run again',
      'l list',
      'v verbose',
      'q quit',
    ].join(' · ')
  }
  const goOn = async () => {
    if (verdict !== 'passed')
      return screen.whisper('n goes on to the next exercise, once this one has passed.')
    try {
      const following = await surroundings.next(found)
      if (!following) return screen.say('You have submitted a pass for every other exercise.')
      ensureWork(following.exercise)
      over.resolve(following)
    } catch (error) {
      screen.say(explainError(error).message)
    }
  }
  const listExercises = async () => {
    try {
      screen.print(await surroundings.list())
      screen.whisper(`${npmRun('watch', ['<exercise>'])} goes to one of them.`)
    } catch (error) {
      screen.say(explainError(error).message)
    }
  }
  // One after the other: two that are pressed at once show two hints.
  let answered = Promise.resolve()
  const answer = (action: () => Promise<void>) => void (answered = answered.then(action))
  keys.listen((key) => {
    if (key === 'q') over.resolve(null)
    if (key === 'h') answer(() => showHint(exercise, screen, failed))
    if (key === 'n') answer(goOn)
    if (key === 'r') want('asked')
    if (key === 'l') answer(listExercises)
    if (key === 'v') {
      screen.toggleVerbose()
      if (!running) screen.whisper(legend())
    }
  })

  const abandon = () => over.resolve(null)
  signal.addEventListener('abort', abandon, { once: true })
  if (signal.aborted) abandon()
  notifier.notify()
  const looping = loop().finally(abandon)
  try {
    return await over.promise
  } finally {
    signal.removeEventListener('abort', abandon)
    keys.listen(() => {})
    leaving.abort()
    files.close()
    await Promise.all([looping, answered])
  }
}

interface Notifier {
  notify(): void
  /**
   * Settles with the next call of notify, at once when there was one since the last time, and for
   * good when the signal is aborted.
   */
  notified(): Promise<void>
}

function createNotifier(signal: AbortSignal): Notifier {
  let next = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => next.resolve(), { once: true })
  return {
    notify: () => next.resolve(),
    async notified() {
      await next.promise
      if (!signal.aborted) next = Promise.withResolvers()
    },
  }
}
