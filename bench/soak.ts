/**
 * Grades over and over while every processor is kept busy, and counts verdicts that are wrong: `npm
 * run soak -- --gradings 50 --at-once 4`. Each exercise's solution and its other right programs
 * have to pass, each mutant has to earn its diagnosis. `--right` leaves the mutants out, `--quiet`
 * the processors idle. With `--timed 16`, that many gradings of cookies-max-age run at once. What
 * is graded, and the values that each grading draws, follow from the seed that is printed; `--seed`
 * repeats them.
 */
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { Command, InvalidArgumentError } from 'commander'
import pLimit from 'p-limit'
import { allExercises, findExercise, type FoundExercise } from '../course/find.ts'
import { loadCourseStrictly } from '../course/load-course.ts'
import { mutantIds } from '../course/mutants/mutants.ts'
import { resolvePaths } from '../course/paths.ts'
import { rightPrograms } from '../course/right-programs.ts'
import { authorsFolder } from '../testing/authors-program.ts'
import { ENDING_SIGNALS, signalExitCode } from '../cli/exit-code.ts'
import { guarded } from '../grader/record/program/start/node-command.ts'
import { drawSubjects } from './draw-subjects.ts'
import { seededRandom } from '../grader/record/random.ts'
import { closeBrowser, gradeExercise, programOf, type Report } from '../grader/index.ts'

const values = new Command('npm run soak --')
  .description(
    'Grades over and over while every processor is kept busy, and counts wrong verdicts.',
  )
  .option('--gradings <number>', 'how many', wholeNumber(0), 50)
  .option('--at-once <number>', 'how many side by side', wholeNumber(1), 4)
  .option('--timed <number>', 'gradings of cookies-max-age, all at once', wholeNumber(0), 0)
  .option('--quiet', 'leave the processors idle', false)
  .option('--right', 'right programs only, no mutants', false)
  .option('--seed <text>', 'repeat the gradings of that run', String(randomInt(1_000_000)))
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts<{
    gradings: number
    atOnce: number
    timed: number
    quiet: boolean
    right: boolean
    seed: string
  }>()
const { gradings, atOnce, timed } = values

interface Subject extends FoundExercise {
  readonly variant: string
  /** Null: it has to pass. */
  readonly diagnosis: string | null
}

const course = await loadCourseStrictly(resolvePaths().root)
const hogs = values.quiet
  ? []
  : Array.from({ length: availableParallelism() }, () =>
      spawn(...guarded([process.execPath, '--eval', 'for (;;);']), { stdio: 'ignore' }),
    )
process.on('exit', () => hogs.forEach((hog) => hog.kill('SIGKILL')))
for (const signal of ENDING_SIGNALS)
  process.once(signal, () => process.exit(signalExitCode(signal)))

const untimed = allExercises(course)
  .filter(({ exercise }) => exercise.gradingSeconds < 10)
  .flatMap(subjects)
const queue = drawSubjects(
  untimed.filter(({ diagnosis }) => !values.right || diagnosis === null),
  gradings,
  ({ exercise }) => exercise.id,
  seededRandom(values.seed),
)
console.log(`--seed ${values.seed} grades the same programs with the same values`)
let wrong = await gradeAll(queue, atOnce, 'gradings')

const maxAge = findExercise(course, 'cookies-max-age')
if (timed > 0 && maxAge)
  wrong += await gradeAll(
    Array.from({ length: timed }, () => ({ ...maxAge, variant: 'solution', diagnosis: null })),
    timed,
    'timed gradings',
  )

await closeBrowser()
process.exit(wrong === 0 ? 0 : 1)

function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    if (/^\d+$/.test(text) && Number(text) >= least) return Number(text)
    throw new InvalidArgumentError(`It takes a whole number, ${least} or more.`)
  }
}

function subjects(found: FoundExercise): Subject[] {
  const mutants = mutantIds(found.exercise).map((id) => ({
    ...found,
    variant: `mutants/${id}`,
    diagnosis: id,
  }))
  const right = rightPrograms(found.exercise).map((name) => ({
    ...found,
    variant: `right/${name}`,
    diagnosis: null,
  }))
  return [{ ...found, variant: 'solution', diagnosis: null }, ...right, ...mutants]
}

async function gradeAll(chosen: readonly Subject[], atOnce: number, what: string): Promise<number> {
  const startedAt = performance.now()
  const durations: number[] = []
  let wrongVerdicts = 0
  let repeated = 0
  const gradeOne = async ({ exercise, lesson, variant, diagnosis }: Subject, index: number) => {
    const program = programOf(exercise, authorsFolder(exercise.dir, variant), variant)
    const { report } = await gradeExercise({
      exercise,
      lesson,
      program,
      // Whatever order they end in.
      overrides: { random: (scenario) => seededRandom(`${values.seed}/${index}/${scenario}`) },
    })
    durations.push(report.durationMs)
    repeated += report.notes.filter((note) => note.endsWith('running it again.')).length
    if (isRight(report, diagnosis)) return
    wrongVerdicts++
    console.log(`wrong: ${exercise.id} ${variant} was ${report.verdict} ${report.error ?? ''}`)
    for (const check of report.checks.filter(({ outcome }) => outcome === 'failed'))
      console.log(`    ${check.id}: ${check.diagnosis?.say ?? check.findings.at(-1)?.received}`)
  }
  const schedule = pLimit(atOnce)
  await Promise.all(chosen.map((subject, index) => schedule(gradeOne, subject, index)))
  const seconds = (performance.now() - startedAt) / 1000
  const longest = Math.max(...durations) / 1000
  console.log(
    `${chosen.length} ${what}, ${atOnce} at once: ${wrongVerdicts} wrong verdicts, ${repeated} repeated scenarios, ${seconds.toFixed(1)} s in all, longest ${longest.toFixed(1)} s`,
  )
  return wrongVerdicts
}

function isRight({ verdict, checks }: Report, diagnosis: string | null): boolean {
  if (diagnosis === null) return verdict === 'passed'
  return (
    verdict === 'failed' &&
    checks.find(({ outcome }) => outcome === 'failed')?.diagnosis?.id === diagnosis
  )
}
