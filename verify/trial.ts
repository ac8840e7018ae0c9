import type { Report } from '../grader/types/index.ts'

/** One program the author's gate graded, and what is wrong with the verdict it earned. */
export interface Trial {
  readonly kind: 'solution' | 'right' | 'stub' | 'mutant' | 'junk'
  readonly name: string
  /**
   * Null: the plain run. Else what was different: `repetition 3`, `on a machine 4 times slower`.
   */
  readonly condition: string | null
  readonly report: Report
  /** Empty: as it should be. A problem may have several lines. */
  readonly problems: readonly string[]
  /** True when nothing was started: what an earlier verification recorded was judged again. */
  readonly isJudgedAgain: boolean
  /**
   * What was wrong beside other gradings, where the program was graded once more alone and only that
   * counts.
   */
  readonly besideOthers?: string
}

/** What tells a program from the others of its exercise: `solution`, `mutant.milliseconds`. */
export function programKey({ kind, name }: Pick<Trial, 'kind' | 'name'>): string {
  return kind === name ? kind : `${kind}.${name}`
}
