import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { readGiven } from '../course/given.ts'
import { FileError } from '../course/read/file-error.ts'
import { rightPrograms } from '../course/right-programs.ts'
import type { Exercise } from '../course/types.ts'
import { prepareMutants, type RunnableMutants } from './mutants.ts'
import { settleAll } from './schedule/settle-all.ts'

const project = join(dirname(fileURLToPath(import.meta.url)), '..')
const compiler = join(project, 'node_modules/typescript/bin/tsc')

/**
 * What the compiler says about the checks and the programs of these exercises, by the exercise's
 * id. One run for all of them, and a second for scripts of pages, which have other globals. Null
 * where the compiler isn't installed (`npm ci --omit=dev`).
 */
export async function typeProblems(
  exercises: readonly Exercise[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]> | null> {
  if (!existsSync(compiler)) return null
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'roundtrip-types-')))
  const made: RunnableMutants[] = []
  const unreadable: Said[] = []
  try {
    const files = exercises.flatMap((exercise) => {
      try {
        const mutants = prepareMutants(exercise)
        made.push(mutants)
        return filesOf(exercise, mutants, folder)
      } catch (error) {
        if (!(error instanceof FileError)) throw error
        unreadable.push({ exercise: exercise.id, say: error.message })
        return []
      }
    })
    const found = await settleAll(
      [false, true].map((ofPage) =>
        compile(
          files.filter((file) => file.ofPage === ofPage),
          { ofPage, config: join(folder, `${ofPage ? 'pages' : 'programs'}.json`), signal },
        ),
      ),
    )
    const byExercise = Map.groupBy([...unreadable, ...found.flat()], ({ exercise }) => exercise)
    return new Map([...byExercise].map(([id, problems]) => [id, problems.map(({ say }) => say)]))
  } finally {
    made.forEach((each) => each.remove())
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What is said about an exercise. */
interface Said {
  readonly exercise: string
  readonly say: string
}

/** A file that is compiled, and how an author knows it. */
interface TypedFile {
  readonly exercise: string
  readonly path: string
  /** `mutants/milliseconds.patch`, `checks.ts`. */
  readonly name: string
  readonly ofPage: boolean
}

/** `folder`: where programs are put together that are in no folder as they run. */
function filesOf(exercise: Exercise, mutants: RunnableMutants, folder: string): TypedFile[] {
  const { id, dir, kind } = exercise
  const checks = globSync('*.ts', { cwd: dir })
  const ofPage = kind === 'page'
  const programs = [
    ...['stub', 'solution', ...rightPrograms(exercise).map((name) => `right/${name}`)].map(
      (name) => ({ dir: join(dir, name), named: (path: string) => `${name}/${path}` }),
    ),
    ...[...mutants.folders].map(([mutant, its]) => ({
      dir: its,
      named: (path: string) =>
        its.startsWith(dir + sep)
          ? `mutants/${mutant}/${path}`
          : `mutants/${mutant}.patch, ${path}`,
    })),
  ]
  return [
    ...checks.map((name) => ({ exercise: id, path: join(dir, name), name, ofPage: false })),
    ...programs.flatMap((program, index) => {
      const whole = asItRuns(exercise, program.dir, join(folder, id, String(index)))
      return globSync('**/*.ts', { cwd: whole, exclude: ['**/node_modules'] }).map((path) => ({
        exercise: id,
        path: join(whole, path),
        name: program.named(path.split(sep).join('/')),
        ofPage,
      }))
    }),
  ]
}

/**
 * The folder of a program with what is given beside it. One outside the exercise has no
 * package.json: Node finds out by itself that its files are modules, the compiler does not.
 */
function asItRuns(exercise: Exercise, dir: string, copy: string): string {
  const given = readGiven(exercise)
  if (given.length === 0 && dir.startsWith(exercise.dir + sep)) return dir
  cpSync(dir, copy, { recursive: true })
  writeFileSync(join(copy, 'package.json'), '{ "type": "module" }\n')
  for (const { path, content } of given) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    writeFileSync(join(copy, path), content)
  }
  return copy
}

interface CompileOptions {
  readonly ofPage: boolean
  /** Where the configuration is written. */
  readonly config: string
  readonly signal: AbortSignal | undefined
}

async function compile(
  files: readonly TypedFile[],
  { ofPage, config, signal }: CompileOptions,
): Promise<Said[]> {
  if (files.length === 0) return []
  writeFileSync(config, JSON.stringify(configuration(files, ofPage)))
  const args = [compiler, '--project', config, '--pretty', 'false']
  const output = await promisify(execFile)(process.execPath, args, {
    cwd: project,
    maxBuffer: 64 * 1024 ** 2,
    ...(signal && { signal }),
  }).then(
    ({ stdout }) => stdout,
    (error: Error & { stdout?: string }) => {
      signal?.throwIfAborted()
      if (!error.stdout) throw error
      return error.stdout
    },
  )
  const byPath = new Map(files.map((file) => [file.path, file]))
  const errors = [...output.matchAll(/^(.+)\((\d+),\d+\): error TS\d+: (.*(?:\n {2}.*)*)/gm)]
  const ours = errors.flatMap(([, path = '', line, message]) => {
    const file = byPath.get(resolve(project, path))
    return file ? [{ exercise: file.exercise, say: `${file.name}:${line} ${message}` }] : []
  })
  // What the compiler says of no file of an exercise (its configuration, say) is not the author's.
  if (ours.length === 0 && output.includes('error TS'))
    throw new Error(`The compiler could not check types: ${output.trim()}`)
  return ours
}

/** As strict as the project itself, wherever the course lies. */
function configuration(files: readonly TypedFile[], ofPage: boolean) {
  const packages = join(project, 'node_modules')
  return {
    extends: join(project, ofPage ? 'tsconfig.pages.json' : 'tsconfig.json'),
    compilerOptions: {
      typeRoots: [join(packages, '@types')],
      paths: {
        '#grader': [join(project, 'grader/authoring.ts')],
        '*': [join(packages, '@types/*'), join(packages, '*')],
      },
    },
    include: [],
    files: files.map(({ path }) => path),
  }
}
