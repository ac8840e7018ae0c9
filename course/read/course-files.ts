import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { explainFileError } from './file-error.ts'
import { readOrdinaryText } from './read-file.ts'

/**
 * The text of a file, or undefined when it is not there. Throws FileError when it cannot be read.
 */
export function readText(path: string): string | undefined {
  try {
    return readOrdinaryText(path)
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw explainFileError(error, `read ${path}`)
  }
}

/**
 * The names in a folder, sorted, those of hidden files left out. Nothing when it is not there.
 * Throws FileError.
 */
export function listFolder(path: string): {
  readonly folders: readonly string[]
  readonly files: readonly string[]
} {
  try {
    const entries = readdirSync(path, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    return {
      folders: entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name),
      files: entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name),
    }
  } catch (error) {
    if (isAbsent(error)) return { folders: [], files: [] }
    throw explainFileError(error, `read the folder ${path}`)
  }
}

/** Every file below a folder, relative to it, with forward slashes, sorted. Throws FileError. */
export function listFilesBelow(path: string): string[] {
  const { folders, files } = listFolder(path)
  return [
    ...files,
    ...folders.flatMap((folder) =>
      listFilesBelow(join(path, folder)).map((file) => `${folder}/${file}`),
    ),
  ]
}

function isAbsent(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR')
  )
}
