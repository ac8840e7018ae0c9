import { check, hasStatus, rule, strictFault, together } from '#grader'
import { forwards } from './forward-checks.ts'
import { isFalselyZipped } from './read.ts'
import { answering, browsing } from './scenarios.ts'

export const cookies = check('Two Set-Cookie stay two', answering, {
  after: forwards,
  spec: 'RFC 9110 §5.3',
  reread: 'gateway',

  verify: ({ rows }, expect) => {
    for (const { exchange, fields } of rows)
      for (const { name, sent, got } of fields)
        if (name === COOKIES) expect(got, 'Set-Cookie', exchange).toBe(sent)
  },

  diagnose: {
    'joins-cookies': rule({
      when: ({ rows }) =>
        rows.find(({ fields }) =>
          fields.some(({ name, sent, got }) => name === COOKIES && got && got !== sent),
        ),
      say:
        'The upstream sets two cookies, each in a Set-Cookie of its own. They can’t be joined into one line, and none ' +
        'may be left out. An object has room for one value of each name.',
    }),
  },
})

export const answers = check(
  'The client gets every answer as the upstream sent it',
  together({ ways: answering, chromium: browsing }),
  {
    after: cookies,
    spec: 'RFC 9110 §3.7',
    reread: 'gateway',

    verify: ({ ways: { rows }, chromium: { greeting, page, text, colour, lamps } }, expect) => {
      expect.each(rows, ({ exchange, status, fields, content }, of) => {
        of(exchange).toHaveStatus(status)
        for (const { name, sent, got } of fields)
          if (name !== COOKIES) of(got, `the field ${name}`, exchange).toBe(sent)
        of(content.got, 'the content', exchange).toBe(content.sent)
        of(strictFault(exchange, 'response')?.say ?? 'valid', 'the answer', exchange).toBe('valid')
      })
      expect(page).toHaveStatus(200)
      expect(text, 'the greeting that Chromium shows', page).toBe(greeting)
      expect(colour, 'its colour, from the stylesheet', page).toBe('rgb(1, 2, 3)')
      expect(lamps, 'the pictures that Chromium drew', page).toBe(3)
    },

    diagnose: {
      'follows-redirect': rule({
        when: ({ ways: { rows } }) =>
          rows.find(({ status, exchange }) => status === 302 && hasStatus(200)(exchange)),
        say:
          'The upstream answered 302, but the client got 200 and what is at the new address. Your gateway followed ' +
          'the redirect. Only the client can: its address bar and its cookies have to change.',
      }),
      'own-status': rule({
        when: ({ ways: { rows } }) =>
          rows.find(({ status, exchange }) => status === 503 && hasStatus(502)(exchange)),
        say:
          'The upstream’s 503 became your 502. But 503 with Retry-After is a valid answer: it says when to ' +
          'come back. 502 is for answers that aren’t valid.',
      }),
      'falsely-zipped': rule({
        when: ({ ways: { rows } }) => rows.find(({ exchange }) => isFalselyZipped(exchange)),
        say:
          '`Content-Encoding: gzip` says that the content is compressed, but it was unpacked on its way. A browser reports ' +
          'ERR_CONTENT_DECODING_FAILED. Pass the bytes on as they come.',
      }),
    },
  },
)

/** It has lines of its own for each value, so it has a check of its own. */
const COOKIES = 'Set-Cookie'
