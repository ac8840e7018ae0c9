import { resolvePaths } from '../../course/paths.ts'
import type { Exercise } from '../../course/types.ts'
import { openStore } from '../../store/open-store.ts'
import { explainError } from '../explain-error.ts'
import type { Screen } from './screen.ts'

/**
 * Shows the next hint and keeps that it was shown, as the page does. Who has seen them all is shown
 * them all again.
 */
export function showHint({ id, hints }: Exercise, screen: Screen): void {
  try {
    const store = openStore(resolvePaths().store)
    try {
      const shown = Math.min(store.hintsShown(id), hints.length)
      if (shown < hints.length) store.revealHint(id, shown + 1)
      const first = shown < hints.length ? shown : 0
      const last = Math.min(shown + 1, hints.length)
      for (let index = first; index < last; index++)
        screen.say(`Hint ${index + 1} of ${hints.length}: ${hints[index]}`)
      if (hints.length === 0) screen.say('This exercise has no hints.')
    } finally {
      store.close()
    }
  } catch (error) {
    screen.say(explainError(error).message)
  }
}
