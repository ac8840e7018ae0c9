import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { explainFileError, FileError } from '../read/file-error.ts'
import { readOrdinaryFile } from '../read/read-file.ts'
import { shownPath, type Paths } from '../paths.ts'
import type { Exercise } from '../types.ts'
import { writeFileAtomically } from '../files/write-file.ts'
import { workFolder } from './work-folder.ts'

/** One of the learner's files as it stands on disk. */
export interface StoredFile {
  /** Undefined when it is not there, or isn't text in UTF-8. */
  readonly text: string | undefined
  /** Another one whenever the content is another. */
  readonly version: string
}

/** The file is not what the writer believed it was. */
export class ChangedOutside extends Error {
  readonly version: string

  constructor(version: string) {
    super('The file was changed outside.')
    this.name = 'ChangedOutside'
    this.version = version
  }
}

/**
 * Reads a file the exercise lists. Throws FileError, and RangeError for a name that is none of its
 * files.
 */
export function readWorkFile(exercise: Exercise, name: string, paths: Paths): StoredFile {
  const path = pathOf(exercise, name, paths)
  const bytes = readBytes(path, shownPath(path, paths.root))
  if (bytes === undefined) return { text: undefined, version: absent }
  const text = bytes.toString('utf8')
  return { text: Buffer.from(text).equals(bytes) ? text : undefined, version: versionOf(bytes) }
}

/**
 * Writes a file the exercise lists, whole or not at all, if it still is the version the writer
 * knows. With `keepOther` that may be what somebody else wrote: it is copied beside the folder
 * first. Gives the new version and the copy's absolute path. Throws ChangedOutside, FileError, and
 * RangeError for a name that is none of its files.
 */
export function writeWorkFile(
  exercise: Exercise,
  {
    name,
    text,
    version,
    keepOther = false,
  }: { name: string; text: string; version: string; keepOther?: boolean },
  paths: Paths,
  now = new Date(),
): { version: string; copy: string | null } {
  const path = pathOf(exercise, name, paths)
  const shown = shownPath(path, paths.root)
  const there = readBytes(path, shown)
  const current = there === undefined ? absent : versionOf(there)
  if (current !== version) throw new ChangedOutside(current)
  const bytes = Buffer.from(text)
  const copy =
    keepOther && there !== undefined
      ? explained(`copy ${shown}`, () => copyAside(exercise, name, there, paths, now))
      : null
  explained(`write ${shown}`, () => replace(path, bytes))
  return { version: versionOf(bytes), copy }
}

const absent = 'absent'

function pathOf(exercise: Exercise, name: string, paths: Paths): string {
  if (!exercise.files.includes(name))
    throw new RangeError(`${exercise.id} has no file ${JSON.stringify(name)}`)
  return join(workFolder(exercise, paths), name)
}

function readBytes(path: string, shown: string): Buffer | undefined {
  return existsSync(path) ? explained(`read ${shown}`, () => readOrdinaryFile(path)) : undefined
}

function versionOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
}

/** Through a link to the file itself. */
function replace(path: string, bytes: Uint8Array): void {
  const target = existsSync(path) ? realpathSync(path) : path
  writeFileAtomically(target, bytes, { durable: true })
}

/** To a folder of its own, `<id>.before-edit-<time>`, as a reset does. */
function copyAside(
  exercise: Exercise,
  name: string,
  bytes: Uint8Array,
  paths: Paths,
  now: Date,
): string {
  const time = now
    .toISOString()
    .replaceAll(':', '-')
    .replace(/\.\d+Z$/, 'Z')
  for (let count = 1; ; count++) {
    const copy = join(
      `${workFolder(exercise, paths)}.before-edit-${time}${count === 1 ? '' : `-${count}`}`,
      name,
    )
    if (existsSync(copy)) continue
    mkdirSync(dirname(copy), { recursive: true })
    writeFileSync(copy, bytes, { flag: 'wx' })
    return copy
  }
}

function explained<Result>(doing: string, action: () => Result): Result {
  try {
    return action()
  } catch (error) {
    const known = explainFileError(error, doing)
    throw known instanceof FileError ? known : error
  }
}
