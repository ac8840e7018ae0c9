import { isIP } from 'node:net'
import type { Request, RequestHandler, Response } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import { publicOrigin } from './public-origin.ts'

/** So many wrong codes an address may try within the window, where one person is at it. */
const FROM_ONE_ADDRESS = 10
/** So many all addresses may try that no right code has come from. */
const FROM_STRANGERS = 1000
const WINDOW_MS = 5 * 60_000

export interface GuessLimits {
  /** Lets a try through, or has `refuse` answer it. A try counts when its answer is an error. */
  readonly check: readonly RequestHandler[]
  /** The right code came from this address, so what strangers do no longer concerns it. */
  noteRight(request: Request): void
}

/**
 * Limits how many access codes can be guessed, per address, so that guesses from elsewhere lock
 * nobody out. Because addresses can be changed, the strangers among them share a second limit.
 */
export function guessLimits(
  refuse: RequestHandler,
  fromOneAddress = FROM_ONE_ADDRESS,
): GuessLimits {
  const known = new Set<string>()
  const common = {
    windowMs: WINDOW_MS,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    skipSuccessfulRequests: true,
    // What the server could not answer was no guess.
    requestWasSuccessful: (_request: Request, { statusCode }: Response) =>
      statusCode < 400 || statusCode >= 500,
    handler: refuse,
  } as const
  const perAddress = rateLimit({
    ...common,
    identifier: 'address',
    limit: fromOneAddress,
    keyGenerator: guesserOf,
  })
  const strangers = rateLimit({
    ...common,
    identifier: 'strangers',
    limit: FROM_STRANGERS,
    keyGenerator: () => 'strangers',
    skip: (request) => known.has(guesserOf(request)),
  })
  return {
    // What the first one refuses does not count for the second: an address that goes on guessing
    // takes nothing from the others.
    check: [perAddress, strangers] as unknown as RequestHandler[],
    noteRight: (request) => void known.add(guesserOf(request)),
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
