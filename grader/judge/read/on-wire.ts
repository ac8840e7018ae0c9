import { isFollowedEarly } from '../../types/helpers/followed-early.ts'
import { exchangeOf, type OnWire } from '../../types/helpers/on-wire.ts'
import { header, headers } from '../../types/helpers/header-fields.ts'
import { bodyText, jsonBody } from './message.ts'

type Subject = OnWire | null | undefined

/** The status of the answer; undefined when none came. */
export function status(of: Subject): number | undefined {
  return exchangeOf(of)?.response?.status
}

/** The request's path, without its query; empty when nothing crossed the wire. */
export function path(of: Subject): string {
  return exchangeOf(of)?.request.path ?? ''
}

/** The value of a field of the answer, the first of its name; undefined when it is not there. */
export function field(of: Subject, name: string): string | undefined {
  return header(exchangeOf(of)?.response?.headers ?? [], name)
}

/** The values of all fields of that name in the answer, in the order they crossed the wire. */
export function fields(of: Subject, name: string): string[] {
  return headers(exchangeOf(of)?.response?.headers ?? [], name)
}

/** The value of a field of the request, the first of its name; undefined when it is not there. */
export function sentField(of: Subject, name: string): string | undefined {
  return header(exchangeOf(of)?.request.headers ?? [], name)
}

/**
 * The content of the answer as UTF-8 text, content codings undone; empty when none came, or none
 * that Chromium can decode.
 */
export function text(of: Subject): string {
  const response = exchangeOf(of)?.response
  return response ? bodyText(response) : ''
}

/** The content of the answer as JSON; undefined when it isn't JSON, or none came. */
export function json(of: Subject): unknown {
  return jsonBody(exchangeOf(of)?.response)
}

/** Whether the answer has come to its end, or is a redirect that the client followed before that. */
export function isAnswered(of: Subject): boolean {
  const exchange = exchangeOf(of)
  return exchange?.response?.complete === true || (exchange != null && isFollowedEarly(exchange))
}
