import {
  field,
  isAnswered,
  path,
  rule,
  sentField,
  status,
  text,
  type Exchange,
  type Expect,
  type OnWire,
  type Rule,
} from '#grader'
import { aRedirect, isRedirect, type Redirect } from './redirects.ts'

/** Claims that an old address redirects to its new one. */
export function claimLeads({ exchange, leads, moved }: Redirect, expect: Expect): void {
  // Chromium may leave before the content of a redirect has come, so its end isn't claimed.
  expect(status(exchange), 'the status of the answer', exchange).toBe(aRedirect)
  expect(leads, 'where Location leads', exchange).toBe(moved)
}

/** What an old address does when it doesn't lead to its new one. */
export function whyItLeadsNowhere<Facts>(
  of: (facts: Facts) => Redirect,
): Readonly<Record<string, Rule<Facts>>> {
  return {
    refreshes: rule({
      when: (facts: Facts) => {
        const { exchange } = of(facts)
        const refreshes = field(exchange, 'Refresh') ?? REFRESH.exec(text(exchange))?.[0]
        return isSuccess(exchange) && refreshes !== undefined && exchange
      },
      say: (exchange) =>
        `You answered ${inShort(exchange)} with a page that goes on to another one. Its status is ` +
        `${status(exchange)}, so a program without a screen takes it for what it asked for, and stays. ` +
        'A redirect has a status of its own, and the new address in Location.',
    }),
    'answers-itself': rule({
      alsoEarnedBy: ['empty-200'],
      when: (facts: Facts) => isSuccess(of(facts)) && isAnswered(of(facts)) && of(facts).exchange,
      say: (exchange) =>
        `You answered ${inShort(exchange)} with ${status(exchange)}, which says that this is the answer, so no client ` +
        'has a reason to go to another address. A redirect has a status of its own, and the new ' +
        'address in Location.',
    }),
    'no-redirect': rule({
      when: (facts: Facts) => isAnother3xx(of(facts)) && of(facts).exchange,
      say: (exchange) =>
        `You answered ${status(exchange)}. It begins with 3, but Chromium doesn't go to Location after ` +
        'it. Redirects are 301, 302, 303, 307 and 308.',
    }),
    'no-location': rule({
      when: (facts: Facts) => isRedirect(of(facts)) && noLocation(of(facts)) && of(facts).exchange,
      say: (exchange) =>
        `You answered ${status(exchange)} without Location. The status says that the client has to go ` +
        'elsewhere, but nothing says where. So a browser shows this answer as its page.',
    }),
    'other-server': rule({
      when: (facts: Facts) => /^https?:/.test(of(facts).leads) && of(facts).exchange,
      say: (exchange) =>
        `Your Location is ${field(exchange, 'Location')}, but the visitor had come to ` +
        `${sentField(exchange, 'Host')}, as happens through a proxy. So the browser leaves the server ` +
        'that it knows. A path alone, such as /orders, stays there.',
    }),
    'relative-to-old': rule({
      when: (facts: Facts) => {
        const { exchange, leads, moved } = of(facts)
        return leads !== moved && leads.endsWith(moved) && exchange
      },
      say: (exchange, facts) =>
        `Your Location is ${field(exchange, 'Location')}, without a slash at its beginning. A client ` +
        `completes it from the address that it asked for, like a link on that page: from ` +
        `${path(exchange)} it leads to ${of(facts).leads}.`,
    }),
  }
}

const REFRESH = /http-equiv=.?refresh|<script[^]*\blocation\b/i

function noLocation({ exchange }: Redirect): boolean {
  return field(exchange, 'Location') === undefined
}

/** `GET /today` */
function inShort(exchange: Exchange): string {
  return `${exchange.request.method} ${path(exchange)}`
}

function isSuccess(of: OnWire): boolean {
  const code = status(of) ?? 0
  return code >= 200 && code < 300
}

function isAnother3xx(of: OnWire): boolean {
  const code = status(of) ?? 0
  return code >= 300 && code < 400 && !isRedirect(of)
}
