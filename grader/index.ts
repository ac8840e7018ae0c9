/**
 * The grader's one entry. The command, the page and the tests of the course all call
 * `gradeExercise()` and render the same stream of events.
 */
export { gradeExercise, type GradeOptions, type Grading } from './grade-exercise.ts'
export { closeBrowser } from './record/browser/browser.ts'
export { NEEDED_OPEN_FILES, openFilesLimit } from './machine/limits.ts'
export { portHolder } from './record/program/ports/listening-ports.ts'
export { endPreparations, prepareGrading } from './prepare-grading.ts'
export { replayRun } from './replay.ts'
export { loadChecks } from './load-checks.ts'
export { programOf } from './program-of.ts'
export { placed } from './judge/reproduce.ts'
export { setUpByHand, type SetUpByHand } from './set-up-by-hand.ts'
export { createClock } from './record/timing/clock.ts'
export { createIdSource } from './record/wire/id-source.ts'
export { startRecordingProxy } from './record/wire/recording-proxy.ts'
export { decodeEvidence, encodeEvidence, isJudgeable } from './evidence-codec.ts'
export { observePage, type PageObservation } from './record/browser/page/observe-page.ts'
export { strictFault, type StrictFault } from './judge/read/strict/strict-fault.ts'
export { readStrictly, type StrictMessage } from './judge/read/strict/read-strictly.ts'
export type { Program } from './record/program/learner-program.ts'
export type * from './types/index.ts'
