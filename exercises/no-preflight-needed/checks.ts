import {
  atLeast,
  bodyText,
  check,
  header,
  jsonBody,
  matching,
  type Exchange,
  type Exhibit,
  rule,
} from '#grader'
import { isFeedback, visit } from './scenarios.ts'

const noPreflight = check('Chromium sent your requests without asking the partner first', visit, {
  spec: 'Fetch, CORS-preflight fetch',
  reread: 'which-ask',
  verify: ({ asked }, expect) => {
    expect(asked.length, 'requests to the partner').toBe(atLeast(1))
    const question = asked.find(isQuestion)
    expect(
      question === undefined ? 'no question' : nameOf(question),
      'what Chromium asked beforehand',
      question && bothSides(question),
    ).toBe('no question')
  },
  diagnose: {
    'asks-own-site': rule({
      when: ({ asked, own }) => asked.length === 0 && own.some(isFeedback),
      say: 'POST /feedback went to the server the page came from. An address without a host belongs to that server; the partner was asked for nothing.',
    }),
    'json-type': rule({
      when: ({ asked }) => fieldsAskedFor(asked).includes('content-type'),
      say: (_, { asked, refused }) =>
        `Chromium asked for leave to send ${fieldsAskedFor(asked).join(' and ')}: three content types go without a question, and yours was none of them. The partner said 405, so ${outcome(asked, refused)}`,
    }),
    'extra-field': rule({
      when: ({ asked }) => fieldsAskedFor(asked).length > 0,
      say: (_, { asked, refused }) =>
        `Chromium asked for leave to send ${fieldsAskedFor(asked).join(' and ')}, which a page may not set without asking. The partner said 405, so ${outcome(asked, refused)}`,
    }),
    'watches-upload': rule({
      when: ({ asked }) => methodAskedFor(asked) === 'POST' && fieldsAskedFor(asked).length === 0,
      say: (_, { asked, refused }) =>
        `Chromium asked for leave to use POST, which needs none, and named no field. It asks so when a script watches the upload of an XMLHttpRequest or sends a stream. The partner said 405, so ${outcome(asked, refused)}`,
    }),
    'other-method': rule({
      when: ({ asked }) => !['GET', 'HEAD', 'POST', undefined].includes(methodAskedFor(asked)),
      say: (_, { asked, refused }) =>
        `Chromium asked for leave to use ${methodAskedFor(asked)}. The partner said 405, so ${outcome(asked, refused)}`,
    }),
  },
})

const delivered = check('The partner received one POST with your JSON', visit, {
  after: noPreflight,
  reread: 'which-ask',
  verify: ({ asked }, expect) => {
    const feedback = asked.filter(isFeedback)
    expect(feedback.length, 'POST requests to /feedback').toBe(1)
    const [sent] = feedback
    expect(jsonBody(sent!.request) ?? 'no JSON', 'what the partner read', content(sent!)).toBe(
      matching('{"msg": "…"}', (value) => msgOf(value) !== undefined),
    )
  },
  diagnose: {
    'sent-twice': rule({
      when: ({ asked }) => asked.filter(isFeedback).length > 1,
      say: (_, { asked }) =>
        `${asked.filter(isFeedback).length} requests arrived, and the partner took each for a message of its own.`,
    }),
    'form-data': rule({
      when: ({ asked }) => contentType(asked).startsWith('multipart/form-data'),
      say: 'A form arrived, with the text in one of its parts. The partner reads the whole content as JSON.',
    }),
    'form-fields': rule({
      when: ({ asked }) =>
        contentType(asked).startsWith('application/x-www-form-urlencoded') &&
        textSent(asked).startsWith('msg='),
      say: 'A form arrived, as name=value. The partner reads the content as JSON, whatever Content-Type says.',
    }),
    'bare-text': rule({
      when: ({ asked, message }) => [message, JSON.stringify(message)].includes(textSent(asked)),
      say: 'The text arrived alone. The partner wants it in an object, under the name msg.',
    }),
    'not-stringified': rule({
      when: ({ asked }) => textSent(asked) === '[object Object]',
      say: 'What arrived was `[object Object]`: that is what becomes of an object where a text is wanted. JSON.stringify writes down what is in it.',
    }),
    'json-by-hand': rule({
      when: ({ asked, message }) => textSent(asked).includes(message),
      say: 'What arrived ended as JSON at the first quotation mark of the text, which nothing had escaped.',
    }),
  },
})

const charset = check('The text survived, umlaut, quotation marks, ampersand and all', visit, {
  after: delivered,
  reread: 'which-ask',
  verify: ({ asked, message }, expect) => {
    const sent = asked.find(isFeedback)!
    expect(msgOf(jsonBody(sent.request)), 'msg', content(sent)).toBe(message)
  },
  diagnose: {
    'percent-encoded': rule({
      when: ({ asked, message }) =>
        msgOf(jsonBody(asked.find(isFeedback)?.request)) === encodeURIComponent(message),
      say: 'The text arrived percent-encoded. That is needed in an address; content carries every character as it is.',
    }),
    'html-of-the-text': rule({
      when: ({ asked, message }) =>
        msgOf(jsonBody(asked.find(isFeedback)?.request)) === message.replaceAll('&', '&amp;'),
      say: 'The & arrived as `&amp;`. So it is written in HTML, and so innerHTML gives it; textContent gives the text itself.',
    }),
    'one-byte-each': rule({
      when: ({ asked }) =>
        Buffer.from(asked.find(isFeedback)?.request.body ?? []).includes(0xfc) &&
        textSent(asked).includes('\ufffd'),
      say: 'The ü arrived as the single byte 0xFC. In UTF-8 it has two, 0xC3 0xBC, so the partner could not read it.',
    }),
  },
})

