import { npmRun } from './command-line.ts'
import type { Course, Exercise, Lesson, Section } from './types.ts'

export interface FoundLesson {
  readonly lesson: Lesson
  readonly section: Section
}

export interface FoundExercise extends FoundLesson {
  readonly exercise: Exercise
}

/** The lesson with this id, or undefined. */
export function findLesson(course: Course, id: string): FoundLesson | undefined {
  for (const section of course.sections) {
    const lesson = section.lessons.find((each) => each.id === id)
    if (lesson) return { lesson, section }
  }
  return undefined
}

/** The exercise with this id and the lesson it belongs to, or undefined. */
export function findExercise(course: Course, id: string): FoundExercise | undefined {
  return allExercises(course).find((each) => each.exercise.id === id)
}

/** Every exercise, in the course's order. */
export function allExercises(course: Course): FoundExercise[] {
  return course.sections.flatMap((section) =>
    section.lessons.flatMap((lesson) =>
      lesson.exercises.map((exercise) => ({ exercise, lesson, section })),
    ),
  )
}

/** One or two sentences for a person who asked for an exercise that is not there. */
export function explainUnknownExercise(course: Course, id: string): string {
  const suggestion = nearest(
    id,
    allExercises(course).map((each) => each.exercise.id),
  )
  const advice =
    suggestion === undefined
      ? `See the list with: ${npmRun('progress')}`
      : `Did you mean "${suggestion}"?`
  return `No exercise is called "${id}". ${advice}`
}

/**
 * The id a person most likely meant, or undefined when none is near. A part of an id counts as
 * near.
 */
export function nearest(id: string, ids: readonly string[]): string | undefined {
  const wanted = id.toLowerCase()
  const limit = Math.max(2, Math.floor(wanted.length / 3))
  let best: { id: string; distance: number } | undefined
  for (const candidate of ids) {
    const distance = editDistance(wanted, candidate.toLowerCase())
    if (distance <= limit && (best === undefined || distance < best.distance))
      best = { id: candidate, distance }
  }
  if (best) return best.id
  return wanted.length < 3 ? undefined : ids.find((candidate) => candidate.includes(wanted))
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours that lead from one to the other
 * (optimal string alignment).
 */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let cost = Math.min(
        previous[column]! + 1,
        current[column - 1]! + 1,
        previous[column - 1]! + (same ? 0 : 1),
      )
      const swapped =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) cost = Math.min(cost, beforePrevious[column - 2]! + 1)
      current.push(cost)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.length]!
}
