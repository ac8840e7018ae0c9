import type { Pool } from 'pg'
import type { Paths } from '../../course/paths.ts'
import type { Course } from '../../course/types.ts'
import {
  CannotStart,
  closeServer,
  explainListening,
  limitConnections,
  listenOn,
  listenOnLoopback,
  portOf,
  PortTaken,
} from '../../server/for-class.ts'
import { inTransaction } from '../../store/postgres/in-transaction.ts'
import { openQueues } from '../queue/queues.ts'
import { openRunEvents } from '../queue/run-events.ts'
import { addPeople, type Card } from '../people/roster.ts'
import { forgetOldSessions } from '../people/sessions.ts'
import { removeOld } from '../retention/remove-old.ts'
import { keepSecretMark } from '../people/same-secret.ts'
import { classOnPort } from './class-address.ts'
import { markServed, servedOn } from './served-mark.ts'
import { createClassApp } from '../web/create-class-app.ts'

export interface ClassOptions {
  readonly course: Course
  readonly paths: Paths
  /** Of `openPool`, with the tables up to date. It stays open. */
  readonly pool: Pool
  readonly secret: string
  readonly origin: string
  readonly port: number
  /** The address to listen on; undefined for the loopback addresses alone. */
  readonly host: string | undefined
  /** After so many days old runs are removed (retention/remove-old.ts); undefined keeps them. */
  readonly retentionDays?: number | undefined
  /** What goes wrong in the background, a sentence at a time. */
  readonly say: (sentence: string) => void
}

export interface RunningClass {
  readonly port: number
  /** The card of the first teacher; null when the class has one already. */
  readonly firstTeacher: Card | null
  /** Ends every connection and frees the port. What is being graded goes on. */
  close(): Promise<void>
}

const FORGET_MS = 3_600_000

/**
 * Serves a class. Workers grade for it, in this process or elsewhere. @throws StoreError, CannotStart
 */
export async function startClass(options: ClassOptions): Promise<RunningClass> {
  const { pool, secret, say, paths, retentionDays: days } = options
  const onError = (error: Error) => say(`The database: ${error.message}`)
  await using opened = new AsyncDisposableStack()
  const queues = await openQueues(pool, onError)
  opened.defer(() => queues.close())
  const events = openRunEvents(pool, onError)
  opened.defer(() => events.close())
  const app = createClassApp({ ...options, queues, events })
  opened.defer(() => app.close())
  const listening = await listen(app, options)
  opened.defer(() => listening.close())
  opened.defer(markServed(paths.state, { port: listening.port, origin: options.origin }))
  await keepSecretMark(pool, secret)
  const firstTeacher = await addFirstTeacher(pool, secret)
  const forget = async () => {
    await forgetOldSessions(pool)
    if (days !== undefined) await removeOld(pool, { days, stateFolder: paths.state })
  }
  let forgotten = forget().catch(onError)
  const forgetting = setInterval(() => {
    forgotten = forgotten.then(forget).catch(onError)
  }, FORGET_MS).unref()
  const running = opened.move()
  return {
    port: listening.port,
    firstTeacher,
    async close() {
      clearInterval(forgetting)
      await forgotten
      await running.disposeAsync()
    },
  }
}

async function listen(
  app: ReturnType<typeof createClassApp>,
  { host, port, paths, origin, say }: ClassOptions,
): Promise<{ port: number; close(): Promise<void> }> {
  const onRefused = ({ most }: { most: number }) =>
    say(`More than ${most} connections at once were refused. Raise the limit of open files.`)
  try {
    // Awaited here, or what it rejects with would not be caught.
    if (host === undefined) return await listenOnLoopback(app, port, onRefused)
    const server = await listenOn(host, port, app)
    limitConnections(server, onRefused)
    return { port: portOf(server), close: () => closeServer(server) }
  } catch (error) {
    const served = error instanceof PortTaken ? servedOn(paths.state, port) : null
    if (served)
      throw new CannotStart(
        `This class is served already, at ${served.origin}.`,
        `Read it there, or end that server first (process ${served.pid}).`,
      )
    throw await explainListening(error, port, paths, (other) => classOnPort(other, origin))
  }
}

/** Somebody has to come in first. */
async function addFirstTeacher(pool: Pool, secret: string): Promise<Card | null> {
  return inTransaction(pool, async (transaction) => {
    // Of two servers that start at once, one adds the teacher.
    await transaction.query('LOCK TABLE learners IN SHARE ROW EXCLUSIVE MODE')
    const { rowCount } = await transaction.query("SELECT 1 FROM learners WHERE role = 'teacher'")
    if (rowCount) return null
    const people = [{ name: 'Teacher', rosterId: null }]
    const { cards } = await addPeople(transaction, people, secret, 'teacher')
    return cards[0] ?? null
  })
}
