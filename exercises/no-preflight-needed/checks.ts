import { atLeast, check, rule, sentField } from '#grader'
import { bothSides, nameOf, sentContent, sentFields } from './partner.ts'
import { visit } from './scenarios.ts'

const noPreflight = check('Chromium sent your requests to the partner without a preflight', visit, {
  spec: 'Fetch, CORS-preflight fetch',
  reread: 'which-ask',

  verify: ({ asked, preflight }, expect) => {
    expect(asked.length, 'requests to the partner').toBe(atLeast(1))
    const sent = preflight ? nameOf(preflight.exchange) : 'no preflight'
    expect(sent, 'what Chromium sent first', preflight && bothSides(preflight)).toBe('no preflight')
  },

  diagnose: {
    'asks-own-site': rule({
      when: ({ asked, sentHome }) => asked.length === 0 && sentHome,
      say:
        'Your POST /feedback went to the server that the page came from, because an address ' +
        'without a host belongs to that server. The partner got no request.',
    }),
    'json-type': rule({
      when: ({ preflight }) => preflight?.fields.includes('content-type') && preflight,
      say: ({ fields, outcome }) =>
        `Chromium asked for permission to send ${fields.join(' and ')}. Only three content types ` +
        `need none, and yours is not one of them. The partner answered 405, so ${outcome}.`,
    }),
    'extra-field': rule({
      when: ({ preflight }) => preflight && preflight.fields.length > 0 && preflight,
      say: ({ fields, outcome }) =>
        `Chromium asked for permission to send ${fields.join(' and ')}, because a form cannot set ` +
        `that. The partner answered 405, so ${outcome}.`,
    }),
    'watches-upload': rule({
      when: ({ preflight }) => preflight?.method === 'POST' && preflight,
      say: ({ outcome }) =>
        'Chromium asked for permission to send a POST, and named no field. It does that when a ' +
        'script watches the upload of an XMLHttpRequest or sends a stream. ' +
        `The partner answered 405, so ${outcome}.`,
    }),
    'other-method': rule({
      when: ({ preflight }) =>
        preflight && !['GET', 'HEAD', 'POST'].includes(preflight.method) && preflight,
      say: ({ method, outcome }) =>
        `Chromium asked for permission to send a ${method}, because a form cannot send one. ` +
        `The partner answered 405, so ${outcome}.`,
    }),
  },
})

const delivered = check('The partner got one POST with your JSON', visit, {
  after: noPreflight,
  reread: 'which-ask',

  verify: ({ feedback, sent }, expect) => {
    expect(feedback.length, 'POST requests to /feedback').toBe(1)
    const read = sent?.msg === undefined ? 'no JSON with a text in msg' : '{"msg": "…"}'
    expect(read, 'what the partner read', sent && sentContent(sent)).toBe('{"msg": "…"}')
  },

  diagnose: {
    'sent-twice': rule({
      when: ({ feedback }) => feedback.length > 1 && feedback,
      say: ({ length }) => `The partner got ${length} requests, and counted ${length} messages.`,
    }),
    'form-data': rule({
      when: ({ sent }) => sent?.type.startsWith('multipart/form-data'),
      say: 'A form arrived, with the text in one of its parts. The partner reads all of it as JSON.',
    }),
    'form-fields': rule({
      when: ({ sent }) =>
        sent?.type.startsWith('application/x-www-form-urlencoded') && sent.text.startsWith('msg='),
      say:
        'A form arrived, as name=value. The partner reads the content as JSON, whatever ' +
        'Content-Type says.',
    }),
    'bare-text': rule({
      when: ({ sent, message }) => sent && [message, JSON.stringify(message)].includes(sent.text),
      say: 'The text arrived alone. The partner wants it in an object, under the name msg.',
    }),
    'not-stringified': rule({
      when: ({ sent }) => sent?.text === '[object Object]',
      say:
        '`[object Object]` arrived, because an object became text by itself. JSON.stringify ' +
        'writes down what is in it.',
    }),
    'json-by-hand': rule({
      when: ({ sent, message }) => sent?.text.includes(message),
      say:
        'The JSON broke off at the first quotation mark of the text. JSON.stringify escapes ' +
        'those, and your script did not.',
    }),
  },
})

