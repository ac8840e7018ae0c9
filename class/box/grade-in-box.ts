// The program inside the outer box. It reads a job from its standard input, grades it, and writes
// lines (protocol.ts) to its standard output, which is the only way out.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { flushCompileCache } from 'node:module'
import { json } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { workFolder } from '../../course/work/work-folder.ts'
import type { Lesson } from '../../course/types.ts'
import {
  encodeEvidence,
  gradeExercise,
  programOf,
  startBrowserAhead,
  type GradeEvent,
  type Grading,
} from '../../grader/index.ts'
import { unsandboxedBrowser } from './unsandboxed-browser.ts'
import { inInnerBox } from './inner-box.ts'
import { LIMITS } from './limits.ts'
import { FILLS_CACHE } from './outer-box.ts'
import { PIECE, type BoxLine, type SentJob } from './protocol.ts'

// The lines of this process are its verdict: what checks print goes another way.
console.log = console.info = console.debug = console.error

startBrowserAhead()
const job = (await json(process.stdin)) as SentJob
const { exercise } = job
const dir = workFolder(exercise)
const files = job.files.map(({ path, base64 }) => ({
  path,
  content: Buffer.from(base64, 'base64'),
}))
for (const { path, content } of files) {
  mkdirSync(dirname(join(dir, path)), { recursive: true })
  writeFileSync(join(dir, path), content)
}

const program = programOf(exercise, dir, `work/${exercise.id}/${exercise.files[0]}`)
let sent = 0
const grading = await gradeExercise({
  exercise,
  lesson: job.lesson as Lesson,
  program,
  kept: files,
  ...(job.run !== null && { run: job.run }),
  enclosure: inInnerBox,
  onEvent: sendEvent,
})
const unsandboxed = unsandboxedBrowser()
if (unsandboxed !== null) send({ broken: unsandboxed })
// The box is ended as soon as its result is there.
if (process.env[FILLS_CACHE]) flushCompileCache()
sendResult(grading)
// What is left ends with the box, and need not be waited for.
process.stdout.end(() => process.exit(0))

/** What is shown while a grading runs can be left out; its result cannot. */
function sendEvent(event: GradeEvent): void {
  if (event.type === 'finished') return
  const line = { event }
  const bytes = Buffer.byteLength(JSON.stringify(line))
  if (bytes < LIMITS.lineBytes && sent + bytes < LIMITS.outputBytes / 4) send(line)
}

function sendResult({ report, evidence }: Grading): void {
  const verdict = gzipSync(JSON.stringify(report), { level: 4 })
  const text = encodeEvidence(evidence)
  const whole = gzipSync(text, { level: 4 })
  const fits =
    Buffer.byteLength(text) < LIMITS.unpackedBytes &&
    (verdict.length + whole.length) * 2 < LIMITS.outputBytes
  // Without it, the run cannot be judged again, which costs the learner nothing.
  const kept = fits ? whole : gzipSync(encodeEvidence([]))
  sendPart('report', verdict)
  sendPart('evidence', kept)
  send({ end: { report: verdict.length, evidence: kept.length } })
}

function sendPart(part: 'report' | 'evidence', bytes: Buffer): void {
  const base64 = bytes.toString('base64')
  for (let at = 0; at < base64.length; at += PIECE)
    send({ part, base64: base64.slice(at, at + PIECE) })
}

function send(line: BoxLine | { readonly event: GradeEvent }): void {
  const written = `${JSON.stringify(line)}\n`
  sent += Buffer.byteLength(written)
  process.stdout.write(written)
}
