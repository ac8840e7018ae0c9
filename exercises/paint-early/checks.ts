import {
  bodyText,
  bytesExhibit,
  check,
  header,
  matching,
  table,
  together,
  type Exchange,
  type RawRecord,
  rule,
} from '#grader'
import {
  VISITORS,
  contentOf,
  failing,
  fiveVisitors,
  hasContent,
  inChromium,
  onTheWire,
  withoutInterim,
  type Look,
} from './scenarios.ts'

const earlyBytes = check(
  'The first part of the page left before the slow service had answered',
  onTheWire,
  {
    spec: 'RFC 9112 §7.1',
    reread: 'head-is-out',
    verify: ({ record, query }, expect) => {
      const first =
        contentAt(record) === undefined
          ? 'no content'
          : isBefore(contentAt(record), query)
            ? 'content on the wire'
            : "the slow service's answer"
      const byThen = Buffer.concat(
        record.chunks.filter(({ at }) => isBefore(at, query)).map(({ bytes }) => bytes),
      )
      expect(first, 'what came first', bytesExhibit('What you had sent by then', byThen)).toBe(
        'content on the wire',
      )
    },
    diagnose: {
      'flushes-head-only': rule({
        when: ({ record, query }) =>
          query !== null &&
          isBefore(
            contentAt(record, (received) => withoutInterim(received).includes('\r\n\r\n')),
            query,
          ) &&
          !isBefore(contentAt(record), query),
        say: 'The head left at once, and not a byte of the page with it. A browser cannot paint from a head.',
      }),
      'buffers-for-length': rule({
        when: ({ record, query }) =>
          /\r\ncontent-length:/i.test(withoutInterim(textOf(record)).split('\r\n\r\n', 1)[0]!) &&
          !isBefore(contentAt(record), query),
        say: (_, { record }) =>
          `${/\r\n(content-length: *\d+)/i.exec(textOf(record))![1]} stood in the head: nothing could leave before the whole page was there to be counted. Chunked coding needs no length beforehand.`,
      }),
      'awaits-first': rule({
        when: ({ record, query }) =>
          contentAt(record) !== undefined && !isBefore(contentAt(record), query),
        say: (_, { record, query }) =>
          `The query took ${seconds(query!.startedAt, query!.response?.startedAt)} s, and your first byte left ${seconds(record.openedAt, record.chunks[0]?.at)} s after the visitor came: the shell had waited for the result, which it does not need.`,
      }),
    },
  },
)

const sameResponse = check('Shell and data came in one response to one request', inChromium, {
  after: earlyBytes,
  reread: 'head-is-out',
  verify: ({ exchanges, results, visit }, expect) => {
    const document = visit.document ?? undefined
    expect(carriersOf(exchanges, 'id=["\']?shell'), 'responses with #shell in them', document).toBe(
      ['GET /'],
    )
    expect(
      carriersOf(exchanges, results[0] ?? 'nothing was asked'),
      'responses with the result in them',
      document,
    ).toBe(['GET /'])
  },
  diagnose: {
    'shell-plus-fetch': rule({
      when: ({ exchanges, results }) =>
        results[0] !== undefined &&
        carriersOf(exchanges, results[0]).some((carrier) => carrier !== 'GET /'),
      say: (_, { exchanges, results }) =>
        `The result travelled in the answer to ${carriersOf(exchanges, results[0]!)[0]}, a second request that the page had to send first. The response to GET / was still open to carry it.`,
    }),
    'promise-not-result': rule({
      when: ({ visit }) => shows(visit.document, '\\[object Promise\\]'),
      say: 'Where the result was to stand, the page says `[object Promise]`: the promise of a result, written before it was kept. `await` waits for what it promises.',
    }),
    'ends-with-shell': rule({
      when: ({ exchanges, results, visit, query }) =>
        results[0] !== undefined &&
        carriersOf(exchanges, results[0]).length === 0 &&
        visit.document?.response?.complete === true &&
        isBefore(visit.document.response.endedAt, query),
      say: 'The response had ended before the result was there, and what is written after the end goes nowhere. `response.write()` sends a part and leaves the response open; `response.end()` is for the last one.',
    }),
  },
})

