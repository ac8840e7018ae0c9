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
  const { messages, problem } = readStrictly(bytes, { of: 'requests', closed: false })
  const text = Buffer.from(bytes).toString('latin1')
  for (const { from, to, startLine } of messages) {
    const wrong =
      targetProblem(startLine, from) ??
      (startLine.endsWith('/1.1') ? hostProblem(text.slice(from, to), from) : undefined)
    if (wrong) return wrong
  }
  if (!problem)
    return { verdict: 'accepted', say: inWords(messages.map(({ startLine }) => startLine)) }
  if (problem.at === bytes.length)
    return {
      verdict: 'waiting',
      say: `So far there is nothing wrong, but ${problem.say}.`,
      at: bytes.length,
    }
  const at = problem.say.startsWith('this is no request line')
    ? requestLineFault(text, problem.at)
    : problem.at
  return refusal(problem.say, at)
}

function inWords(startLines: readonly string[]): string {
  const methods = startLines.map((line) => line.split(' ')[0]!)
  const stranger = methods.find((method) => method !== method.toUpperCase())
  const all =
    startLines.length === 1
      ? `One request, whole and right: ${startLines[0]}.`
      : `${startLines.length} requests, one after the other, each whole and right.`
  return stranger === undefined
    ? all
    : `${all} But ${stranger} is not ${stranger.toUpperCase()}: methods are case-sensitive, and this one is unknown. A server that read it would answer 501.`
}

/** Where a line stops being `method SP target SP HTTP/1.x`. */
function requestLineFault(text: string, from: number): number {
  const line = /^[^\r\n]*/.exec(text.slice(from))![0]
  const steps = [/^[!#$%&'*+.^_`|~\w-]+/, /^ /, /^[\x21-\x7e]+/, /^ /, /^HTTP\/1\.[01]$/]
  let at = 0
  for (const step of steps) {
    const found = step.exec(line.slice(at))
    if (!found) return from + at
    at += found[0].length
  }
  return from + at
}

function targetProblem(startLine: string, from: number): Judgement | undefined {
  const [method = '', target = ''] = startLine.split(' ')
  const at = from + method.length + 1
  const forbidden = /[^\w\-.~:/?@!$&'()*+,;=%[\]]/.exec(target)
  if (forbidden?.[0] === '#')
    return refusal(
      'a target has no fragment: what follows # stays with the browser',
      at + forbidden.index,
    )
  if (forbidden)
    return refusal(
      `no target may have the character ${forbidden[0]} as it is; it is written as an escape, %${forbidden[0].charCodeAt(0).toString(16).toUpperCase()}`,
      at + forbidden.index,
    )
  const isForm =
    target.startsWith('/') ||
    /^[a-z][a-z\d+.-]*:\/\/[^/]/i.test(target) ||
    (target === '*' && method === 'OPTIONS') ||
    (method === 'CONNECT' && /^[^/]+:\d+$/.test(target))
  return isForm ? undefined : refusal('the target is a path from / on, or a whole address', at)
}

function hostProblem(message: string, from: number): Judgement | undefined {
  const head = message.slice(0, message.indexOf('\r\n\r\n') + 2)
  const hosts = [...head.matchAll(/^host:[ \t]*([^\r]*?)[ \t]*\r$/gim)]
  const [first, second] = hosts
  if (!first)
    return refusal('the head ends here, and HTTP/1.1 requires a Host field', from + head.length)
  if (second) return refusal('a second Host field', from + second.index)
  if (/^([\w.~!$&'()*+,;=%-]*|\[[\da-fA-F:.]+\])(:\d*)?$/.test(first[1]!)) return undefined
  return refusal(
    'the value of Host is no host, and no host with a port',
    from + first.index + first[0].indexOf(first[1]!),
  )
}

/** A verdict of refusal, as a sentence. */
export function refusal(say: string, at: number): Judgement {
  return { verdict: 'refused', say: `${say.charAt(0).toUpperCase()}${say.slice(1)}.`, at }
}
