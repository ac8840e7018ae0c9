import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkGiven } from './check-given.ts'
import { checkMutants } from './check-mutants.ts'
import { listFilesBelow, listFolder, readText } from './course-files.ts'
import { isKeepablePath } from './file-name.ts'
import { splitFrontMatter } from './front-matter.ts'
import type { Problem } from '../problem.ts'
import { exerciseSchema, idPattern, validate } from './schemas.ts'
import type { Placed } from './read-lessons.ts'
import type { Exercise, ExerciseKind } from '../types.ts'

export interface ReadExercises {
  readonly exercises: readonly (Placed<Exercise> & { readonly lessonLine: number })[]
  readonly problems: readonly Problem[]
}

/** Reads every folder in `exercises/`. */
export function readExercises(root: string): ReadExercises {
  const problems: Problem[] = []
  const exercises: ReadExercises['exercises'][number][] = []
  for (const id of listFolder(join(root, 'exercises')).folders) {
    const exercise = readExercise(root, id, problems)
    if (exercise) exercises.push(exercise)
  }
  return { exercises, problems }
}

function readExercise(
  root: string,
  id: string,
  problems: Problem[],
): ReadExercises['exercises'][number] | undefined {
  const dir = join(root, 'exercises', id)
  const folder = `exercises/${id}`
  const file = `${folder}/exercise.md`
  const report: Report = (where, message, remedy) =>
    void problems.push({ file: where, line: 1, message, remedy })

  if (!idPattern.test(id) || id.length > 64) {
    const remedy = 'It is the id: small letters, digits and single hyphens, at most 64 characters.'
    report(folder, `The folder's name "${id}" is not in kebab-case.`, remedy)
  }
  const stub = listFilesBelow(join(dir, 'stub'))
  if (stub.length === 0)
    report(`${folder}/stub`, 'The stub is missing.', 'Add the files a learner starts from.')
  for (const path of stub.filter((each) => !isKeepablePath(each))) {
    const remedy = 'Name it with letters, digits, dots, hyphens and underscores alone.'
    report(`${folder}/stub/${path}`, `No run could keep a file named "${path}".`, remedy)
  }
  const given = checkGiven(dir, folder, report)
  checkSolution(dir, folder, stub, report)
  if (!existsSync(join(dir, 'checks.ts'))) {
    report(
      `${folder}/checks.ts`,
      'The checks are missing.',
      'Export them from this file as its default.',
    )
  }

  const text = readText(join(dir, 'exercise.md'))
  if (text === undefined) {
    const keys = Object.keys(exerciseSchema.shape).join(', ')
    report(file, 'This file is missing.', `Write it with the front matter ${keys}, and the task.`)
  }
  const matter = text === undefined ? undefined : splitFrontMatter(text)
  const { data, problems: found } = matter
    ? validate(exerciseSchema, matter, file)
    : { problems: [] }
  problems.push(...found)

  const cmd = data?.cmd
  const files = cmd === undefined ? startedFirst(stub, data?.kind) : namedFirst(stub, cmd)
  const entry = given.find((path) =>
    cmd === undefined ? path === `${data?.kind}.ts` : isNamed(path, cmd),
  )
  if (cmd !== undefined && stub.length > 0 && !isNamed(files[0]!, cmd) && entry === undefined) {
    problems.push({
      file,
      line: matter!.lineOf(['cmd']),
      message: `"cmd" names none of the stub's files: ${stub.join(', ')}.`,
      remedy: 'Name the one that is started: python3 app.py.',
    })
  }
  const isUnnamed = stub.length > 1 && files[0] !== `${data?.kind}.ts` && entry === undefined
  if (data && cmd === undefined && isUnnamed) {
    const message = `Of the stub's ${stub.length} files none is named ${data.kind}.ts.`
    report(`${folder}/stub`, message, `Name the one that is started ${data.kind}.ts.`)
  }
  if (data?.kind === 'page' && !existsSync(join(dir, 'index.html'))) {
    report(
      `${folder}/index.html`,
      'The page is missing.',
      'Add the page that the script is for; `{{NAME}}` in it is a value of the environment, and `/page.js` the script.',
    )
  }
  checkMutants(dir, folder, files[0], report)
  if (!data || !matter || !isNotEmpty(files)) return undefined
  const { title, lesson, kind, level, minutes, gradingSeconds, hints } = data
  const value = {
    id,
    title,
    lesson,
    kind,
    level,
    minutes,
    gradingSeconds,
    hints: hints.map((hint) => (typeof hint === 'string' ? { text: hint } : hint)),
    task: matter.body,
    dir,
    files,
    ...(given.length > 0 && { given }),
    ...(entry !== undefined && { entry }),
    ...(cmd !== undefined && { cmd }),
  }
  return { value, file, line: 1, lessonLine: matter.lineOf(['lesson']) }
}

type Report = (where: string, message: string, remedy: string) => void

function checkSolution(dir: string, folder: string, stub: readonly string[], report: Report): void {
  const solution = listFilesBelow(join(dir, 'solution'))
  if (solution.length === 0) {
    report(
      `${folder}/solution`,
      'The solution is missing.',
      'Add the same files as in stub/, solved.',
    )
    return
  }
  for (const file of stub) {
    if (solution.includes(file)) continue
    const remedy = `Add ${folder}/solution/${file}, or remove it from the stub.`
    report(`${folder}/stub/${file}`, 'This file of the stub is not in the solution.', remedy)
  }
}

function startedFirst(files: readonly string[], kind: ExerciseKind | undefined): string[] {
  const kinds: readonly ExerciseKind[] = kind ? [kind] : ['server', 'client', 'page']
  const started = kinds.map((each) => `${each}.ts`).find((file) => files.includes(file))
  return started === undefined ? [...files] : [started, ...files.filter((file) => file !== started)]
}

function namedFirst(files: readonly string[], cmd: string): string[] {
  return files.toSorted((a, b) => Number(isNamed(b, cmd)) - Number(isNamed(a, cmd)))
}

/** The file stands in the command as a word of its own. */
function isNamed(file: string, cmd: string): boolean {
  return cmd.split(/[\s"']+/).some((word) => word === file || word === `./${file}`)
}

function isNotEmpty<Value>(values: readonly Value[]): values is readonly [Value, ...Value[]] {
  return values.length > 0
}
