import { header } from './header-fields.ts'
import type { Exchange } from '../index.ts'

/**
 * Whether the client went where a redirect leads as soon as it had its head. Chromium does that,
 * and ends a connection that is to be closed: the program is not to blame that the content was not
 * read to its end.
 */
export function isFollowedEarly({ response, clientEnded }: Exchange): boolean {
  return (
    clientEnded === true &&
    response !== null &&
    !response.complete &&
    response.status >= 300 &&
    response.status < 400 &&
    header(response.headers, 'Location') !== undefined
  )
}
