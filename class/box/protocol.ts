import * as z from 'zod'
import type { Exercise, Lesson } from '../../course/types.ts'
import { LIMITS } from './limits.ts'
import { event } from './schemas.ts'

/** What is to be graded in a box. */
export interface BoxJob {
  readonly exercise: Exercise
  /** The lesson it belongs to, for the paragraphs to reread. */
  readonly lesson: Lesson
  /** The learner's files, by their paths in the exercise's folder. */
  readonly files: readonly { readonly path: string; readonly content: Uint8Array }[]
  /** Id of the run. Drawn when left out. */
  readonly run?: string
}

/** A job as it goes into the box, as one line of JSON. */
export interface SentJob {
  readonly exercise: Exercise
  readonly lesson: Pick<Lesson, 'id' | 'title' | 'headings'>
  readonly files: readonly { readonly path: string; readonly base64: string }[]
  readonly run: string | null
}

export function sentJob({ exercise, lesson, files, run = undefined }: BoxJob): SentJob {
  const { id, title, headings } = lesson
  return {
    exercise,
    lesson: { id, title, headings },
    files: files.map(({ path, content }) => ({
      path,
      base64: Buffer.from(content).toString('base64'),
    })),
    run: run ?? null,
  }
}

/**
 * What is wrong with a submission's files, or null. A path names a file within the exercise's
 * folder: no link, no archive and no folder can be sent, only names and bytes.
 */
export function faultOfFiles(files: BoxJob['files']): string | null {
  const bytes = files.reduce((sum, { content }) => sum + content.byteLength, 0)
  if (files.length === 0 || files.length > LIMITS.files)
    return `${files.length} files; 1 to ${LIMITS.files} can be graded.`
  if (bytes > LIMITS.filesBytes)
    return `${bytes} bytes of files; ${LIMITS.filesBytes} at most can be graded.`
  const paths = files.map(({ path }) => path)
  const wrong = paths.find((path) => !isPlain(path))
  if (wrong !== undefined)
    return `${JSON.stringify(wrong.slice(0, 100))} is not the name of a file.`
  const clash = paths.find((path, index) =>
    paths.some((other, at) => at !== index && (other === path || other.startsWith(`${path}/`))),
  )
  return clash === undefined ? null : `There are two of ${JSON.stringify(clash)}.`
}

/** One or a few names with `/` between them. */
function isPlain(path: string): boolean {
  return path.length <= 200 && /^[\w-][\w. -]*(\/[\w-][\w. -]*){0,5}$/.test(path)
}

/**
 * A line out of the box: something that happens; then the report and the evidence, each gzipped, in
 * base64 and in pieces, since evidence is longer than a line may be; then their lengths, which say
 * that they are whole.
 */
export const boxLine = z.union([
  z.strictObject({ event }),
  z.strictObject({ part: z.enum(['report', 'evidence']), base64: z.base64() }),
  z.strictObject({ end: z.strictObject({ report: z.int(), evidence: z.int() }) }),
  /** The box is not what it should be. */
  z.strictObject({ broken: z.string() }),
])
export type BoxLine = z.infer<typeof boxLine>

/** So many characters of base64 are in a line: with what is around them, less than it may have. */
export const PIECE = 600_000
