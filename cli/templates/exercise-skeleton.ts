import type { ExerciseKind } from '../../course/types.ts'
import { clientSkeleton } from './client-skeleton.ts'
import { pageSkeleton } from './page-skeleton.ts'
import { serverSkeleton } from './server-skeleton.ts'

/** The files of something new, by their path. */
export type Skeleton = Readonly<Record<string, string>>

export interface NewExercise {
  readonly id: string
  readonly title: string
  readonly lesson: string
  readonly kind: ExerciseKind
  /** The heading a failure sends the learner back to. */
  readonly anchor: string | null
}

const SKELETONS = { server: serverSkeleton, client: clientSkeleton, page: pageSkeleton }

/**
 * A whole, small exercise that passes the author's gate: a start to change piece by piece, green
 * all the way.
 */
export function exerciseSkeleton({ id, title, lesson, kind, anchor }: NewExercise): Skeleton {
  const files = SKELETONS[kind](frontMatter(title, lesson, kind), anchor)
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [`exercises/${id}/${path}`, text]),
  )
}

/** All but the hints, which differ. */
function frontMatter(title: string, lesson: string, kind: ExerciseKind): string {
  return `---\ntitle: ${JSON.stringify(title)}\nlesson: ${lesson}\nkind: ${kind}\nlevel: 1\nminutes: 10\ngradingSeconds: 1\n`
}
