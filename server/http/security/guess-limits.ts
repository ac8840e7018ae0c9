import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import type { Request } from 'express'
import { ipKeyGenerator } from 'express-rate-limit'
import { createGuessCount, type GuessCount } from './guess-count.ts'
import { publicOrigin } from './public-origin.ts'

/** So many wrong codes an address may try within the window, where one person is at it. */
const FROM_ONE_ADDRESS = 10
/** So many all addresses may try that no right code has come from. */
const FROM_STRANGERS = 1000
const WINDOW_MS = 5 * 60_000

export type GuessOutcome<T> =
  | { readonly kind: 'right'; readonly opens: T }
  | { readonly kind: 'wrong' }
  /** The code was not looked up. */
  | { readonly kind: 'refused'; readonly retryAfterSeconds: number }

export interface GuessLimits {
  /**
   * What a code opens: what `lookUp` finds, where undefined means that the code is wrong. Rejects
   * with what `lookUp` throws, and then no guess was made.
   */
  tryCode<T>(
    request: Request,
    code: string,
    lookUp: () => T | undefined | Promise<T | undefined>,
  ): Promise<GuessOutcome<T>>
}

/**
 * Limits how many access codes can be guessed, per address, so that guesses from elsewhere lock
 * nobody out. Because addresses can be changed, the strangers among them share a second limit. A
 * code counts once it is found wrong, so however many people come in at once with right ones, none
 * of them is refused; and of guesses that come at once, no more are answered than one by one.
 */
export function guessLimits(fromOneAddress = FROM_ONE_ADDRESS): GuessLimits {
  const strangers = createGuessCount(FROM_STRANGERS, WINDOW_MS)
  const byAddress = new Map<string, GuessCount>()
  const known = new Set<string>()
  const countOf = (address: string): GuessCount => {
    const found = byAddress.get(address)
    if (found) return found
    const count = createGuessCount(fromOneAddress, WINDOW_MS, () => byAddress.delete(address))
    byAddress.set(address, count)
    return count
  }
  return {
    async tryCode(request, code, lookUp) {
      const address = guesserOf(request)
      // What the first one refuses does not count for the second: an address that goes on guessing
      // takes nothing from the others.
      const counts = [countOf(address), ...(known.has(address) ? [] : [strangers])]
      const begun: GuessCount[] = []
      try {
        for (const count of counts) {
          const refusedForMs = await count.begin()
          if (refusedForMs !== null)
            return { kind: 'refused', retryAfterSeconds: Math.ceil(refusedForMs / 1000) }
          begun.push(count)
        }
        const opens = await lookUp()
        if (opens !== undefined) {
          known.add(address)
          return { kind: 'right', opens }
        }
        const guess = `${address} ${createHash('sha256').update(code).digest('base64url')}`
        for (const count of begun) count.noteWrong(guess)
        return { kind: 'wrong' }
      } finally {
        for (const count of begun) count.end()
      }
    },
  }
}

/**
 * Where a guess comes from: an address, or the network of an IPv6 one, because a visitor has a
 * whole network of those. A forwarder (see public-origin.ts) is itself on this machine and appends
 * the address it met to X-Forwarded-For. Anybody else may write anything into that field.
 */
export function guesserOf(request: Request): string {
  const peer = request.socket.remoteAddress ?? ''
  if (publicOrigin(request) === undefined || !isLoopback(peer)) return ipKeyGenerator(peer)
  const nearest = request.get('X-Forwarded-For')?.split(',').at(-1)?.trim() ?? ''
  const address = withoutPort(nearest)
  return ipKeyGenerator(isIP(address) === 0 ? peer : address)
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address)
}

/** Some forwarders write `192.0.2.7:4711` and `[2001:db8::1]:4711`. */
function withoutPort(address: string): string {
  return /^\[([^\]]+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(address)?.slice(1).find(Boolean) ?? address
}
