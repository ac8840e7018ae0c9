import { cpSync, existsSync, lstatSync, readdirSync, statSync } from 'node:fs'
import { mkdirSync, mkdtempSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readGiven } from '../given.ts'
import { listFilesBelow, listFolder } from '../read/course-files.ts'
import { explainFileError, FileError, UnusableFile } from '../read/file-error.ts'
import { kindOf, readOrdinaryFile } from '../read/read-file.ts'
import { resolvePaths, shownPath, type Paths } from '../paths.ts'
import type { Exercise } from '../types.ts'
import { writeFileAtomically } from '../files/write-file.ts'
import { hasContent, refreshCopy } from './given-copy.ts'

/** A file by its path within an exercise's folder, with forward slashes. */
export interface WorkFile {
  readonly path: string
  readonly content: Uint8Array
}

export interface EnsuredWork {
  /** Absolute. */
  readonly dir: string
  readonly created: boolean
}

export interface ResetWork {
  /** Absolute. */
  readonly dir: string
  /** Absolute. Null when there was nothing to copy. */
  readonly copy: string | null
}

/** The learner's folder for an exercise, absolute. It need not exist. */
export function workFolder(exercise: Exercise, paths: Paths = resolvePaths()): string {
  return join(paths.work, exercise.id)
}

/** Where the stub is kept that the learner began from, absolute. It need not exist. */
export function baseFolder(exercise: Exercise, paths: Paths = resolvePaths()): string {
  return join(paths.base, exercise.id)
}

/**
 * Makes sure that every file of the stub is in the learner's folder, and keeps the stub each of
 * them began as. Overwrites nothing of the learner's. `created` tells whether the folder is new.
 * Throws FileError.
 */
export function ensureWork(exercise: Exercise, paths: Paths = resolvePaths()): EnsuredWork {
  const dir = workFolder(exercise, paths)
  const shown = shownPath(dir, paths.root)
  if (!existsSync(dir) && createWhole(exercise, dir, paths)) return { dir, created: true }
  for (const { path, content } of readStub(exercise)) {
    if (exercise.given?.includes(path))
      explained(`write ${shown}/${path}`, () =>
        refreshCopy(join(dir, path), join(baseFolder(exercise, paths), path), content),
      )
    if (existsSync(join(dir, path))) continue
    explained(`write ${shown}/${path}`, () => {
      writeFileAtomically(join(baseFolder(exercise, paths), path), content, { durable: true })
      writeUnlessThere(join(dir, path), content)
    })
  }
  return { dir, created: false }
}

/**
 * Copies the learner's files to `<id>.before-reset-<local time>` beside them, then goes back to the
 * stub; does neither where they are the stub. Hidden files and node_modules stay as they are.
 * Throws FileError, and then the learner's files are as they were or in the copy.
 */
export function resetWork(
  exercise: Exercise,
  paths: Paths = resolvePaths(),
  now = new Date(),
): ResetWork {
  const dir = workFolder(exercise, paths)
  const shown = shownPath(dir, paths.root)
  const stub = readStub(exercise)
  const names = explained(`read ${shown}`, () =>
    existsSync(dir) ? readdirSync(dir).filter(isLearners) : [],
  )
  if (names.length === 0) ensureWork(exercise, paths)
  if (names.length === 0 || isNothingBut(stub, dir, names)) return { dir, copy: null }
  const copy = explained(`copy ${shown}`, () => copyAside(dir, names, 'reset', now))
  try {
    explained(`write ${shown}`, () => backToStub(dir, stub))
    keepBase(exercise, paths)
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    throw new FileError(
      error.message,
      `Your files are in ${shownPath(copy, paths.root)}. ${error.remedy}`,
      error,
    )
  }
  return { dir, copy }
}

/** Whether a folder with entries of these names holds the stub, and no file beside it. */
function isNothingBut(stub: readonly WorkFile[], dir: string, names: readonly string[]): boolean {
  const same = ({ path, content }: WorkFile) => hasContent(join(dir, path), content)
  return (
    names.every((name) => stub.some(({ path }) => path === name)) &&
    explained(`read ${dir}`, () => stub.every(same))
  )
}

/**
 * The exercise's files as they stand in `dir`, the learner's folder unless given. Throws FileError
 * when one is missing.
 */
export function readWork(
  exercise: Exercise,
  dir: string = workFolder(exercise),
  root: string = resolvePaths().root,
): WorkFile[] {
  return exercise.files.map((path) =>
    explained(`read ${shownPath(join(dir, path), root)}`, () => ({
      path,
      content: readOrdinaryFile(join(dir, path)),
    })),
  )
}

/**
 * Copies the learner's files to `<id>.before-<what>-<local time>` beside them; gives the copy's
 * absolute path. Throws FileError.
 */
export function copyWork(exercise: Exercise, paths: Paths, what: string, now = new Date()): string {
  const dir = workFolder(exercise, paths)
  return explained(`copy ${shownPath(dir, paths.root)}`, () =>
    copyAside(dir, readdirSync(dir).filter(isLearners), what, now),
  )
}

/** Writes files of the learner's, each whole or not at all. Throws FileError. */
export function writeWork(exercise: Exercise, files: readonly WorkFile[], paths: Paths): void {
  const dir = workFolder(exercise, paths)
  for (const { path, content } of files)
    explained(`write ${shownPath(join(dir, path), paths.root)}`, () =>
      writeFileAtomically(join(dir, path), content, { durable: true }),
    )
}

