import { PgBoss, type Queue as QueueSettings } from 'pg-boss'
import type { Pool } from 'pg'
import type { Exercise } from '../../course/types.ts'
import type { Queryable } from '../database.ts'
import { asBossDatabase } from './transaction.ts'

/**
 * Timed exercises let a program run for seconds and mostly wait; the others take the processor. Each
 * kind has a queue and slots of its own, so that waiting holds up no work.
 */
export type QueueKind = 'untimed' | 'timed'

export const QUEUE_KINDS: readonly QueueKind[] = ['untimed', 'timed']

/** Where jobs end whose worker was lost each time. */
export const DEAD_LETTERS = 'dead-letters'

/** What a job carries: everything else is in the submission's row. */
export interface JobData {
  readonly submission: string
  /** Of a regrade: the version of the checks that is wanted. */
  readonly regrade?: string
}

/** A claim of a job. Each further claim counts up, so a claim of before is known by its number. */
export interface JobAttempt {
  readonly id: string
  readonly retryCount: number
}

/** The queues of a class, and the pool under them. */
export interface Queues {
  readonly boss: PgBoss
  readonly pool: Pool
  /** Ends the supervision. The pool stays open. */
  close(): Promise<void>
}

export const PRIORITY = { interactive: 10, regrade: 0 } as const

/**
 * How long after its last heartbeat a worker counts as lost, in seconds. pg-boss takes no less than
 * 10.
 */
const HEARTBEAT_SECONDS = 10
/** How often a job is tried again whose worker was lost. */
export const MOST_RETRIES = 2
/** Lost workers are looked for so often, in seconds. */
const SUPERVISE_SECONDS = 1
const KEPT_SECONDS = 3600
const SHORT_SECONDS = 5

/** The queue in which an exercise is graded. */
export function queueKindOf({ gradingSeconds }: Pick<Exercise, 'gradingSeconds'>): QueueKind {
  return gradingSeconds > SHORT_SECONDS ? 'timed' : 'untimed'
}

/** After so many seconds a grading counts as stuck, and its job is given to another worker. */
export function expiryOf({ gradingSeconds }: Pick<Exercise, 'gradingSeconds'>): number {
  return Math.max(180, 2 * gradingSeconds + 90)
}

/**
 * Opens the queues, and makes their tables when they are not there. The process that has them open
 * also looks for lost workers, beside the others that do. `onError` gets what goes wrong in the
 * background: a database that is away for a while.
 */
export async function openQueues(pool: Pool, onError: (error: Error) => void): Promise<Queues> {
  const boss = new PgBoss({
    db: asBossDatabase(pool),
    schedule: false,
    registerInstance: false,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
  })
  // Without a listener an error in the background would end the process.
  boss.on('error', onError)
  try {
    await boss.start()
    await keepQueue(boss, DEAD_LETTERS, {})
    for (const kind of QUEUE_KINDS)
      await keepQueue(boss, kind, {
        retryLimit: MOST_RETRIES,
        heartbeatSeconds: HEARTBEAT_SECONDS,
        expireInSeconds: 180,
        deadLetter: DEAD_LETTERS,
      })
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => {})
    throw error
  }
  return { boss, pool, close: () => boss.stop({ graceful: false }) }
}

/** Makes a queue, or brings the settings of one that an earlier Roundtrip made up to date. */
async function keepQueue(
  boss: PgBoss,
  name: string,
  settings: Omit<QueueSettings, 'name'>,
): Promise<void> {
  const all = { deleteAfterSeconds: KEPT_SECONDS, ...settings }
  await boss.createQueue(name, all)
  await boss.updateQueue(name, all)
}

/** Puts a job in line, in a transaction of the caller's. */
export async function sendJob(
  { boss }: Queues,
  exercise: Pick<Exercise, 'gradingSeconds'>,
  data: JobData,
  options: { readonly priority: number; readonly learner?: string; readonly db: Queryable },
): Promise<void> {
  const { priority, learner, db } = options
  await boss.send(queueKindOf(exercise), data, {
    priority,
    expireInSeconds: expiryOf(exercise),
    ...(learner !== undefined && { group: { id: learner } }),
    db: asBossDatabase(db),
  })
}

/** How many of the claims a command of pg-boss changed: it leaves those alone that were lost. */
export function affectedBy(response: object): number {
  return (response as { affected: number }).affected
}
