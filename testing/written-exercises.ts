import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Exercise, ExerciseKind, Lesson } from '../course/types.ts'
import { gradeExercise } from '../grader/grade-exercise.ts'
import type { Grading } from '../grader/grade-options.ts'
import { programOf } from '../grader/program-of.ts'

/** An exercise of a test, with the program that is graded. */
export interface Written {
  readonly kind: ExerciseKind
  /** What stands in checks.ts after the import of check, scenario and what else is used. */
  readonly checks: string
  readonly program: string
  readonly html?: string
  /** Other files beside the program, by their paths. */
  readonly files?: Readonly<Record<string, string>>
}

const LESSON = { id: 'by-hand', title: 'By hand', headings: [] } as unknown as Lesson

/**
 * Writes exercises for tests into a folder of their own, and grades them. `remove` takes them away.
 */
export function writtenExercises() {
  const root = mkdtempSync(join(tmpdir(), 'roundtrip-written-'))
  let folders = 0
  const write = ({ kind, checks, program, html, files = {} }: Written): Exercise => {
    const dir = join(root, String(++folders))
    mkdirSync(dir)
    writeFileSync(
      join(dir, 'checks.ts'),
      `import { check, matching, present, scenario, text } from ${JSON.stringify(join(import.meta.dirname, '../grader/authoring.ts'))}\n${checks}\n`,
    )
    writeFileSync(join(dir, `${kind}.ts`), program)
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true })
      writeFileSync(join(dir, path), content)
    }
    if (html !== undefined) writeFileSync(join(dir, 'index.html'), html)
    return {
      id: 'by-hand',
      title: 'By hand',
      kind,
      dir,
      files: [`${kind}.ts`],
    } as unknown as Exercise
  }
  return {
    write,
    /** `change` says what is graded when not the files. */
    grade(
      written: Written,
      change = (exercise: Exercise) =>
        programOf(exercise, exercise.dir, `work/x/${written.kind}.ts`),
    ): Promise<Grading> {
      const exercise = write(written)
      return gradeExercise({ exercise, lesson: LESSON, program: change(exercise) })
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}
