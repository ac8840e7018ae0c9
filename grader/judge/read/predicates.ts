import { exchangeOf, type OnWire } from '../../types/helpers/on-wire.ts'
import { cookieSent, setCookie, setCookies } from './cookie-fields.ts'
import { isDeletion } from './cookie-identity.ts'
import { isType } from './media-type.ts'
import { field, status } from './on-wire.ts'

/** A question to something that crossed the wire: for find, filter, some and every. */
export type Predicate = (subject: OnWire | null | undefined) => boolean

/** Whether the answer has a Set-Cookie for that name. */
export function setsCookie(name: string): Predicate {
  return (subject) => setCookie(subject, name) !== undefined
}

/** Whether a Set-Cookie of the answer ends the cookie: Max-Age of 0 or less, or a past Expires. */
export function deletesCookie(name: string): Predicate {
  return (subject) => {
    const exchange = exchangeOf(subject)
    const named = setCookies(subject).filter((cookie) => cookie.name === name)
    return exchange !== null && named.some((cookie) => isDeletion(exchange, cookie))
  }
}

/** Whether the request carried the cookie, with whatever value. */
export function sendsCookie(name: string): Predicate {
  return (subject) => cookieSent(subject, name) !== undefined
}

/** Whether the answer has one of these statuses. */
export function hasStatus(...statuses: readonly number[]): Predicate {
  return (subject) => statuses.includes(status(subject) ?? 0)
}

/** Whether Content-Type names that media type, whatever its parameters and its case. */
export function hasType(type: string): Predicate {
  return (subject) => isType(field(subject, 'Content-Type') ?? '', type)
}
