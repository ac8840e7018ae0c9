import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { allExercises, nearest, type FoundExercise } from '../../course/find.ts'
import { lintCourse as lint } from '../../course/lint/lint-course.ts'
import { formatProblems, type Problem } from '../../course/load-course.ts'
import { splitFrontMatter } from '../../course/read/front-matter.ts'
import type { Exercise } from '../../course/types.ts'
import { resolvePaths, shownPath } from '../../course/paths.ts'
import { formatWarnings, inReadingOrder } from '../../course/problem.ts'
import { lackingSetUps, loadChecks } from '../../grader/index.ts'
import type { ExitCode } from '../exit-code.ts'

/**
 * Prints what could read better in a course, then every mistake an author made in it, each with its
 * place and its remedy. 1 when there is a mistake.
 */
export async function lintCourse({ writeDocs }: { writeDocs?: boolean } = {}): Promise<ExitCode> {
  const { root, project } = resolvePaths()
  if (writeDocs) await writeWhatIsGenerated(project)
  const { course, problems, warnings } = await lint(root)
  const exercises = allExercises(course)
  const all = [
    ...problems,
    ...(await Promise.all(exercises.map((found) => checksProblems(found, root)))).flat(),
  ]
  if (warnings.length > 0) process.stdout.write(`${formatWarnings(warnings)}\n\n`)
  if (all.length > 0) {
    process.stdout.write(`${formatProblems(inReadingOrder(all))}\n`)
    return 1
  }
  const lessons = course.sections.reduce((sum, section) => sum + section.lessons.length, 0)
  process.stdout.write(
    `No mistake in ${counted(lessons, 'lesson')} and ${counted(exercises.length, 'exercise')}.\n`,
  )
  return 0
}

/** The checks do not load, or send a learner to a heading that is not there. */
async function checksProblems(
  { exercise, lesson }: FoundExercise,
  root: string,
): Promise<Problem[]> {
  // That it is missing has been told.
  if (!existsSync(join(exercise.dir, 'checks.ts'))) return []
  const file = shownPath(join(exercise.dir, 'checks.ts'), root)
  try {
    const anchors = lesson.headings.map(({ id }) => id)
    const checks = await loadChecks(exercise)
    const rereads = [...checks].flatMap(([id, { reread }]) => {
      if (reread === undefined || anchors.includes(reread)) return []
      return [
        {
          file,
          ...placeOf(exercise.dir, reread),
          message: `The check ${id} rereads #${reread}, which isn't a heading of the lesson ${lesson.id}.`,
          remedy: advice(reread, anchors, 'The anchors are'),
        },
      ]
    })
    const lacking = lackingSetUps(checks).map(({ lacks, has }) => ({
      file,
      line: 1,
      message: `The scenario "${lacks.title}" has no setUp, so its program lacks the environment that "${has.title}" gives.`,
      remedy: 'Give it the same setUp; where it is meant to have none, write setUp: () => ({}).',
    }))
    return [...rereads, ...hintProblems(exercise, [...checks.keys()], root), ...lacking]
  } catch (error) {
    const { message, remedy } = error as Error & { remedy?: string }
    return [{ file, line: 1, message, remedy: remedy ?? 'Fix it, then run this again.' }]
  }
}

/** A hint about a check that the exercise doesn't have would never come first. */
function hintProblems({ dir, hints }: Exercise, checks: string[], root: string): Problem[] {
  const file = join(dir, 'exercise.md')
  return hints.flatMap(({ check }, index) => {
    if (check === undefined || checks.includes(check)) return []
    return [
      {
        file: shownPath(file, root),
        line: splitFrontMatter(readFileSync(file, 'utf8')).lineOf(['hints', index]),
        message: `Hint ${index + 1} is about the check "${check}", which this exercise doesn't have.`,
        remedy: advice(check, checks, 'The checks are'),
      },
    ]
  })
}

function advice(written: string, known: readonly string[], list: string): string {
  const meant = nearest(written, known)
  return meant === undefined
    ? `${list}: ${known.join(', ') || 'none yet'}.`
    : `Did you mean "${meant}"?`
}

function placeOf(dir: string, reread: string): Pick<Problem, 'line' | 'column' | 'excerpt'> {
  const lines = readFileSync(join(dir, 'checks.ts'), 'utf8').split('\n')
  const written = new RegExp(`reread:\\s*['"\`]${reread}['"\`]`)
  const index = lines.findIndex((line) => written.test(line))
  return index === -1
    ? { line: 1 }
    : { line: index + 1, column: written.exec(lines[index]!)!.index + 1, excerpt: lines[index]! }
}

async function writeWhatIsGenerated(project: string): Promise<void> {
  const [{ jsonSchemas }, { reference }] = await Promise.all([
    import('../../course/read/json-schemas.ts'),
    import('../terminal/reference.ts'),
  ])
  const folder = join(project, 'docs/schemas')
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(jsonSchemas())) writeFileSync(join(folder, name), text)
  writeFileSync(join(project, 'docs/reference.md'), reference(project))
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`
}
