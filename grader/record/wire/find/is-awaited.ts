import type { Exchange } from '../../../types/index.ts'
import { isFollowedEarly } from '../../../types/helpers/followed-early.ts'
import { wasCutByScenario } from '../../../types/helpers/injected.ts'

/** True while more of the answer may come. */
export function isAwaited(exchange: Exchange): boolean {
  const { response, garbage, cut } = exchange
  const isOver = response?.complete || garbage !== null || cut !== null
  return !isOver && !wasCutByScenario(exchange) && !isFollowedEarly(exchange)
}
