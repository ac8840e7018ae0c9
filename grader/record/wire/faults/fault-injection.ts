import { GraderError } from '../../../types/errors.ts'
import type { Exchange, InjectedFault } from '../../../types/index.ts'
import type { AdaptiveTimeout, Subscribe } from '../../timing/deadline.ts'
import { isAwaited } from '../find/is-awaited.ts'

/** What a scenario can do to requests on their way to the learner's program, and to its answers. */
export interface Wire {
  /**
   * Cuts the client's connection at the next request that fits, once. `before-response`: the
   * program got the request and answers it, but no byte of the answer reaches the client; the
   * program notices nothing, and its answer is recorded whole. `mid-response`: at the first content
   * of the answer, of which half is passed on; then both sides lose each other. `end` closes the
   * connection in order, `reset` breaks it off (RFC 9293 §3.5.2, §3.6). HTTP/1.1 only.
   */
  cut(options: CutOptions): Injection
  /**
   * Holds the next request that fits, before its first byte reaches the program, or its answer,
   * before its first byte reaches the client, until it is released. HTTP/1.1 only.
   */
  hold(options: HoldOptions): Hold
}

/** Which request is meant: one for this path, or one for which the function gives true. */
export type RequestMatch = string | ((exchange: Exchange) => boolean)

export interface CutOptions {
  readonly when: RequestMatch
  readonly at: 'before-response' | 'mid-response'
  readonly how: 'end' | 'reset'
}

export interface HoldOptions {
  readonly when: RequestMatch
  readonly what: 'request' | 'response'
}

export interface Injection {
  /**
   * Waits until it has happened, and until the program has said all of an answer that is lost. Gives
   * the exchange that fitted, whose `injected` says what was done to it; nothing was where the
   * program broke it off before. Null when no request fitted in time.
   */
  exchange(): Promise<Exchange | null>
}

/** Something that is held, or is to be. */
export interface Hold extends Injection {
  /** Lets it pass, or, when nothing fitted yet, holds nothing any more. */
  release(): void
}

/** The faults of one scenario, as the connections of its proxies meet them. */
export interface FaultInjection {
  readonly wire: Wire
  /** Whether bytes have to be read before they are passed on. */
  readonly isArmed: boolean
  /** Whether a request may have to be held that isn't known yet. */
  readonly mayHoldRequests: boolean
  /** Called with every exchange whose request's head is there. */
  begun(exchange: Exchange): void
  faultOf(exchange: Exchange): Fault | undefined
  /** Waits until the program has said all of the answers that were lost. */
  settle(): Promise<void>
  /** @throws GraderError for a request that was described wrongly. */
  throwMistake(): void
  /** @throws GraderError for what is still held: record() ended without releasing it. */
  throwUnreleased(): void
}

/** One of them. */
export interface Fault {
  readonly kind: InjectedFault['kind']
  readonly cut: Omit<CutOptions, 'when'> | null
  hasHappened: boolean
  /** Nothing is to happen any more. */
  isOver: boolean
  /** What was held may pass. */
  onRelease: (() => void) | null
}

interface Armed extends Fault {
  readonly fits: (exchange: Exchange) => boolean
  exchange: Exchange | null
}

/** `subscribe`: calls whenever something crosses the wire. */
export function createFaultInjection(
  subscribe: Subscribe,
  timeout: AdaptiveTimeout,
  giveUp: (exchange: Exchange) => void,
): FaultInjection {
  const faults: Armed[] = []
  let mistake: GraderError | null = null
  const arm = (when: RequestMatch, fault: Pick<Armed, 'kind' | 'cut'>): Armed => {
    const armed: Armed = {
      ...fault,
      fits: typeof when === 'string' ? ({ request }) => request.path === when : when,
      exchange: null,
      hasHappened: false,
      isOver: false,
      onRelease: null,
    }
    faults.push(armed)
    return armed
  }
  const untilHappened = async (fault: Armed) => {
    const isLost = ({ cut }: Armed) => cut?.at === 'before-response'
    await timeout.whenever(subscribe, () => {
      const { exchange, hasHappened } = fault
      if (!exchange || (hasHappened && !isLost(fault))) return exchange ? true : undefined
      // Nor does it happen any more to an exchange that the program has broken off.
      return isAwaited(exchange) ? undefined : true
    })
    const { exchange } = fault
    if (exchange && isLost(fault) && isAwaited(exchange)) giveUp(exchange)
    return exchange
  }
  return {
    wire: {
      cut({ when, at, how }) {
        const fault = arm(when, { kind: 'cut', cut: { at, how } })
        return { exchange: () => untilHappened(fault) }
      },
      hold({ when, what }) {
        const fault = arm(when, { kind: `held-${what}`, cut: null })
        return {
          exchange: () => untilHappened(fault),
          release() {
            fault.isOver = true
            fault.onRelease?.()
          },
        }
      },
    },
    get isArmed() {
      return faults.some(({ isOver }) => !isOver)
    },
    get mayHoldRequests() {
      return faults.some(
        ({ kind, isOver, exchange }) => kind === 'held-request' && !isOver && exchange === null,
      )
    },
    begun(exchange) {
      const fault = faults.find((each) => !each.exchange && !each.isOver && fits(each, exchange))
      if (!fault) return
      if (exchange.protocol === 'h2') return void (mistake ??= overHttp2(exchange))
      fault.exchange = exchange
    },
    faultOf: (exchange) => faults.find((each) => each.exchange === exchange),
    async settle() {
      await Promise.all(
        faults.filter(({ cut, hasHappened }) => cut && hasHappened).map(untilHappened),
      )
    },
    throwMistake() {
      if (mistake) throw mistake
    },
    throwUnreleased() {
      const held = faults.find(
        ({ kind, exchange, isOver }) => kind !== 'cut' && exchange !== null && !isOver,
      )
      if (held) throw neverReleased(held)
    },
  }

  function fits(fault: Armed, exchange: Exchange): boolean {
    try {
      return fault.fits(exchange)
    } catch (cause) {
      mistake ??= new GraderError(
        `The when() of a wire.cut or wire.hold threw: ${(cause as Error).message}`,
        'Fix it in checks.ts.',
        { cause },
      )
      return false
    }
  }
}

function overHttp2({ request }: Exchange): GraderError {
  return new GraderError(
    `wire.cut and wire.hold are for HTTP/1.1, but ${request.method} ${request.target} came over HTTP/2.`,
    'Ask a site in checks.ts whose program speaks HTTP/1.1, or describe another request in when.',
  )
}

function neverReleased({ kind, exchange }: Armed): GraderError {
  const { method, target } = exchange!.request
  return new GraderError(
    `A wire.hold held the ${kind === 'held-request' ? 'request' : 'answer of'} ${method} ${target} and was never released.`,
    'Call release() in checks.ts before record() returns.',
  )
}
