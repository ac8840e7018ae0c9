import { check, rule } from '#grader'
import {
  contentFields,
  contentOf,
  givenBy,
  isResultRight,
  isHanging,
  resultOf,
  rightResult,
  ordinal,
  seen,
  sent,
} from './reading.ts'
import { codes } from './scenarios.ts'
import type { Row } from './servers.ts'

const NO_REQUEST = 'no request'

export const follows = check('A GET is followed with each of the five codes', codes, {
  spec: 'RFC 9110 §15.4',
  reread: 'five-codes',

  verify: (rows, expect) =>
    expect.each(getsOf(rows), (row, expect) => {
      expect(row.asked.length, 'requests', seen(row)).toBe(2)
      expect(resultOf(row), 'result', seen(row)).toBe(rightResult(row))
    }),

  diagnose: {
    'never-done': rule({
      when: (rows) => getsOf(rows).find(isHanging),
      say: (row) => aboutHanging(row),
    }),
    'not-followed': rule({
      // This is the task.
      alsoEarnedBy: ['stub'],
      when: (rows) => getsOf(rows).every(givesRedirect),
      say:
        'No request followed any of these answers. Each names another address in its Location, and ' +
        'what the caller wants is there.',
    }),
    'misses-codes': rule({
      when: (rows) => getsOf(rows).filter(givesRedirect),
      say: (missed) =>
        `You followed other redirects, but not ${listed(missed.map(({ steps }) => steps[0]!.status))}. ` +
        'All five codes say that there is more at another address.',
    }),
    'bodies-joined': rule({
      when: (rows) => {
        const wrong = getsOf(rows).find((row) => !isResultRight(row))
        const content = wrong?.steps.at(-1)?.content
        const body = wrong && givenBy(wrong)['body']
        return typeof body === 'string' && body !== content && body.endsWith(content!) && body
      },
      say: (body) =>
        `The body you gave is ${JSON.stringify(body)}: the content of the redirect, and then that ` +
        'of the last answer. Only the last answer is asked for.',
    }),
  },
})

export const methods = check('Each request has the method that the code asks for', codes, {
  after: follows,
  spec: 'RFC 9110 §15.4',
  reread: 'five-codes',

  verify: (rows, expect) =>
    expect.each(rows, (row, expect) => {
      const received = row.asked.map(({ method }) => method).join(', ')
      const expected = row.steps.map(({ method }) => method).join(', ')
      expect(received || NO_REQUEST, 'the methods', seen(row)).toBe(expected)
    }),

  diagnose: {
    'never-done': rule({
      when: (rows) => {
        const wrong = firstWrongMethod(rows)
        return wrong && isHanging(wrong.row) && wrong.row
      },
      say: (row) => aboutHanging(row),
    }),
    'body-after-get': rule({
      when: (rows) => {
        const wrong = firstWrongMethod(rows)
        const before = wrong?.row.asked[wrong.index - 1]
        return before?.isBodyUnannounced && before
      },
      say: ({ method, url }) =>
        `Your ${method} for \`${url}\` announced no content, but then the body of the first request ` +
        'followed. A server takes such bytes for the next request on this connection, and here it ' +
        'answered 400. With the method, the body goes, too.',
    }),
    'method-comes-back': rule({
      when: (rows) => {
        const wrong = firstWrongMethod(rows)
        return wrong && wrong.index > 1 && wrong.received === wrong.row.method && wrong
      },
      say: ({ index, received, status }) =>
        `After the 302 your ${received} had become a GET. Then ${status} came, which changes nothing, ` +
        `but the ${ordinal(index)} request was a ${received} again. What becomes of a method depends on the ` +
        `request that was just answered, and not on the one with which \`follow\` began.`,
    }),
    'post-kept': rule({
      when: (rows) =>
        wrongAfter(
          rows,
          [301, 302],
          ({ before, received }) => before === 'POST' && received === 'POST',
        ),
      say: ({ status }) =>
        `${status} came after a POST, and you sent another POST. Browsers send a GET then, and so ` +
        'does everyone who copies them: 307 and 308 were made for clients that are to keep the POST.',
    }),
    'put-became-get': rule({
      when: (rows) =>
        wrongAfter(
          rows,
          [301, 302],
          ({ before, received }) => before === 'PUT' && received === 'GET',
        ),
      say: ({ status }) =>
        `${status} came after a PUT, and you sent a GET. With 301 and 302, only a POST becomes a GET. ` +
        'Here the new content never reached the server.',
    }),
    'head-became-get': rule({
      when: (rows) =>
        wrongAfter(
          rows,
          [301, 302, 303, 307, 308],
          ({ before, received }) => before === 'HEAD' && received === 'GET',
        ),
      say: ({ status }) =>
        `${status} came after a HEAD, and you sent a GET. It makes the server send all the content ` +
        'that HEAD is there to avoid.',
    }),
    'see-other-kept': rule({
      when: (rows) => wrongAfter(rows, [303], ({ before, received }) => received === before),
      say: ({ before }) =>
        `303 came after a ${before}, and you sent another ${before}. 303 says that the ${before} is done, ` +
        'and that its result can be read with GET at the other address.',
    }),
    'must-keep-became-get': rule({
      when: (rows) => wrongAfter(rows, [307, 308], ({ received }) => received === 'GET'),
      say: ({ status, before }) =>
        `${status} came after a ${before}, and you sent a GET. 307 and 308 promise that nothing of the ` +
        'request changes except its address.',
    }),
  },
})

