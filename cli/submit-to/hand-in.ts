import { existsSync } from 'node:fs'
import { npmRun } from '../../course/command-line.ts'
import { exerciseVersion } from '../../course/exercise-version.ts'
import type { FoundExercise } from '../../course/find.ts'
import { shownPath, type Paths } from '../../course/paths.ts'
import { readWork, workFolder, type WorkFile } from '../../course/work/work-folder.ts'
import { MachineError, UsageError } from '../explain-error.ts'
import { askClass } from './ask-class.ts'

/** What a class says to a submission that it has taken. */
export interface Taken {
  readonly id: string
  /** As the class calls the learner. */
  readonly name: string
  /** So many that still waited have given way to it. */
  readonly superseded: number
  /** ISO 8601; null without a deadline. */
  readonly dueAt: string | null
  readonly isLate: boolean
  /** The class has the exercise as it is here. */
  readonly isSameVersion: boolean
}

/** As the class says it, too (class/web/api/handed-in.ts). */
const MOST_BYTES = 200_000

/** The learner's own files of an exercise. @throws UsageError, FileError */
export function filesToHandIn({ exercise }: FoundExercise, paths: Paths): readonly WorkFile[] {
  const dir = workFolder(exercise, paths)
  if (!existsSync(dir))
    throw new UsageError(
      `There is nothing to submit yet: ${shownPath(dir, paths.root)} is made when you begin. ${npmRun('grade', [exercise.id])}`,
    )
  const files = readWork(exercise, dir, paths.root)
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0)
  if (bytes > MOST_BYTES)
    throw new UsageError(
      `Your files have ${Math.ceil(bytes / 1000)} kB, and a class takes ${MOST_BYTES / 1000} kB at most. What is in them that the exercise does not need?`,
    )
  return files
}

/**
 * Hands files in to a class. Null when the session is over, and then nothing was taken.
 * @throws UsageError, MachineError, what `askClass` throws
 */
export async function handIn(
  { exercise }: FoundExercise,
  files: readonly WorkFile[],
  { origin, token, signal }: { origin: string; token: string; signal: AbortSignal },
): Promise<Taken | null> {
  const body = {
    exercise: exercise.id,
    version: exerciseVersion(exercise),
    files: files.map(({ path, content }) => ({
      path,
      base64: Buffer.from(content).toString('base64'),
    })),
  }
  const answer = await askClass({ origin, token, path: '/submissions', body, signal })
  if (answer.status === 201) return answer.body as unknown as Taken
  const refusal = String(answer.body['refusal'])
  const error = String(answer.body['error'])
  switch (refusal) {
    case 'session':
      return null
    case 'not-open':
      throw new MachineError(
        `${exercise.id} opens ${localTime(answer.body['opensAt'])}. Nothing was submitted, and your files are as they were.`,
        `Submit it from then on: ${npmRun('submit', [exercise.id, '--to', origin])}`,
      )
    case 'exercise':
      throw new UsageError(
        `${error} Your copy of the course is another than the class's. Nothing was submitted. Ask your teacher which one to use.`,
      )
    case 'files':
      throw new UsageError(
        `Nothing was submitted. ${error} Is your copy of the course as new as the class's?`,
      )
    default:
      throw new MachineError(`Nothing was submitted. ${error}`, 'Run this again in a moment.')
  }
}

/** A time of the class as it is in the learner's own time zone. */
export function localTime(iso: unknown): string {
  const format = { dateStyle: 'full', timeStyle: 'short' } as const
  return `on ${new Date(String(iso)).toLocaleString('en-GB', format)}`
}
