import type { Exercise } from '../course/types.ts'
import { closeBrowser, runningBrowser } from './record/browser/browser.ts'
import { prepareProgram, type Program } from './record/program/learner-program.ts'
import { prepareVisitorsAsBefore } from './record/browser/visitors.ts'
import { endWaiting } from './record/program/start/held-programs.ts'
import { scenariosOf } from './judge/run-checks.ts'
import { laidInPlace } from './lay-given.ts'
import { loadChecks } from './load-checks.ts'

/** What is being made ready, one thing after another; with `wanted` false nothing more is begun. */
let preparing: Promise<void> = Promise.resolve()
let wanted = false

/**
 * Makes ready what the next grading of this program will need, before it is known what the program
 * will be: visitors, as many as the last grading took, and a process for each scenario. Whatever
 * cannot be made ready is made when it is needed.
 */
export function prepareGrading(exercise: Exercise, program: Program): Promise<void> {
  wanted = true
  preparing = preparing.then(async () => {
    const checks = await loadChecks(exercise).catch(() => null)
    if (!wanted) return
    const browser = runningBrowser()
    if (browser) prepareVisitorsAsBefore(browser)
    // Where a given file is no module, it is run in a folder that is made for its grading.
    const started = exercise.given ? laidInPlace(exercise, program) : program
    if (started) prepareProgram(started, checks ? scenariosOf(checks).size : 1)
  })
  return preparing
}

/**
 * Closes the browser and ends every process that waits. The command that made things ready ends
 * with this.
 */
export async function endPreparations(): Promise<void> {
  wanted = false
  await preparing
  await Promise.all([closeBrowser(), endWaiting()])
}
