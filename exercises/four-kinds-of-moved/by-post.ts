import { check, matching, path, rule, status } from '#grader'
import { claimLeads, whyItLeadsNowhere } from './leads.ts'
import {
  inWords,
  isForGood,
  isRedirect,
  keepingPostForGood,
  keepsMethod,
  thenGet,
} from './redirects.ts'
import { formsSent } from './scenarios.ts'

export const keepsPost = check(
  'The order arrives at /orders as a POST with its content, for good',
  formsSent,
  {
    spec: 'RFC 9110 §15.4.9',
    reread: 'five-codes',

    verify: ({ checkout, wanted, arrived, orderShown }, expect) => {
      claimLeads(checkout, expect)
      expect(inWords(arrived), 'what Chromium sent then', arrived ?? checkout.exchange).toBe(wanted)
      expect(orderShown).toHaveStatus(200)
      expect(status(checkout), 'the status of the answer', checkout.exchange).toBe(
        keepingPostForGood,
      )
    },

    diagnose: {
      ...whyItLeadsNowhere(({ checkout }) => checkout),
      'order-lost': rule({
        when: ({ checkout, arrived }) =>
          isRedirect(checkout) &&
          !keepsMethod(checkout) &&
          arrived?.request.method === 'GET' &&
          arrived,
        say: (_, { checkout }) =>
          `You answered ${status(checkout)}, and Chromium went on with GET, without the form's ` +
          'content. So the order is lost. Some redirects keep the method and the content.',
      }),
      'order-for-now': rule({
        when: ({ checkout }) => keepsMethod(checkout) && !isForGood(checkout) && checkout,
        say:
          'You answered 307. The order arrived, but 307 says that /checkout may take orders again ' +
          'tomorrow, so clients go on sending them there. There is a status that keeps the method, ' +
          'too, and says “for good”.',
      }),
    },
  },
)

export const seeOther = check(
  'The login ends with a GET for /welcome, and the password stays behind',
  formsSent,
  {
    spec: 'RFC 9110 §15.4.4',
    reread: 'five-codes',

    verify: ({ login, welcome, welcomeShown, password }, expect) => {
      claimLeads(login, expect)
      const seenIn = welcome ?? login.exchange
      expect(inWords(welcome), 'what Chromium sent then', seenIn).toBe(
        'GET /welcome without content',
      )
      expect(welcome?.request.target, 'the address that Chromium asked for', seenIn).toBe(
        withoutThe(password),
      )
      expect(welcomeShown).toHaveStatus(200)
      expect(status(login), 'the status of the answer', login.exchange).toBe(thenGet)
    },

    diagnose: {
      ...whyItLeadsNowhere(({ login }) => login),
      'login-repeats': rule({
        when: ({ login, welcome }) => keepsMethod(login) && welcome,
        say: (welcome, { login }) =>
          `You answered ${status(login)}, which keeps the method. So the form was sent again, with the ` +
          `password, to ${path(welcome)}. After a login the POST is over, and a GET comes next.`,
      }),
      'password-in-address': rule({
        when: ({ welcome, password }) => welcome?.request.target.includes(password) && welcome,
        say:
          'Your Location has the password in its query. Addresses are kept in the history of the ' +
          'browser, in logs and in bookmarks, so anyone who sees one can log in.',
      }),
      'login-permits-post': rule({
        when: ({ login }) => status(login) === 302 && login,
        say:
          'You answered 302. Browsers turn the POST into GET after it, but the standard only permits ' +
          'that: a client may send the POST again, with the password. One status says that GET ' +
          'comes next.',
      }),
      'login-for-good': rule({
        when: ({ login }) => status(login) === 301 && login,
        say:
          'You answered 301, which says that /login has moved to /welcome for good. But the next ' +
          'visitor has to log in at /login as well. And a client may send the POST again after 301, ' +
          'with the password.',
      }),
    },
  },
)

function withoutThe(password: string) {
  return matching(
    'one without the password',
    (target: string | undefined) => target !== undefined && !target.includes(password),
  )
}
