import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addPeople } from '../../class/people/roster.ts'
import { startClass, type RunningClass } from '../../class/serve/start-class.ts'
import type { GradeSubmission } from '../../class/worker/grade-job.ts'
import { startWorker } from '../../class/worker/start-worker.ts'
import { findExercise } from '../../course/find.ts'
import { loadCourseStrictly } from '../../course/load-course.ts'
import { resolvePaths } from '../../course/paths.ts'
import type { Exercise } from '../../course/types.ts'
import { migrateClass } from '../../store/postgres/migrate-class.ts'
import { openTestDatabase, type TestDatabase } from './test-database.ts'

/** A class that is served under its own address, and may be stopped and served again. */
export interface RestartableClass extends TestDatabase {
  /** Where it reads. */
  readonly origin: string
  readonly port: number
  /** Its ROUNDTRIP_HOME. */
  readonly home: string
  readonly secret: string
  /** Adds somebody and gives their id and code. */
  add(name: string): Promise<{ readonly id: string; readonly code: string }>
  /** Starts a worker that grades so; gives the way to stop it. */
  work(
    grade: GradeSubmission,
    versionOf?: (exercise: Exercise) => Promise<string>,
  ): Promise<() => Promise<void>>
  /** Stops the server, and starts it again at the same port. */
  stop(): Promise<void>
  restart(): Promise<void>
}

const SECRET = 'of the tests, and of nobody else '.repeat(2)

export async function serveRestartable(courseFolder: string): Promise<RestartableClass> {
  const database = await openTestDatabase()
  const { pool } = database
  await migrateClass(pool)
  const home = mkdtempSync(join(tmpdir(), 'roundtrip-class-'))
  const paths = resolvePaths({ ROUNDTRIP_COURSE: courseFolder, ROUNDTRIP_HOME: home })
  const course = await loadCourseStrictly(courseFolder)
  const start = (port: number) =>
    startClass({
      course,
      paths,
      pool,
      secret: SECRET,
      origin: `http://localhost:${port}`,
      port,
      host: undefined,
      say() {},
    })
  let running: RunningClass | null = await start(0)
  const { port } = running
  const stop = async () => {
    await running?.close()
    running = null
  }
  return {
    ...database,
    origin: `http://localhost:${port}`,
    port,
    home,
    secret: SECRET,
    async add(name) {
      const { cards } = await addPeople(pool, [{ name, rosterId: null }], SECRET)
      return cards[0]!
    },
    async work(grade, versionOf = async () => 'version-1') {
      const worker = await startWorker({
        pool,
        slots: { untimed: 1, timed: 1 },
        grade,
        find: (id) => findExercise(course, id),
        versionOf,
      })
      return () => worker.stop(0)
    },
    stop,
    async restart() {
      running = await start(port)
    },
    async close() {
      await stop()
      await database.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
