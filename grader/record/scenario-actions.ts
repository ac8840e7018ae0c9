import { ActionFailed } from '../types/errors.ts'
import type { Evidence } from '../types/index.ts'
import { mistake } from './browser/page/act/act-on-page.ts'
import type { ActionLog } from './browser/page/act/author-calls.ts'

/** What the pages of one scenario were used for. */
export interface ScenarioActions extends ActionLog {
  /**
   * What the learner's page lacked, the first time it lacked something: whatever record() made of
   * that, what it returned rests on something that did not happen.
   */
  stopped(): Evidence['stopped']
  /** @throws TypeError that names an action nobody awaited. */
  throwUnawaited(title: string): void
}

export function createScenarioActions(): ScenarioActions {
  const underWay = new Map<object, { call: string; at: Error }>()
  let failure: ActionFailed | null = null
  return {
    begin(call, at) {
      const key = {}
      underWay.set(key, { call, at })
      return () => void underWay.delete(key)
    },
    failed(error) {
      if (error instanceof ActionFailed) failure ??= error
    },
    stopped: () =>
      (failure && { ...failure.finding, exchange: failure.exchange?.id ?? null }) || undefined,
    throwUnawaited(title) {
      const [first] = underWay.values()
      if (first)
        throw mistake(
          first.at,
          `record() of “${title}” returned while ${first.call} was under way. Await it.`,
        )
    },
  }
}
