import { bytesExhibit, check, field, inTenths, rule, text, together } from '#grader'
import {
  aText,
  counted,
  endedBefore,
  hasShell,
  isLeftOpen,
  noneVisible,
  oneLine,
  onlyOf,
  paintTable,
  shows,
  textWith,
} from './page-in-parts.ts'
import { failing, fiveVisitors, inChromium, onTheWire, VISITORS } from './scenarios.ts'

const earlyBytes = check(
  'The first part of the page left before the slow service had answered',
  onTheWire,
  {
    spec: 'RFC 9112 §7.1',
    reread: 'head-is-out',

    verify: ({ early, later }, expect) => {
      const afterwards = later.hasContent ? "the slow service's answer" : 'no content at all'
      const first = early.hasContent ? 'content on the wire' : afterwards
      const sent = bytesExhibit('What you had sent by then', early.bytes)
      expect(first, 'what came first', sent).toBe('content on the wire')
    },

    diagnose: {
      'flushes-head-only': rule({
        when: ({ early, wasQueried }) => wasQueried && early.hasHead && !early.hasContent,
        say:
          'The head left at once, but without a byte of the page. ' +
          'A browser cannot paint from a head.',
      }),
      'buffers-for-length': rule({
        when: ({ early, later }) => !early.hasContent && later.length,
        say: (length) =>
          `Your head says ${length}, so nothing could leave before the whole page was there to be ` +
          'counted. Chunked coding needs no length beforehand.',
        alsoEarnedBy: ['stub', 'empty-200'],
      }),
      'awaits-first': rule({
        when: ({ early, later }) => !early.hasContent && later.hasContent && later.firstByteAfter,
        say: (seconds) =>
          `Your first byte left ${inTenths(seconds)} s after the request, when the slow service had ` +
          'answered. The shell does not need the result, but it waited for it.',
      }),
    },
  },
)

const sameResponse = check('Shell and data came in one response to one request', inChromium, {
  after: earlyBytes,
  reread: 'head-is-out',

  verify: ({ document, shellIn, resultIn }, expect) => {
    expect(oneLine(shellIn), 'responses with #shell in them', document).toBe('GET /')
    expect(oneLine(resultIn), 'responses with the result in them', document).toBe('GET /')
  },

  diagnose: {
    'shell-plus-fetch': rule({
      when: ({ resultIn }) => resultIn.find((request) => request !== 'GET /'),
      say: (request) =>
        `The result came in the answer to ${request}, which the page had to request first. ` +
        'The response to GET / was still open, so it could have carried the result.',
    }),
    'promise-not-result': rule({
      when: ({ document }) => text(document).includes('[object Promise]') && document,
      say:
        'In place of the result the page says `[object Promise]`: it was written before the ' +
        'promise had a result. `await` waits for it.',
    }),
    'ends-with-shell': rule({
      when: ({ document, resultIn, query }) =>
        resultIn.length === 0 && endedBefore(document, query) && document,
      say:
        'The response ended before the result was there, and whatever is written after its end ' +
        'is lost. `response.write()` sends a part and leaves the response open. ' +
        '`response.end()` is for the last part.',
    }),
  },
})

const earlyDom = check(
  'The shell was in the page while the document was still loading',
  together({ inChromium, onTheWire }),
  {
    after: sameResponse,
    reread: 'head-is-out',

    verify: ({ inChromium: { early, paint, end } }, expect) => {
      expect.show(paintTable(paint, end))
      const what = 'the page while the slow service held its answer back'
      expect(early, what).toBe('#shell with a text, document loading')
    },

    diagnose: {
      'compressed-together': rule({
        when: ({ inChromium: { document }, onTheWire: { early } }) =>
          hasShell(early.content) && field(document, 'Content-Encoding'),
        say: (coding) =>
          `Chromium sent Accept-Encoding, so your answer said Content-Encoding: ${coding}. What ` +
          'compresses keeps the first bytes until more have come, and it kept the shell. A ' +
          'client that asked for no coding got the shell at once. Flush after the shell, or do ' +
          'not compress this page.',
      }),
      'head-without-shell': rule({
        when: ({ onTheWire: { early } }) => !hasShell(early.content) && early.content,
        say: ({ length }) =>
          `${length} bytes of the page left early, but they had no #shell with a text. So ` +
          'Chromium had nothing to paint until the slow service answered.',
      }),
    },
  },
)

