import type { Hint } from '../types.ts'

/**
 * The place of the hint to show next, from 0: first those about the check that `failed`, then those
 * about no check, then the rest. `shown`: the places of the hints that were shown. Undefined when
 * none is left.
 */
export function nextHint(
  hints: readonly Hint[],
  shown: readonly number[],
  failed: string | undefined,
): number | undefined {
  const left = [...hints.keys()].filter((place) => !shown.includes(place))
  return (
    left.find((place) => failed !== undefined && hints[place]!.check === failed) ??
    left.find((place) => hints[place]!.check === undefined) ??
    left[0]
  )
}