const notOpaque = check('Both answers were open to your script', visit, {
  after: noPreflight,
  reread: 'same-origin',
  verify: ({ asked, refused }, expect) => {
    for (const one of asked.filter((each) => isFeedback(each) || isQuotes(each))) {
      expect(
        header(one.request.headers, 'Sec-Fetch-Mode'),
        `the mode of ${nameOf(one)}`,
        fields(one),
      ).toBe('cors')
    }
    expect(
      seen(asked.filter(isFeedback), refused),
      'what your script saw of the answer to POST /feedback',
      asked.find(isFeedback),
    ).toBe('the answer')
    expect(asked.filter(isQuotes).length, 'GET requests for /quotes').toBe(atLeast(1))
    expect(
      seen(asked.filter(isQuotes), refused),
      'what your script saw of the answer to GET /quotes',
      asked.find(isQuotes),
    ).toBe('the answer')
  },
  diagnose: {
    'with-credentials': rule({
      when: ({ refused }) => refused.some(({ error }) => error === 'WildcardOriginNotAllowed'),
      say: 'Chromium withheld the answer (WildcardOriginNotAllowed): it was asked for with credentials, and for those a star is no permission.',
    }),
    'no-cors': rule({
      when: ({ asked }) =>
        asked.some(({ request }) => header(request.headers, 'Sec-Fetch-Mode') === 'no-cors'),
      say: 'The request went out in the mode no-cors. Its answer is opaque: status 0 and no content for your script, whatever the partner allows.',
    }),
  },
})

const readable = check('Your page read the quotes and shows the first one', visit, {
  after: notOpaque,
  reread: 'both-answers',
  verify: ({ shown, quotes }, expect) => {
    expect(shown).toGive(quotes[0])
  },
  diagnose: {
    'not-awaited': rule({
      when: ({ shown, refused }) =>
        refused.length === 0 && ['', '[object Promise]'].includes(String(shown.value)),
      say: (_, { shown }) =>
        `The partner's quotes were open to your script, and #quote ${shown.value === '' ? 'stayed empty' : 'shows a promise'}. json() gives a promise; the array is in it once it was awaited.`,
    }),
    'shows-the-content': rule({
      when: ({ shown, quotes }) =>
        String(shown.value).length > quotes[0]!.length && String(shown.value).includes(quotes[0]!),
      say: 'The first quote is on the page, and more than that: the content of the answer is an array.',
    }),
  },
})

export default { noPreflight, delivered, charset, notOpaque, readable }

function isQuotes({ request }: Exchange): boolean {
  return request.method === 'GET' && request.path === '/quotes'
}

function isQuestion({ request }: Exchange): boolean {
  return request.method === 'OPTIONS'
}

function nameOf({ request }: Exchange): string {
  return `${request.method} ${request.target}`
}

function fieldsAskedFor(asked: readonly Exchange[]): string[] {
  const value =
    header(asked.find(isQuestion)?.request.headers ?? [], 'Access-Control-Request-Headers') ?? ''
  return value
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
}

function methodAskedFor(asked: readonly Exchange[]): string | undefined {
  return header(asked.find(isQuestion)?.request.headers ?? [], 'Access-Control-Request-Method')
}

/** What became of the request that was asked about. */
function outcome(
  asked: readonly Exchange[],
  refused: readonly { path: string; error: string }[],
): string {
  const question = asked.find(isQuestion)
  const method = methodAskedFor(asked) ?? 'request'
  const error = refused.find(({ path }) => path === question?.request.path)?.error
  return `the ${method} was never sent${error === undefined ? '' : ` (${error})`}.`
}

/** What a script got of one address: an answer, unless every one was withheld. */
function seen(
  asked: readonly Exchange[],
  refused: readonly { path: string; error: string }[],
): string {
  const withheld = refused.filter(({ path }) => path === asked[0]?.request.path)
  return withheld.length > 0 && withheld.length >= asked.length
    ? `nothing (${withheld[0]!.error})`
    : 'the answer'
}

function contentType(asked: readonly Exchange[]): string {
  return header(asked.find(isFeedback)?.request.headers ?? [], 'Content-Type') ?? ''
}

function textSent(asked: readonly Exchange[]): string {
  const sent = asked.find(isFeedback)
  return sent === undefined ? '' : bodyText(sent.request)
}

function msgOf(value: unknown): string | undefined {
  return typeof value === 'object' &&
    value !== null &&
    'msg' in value &&
    typeof value.msg === 'string'
    ? value.msg
    : undefined
}

/**
 * The question's own fields, and the answer's first line: the rest of what a browser sends explains
 * nothing here.
 */
function bothSides({ request, response }: Exchange): Exhibit {
  return {
    kind: 'text',
    title: 'What the partner was asked, and said',
    lines: [
      ...chosen(request, /^(?:origin|access-control-request-.*)$/i),
      '',
      response?.startLine ?? 'no answer',
    ].map((text) => ({ text })),
  }
}

function fields({ request }: Exchange): Exhibit {
  return {
    kind: 'text',
    title: 'What the partner was sent',
    lines: chosen(request, /^(?:origin|content-type|sec-fetch-mode)$/i).map((text) => ({ text })),
  }
}

function content({ request }: Exchange): Exhibit {
  return {
    kind: 'text',
    title: 'What the partner was sent',
    lines: [
      ...chosen(request, /^content-type$/i),
      '',
      ...bodyText(request).split(/\r?\n/).slice(0, 8),
    ].map((text) => ({ text })),
  }
}

function chosen({ startLine, headers }: Exchange['request'], names: RegExp): string[] {
  return [
    startLine,
    ...headers.filter(([name]) => names.test(name)).map(([name, value]) => `${name}: ${value}`),
  ]
}