const finalData = check('The data arrived and the document ended properly', inChromium, {
  after: sameResponse,
  spec: 'RFC 9112 §8',
  reread: 'broken',

  verify: ({ document, complaint, data, result, error }, expect) => {
    expect(complaint, 'what Chromium complained about', document).toBe('nothing')
    expect(document).toHaveStatus(200)
    expect(data).toGive(textWith(result))
    expect(error).toGive(noneVisible('#error'))
  },

  diagnose: {
    'error-with-data': rule({
      when: ({ error }) => typeof error.value === 'string' && error.value.slice(0, 60),
      say: (error) =>
        `The query succeeded, but the page says \`${error}\` in #error. ` +
        '#error is for a query that failed, and then it replaces the data.',
    }),
    'never-ends': rule({
      when: ({ document, data, result }) =>
        isLeftOpen(document) &&
        field(document, 'Content-Length') === undefined &&
        shows(String(data.value), result) &&
        document,
      say:
        'Everything was in the page, but Chromium went on loading, because the response had no ' +
        'end. In chunked coding the last chunk is the end, and `response.end()` sends it.',
    }),
  },
})

const failureShown = check(
  'When the query failed, the page said so and was still complete',
  failing,
  {
    after: finalData,
    spec: 'RFC 9112 §8',
    reread: 'broken',

    verify: ({ document, complaint, ending, error, data }, expect) => {
      expect(complaint, 'what Chromium complained about').toBe('nothing')
      const content = document.response?.body ?? new Uint8Array()
      const sent = bytesExhibit('The content of your answer', content)
      expect(ending, 'the end of the response', sent).toBe('complete')
      expect(error).toGive(aText)
      expect(data).toGive(noneVisible('#data'))
    },

    diagnose: {
      'failure-left-open': rule({
        when: ({ document }) => isLeftOpen(document) && document,
        say:
          'The query failed, and Chromium went on loading, because the response had no end. The ' +
          'visitor waits for ever, and an error that is only logged never reaches them.',
      }),
      'given-up': rule({
        when: ({ document: { response } }) => response?.complete === false && response,
        say: ({ status, body }) =>
          `Your answer began with ${status} and was cut off after ${body.length} bytes. Chromium ` +
          'shows what had come and says nothing about the rest, so it looks like a page that is ' +
          'still working.',
      }),
    },
  },
)

const notBlocking = check(
  'Five visitors were served side by side, each with a result of its own',
  fiveVisitors,
  {
    after: sameResponse,
    reread: 'head-is-out',

    verify: ({ atOnce, results, shown, later, oldShownLater, newShownLater }, expect) => {
      const together = 'queries that had begun before the first was answered'
      expect(atOnce.length, together).toBe(VISITORS)
      const reached = results.filter((result) => shown.flat().includes(result))
      expect(reached.length, `results that reached one of the ${VISITORS} visitors`).toBe(VISITORS)
      const most = Math.max(...shown.map(({ length }) => length))
      expect(most, 'the most results that one visitor got').toBe(1)
      const gotLater = [...oldShownLater, ...newShownLater]
      expect(gotLater, 'what a later visitor got', later).toBe(onlyOf(newShownLater))
    },

    diagnose: {
      'keeps-the-result': rule({
        when: ({ queries, ofLater, oldShownLater }) =>
          queries.length >= VISITORS && ofLater.length === 0 && oldShownLater[0],
        say: (result) =>
          'One more visitor came after the others, and your server made no query for them. The ' +
          `page showed \`${result}\`, the result of another visitor. Every request needs its own.`,
      }),
      'same-for-all': rule({
        when: ({ queries, results, shown }) =>
          queries.length > 0 && queries.length < VISITORS && { queries, results, shown },
        say: ({ queries, results: [first = ''], shown }) =>
          `${VISITORS} visitors came, and your server made ${counted(queries)}: ` +
          `${shown.filter((each) => each.includes(first)).length} of them got the same result, ` +
          `\`${first}\`.`,
      }),
      'one-at-a-time': rule({
        when: ({ atOnce }) => atOnce.length > 0 && atOnce.length < VISITORS && atOnce,
        say: (atOnce) =>
          `While ${counted(atOnce)} waited for an answer, your server made no other, though ` +
          `${VISITORS} visitors were there. So the last of them waits for the queries of all.`,
      }),
    },
  },
)

export default { earlyBytes, sameResponse, earlyDom, finalData, failureShown, notBlocking }
