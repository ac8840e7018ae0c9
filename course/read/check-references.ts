import { nearest } from '../find.ts'
import type { Problem } from '../problem.ts'
import type { ReadExercises } from './read-exercises.ts'
import type { Placed, ReadLesson, ReadLessons } from './read-lessons.ts'
import type { Exercise, Section } from '../types.ts'

/**
 * Joins lessons and exercises, and finds what is wrong between files: duplicate ids, unknown
 * lessons, circles of needs.
 */
export function checkReferences(
  { sections, brokenIds }: ReadLessons,
  { exercises }: ReadExercises,
): { readonly sections: readonly Section[]; readonly problems: readonly Problem[] } {
  const lessons = sections.flatMap((section) => section.lessons)
  const ids = [...lessons.map((lesson) => lesson.value.id), ...brokenIds]
  const questions = lessons.flatMap((lesson) =>
    lesson.value.questions.map((question, at) => ({
      value: question,
      file: lesson.file,
      line: lesson.questionLines[at]!,
    })),
  )
  const joined = sections.map((section): Section => ({
    ...section.value,
    lessons: section.lessons.map((lesson) => ({
      ...lesson.value,
      exercises: exercisesOf(lesson.value.id, exercises),
    })),
  }))
  return {
    sections: joined,
    problems: [
      ...duplicates('section', sections),
      ...duplicates('lesson', lessons),
      ...duplicates('question', questions),
      ...unknownLessons(ids, exercises),
      ...unknownNeeds(ids, lessons),
      ...circles(lessons),
    ],
  }
}

function exercisesOf(lesson: string, exercises: ReadExercises['exercises']): readonly Exercise[] {
  return exercises
    .map((exercise) => exercise.value)
    .filter((exercise) => exercise.lesson === lesson)
    .toSorted((a, b) => a.level - b.level || a.minutes - b.minutes || (a.id < b.id ? -1 : 1))
}

function duplicates(what: string, all: readonly Placed<{ readonly id: string }>[]): Problem[] {
  return all.flatMap((each, position) => {
    const first = all.findIndex((other) => other.value.id === each.value.id)
    if (first === position) return []
    const { file, line } = all[first]!
    return [
      {
        file: each.file,
        line: each.line,
        message: `The ${what} id "${each.value.id}" is taken.`,
        remedy: `It stands first at ${file}:${line}. Give one of the two another id.`,
      },
    ]
  })
}

function unknownLessons(ids: readonly string[], exercises: ReadExercises['exercises']): Problem[] {
  return exercises
    .filter((exercise) => !ids.includes(exercise.value.lesson))
    .map(({ value, file, lessonLine }) => ({
      file,
      line: lessonLine,
      message: `No lesson is called "${value.lesson}".`,
      remedy: advice(value.lesson, ids),
    }))
}

function unknownNeeds(ids: readonly string[], lessons: readonly ReadLesson[]): Problem[] {
  return lessons.flatMap(({ value, file, needsLine }) =>
    value.needs
      .filter((need) => !ids.includes(need))
      .map((need) => ({
        file,
        line: needsLine,
        message: `"needs" names a lesson "${need}", which does not exist.`,
        remedy: advice(need, ids),
      })),
  )
}

function advice(id: string, ids: readonly string[]): string {
  const meant = nearest(id, ids)
  return meant === undefined
    ? `The lessons are: ${ids.join(', ') || 'none yet'}.`
    : `Did you mean "${meant}"?`
}

/** Each circle of needs once, reported at the lesson of it that comes first. */
function circles(lessons: readonly ReadLesson[]): Problem[] {
  const byId = new Map(lessons.map((lesson) => [lesson.value.id, lesson]))
  const done = new Set<string>()
  const problems: Problem[] = []
  const walk = (lesson: ReadLesson, path: readonly string[]): void => {
    const { id } = lesson.value
    const start = path.indexOf(id)
    if (start !== -1) {
      problems.push(circle(path.slice(start), byId))
      return
    }
    if (done.has(id)) return
    for (const need of lesson.value.needs) {
      const needed = byId.get(need)
      if (needed) walk(needed, [...path, id])
    }
    done.add(id)
  }
  for (const lesson of lessons) walk(lesson, [])
  return problems
}

function circle(ids: readonly string[], byId: ReadonlyMap<string, ReadLesson>): Problem {
  const { file, needsLine } = byId.get(ids[0]!)!
  const message = `These lessons need each other in a circle: ${[...ids, ids[0]].join(' → ')}.`
  return { file, line: needsLine, message, remedy: 'Remove one of these needs.' }
}
