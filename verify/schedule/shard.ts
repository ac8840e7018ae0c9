import type { Exercise } from '../../course/types.ts'

/** One of the parts into which a verification is split, counted from 1. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** `1/3` as a shard; undefined for what is none. */
export function parseShard(text: string): Shard | undefined {
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number)
  if (index === undefined || count === undefined) return undefined
  return index >= 1 && index <= count ? { index, count } : undefined
}

/**
 * The exercises of one shard. Every exercise is in exactly one, and each shard has about the same
 * to do: those that take longest are dealt first, each to the shard that has least. What an exercise
 * takes is estimated from the course alone (its gradings and their time), never from what this
 * machine measured: machines that split differently would leave an exercise to nobody.
 */
export function exercisesOfShard<Each extends { readonly exercise: Exercise }>(
  found: readonly Each[],
  { index, count }: Shard,
  gradings: (exercise: Exercise) => number,
): Each[] {
  const weights = new Map(
    found.map((each) => [each, gradings(each.exercise) * each.exercise.gradingSeconds]),
  )
  const loads = Array.from({ length: count }, () => 0)
  const mine = new Set<Each>()
  const heaviestFirst = found.toSorted(
    (a, b) => weights.get(b)! - weights.get(a)! || (a.exercise.id < b.exercise.id ? -1 : 1),
  )
  for (const each of heaviestFirst) {
    const lightest = loads.indexOf(Math.min(...loads))
    loads[lightest]! += weights.get(each)!
    if (lightest === index - 1) mine.add(each)
  }
  return found.filter((each) => mine.has(each))
}