const charset = check('The text survived, umlaut, quotation marks, ampersand and all', visit, {
  after: delivered,
  reread: 'which-ask',

  verify: ({ sent, message }, expect) => {
    expect(sent?.msg, 'msg', sent && sentContent(sent)).toBe(message)
  },

  diagnose: {
    'percent-encoded': rule({
      when: ({ sent, message }) => sent?.msg === encodeURIComponent(message),
      say:
        'The text arrived percent-encoded. Addresses need that, but content carries every ' +
        'character as it is.',
    }),
    'html-of-the-text': rule({
      when: ({ sent, message }) => sent?.msg === message.replaceAll('&', '&amp;'),
      say:
        'The & arrived as `&amp;`. HTML writes it like that, so innerHTML gives it. ' +
        'textContent gives the text itself.',
    }),
    'one-byte-each': rule({
      when: ({ sent }) =>
        sent?.msg?.includes('\ufffd') && sent.exchange.request.body.includes(0xfc),
      say:
        'The ü arrived as the single byte 0xFC. In UTF-8 it has two, 0xC3 0xBC, so the partner ' +
        'could not read it.',
    }),
  },
})

const notOpaque = check('Your script could read both answers', visit, {
  after: noPreflight,
  reread: 'same-origin',

  verify: ({ feedback, quotes, seenOfFeedback, seenOfQuotes }, expect) => {
    for (const exchange of [...feedback, ...quotes]) {
      const what = `the mode of ${nameOf(exchange)}`
      expect(sentField(exchange, 'Sec-Fetch-Mode'), what, sentFields(exchange)).toBe('cors')
    }
    expect(seenOfFeedback, 'what your script saw of POST /feedback', feedback[0]).toBe('the answer')
    expect(quotes.length, 'GET requests for /quotes').toBe(atLeast(1))
    expect(seenOfQuotes, 'what your script saw of GET /quotes', quotes[0]).toBe('the answer')
  },

  diagnose: {
    'with-credentials': rule({
      when: ({ refusals }) => refusals.find((error) => error === 'WildcardOriginNotAllowed'),
      say: (error) =>
        `Chromium withheld the answer (${error}). Your script asked with credentials, and for ` +
        'such a request the partner would have to name your origin instead of a star.',
    }),
    'no-cors': rule({
      when: ({ feedback, quotes }) =>
        [...feedback, ...quotes].find((each) => sentField(each, 'Sec-Fetch-Mode') === 'no-cors'),
      say: (exchange) =>
        `${nameOf(exchange)} left in the mode no-cors, so its answer is opaque: your script gets ` +
        'status 0 and no content, whatever the partner allows.',
    }),
  },
})

const readable = check('Your page read the quotes and shows the first one', visit, {
  after: notOpaque,
  reread: 'both-answers',

  verify: ({ shown, quote }, expect) => {
    expect(shown).toGive(quote)
  },

  diagnose: {
    'not-awaited': rule({
      when: ({ shown, refusals }) =>
        refusals.length === 0 && ['', '[object Promise]'].includes(String(shown.value)) && shown,
      say: ({ value }) =>
        "Your script could read the partner's quotes, but #quote " +
        `${value === '' ? 'stayed empty' : 'shows a promise'}. ` +
        'json() gives a promise: await it, and you have the array.',
    }),
    'shows-the-content': rule({
      when: ({ shown, quote }) => shown.value !== quote && String(shown.value).includes(quote),
      say: 'The page shows more than the first quote. The content is an array of quotes.',
    }),
  },
})

export default { noPreflight, delivered, charset, notOpaque, readable }