/**
 * Whether the learner's files differ from the stub they began as. Throws FileError when one cannot
 * be read.
 */
export function isWorkBegun(exercise: Exercise, paths: Paths = resolvePaths()): boolean {
  const dir = workFolder(exercise, paths)
  const began = existsSync(baseFolder(exercise, paths))
    ? baseFolder(exercise, paths)
    : join(exercise.dir, 'stub')
  return exercise.files.some((path) => {
    if (!existsSync(join(dir, path)) || !existsSync(join(began, path)))
      return existsSync(join(dir, path))
    return explained(
      `read ${shownPath(join(dir, path), paths.root)}`,
      () => !hasContent(join(dir, path), readOrdinaryFile(join(began, path))),
    )
  })
}

/** What a learner's folder begins as, the given files with it. */
function readStub(exercise: Exercise): WorkFile[] {
  const stub = join(exercise.dir, 'stub')
  return [...readWork(exercise, stub, dirname(dirname(exercise.dir))), ...readGiven(exercise)]
}

/**
 * Fills a folder beside the final one and renames it, so that nobody sees half a stub. False when
 * somebody else was first.
 */
function createWhole(exercise: Exercise, dir: string, paths: Paths): boolean {
  const stub = readStub(exercise)
  return explained(`write ${shownPath(dir, paths.root)}`, () => {
    mkdirSync(paths.work, { recursive: true })
    const draft = mkdtempSync(join(paths.work, '.new-'))
    try {
      for (const { path, content } of stub) writeUnlessThere(join(draft, 'files', path), content)
      if (!renameUnlessThere(join(draft, 'files'), dir)) return false
      writeBase(exercise, stub, paths)
      return true
    } finally {
      rmSync(draft, { recursive: true, force: true })
    }
  })
}

function renameUnlessThere(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    // Windows says EPERM where others say ENOTEMPTY.
    if (isTaken(error) || existsSync(to)) return false
    throw error
  }
}

/** Keeps the stub of now as the one the learner goes on from. Throws FileError. */
export function keepBase(exercise: Exercise, paths: Paths = resolvePaths()): void {
  explained(`write ${shownPath(baseFolder(exercise, paths), paths.root)}`, () =>
    writeBase(exercise, readStub(exercise), paths),
  )
}

function writeBase(exercise: Exercise, stub: readonly WorkFile[], paths: Paths): void {
  const base = baseFolder(exercise, paths)
  rmSync(base, { recursive: true, force: true })
  for (const { path, content } of stub)
    writeFileAtomically(join(base, path), content, { durable: true })
}

// The stub first, so that a full disk or a locked file is met before anything is removed.
function backToStub(dir: string, stub: readonly WorkFile[]): void {
  for (const { path, content } of stub)
    writeFileAtomically(join(dir, path), content, { durable: true })
  const kept = new Set(stub.map(({ path }) => path))
  for (const file of listFilesBelow(dir))
    if (!kept.has(file)) rmSync(join(dir, file), { force: true })
  for (const folder of listFolder(dir).folders) removeEmptyFolders(join(dir, folder))
}

function removeEmptyFolders(dir: string): void {
  for (const folder of listFolder(dir).folders) removeEmptyFolders(join(dir, folder))
  if (readdirSync(dir).length === 0) rmdirSync(dir)
}

/** Never into a folder that exists: mkdir without `recursive` refuses it. */
function copyAside(dir: string, names: readonly string[], what: string, now: Date): string {
  for (const name of names) requireCopyable(dir, name)
  for (let count = 1; ; count++) {
    const copy = `${dir}.before-${what}-${localTime(now)}${count === 1 ? '' : `-${count}`}`
    try {
      mkdirSync(copy)
    } catch (error) {
      if (isTaken(error)) continue
      throw error
    }
    try {
      for (const name of names)
        cpSync(join(dir, name), join(copy, name), { recursive: true, verbatimSymlinks: true })
      return copy
    } catch (error) {
      rmSync(copy, { recursive: true, force: true })
      throw error
    }
  }
}

/** Links are copied as links; what has no content of its own to copy is named. */
function requireCopyable(dir: string, name: string): void {
  const found = lstatSync(join(dir, name))
  if (found.isDirectory()) {
    for (const below of readdirSync(join(dir, name))) requireCopyable(dir, `${name}/${below}`)
    return
  }
  const kind = found.isSymbolicLink() ? null : kindOf(found)
  if (kind !== null) throw new UnusableFile(`${name} is a ${kind}, not a file`, `that ${kind}`)
}

/** `2026-11-22T10-15-03`: no colons, which Windows does not take in a name. */
function localTime(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const date = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join('-')
  return `${date}T${[two(now.getHours()), two(now.getMinutes()), two(now.getSeconds())].join('-')}`
}

// A stub may be read-only on disk, so contents are written anew and its permissions are not copied.
function writeUnlessThere(path: string, content: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  try {
    writeFileSync(path, content, { flag: 'wx' })
  } catch (error) {
    if (isTaken(error)) return
    rmSync(path, { force: true })
    throw error
  }
}

function isLearners(name: string): boolean {
  return !name.startsWith('.') && name !== 'node_modules'
}

function isTaken(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'EEXIST' || error.code === 'ENOTEMPTY')
  )
}

function explained<Result>(doing: string, action: () => Result): Result {
  try {
    return action()
  } catch (error) {
    throw explainFileError(error, doing)
  }
}
