import { resolvePaths } from '../../course/paths.ts'
import { encodeEvidence, gradeExercise } from '../../grader/index.ts'
import { openStore } from '../../store/open-store.ts'
import { requireExercise } from '../options/find-exercise.ts'
import { loadEveryCourse } from '../reading/other-courses.ts'
import { saveGrading } from '../save-grading.ts'
import { readingAddress, readingNote } from '../reading/reading-place.ts'
import { createReporter, terminalOptions } from '../terminal/reporter.ts'
import type { ExitCode } from '../exit-code.ts'
import { endsWithVerdict } from '../with-browser.ts'
import { chosenProgram } from '../options/chosen-program.ts'
import { exitCode } from './grade.ts'

/** Grades the learner's work and keeps files, report and evidence for good. */
export async function submit(
  id: string,
  options: { verbose?: boolean },
  signal: AbortSignal,
): Promise<ExitCode> {
  const found = requireExercise(await loadEveryCourse(), id)
  // Opened first: a progress file that cannot be written is told before anybody waits for a
  // verdict.
  const store = openStore(resolvePaths().store)
  const reporter = createReporter('text', options.verbose ?? false)
  try {
    const { program, files } = chosenProgram(found)
    const grading = await gradeExercise({
      ...found,
      program,
      kept: files,
      onEvent: endsWithVerdict(reporter.onEvent),
      signal,
    })
    const { report } = grading
    reporter.tellKept(report, await saveGrading(grading, files))
    if (report.verdict === 'errored') {
      process.stdout.write('Nothing was submitted: your work could not be judged.\n')
      return exitCode([report])
    }
    const submission = await store.addSubmission({
      report,
      evidence: encodeEvidence(grading.evidence),
      files,
    })
    const page = `${readingAddress()}/submissions/${submission.id}`
    terminalOptions(false).write(`Submitted and kept: ${page}\n`)
    if (report.verdict === 'passed')
      process.stdout.write('The reference solution is unlocked; that page lays it beside yours.\n')
    const note = await readingNote()
    if (note) process.stdout.write(`${note}\n`)
    return exitCode([report])
  } finally {
    reporter.stop()
    store.close()
  }
}
