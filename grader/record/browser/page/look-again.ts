import { setTimeout as sleep } from 'node:timers/promises'
import type { TabAtWork } from './tab-at-work.ts'

/** Between two looks: an element that is at the same place in both is at rest. */
const AGAIN_MS = 30

/**
 * Looks at a page again and again, until `isEnough` says so or the time of an answer is up. Nobody
 * looks any more then.
 */
export async function lookAgain(
  { ask }: Pick<TabAtWork, 'ask'>,
  isEnough: () => Promise<boolean>,
): Promise<void> {
  let isOver = false
  const looking = async () => {
    while (!(await isEnough()) && !isOver) await sleep(AGAIN_MS)
  }
  await ask(looking, undefined).finally(() => (isOver = true))
}