export const body = check('The body is sent again where the method stays, and only there', codes, {
  after: methods,
  spec: 'RFC 9110 §15.4',
  reread: 'follow',

  verify: (rows, expect) =>
    expect.each(withContent(rows), (row, expect) => {
      for (const [index, asked] of row.asked.entries()) {
        const which = `the ${ordinal(index)} request`
        const expected = contentAt(row, index)
        expect(contentOf(asked), `the content of ${which}`, sent(asked)).toBe(expected)
        if (expected !== '') continue
        const fields = contentFields(asked).map((name) => name.toLowerCase())
        expect(fields.join(', ') || 'none', `Content- fields of ${which}`, sent(asked)).toBe('none')
      }
    }),

  diagnose: {
    'body-lost': rule({
      when: (rows) => {
        const wrong = firstWrongContent(rows)
        return wrong && wrong.expected !== '' && wrong.received === '' && wrong
      },
      say: ({ status, method, index }) =>
        `${status} came, and the ${ordinal(index)} request was a ${method} again, but without its ` +
        'content. The first server has read it and keeps nothing, so the client has to send it once more.',
    }),
    'body-on-get': rule({
      when: (rows) => {
        const wrong = firstWrongContent(rows)
        return wrong && wrong.expected === '' && wrong.received !== '' && wrong
      },
      say: ({ status, index }) =>
        `After ${status} the method had become GET, but the ${ordinal(index)} request has the content ` +
        'of the first one. Nobody expects content in a GET, and whatever was in the form now reaches a second address.',
    }),
    'content-fields-left': rule({
      when: (rows) => {
        const wrong = firstWrongContent(rows)
        return wrong && wrong.received === wrong.expected && wrong.fields.length > 0 && wrong
      },
      say: ({ fields, index }) =>
        `The ${ordinal(index)} request has no content, but ${listed(fields)} ` +
        `${fields.length === 1 ? 'describes' : 'describe'} one. What describes the content goes with it.`,
    }),
  },
})

function getsOf(rows: readonly Row[]): Row[] {
  return rows.filter(({ name }) => name.endsWith('after GET'))
}

/** Whether it took a redirect for the answer. */
function givesRedirect(row: Row): boolean {
  return row.asked.length === 1 && givenBy(row)['status'] === row.steps[0]!.status
}

function withContent(rows: readonly Row[]): Row[] {
  return rows.filter(({ body }) => body !== undefined)
}

/** The content goes along as long as the method is what it was. */
function contentAt({ steps, method, body = '' }: Row, index: number): string {
  return steps[index]?.method === method ? body : ''
}

/** The first row whose methods are not right, and the request where they leave what is right. */
function firstWrongMethod(rows: readonly Row[]) {
  for (const row of rows) {
    const index = row.steps.findIndex(({ method }, at) => row.asked[at]?.method !== method)
    if (index === 0) return undefined
    if (index > 0) {
      const { status, method: before } = row.steps[index - 1]!
      return { row, index, status, before, received: row.asked[index]?.method }
    }
    if (row.asked.length > row.steps.length) return undefined
  }
  return undefined
}

function wrongAfter(
  rows: readonly Row[],
  statuses: readonly number[],
  isMeant: (wrong: { readonly before: string; readonly received: string | undefined }) => boolean,
) {
  const wrong = firstWrongMethod(rows)
  return wrong && statuses.includes(wrong.status) && isMeant(wrong) && wrong
}

/** The first request with other content than it should have, or other fields about it. */
function firstWrongContent(rows: readonly Row[]) {
  for (const row of withContent(rows)) {
    for (const [index, asked] of row.asked.entries()) {
      const [received, expected] = [contentOf(asked), contentAt(row, index)]
      const fields = contentFields(asked)
      const status = row.steps[index - 1]?.status
      if (received !== expected || (expected === '' && fields.length > 0))
        return { received, expected, fields, status, index, method: asked.method }
    }
  }
  return undefined
}

function aboutHanging({ asked }: Row): string {
  const last = asked.at(-1)
  return (
    `The answer to ${last?.method} ${last?.url} was there, but \`follow\` went on waiting. An answer ` +
    'may have no content at all, and then it has an end but no piece.'
  )
}

function listed(items: readonly unknown[]): string {
  return items.map(String).join(' and ')
}
