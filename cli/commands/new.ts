import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { npmRun } from '../../course/command-line.ts'
import { allExercises, findLesson } from '../../course/find.ts'
import { explainFileError } from '../../course/read/file-error.ts'
import { resolvePaths, shownPath } from '../../course/paths.ts'
import type { Course, ExerciseKind } from '../../course/types.ts'
import { ask } from '../terminal/ask.ts'
import { UsageError } from '../explain-error.ts'
import { loadOwnCourse } from '../options/find-exercise.ts'
import type { ExitCode } from '../exit-code.ts'
import { courseSkeleton } from '../templates/course-skeleton.ts'
import { exerciseSkeleton, type Skeleton } from '../templates/exercise-skeleton.ts'
import { lessonSkeleton, sectionSkeleton } from '../templates/lesson-skeleton.ts'

export interface NewOptions {
  readonly kind?: string
  readonly lesson?: string
  readonly section?: string
  readonly title?: string
  /** False: the exercise is not graded, and its feedback not written. */
  readonly verify: boolean
}

const KINDS: readonly ExerciseKind[] = ['server', 'client', 'page']

/**
 * Writes a new exercise, lesson or course that passes lint:course and verify as it is. Overwrites
 * nothing. @throws UsageError
 */
export async function createNew(
  what: string,
  name: string,
  options: NewOptions,
): Promise<ExitCode> {
  if (what === 'course') return newCourse(resolve(name), options)
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name) || name.length > 64)
    throw new UsageError(
      `"${name}" isn't an id. Write it in small letters, digits and single hyphens, at most 64: cookies-max-age.`,
    )
  if (what === 'exercise') return newExercise(name, options)
  if (what === 'lesson') return newLesson(name, options)
  throw new UsageError(
    `There is nothing new called ${what}. npm run new -- exercise <id>, -- lesson <id> or -- course <folder>.`,
  )
}

async function newExercise(id: string, options: NewOptions): Promise<ExitCode> {
  const course = await loadOwnCourse()
  const isRefused = course.refused?.some((each) => each.id === id)
  if (isRefused || allExercises(course).some(({ exercise }) => exercise.id === id))
    throw new UsageError(`There is an exercise "${id}" already.`)
  const lessons = lessonIds(course)
  const { title, lesson, kind } = await ask(
    {
      kind: {
        option: '--kind',
        text: 'What does the learner write?',
        choices: KINDS,
        suggestion: 'server',
      },
      title: { option: '--title', text: 'What is its title?', suggestion: asTitle(id) },
      lesson: {
        option: '--lesson',
        text: 'Which lesson does it belong to?',
        choices: lessons,
        ...(lessons.length === 1 && { suggestion: lessons[0]! }),
      },
    },
    options,
  )
  const [heading] = findLesson(course, lesson)!.lesson.headings
  write(
    course.root,
    exerciseSkeleton({
      id,
      title,
      lesson,
      kind: kind as ExerciseKind,
      anchor: heading?.id ?? null,
    }),
  )
  return proved([id], options)
}

async function newLesson(id: string, options: NewOptions): Promise<ExitCode> {
  const course = await loadOwnCourse()
  if (findLesson(course, id)) throw new UsageError(`There is a lesson "${id}" already.`)
  const sections = course.sections.map((section) => section.id)
  const { title, section } = await ask(
    {
      title: { option: '--title', text: 'What is its title?', suggestion: asTitle(id) },
      section: {
        option: '--section',
        text: `Which section does it belong to? ${sections.join(', ')}, or a new one`,
        ...(sections.length > 0 && { suggestion: sections.at(-1)! }),
      },
    },
    options,
  )
  const known = course.sections.find((each) => each.id === section)
  const folder = known
    ? dirname(shownPath(known.lessons[0]!.file, course.root))
    : `lessons/${nextNumber(join(course.root, 'lessons'), 1)}-${requireId(section)}`
  const number = nextNumber(join(course.root, folder), 10)
  write(course.root, {
    ...(known ? {} : sectionSkeleton({ id: section, title: asTitle(section), folder })),
    ...lessonSkeleton({ id, title, file: `${folder}/${number}-${id}.md` }),
  })
  process.stdout.write(`${npmRun('lint:course')} says what is wrong with it; now: nothing.\n`)
  return 0
}

async function newCourse(dir: string, options: NewOptions): Promise<ExitCode> {
  if (existsSync(dir) && readdirSync(dir).length > 0)
    throw new UsageError(`${dir} is not empty. Name a new folder.`)
  const id =
    basename(dir)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 64) || 'course'
  const { title } = await ask(
    { title: { option: '--title', text: 'What is its title?', suggestion: asTitle(id) } },
    options,
  )
  write(dir, courseSkeleton({ id, title, dir, project: resolvePaths().project }))
  process.env['ROUNDTRIP_COURSE'] = dir
  const code = await proved([], options)
  process.stdout.write(`Read it: ${npmRun('start')}\n`)
  return code
}

/**
 * What is written here is fit to be used, and the gate is what says so. It also writes the feedback
 * that is to be reviewed.
 */
async function proved(ids: readonly string[], { verify: wanted }: NewOptions): Promise<ExitCode> {
  if (!wanted) return 0
  const { verify } = await import('./verify.ts')
  return verify(ids, { jobs: '4', repeat: '1', update: true })
}

/** @throws UsageError when one of the files is there already: then none is written. */
function write(root: string, skeleton: Skeleton): void {
  const taken = Object.keys(skeleton).find((path) => existsSync(join(root, path)))
  if (taken) throw new UsageError(`There is a file ${taken} already.`)
  for (const [path, text] of Object.entries(skeleton)) {
    try {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text, { flag: 'wx' })
    } catch (error) {
      throw explainFileError(error, `write ${path}`)
    }
    process.stdout.write(`  ${path}\n`)
  }
}

function lessonIds(course: Course): string[] {
  return course.sections.flatMap(({ lessons }) => lessons.map(({ id }) => id))
}

/** `hello-header` → `Hello header` */
function asTitle(id: string): string {
  const words = id.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function requireId(section: string): string {
  if (/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(section)) return section
  throw new UsageError(
    `"${section}" isn't the id of a section. Write it in small letters, digits and single hyphens.`,
  )
}

/** The next free two digits in a folder: in steps, so that something fits between. */
function nextNumber(folder: string, step: number): string {
  const numbers = existsSync(folder)
    ? readdirSync(folder).flatMap((name) => (/^\d\d-/.test(name) ? [Number(name.slice(0, 2))] : []))
    : []
  const next = Math.min(99, Math.floor(Math.max(0, ...numbers) / step) * step + step)
  return String(next).padStart(2, '0')
}
