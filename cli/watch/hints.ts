import { resolvePaths } from '../../course/paths.ts'
import { nextHint } from '../../course/progress/next-hint.ts'
import type { Exercise } from '../../course/types.ts'
import { openStore } from '../../store/open-store.ts'
import { explainError } from '../explain-error.ts'
import type { Screen } from './screen.ts'

/**
 * Shows the next hint and keeps that it was shown, as the page does: one about the check that
 * `failed` comes first. When you have seen them all, it shows them all again.
 */
export async function showHint(
  { id, hints }: Exercise,
  screen: Screen,
  failed: string | undefined,
): Promise<void> {
  try {
    const store = openStore(resolvePaths().store)
    try {
      const kept = await store.hintsShown(id)
      const shown = kept.filter((place) => hints[place] !== undefined)
      const next = nextHint(hints, shown, failed)
      if (next !== undefined) await store.revealHint(id, next)
      const say = (place: number, index: number) =>
        screen.say(`Hint ${index + 1} of ${hints.length}: ${hints[place]!.text}`)
      if (next === undefined) shown.forEach(say)
      else say(next, shown.length)
      if (hints.length === 0) screen.say('This exercise has no hints.')
    } finally {
      store.close()
    }
  } catch (error) {
    screen.say(explainError(error).message)
  }
}
