import { readStrictly } from '../../../grader/index.ts'

/**
 * What a reader that follows RFC 9112 to the letter makes of some bytes. `at` is the byte it stops
 * at; their number when something is missing.
 */
export interface Judgement {
  readonly verdict: 'accepted' | 'refused' | 'waiting'
  readonly say: string
  readonly at?: number
}

/**
 * Judges bytes that came as requests on a connection which is still open: the grammar, and what RFC
 * 9112 §3.2 says of the target and of Host.
 */
export function judgeRequest(bytes: Uint8Array): Judgement {
  if (bytes.length === 0) return { verdict: 'waiting', say: 'Nothing has come yet.', at: 0 }
  const { messages, problem, tunnel } = readStrictly(bytes, {
    of: 'requests',
    closed: false,
    asServer: true,
  })
  if (problem?.isMissing)
    return {
      verdict: 'waiting',
      say: `So far there is nothing wrong, but ${problem.say}.`,
      at: bytes.length,
    }
  if (problem) return refusal(problem.say, problem.at)
  const startLines = messages.map(({ startLine }) => startLine)
  return {
    verdict: 'accepted',
    say: inWords(startLines) + behind(bytes.length - (tunnel ?? bytes.length)),
  }
}

function inWords(startLines: readonly string[]): string {
  const methods = startLines.map((line) => line.split(' ', 1)[0]!)
  const stranger = methods.find((method) => method !== method.toUpperCase())
  const all =
    startLines.length === 1
      ? `One request, whole and right: ${startLines[0]}.`
      : `${startLines.length} requests, one after the other, each whole and right.`
  return stranger === undefined
    ? all
    : `${all} But ${stranger} is not ${stranger.toUpperCase()}: methods are case-sensitive, and this one is unknown. A server that read it would answer 501.`
}

/** What follows the head of CONNECT. */
function behind(length: number): string {
  if (length === 0) return ''
  return ` The ${length === 1 ? 'byte' : `${length} bytes`} after it ${length === 1 ? 'is' : 'are'} for the server at the end of the tunnel.`
}

/** A verdict of refusal, as a sentence. */
export function refusal(say: string, at: number): Judgement {
  return { verdict: 'refused', say: `${say.charAt(0).toUpperCase()}${say.slice(1)}.`, at }
}
