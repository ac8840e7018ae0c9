import { z } from 'zod'
import type { Exercise } from '../../../course/types.ts'
import type { WorkFile } from '../../../course/work/work-folder.ts'

/** So many bytes the files of a submission may have together. */
export const MOST_BYTES = 200_000

const HANDED_IN = z.strictObject({
  exercise: z.string().max(200),
  /** As `exerciseVersion` names the copy of whoever hands in. */
  version: z.string().max(100),
  files: z
    .array(z.strictObject({ path: z.string().max(200), base64: z.base64() }))
    .min(1)
    .max(100),
})

/** What a program hands in. */
export interface HandedIn {
  readonly exercise: string
  readonly version: string
  readonly files: readonly WorkFile[]
}

/** Reads the body of a request. Null when it is anything else: a file is a name and its content. */
export function readHandedIn(body: unknown): HandedIn | null {
  const parsed = HANDED_IN.safeParse(body)
  if (!parsed.success) return null
  const { exercise, version, files } = parsed.data
  return {
    exercise,
    version,
    files: files.map(({ path, base64 }) => ({ path, content: Buffer.from(base64, 'base64') })),
  }
}

/**
 * The files in the exercise's order, or a sentence that says why they are not taken. What is taken
 * are the files that the exercise lists, each once, and nothing else; so no name is ever a path.
 */
export function chosenFiles(
  { id, files: names }: Pick<Exercise, 'id' | 'files'>,
  given: readonly WorkFile[],
): readonly WorkFile[] | string {
  const files = names.flatMap((name) => given.find(({ path }) => path === name) ?? [])
  if (files.length !== names.length || given.length !== names.length)
    return `Here, ${id} has these files and no others: ${names.join(', ')}.`
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0)
  if (bytes > MOST_BYTES)
    return `The files of a submission have ${MOST_BYTES / 1000} kB at most, and these have ${Math.ceil(bytes / 1000)}.`
  return files
}
