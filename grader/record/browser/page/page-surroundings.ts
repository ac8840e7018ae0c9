import type { Diagnosis, Exchange } from '../../../types/index.ts'
import type { Clock } from '../../timing/clock.ts'
import type { AdaptiveTimeout } from '../../timing/deadline.ts'
import type { Finders } from '../../wire/find/find-exchange.ts'

/** What a page needs of its scenario. */
export interface PageSurroundings {
  /** `http://127.0.0.1:40123`, the recording proxy. */
  readonly base: string
  readonly clock: Clock
  readonly finders: Finders
  readonly timeout: AdaptiveTimeout
  /** Called with a request whose answer is no longer waited for. */
  readonly giveUp: (exchange: Exchange) => void
  readonly remark: (remark: Diagnosis) => void
  /** Called with a load that failed, and Chromium's reason. */
  readonly loadFailed: (load: { path: string; error: string }) => void
  /** The learner's files by the path a page asks for them, where the two differ. */
  readonly scripts: Readonly<Record<string, string>>
  /** The learner's file that imports this, where it is known. */
  readonly importerOf?: ((specifier: string) => string | undefined) | undefined
  /** How many times slower the pages' scripts are made. */
  readonly slowdown?: number
}
