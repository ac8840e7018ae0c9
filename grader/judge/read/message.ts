import type { Exchange, Message } from '../../types/index.ts'
import { decodeContent } from './content-coding.ts'
import { parseJson } from './parse-json.ts'

/**
 * The content as UTF-8 text, as Chromium gets it: what Content-Encoding names is undone (RFC 9110
 * §8.4). Empty when Chromium cannot decode it; contentProblem() says why.
 */
export function bodyText(message: Pick<Message, 'headers' | 'body'>): string {
  const content = decodeContent(message)
  return 'problem' in content ? '' : new TextDecoder().decode(content.bytes)
}

/**
 * Why Chromium cannot decode the content, as a sentence for the learner: Content-Encoding names a
 * coding that the content is not in. Undefined when it can.
 */
export function contentProblem(message: Pick<Message, 'headers' | 'body'>): string | undefined {
  const content = decodeContent(message)
  return 'problem' in content ? content.problem : undefined
}

/** The content as JSON; undefined when it is none, or of more levels than are read. */
export function jsonBody(message: Message | null | undefined): unknown {
  return message ? parseJson(bodyText(message)) : undefined
}

/** Whether the empty line that ends a head came (RFC 9112 §2.1). */
export function isHeadWhole({ head }: Pick<Message, 'head'>): boolean {
  return /\n\r?\n$/.test(Buffer.from(head.subarray(-3)).toString('latin1'))
}

/** `GET /start → 200`, or what came instead of an answer. */
export function summary(exchange: Exchange): string {
  return `${exchange.request.method} ${exchange.request.target} → ${exchange.response ? exchange.response.status : 'no answer'}`
}

/** `in 4 s`: how long an answer was waited for. */
export function inSeconds({ waitedMs }: Exchange): string {
  return waitedMs === undefined
    ? 'in the time allowed'
    : `in ${Math.max(1, Math.round(waitedMs / 1000))} s`
}
