/**
 * Sends 10,000 simulated learners to a class: each comes in, reads, submits and follows the grading.
 * So many come a second, whether the earlier ones are done or not, and after some seconds nobody
 * comes any more: `npm run bench:crowd -- --learners 10000 --rate 14 --seconds 80 --grade=stub`.
 * Asserts nothing.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { addPeople } from '../../class/people/roster.ts'
import { installPostgres } from '../../class/postgres/install-postgres.ts'
import { useOwnServer } from '../../class/postgres/use-own-server.ts'
import { allExercises } from '../../course/find.ts'
import { loadCourseStrictly } from '../../course/load-course.ts'
import { resolvePaths } from '../../course/paths.ts'
import { listenOnLoopback } from '../../server/http/listen.ts'
import { migrateClass } from '../../store/postgres/migrate-class.ts'
import { openPool } from '../../store/postgres/open-pool.ts'
import type { CrowdServerOptions, Taken } from './crowd-server.ts'
import { visit, type Step } from './visit.ts'

const { values } = parseArgs({
  options: {
    learners: { type: 'string', default: '10000' },
    // The peak of 10,000 who submit once an hour: five times as many as on the average.
    rate: { type: 'string', default: '14' },
    seconds: { type: 'string', default: '80' },
    grade: { type: 'string', default: 'stub' },
    slots: { type: 'string', default: '8' },
  },
})
if (values.grade !== 'stub') throw new Error('Only --grade=stub is there: programs are not graded.')
const [learners, rate, seconds] = [values.learners, values.rate, values.seconds].map(Number)
/** For those who are still there when nobody comes any more. */
const GRACE_MS = 30_000

const folder = mkdtempSync(join(tmpdir(), 'roundtrip-crowd-'))
const { postgres, root } = resolvePaths({})
const exercises = allExercises(await loadCourseStrictly(root)).filter(
  ({ exercise }) => exercise.gradingSeconds < 5,
)
const database = await useOwnServer({
  folder,
  ours: [folder, join(postgres, '..')],
  programs: () => installPostgres(postgres, { onProgress: ({ text }) => console.log(text) }),
  onProgress() {},
})
const secret = randomBytes(32).toString('hex')
try {
  const codes = await enrol()
  const origin = `http://localhost:${await freePort()}`
  const server = spawn(
    process.execPath,
    [
      '--expose-gc',
      join(import.meta.dirname, 'crowd-server.ts'),
      JSON.stringify({
        url: database.url,
        home: join(folder, 'home'),
        secret,
        origin,
        slots: Number(values.slots),
      } satisfies CrowdServerOptions),
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  try {
    await sendCrowd(origin, codes, server)
  } finally {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
} finally {
  await database.release()
  rmSync(folder, { recursive: true, force: true })
}

async function enrol(): Promise<readonly string[]> {
  const pool = openPool(database.url, { max: 1 })
  try {
    await migrateClass(pool)
    const people = Array.from({ length: learners! }, (_, at) => ({
      name: `Learner ${at}`,
      rosterId: null,
    }))
    const { cards } = await addPeople(pool, people, secret)
    return cards.map(({ code }) => code)
  } finally {
    await pool.end()
  }
}

async function freePort(): Promise<number> {
  const { port, close } = await listenOnLoopback((_, response) => response.end(), 0)
  await close()
  return port
}

async function sendCrowd(
  origin: string,
  codes: readonly string[],
  server: ChildProcess,
): Promise<void> {
  const lines = createInterface({ input: server.stdout! })
  await once(lines, 'line')
  const before = await takenBy(server, lines)
  const times = new Map<Step, number[]>()
  const failures: string[] = []
  let finished = 0
  const visits: Promise<void>[] = []
  const startedAt = performance.now()
  const coming = Math.min(codes.length, rate! * seconds!)
  for (const [at, code] of codes.slice(0, coming).entries()) {
    const { exercise, lesson } = exercises[at % exercises.length]!
    await wait(Math.max(0, startedAt + (at * 1000) / rate! - performance.now()))
    if (performance.now() - startedAt > seconds! * 1000) break
    visits.push(
      visit({
        origin,
        code,
        lesson: lesson.id,
        exercise: exercise.id,
        address: `10.1.${at >> 8}.${at & 255}`,
        onAnswer: (step, ms) => times.set(step, [...(times.get(step) ?? []), ms]),
      }).then(
        () => void finished++,
        (error: Error) => void failures.push(error.message),
      ),
    )
  }
  const open = visits.length - finished - failures.length
  await Promise.race([Promise.all(visits), wait(GRACE_MS, undefined, { ref: false })])
  const took = (performance.now() - startedAt) / 1000
  const after = await takenBy(server, lines)
  const answers = [...times.values()].reduce((sum, { length }) => sum + length, 0)
  console.log(
    `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}, ${codes.length} learners in the class`,
  )
  tell('came, a second', `${visits.length} learners, ${rate}; ${open} were there at the end`)
  tell('were graded, went wrong', `${finished}, ${failures.length}`)
  tell('answers a second', (answers / took).toFixed(0))
  for (const [step, all] of times) {
    const sorted = all.toSorted((a, b) => a - b)
    const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(0)
    tell(step, `median ${at(0.5)} ms, 95 of 100 within ${at(0.95)} ms, at most ${at(1)} ms`)
  }
  tell(
    'the server’s processor time for each learner',
    `${((after.processorMs - before.processorMs) / finished).toFixed(0)} ms`,
  )
  tell('the server’s memory', `${mb(before.residentBytes)} MB, then ${mb(after.residentBytes)} MB`)
  tell('of that in use', `${mb(before.heapBytes)} MB, then ${mb(after.heapBytes)} MB`)
  tell('the longest standstill of its event loop', `${after.longestBlockMs.toFixed(0)} ms`)
  for (const failure of new Set(failures.slice(0, 5))) console.log(`    ${failure}`)
}

async function takenBy(server: ChildProcess, lines: Interface): Promise<Taken> {
  server.stdin!.write('\n')
  const [line] = (await once(lines, 'line')) as [string]
  return JSON.parse(line) as Taken
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}

function tell(what: string, value: string): void {
  console.log(`${what}\n    ${value}`)
}
