import {
  appendFileSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

/** What could be done, or the code of the error it ended with. */
type Got = string

const MEGABYTE = Buffer.alloc(1024 ** 2, 1)

export const fileProbes = {
  /** `read`, or why not, by path. */
  readPaths: (paths: readonly string[]) => each(paths, read),

  /** The same through a link to each that is made in a folder that may be written. */
  readThroughLinks: ({ folder, paths }: { folder: string; paths: readonly string[] }) =>
    each(paths, (path) => {
      const link = join(folder, 'a-link')
      symlinkSync(path, link)
      try {
        return read(link)
      } finally {
        rmSync(link)
      }
    }),

  textOf: (path: string) => readFileSync(path, 'utf8'),

  writeInFolders: (folders: readonly string[]) =>
    each(folders, (folder) => {
      const file = join(folder, '.probe')
      writeFileSync(file, 'written')
      unlinkSync(file)
      return 'written'
    }),

  /** Changes a file in each way there is, and leaves it as it was. */
  changeFile: (file: string) => {
    const before = readFileSync(file)
    return {
      append: attempt(() => appendFileSync(file, '// more\n')),
      overwrite: attempt(() => writeFileSync(file, before)),
      rename: attempt(() => {
        renameSync(file, `${file}.moved`)
        renameSync(`${file}.moved`, file)
      }),
      remove: attempt(() => {
        unlinkSync(file)
        writeFileSync(file, before)
      }),
    }
  },

  /** So many megabytes could be written to a file in each folder, and what ended it. */
  fillFolders: ({ folders, most }: { folders: readonly string[]; most: number }) =>
    each(folders, (folder) => fill(join(folder, '.probe'), most)),
}

function read(path: string): Got {
  if (statSync(path).isDirectory()) readdirSync(path)
  else readFileSync(path)
  return 'read'
}

function fill(file: string, most: number): Got {
  const descriptor = openSync(file, 'w')
  let written = 0
  try {
    while (written < most) {
      writeSync(descriptor, MEGABYTE)
      written++
    }
    return `${written} MB`
  } catch (error) {
    return `${written} MB, then ${(error as NodeJS.ErrnoException).code}`
  } finally {
    closeSync(descriptor)
    unlinkSync(file)
  }
}

function each<Result>(
  keys: readonly string[],
  action: (key: string) => Result,
): Record<string, Result | Got> {
  return Object.fromEntries(keys.map((key) => [key, attempt(() => action(key))]))
}

function attempt<Result>(action: () => Result): Result | Got {
  try {
    return action() ?? ('done' as Got)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}
