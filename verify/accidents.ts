import type { ExerciseKind } from '../course/types.ts'
import type { Checks } from '../grader/judge/run-checks.ts'
import type { Report } from '../grader/types/index.ts'
import { namesBesideMutants } from './junk.ts'

/**
 * What the stub or a junk program is told that was written for a misconception: a diagnosis so loose
 * is told to anyone. Faults that the grader itself knows are not the author's, and right where they
 * fit; nor is what a rule says it is also earned by.
 */
export function accidentProblems(checks: Checks, report: Report, program: string): string[] {
  return report.checks.flatMap(({ id, diagnosis }) => {
    const rule = diagnosis && checks.get(id)?.diagnose?.[diagnosis.id]
    if (!rule || rule.alsoEarnedBy?.includes(program)) return []
    return [
      `earns ${diagnosis.id} in ${id}: “${diagnosis.say}” Make its rule's \`when\` stricter; where this is true of the program, too, add alsoEarnedBy: ['${program}'] to the rule`,
    ]
  })
}

/** Names in alsoEarnedBy that no program has which the gate grades beside mutants. */
export function unknownEarners(checks: Checks, kind: ExerciseKind): string[] {
  const known = namesBesideMutants(kind)
  return [...checks].flatMap(([check, { diagnose = {} }]) =>
    Object.entries(diagnose).flatMap(([id, { alsoEarnedBy = [] }]) =>
      alsoEarnedBy
        .filter((name) => !known.includes(name))
        .map(
          (name) =>
            `the rule ${id} of ${check} says it is also earned by ${name}; that is none of ${known.join(', ')}`,
        ),
    ),
  )
}
