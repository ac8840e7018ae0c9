import { npmRun } from '../../course/command-line.ts'
import { resolvePaths, shownPath } from '../../course/paths.ts'
import { workFolder } from '../../course/work/work-folder.ts'
import type { GradeEvent } from '../../grader/index.ts'
import type { ExitCode } from '../exit-code.ts'
import { Interrupted } from '../explain-error.ts'
import { requireExercise } from '../options/find-exercise.ts'
import { loadEveryCourse } from '../reading/other-courses.ts'
import { requireClass } from '../submit-to/ask-class.ts'
import { classOrigin } from '../submit-to/class-origin.ts'
import { followSubmission, type Outcome } from '../submit-to/follow-submission.ts'
import { filesToHandIn, handIn, localTime, type Taken } from '../submit-to/hand-in.ts'
import { keepSession, type KeptSession } from '../submit-to/kept-sessions.ts'
import { openSession } from '../submit-to/open-session.ts'
import { createReporter, terminalOptions } from '../terminal/reporter.ts'
import { createStatusLine } from '../terminal/status-line.ts'
import { exitCode } from './grade.ts'

export interface SubmitToOptions {
  /** The address of the class, as it was typed. */
  readonly to: string
  readonly verbose?: boolean
  /** Asks for the code, though a session is kept: somebody else submits. */
  readonly newCode?: boolean
}

/**
 * Hands the learner's work in to a class, and tells the verdict that it comes to there.
 * @throws UsageError, MachineError, FileError, Interrupted
 */
export async function submitTo(
  id: string,
  options: SubmitToOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const origin = classOrigin(options.to)
  const paths = resolvePaths()
  const found = requireExercise(await loadEveryCourse(), id)
  const files = filesToHandIn(found, paths)
  await requireClass(origin, signal)
  if (options.newCode) keepSession(origin, undefined, paths)

  let session: KeptSession
  let taken: Taken | null
  for (;;) {
    session = await openSession(origin, paths, signal)
    taken = await handIn(found, files, { origin, token: session.token, signal })
    if (taken) break
    process.stderr.write('Your session with this class is over.\n')
    keepSession(origin, undefined, paths)
  }
  const page = `${origin}/submissions/${taken.id}`
  tell(takenText(taken, found.exercise.title))
  const work = `${shownPath(workFolder(found.exercise, paths), paths.root)}/${found.exercise.files[0]}`
  try {
    const outcome = await follow({ origin, session, taken, work, verbose: options.verbose, signal })
    return tellOutcome(outcome, { origin, page, exercise: found.exercise.id })
  } catch (error) {
    if (signal.aborted && signal.reason instanceof Interrupted)
      throw new Interrupted(
        signal.reason.signal,
        `Stopped waiting. Your submission stays in line and will be graded: ${page}`,
      )
    if (error instanceof Error) error.message += `\nYour submission is kept there: ${page}`
    throw error
  }
}

function takenText({ name, superseded, dueAt, isLate, isSameVersion }: Taken, title: string) {
  return [
    `Submitted as ${name}: ${title}`,
    ...(isLate ? [`This was due ${localTime(dueAt)}, so it is marked as late.`] : []),
    ...(superseded > 0 ? ['It takes the place of the one before, which was not graded yet.'] : []),
    ...(isSameVersion
      ? []
      : [
          "The class has another version of this exercise than you have here. The class's checks are the ones that count.",
          'Update your copy of the course (git pull), and read the task again.',
        ]),
  ].join('\n')
}

interface Following {
  readonly origin: string
  readonly session: KeptSession
  readonly taken: Taken
  /** The learner's own file, as the report names what was graded. */
  readonly work: string
  readonly verbose: boolean | undefined
  readonly signal: AbortSignal
}

async function follow(following: Following): Promise<Outcome> {
  const { origin, session, taken, work, verbose, signal } = following
  const status = createStatusLine()
  const reporter = createReporter('text', verbose ?? false, origin)
  let said = ''
  const onEvent = (event: GradeEvent) => {
    status.clear()
    reporter.onEvent(asHere(event, work))
  }
  try {
    return await followSubmission({
      origin,
      token: session.token,
      id: taken.id,
      signal,
      onEvent,
      onPlace(ahead, seconds) {
        const place = placeText(ahead)
        // Where lines stay, the seconds alone are no news.
        if (!process.stderr.isTTY && place === said) return
        said = place
        status.show(`${place}${waitText(seconds)}`)
      },
      onRestart() {
        status.clear()
        reporter.stop()
        tell('Grading restarted.')
      },
      onAway() {
        status.clear()
        process.stderr.write(
          'The class does not answer at the moment. Your submission is kept; still waiting.\n',
        )
      },
    })
  } finally {
    status.clear()
    reporter.stop()
  }
}

function placeText(ahead: number): string {
  if (ahead === 0) return 'Yours is next'
  return ahead === 1 ? '1 is graded before yours' : `${ahead} are graded before yours`
}

function waitText(seconds: number | null): string {
  if (seconds === null) return '. No worker is there at the moment'
  if (seconds < 2) return ''
  return seconds < 90
    ? `, which begins in about ${seconds} s`
    : `, which begins in about ${Math.round(seconds / 60)} minutes`
}

/** What was graded there is a copy of the learner's own file. */
function asHere(event: GradeEvent, program: string): GradeEvent {
  if (event.type === 'started') return { ...event, program }
  return event.type === 'finished' ? { ...event, report: { ...event.report, program } } : event
}

function tellOutcome(
  outcome: Outcome,
  { origin, page, exercise }: { origin: string; page: string; exercise: string },
): ExitCode {
  const again = npmRun('submit', [exercise, '--to', origin])
  switch (outcome.type) {
    case 'judged':
      terminalOptions(false, origin).write(`Submitted and kept: ${page}\n`)
      if (outcome.report.verdict === 'passed')
        tell('The reference solution is unlocked; that page lays it beside yours.')
      return exitCode([outcome.report])
    case 'superseded':
      tell(
        outcome.by === ''
          ? `This submission was taken back before it was graded. Submit again: ${again}`
          : `A newer submission of yours took the place of this one: ${origin}/submissions/${outcome.by}`,
      )
      return 3
    case 'broken':
      tell(
        `Your work could not be judged: ${outcome.reason}\nThe fault is not yours. It counts as no attempt, and your teacher sees it. Submit again: ${again}`,
      )
      return 3
    case 'lost':
      tell(`The verdict cannot be shown here: ${outcome.reason} Look at it in the page: ${page}`)
      return 3
  }
}

function tell(text: string): void {
  process.stdout.write(`${text}\n`)
}