const earlyDom = check(
  'The shell was in the page while the document was still loading',
  together({ inChromium, onTheWire }),
  {
    after: sameResponse,
    reread: 'head-is-out',
    verify: ({ inChromium: { early, heldBack, paint, end } }, expect) => {
      expect.show(
        table(
          'What Chromium noted, in seconds after the navigation began',
          ['first paint with content', 'last byte of the response'],
          [[paint, end].map((at) => (typeof at === 'number' ? seconds(0, at) : 'not yet'))],
        ),
      )
      expect(
        heldBack ? 'while the slow service still waited' : 'after it had answered',
        'when a paragraph with one of the three ids and a text was in the page',
      ).toBe('while the slow service still waited')
      expect(early).toGive(
        matching(
          '{"state":"loading"} and shell among the ids of the paragraphs with a text',
          (seen: Look | undefined) => seen?.state === 'loading' && seen.ids.includes('shell'),
        ),
      )
    },
    diagnose: {
      'head-without-shell': rule({
        when: ({ onTheWire: { early, query }, inChromium: { heldBack } }) =>
          isBefore(contentAt(early), query) &&
          !heldBack &&
          !/id=["']?shell\b["']?[^>]*>\s*[^<\s]/i.test(contentOf(textOf(early))),
        say: (_, { onTheWire: { early } }) =>
          `${contentOf(textOf(early)).trim().length} bytes of the page had left early, and no #shell with a text was among them: there was nothing to paint until the slow service had answered.`,
      }),
    },
  },
)

const finalData = check('The data arrived and the document ended properly', inChromium, {
  after: sameResponse,
  spec: 'RFC 9112 §8',
  reread: 'broken',
  verify: ({ visit, data, results, error }, expect) => {
    expect(visit.error ?? 'nothing', 'what Chromium complained about').toBe('nothing')
    expect(visit.document).toHaveStatus(200)
    expect(data).toGive(
      matching(
        `a text with ${results[0] ?? 'the result of the query'} in it`,
        (text: unknown) => results[0] !== undefined && String(text).includes(results[0]),
      ),
    )
    expect(error).toGive(
      matching('null: no text in an #error that can be seen', (text: unknown) => text === null),
    )
  },
  diagnose: {
    'error-with-data': rule({
      when: ({ error }) => typeof error.value === 'string',
      say: (_, { error }) =>
        `The query had succeeded, and the page said \`${String(error.value).slice(0, 60)}\` in #error. What stands there is for a query that failed, instead of the data.`,
    }),
    'never-ends': rule({
      when: ({ visit, data, results }) =>
        visit.document?.response?.complete === false &&
        visit.document.cut === null &&
        header(visit.document.response.headers, 'Content-Length') === undefined &&
        String(data.value).includes(String(results[0])),
      say: 'Everything was in the page, and Chromium went on loading: the response had no end. In chunked coding the last chunk is one, and `response.end()` sends it.',
    }),
  },
})

const failureShown = check(
  'When the query failed the page said so and was still complete',
  failing,
  {
    after: finalData,
    spec: 'RFC 9112 §8',
    reread: 'broken',
    verify: ({ visit, error, data }, expect) => {
      expect(visit.error ?? 'nothing', 'what Chromium complained about').toBe('nothing')
      const { complete, body } = visit.document?.response ?? {
        complete: false,
        body: new Uint8Array(),
      }
      const ending = complete
        ? 'a complete one'
        : visit.document?.cut == null
          ? 'one without an end'
          : `cut off after ${body.length} bytes`
      expect(ending, 'the response', bytesExhibit('The content of your answer', body)).toBe(
        'a complete one',
      )
      expect(error).toGive(
        matching(
          'a text in #error',
          (text: unknown) => typeof text === 'string' && text.trim() !== '',
        ),
      )
      expect(data).toGive(
        matching('null: no text in a #data that can be seen', (text: unknown) => text === null),
      )
    },
    diagnose: {
      'given-up': rule({
        when: ({ visit }) =>
          visit.document?.response?.complete === false && visit.document.cut !== null,
        say: (_, { visit }) =>
          `The answer had begun with ${visit.document!.response!.status} and was cut off after ${visit.document!.response!.body.length} bytes. Chromium shows what had come, without a word about the rest: to a person that looks like a page that is still working.`,
      }),
      'failure-left-open': rule({
        when: ({ visit }) =>
          visit.document?.response?.complete === false && visit.document.cut === null,
        say: 'The query had failed, and Chromium went on loading: the response got no end. Whoever opened the page waits for ever; an error that is only logged never reaches them.',
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
    verify: ({ visits, queries, results, later, laterResults }, expect) => {
      expect(
        underWayTogether(queries),
        'queries that had begun before the first was answered',
      ).toBe(VISITORS)
      expect(
        results.filter((result) => visits.some((visit) => shows(visit, result))).length,
        `results that reached one of the ${VISITORS} visitors`,
      ).toBe(VISITORS)
      expect(
        Math.max(...visits.map((visit) => shownTo(visit, results).length)),
        'the most results that one visitor was shown',
      ).toBe(1)
      expect(
        shownTo(later, results).concat(shownTo(later, laterResults)),
        'what the visitor was shown who came later',
        later ?? undefined,
      ).toBe(
        matching(
          'the result of a query made then',
          () => shownTo(later, results).length === 0 && shownTo(later, laterResults).length > 0,
        ),
      )
    },
    diagnose: {
      'keeps-the-result': rule({
        when: ({ queries, later, results, laterResults }) =>
          queries.length >= VISITORS &&
          laterResults.length === 0 &&
          shownTo(later, results).length === 1,
        say: (_, { later, results }) =>
          `One more visitor came when the others had been served, no query was made, and the page showed \`${shownTo(later, results)[0]}\`, somebody else’s result. The service says something else every time; each request asks anew.`,
      }),
      'same-for-all': rule({
        when: ({ queries }) => queries.length > 0 && queries.length < VISITORS,
        say: (_, { queries, visits, results }) =>
          `${VISITORS} visitors came and ${queries.length === 1 ? 'one query was' : `${queries.length} queries were`} made: ${visits.filter((visit) => shows(visit, results[0]!)).length} of them were shown the same result, \`${results[0]}\`.`,
      }),
      'one-at-a-time': rule({
        when: ({ queries }) => queries.length >= VISITORS && underWayTogether(queries) < VISITORS,
        say: (_, { queries }) =>
          `When ${underWayTogether(queries) === 1 ? 'one query was' : `${underWayTogether(queries)} queries were`} under way no other one began: the slow service waited ${seconds(queries[0]!.startedAt, queries[0]!.response?.startedAt)} s for the rest in vain. The last visitor waits for the queries of all others that way.`,
      }),
    },
  },
)

export default { earlyBytes, sameResponse, earlyDom, finalData, failureShown, notBlocking }

function textOf({ bytes }: Pick<RawRecord, 'bytes'>): string {
  return Buffer.from(bytes).toString('latin1')
}

/** When what had arrived satisfied the condition. */
function contentAt({ chunks }: RawRecord, condition = hasContent): number | undefined {
  let received = ''
  return chunks.find(({ bytes }) => condition((received += textOf({ bytes }))))?.at
}

/** Also when the slow service was not asked, or did not answer at all. */
function isBefore(at: number | undefined, query: Exchange | null): boolean {
  return at !== undefined && at < (query?.response?.startedAt ?? Infinity)
}

function shows(exchange: Exchange | null, pattern: string): boolean {
  return exchange?.response != null && new RegExp(pattern).test(bodyText(exchange.response))
}

/** Which of the results: none is the beginning of another. */
function shownTo(exchange: Exchange | null, results: readonly string[]): string[] {
  return results.filter((result) => shows(exchange, result))
}

/** `GET /` for every response in whose content the pattern is found. */
function carriersOf(exchanges: readonly Exchange[], pattern: string): string[] {
  return exchanges
    .filter((exchange) => shows(exchange, pattern))
    .map(({ request }) => `${request.method} ${request.target}`)
}

function underWayTogether(queries: readonly Exchange[]): number {
  const firstAnswer = Math.min(...queries.map(({ response }) => response?.startedAt ?? Infinity))
  return queries.filter(({ startedAt }) => startedAt < firstAnswer).length
}

function seconds(from: number, to: number | undefined): string {
  return (((to ?? from) - from) / 1000).toFixed(2)
}
