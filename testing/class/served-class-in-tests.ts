import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pool } from 'pg'
import { inTransaction } from '../../store/postgres/in-transaction.ts'
import { openPool } from '../../store/postgres/open-pool.ts'
import { migrateClass } from '../../store/postgres/migrate-class.ts'
import { addPeople, type Role } from '../../class/people/roster.ts'
import { startClass } from '../../class/serve/start-class.ts'
import type { GradeSubmission } from '../../class/worker/grade-job.ts'
import { startWorker, type Worker } from '../../class/worker/start-worker.ts'
import { findExercise } from '../../course/find.ts'
import { loadCourseStrictly } from '../../course/load-course.ts'
import { resolvePaths } from '../../course/paths.ts'
import type { Course } from '../../course/types.ts'
import { writeFixtureCourse } from '../sample-course.ts'
import { openCutOff, type CutOff } from '../cut-off.ts'
import { openTestDatabase } from './test-database.ts'

/** A class that is served on a free port, from a database of its own. */
export interface ServedClass {
  readonly url: string
  /** Where the class reads. No page of it is read there without a proxy. */
  readonly origin: string
  readonly pool: Pool
  readonly course: Course
  /** The first teacher, who has come in. */
  readonly teacher: Member
  /** Somebody without a session. */
  readonly stranger: Reader
  /** Adds somebody, who comes in with the code on their card. */
  enter(name: string, role?: Role): Promise<Member>
  /** The database is away, until it is restored. */
  readonly database: Pick<CutOff, 'cut' | 'restore'>
  /** Grades from now on. */
  work(grade: GradeSubmission): Promise<Worker>
  close(): Promise<void>
}

/** Who asks, with the cookie that they have. */
export interface Reader {
  readonly cookie: string
  get(path: string, headers?: Record<string, string>): Promise<Response>
  /** The text of a page. */
  page(path: string): Promise<string>
  /** A form, with the token of their pages unless `fields` has one. No redirect is followed. */
  submit(
    path: string,
    fields?: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<Response>
  /** What a script of a page sends. */
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Response>
}

export interface Member extends Reader {
  readonly id: string
  readonly name: string
  readonly code: string
}

export interface ServedOptions {
  /** Files of the small course that differ (see sample-course.ts). */
  readonly files?: Readonly<Record<string, string | null>>
  /** The course of this project instead. */
  readonly wholeCourse?: boolean
}

const ORIGIN = 'http://course.example'
const SECRET = 'a secret of tests, 32 characters and more'

/** For tests: serves a class with one teacher. Nothing is graded before `work`. */
export async function openServedClass({
  files,
  wholeCourse = false,
}: ServedOptions = {}): Promise<ServedClass> {
  const database = await openTestDatabase()
  const way = await openCutOff(database.url)
  const pool = openPool(way.url)
  await migrateClass(pool)
  const folder = mkdtempSync(join(tmpdir(), 'roundtrip-class-'))
  const root = wholeCourse ? resolvePaths({}).root : writeFixtureCourse(files)
  const course = await loadCourseStrictly(root)
  const running = await startClass({
    course,
    paths: { ...resolvePaths({ ROUNDTRIP_HOME: folder }), root },
    pool,
    secret: SECRET,
    origin: ORIGIN,
    port: 0,
    host: undefined,
    say() {},
  })
  const url = `http://localhost:${running.port}`
  const workers: Worker[] = []
  const enterAs = async (id: string, name: string, code: string): Promise<Member> => {
    const { headers } = await readerOf(url, '').submit('/access', { code, next: '/' })
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
    return { id, name, code, ...readerOf(url, cookie) }
  }
  const { id, name, code } = running.firstTeacher!
  return {
    url,
    origin: ORIGIN,
    pool,
    course,
    database: way,
    teacher: await enterAs(id, name, code),
    stranger: readerOf(url, ''),
    async enter(newName, role = 'learner') {
      const { cards } = await inTransaction(pool, (transaction) =>
        addPeople(transaction, [{ name: newName, rosterId: null }], SECRET, role),
      )
      return enterAs(cards[0]!.id, newName, cards[0]!.code)
    },
    async work(grade) {
      const worker = await startWorker({
        pool,
        slots: { untimed: 2, timed: 2 },
        grade,
        find: (exercise) => findExercise(course, exercise),
      })
      workers.push(worker)
      return worker
    },
    async close() {
      for (const worker of workers) await worker.stop(0)
      await running.close()
      await pool.end()
      await way.cut()
      await database.close()
      rmSync(folder, { recursive: true, force: true })
      if (!wholeCourse) rmSync(root, { recursive: true, force: true })
    },
  }
}

function readerOf(url: string, cookie: string): Reader {
  const get: Reader['get'] = (path, headers) =>
    fetch(url + path, {
      redirect: 'manual',
      headers: { 'Sec-Fetch-Site': 'none', Accept: 'text/html', cookie, ...headers },
    })
  const page = async (path: string) => (await get(path)).text()
  let token: Promise<string> | undefined
  const ownToken = () => (token ??= page('/').then(tokenIn))
  return {
    cookie,
    get,
    page,
    async submit(path, fields = {}, headers = {}) {
      const body = new URLSearchParams({
        ...(fields['token'] === undefined && { token: await ownToken() }),
        ...fields,
      })
      return fetch(url + path, {
        method: 'POST',
        redirect: 'manual',
        body,
        headers: { Accept: 'text/html', Origin: url, cookie, ...headers },
      })
    },
    async send(method, path, body, headers = {}) {
      return fetch(url + path, {
        method,
        redirect: 'manual',
        headers: {
          Accept: 'application/json',
          Origin: url,
          'X-Roundtrip-Token': await ownToken(),
          cookie,
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
    },
  }
}

function tokenIn(page: string): string {
  return /name="token" content="([^"]+)"/.exec(page)?.[1] ?? ''
}
