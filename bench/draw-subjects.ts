import type { Random } from '../grader/types/kit.ts'

/**
 * Draws `count` of the subjects, the same for the same `random`: one of each exercise in turn, and
 * all of an exercise before one of them comes again. However few are drawn, no exercise comes twice
 * before the others.
 */
export function drawSubjects<Subject>(
  subjects: readonly Subject[],
  count: number,
  exerciseOf: (subject: Subject) => string,
  random: Random,
): Subject[] {
  const drawn: Subject[] = []
  const exercises = shuffled([...Map.groupBy(subjects, exerciseOf).values()], random).map(
    (all) => ({
      all,
      left: shuffled(all, random),
    }),
  )
  if (exercises.length === 0) return []
  while (drawn.length < count) {
    const exercise = exercises[drawn.length % exercises.length]!
    if (exercise.left.length === 0) exercise.left = shuffled(exercise.all, random)
    drawn.push(exercise.left.pop()!)
  }
  return drawn
}

/** Fisher and Yates. */
function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const result = [...items]
  for (let last = result.length - 1; last > 0; last--) {
    const other = random.integer(0, last)
    ;[result[last], result[other]] = [result[other]!, result[last]!]
  }
  return result
}
