import { check, header, matching, scenario, bodyText, type Exchange, rule } from '#grader'

/** How far the program's clock may be from the recorder's. */
const TOLERANCE_MS = 60_000

/** What clocks round away, and what they lose while a machine is busy. */
const COARSE_CLOCK_MS = 20
const BUSY_CLOCK_MS = 100

const TIME = matching(
  'a time such as 2026-11-23T14:05:09.120Z',
  (text: string) => timeIn(text) !== null,
)

const visit = scenario(
  'Chromium opens /, asks /time twice and opens an address that nobody knows',
  {
    setUp: ({ random }) => ({ environment: { GREETING: `Good morning, ${random.word()}` } }),
    async record({ newPage, send, wait, random }, { environment: { GREETING } }) {
      const page = await newPage()
      const { document: home, text } = await page.open('/')
      const type = await page.evaluate('document.contentType')
      const headings = await page.evaluate(
        "[...document.querySelectorAll('h1')].map((heading) => heading.textContent.replace(/\\s+/g, ' ').trim())",
      )
      // A page whose Content-Security-Policy lets its scripts connect to nothing is a right page.
      const askTime = async () => (await page.fetch('/time')).exchange ?? (await send('/time'))
      const first = await askTime()
      await wait(0.05)
      const second = await askTime()
      const unknown = await page.open(`/${random.word()}`)
      const longer = await send(`/time/${random.word()}`)
      return {
        greeting: GREETING,
        home,
        text,
        type,
        headings,
        first,
        second,
        unknown: unknown.document,
        unknownShown: unknown.text,
        longer,
      }
    },
  },
)

const together = scenario('Five clients ask at the same moment', {
  setUp: ({ random }) => ({ environment: { GREETING: `Good evening, ${random.word()}` } }),
  async record({ send, random }, { environment: { GREETING } }) {
    const paths = ['/', '/time', '/favicon.ico', `/${random.word()}`, '/']
    const alone = [await send('/'), await send('/time'), await send(`/${random.word()}`)]
    const exchanges = await Promise.all(paths.map((path) => send(path)))
    return { greeting: GREETING, paths, alone, exchanges }
  },
})

const htmlType = check('Your answer to / says it is HTML, and Chromium took it so', visit, {
  spec: 'RFC 9110 §8.3',
  reread: 'one-address',
  verify: ({ home, type }, expect) => {
    expect(home)
      .toHaveStatus(200)
      .toHaveHeader('Content-Type', matching('text/html', isType('text/html')))
    expect(type).toGive('text/html')
  },
  diagnose: {
    'sent-as-text': rule({
      when: ({ home }) => home?.response?.status === 200 && isType('text/plain')(contentType(home)),
      say: (_, { text }) =>
        `Chromium was told that this is plain text, so it drew no heading: the page shows the tags themselves, \`${start(text)}\`.`,
    }),
    'no-type': rule({
      when: ({ home }) =>
        home?.response?.status === 200 &&
        header(home.response.headers, 'Content-Type') === undefined,
      say: (_, { type }) =>
        `Your answer named no type, so Chromium looked at the first bytes and guessed: ${String(type.value)}. Other clients guess otherwise, or not at all.`,
    }),
  },
})

const page = check('Chromium shows the greeting in a heading', visit, {
  after: htmlType,
  reread: 'one-address',
  verify: ({ greeting, headings }, expect) => {
    expect(headings).toGive(
      matching(
        `an h1 that says ${greeting}`,
        (all) => Array.isArray(all) && all.includes(greeting),
      ),
    )
  },
  diagnose: {
    'greeting-of-its-own': rule({
      when: ({ headings }) => Array.isArray(headings.value) && headings.value.length > 0,
      say: (_, { greeting, headings }) =>
        `GREETING was \`${greeting}\` when your program was started, and the heading says \`${String((headings.value as string[])[0])}\`.`,
    }),
  },
})

const freshTime = check('Two requests to /time got two answers, each with its own time', visit, {
  reread: 'alone',
  verify: ({ first, second }, expect) => {
    for (const asked of [first, second]) expect(asked).toHaveStatus(200).toHaveText(TIME)
    expect(bodyText(second!.response!).trim(), 'the second answer', second!).toBe(
      matching(
        `later than ${bodyText(first!.response!).trim()}`,
        () => told(second)! > told(first)!,
      ),
    )
    expect(apartInWords(first), 'the time in the first answer, beside the recorder’s', first!).toBe(
      matching('the same to a minute', () => apart(first) <= TOLERANCE_MS),
    )
    expect(`${told(second)! - told(first)!} ms`, 'from the first time to the second', second!).toBe(
      matching(`about ${gap(first!, second!)} ms, as between the requests`, () =>
        keepsPace(first!, second!),
      ),
    )
    for (const asked of [first, second])
      expect(asked).toHaveHeader('Content-Type', matching('text/plain', isType('text/plain')))
  },
  diagnose: {
    'time-of-start': rule({
      when: ({ first, second }) => told(first) !== null && told(first) === told(second),
      say: (_, { first, second }) =>
        `The second request left ${((second!.startedAt - first!.startedAt) / 1000).toFixed(2)} s after the first, and both answers say ${bodyText(second!.response!).trim()}. What was computed before a request came, when the program started or a moment ago, is not its time; an answer is made for each request.`,
    }),
    'clock-of-the-wall': rule({
      when: ({ first }) => told(first) !== null && apart(first) > TOLERANCE_MS,
      say: (_, { first }) =>
        `Your answer says ${bodyText(first!.response!).trim()}; it crossed the wire at ${new Date(first!.response!.startedAt).toISOString()}. Z stands for UTC, the same all over the world.`,
    }),
  },
})

const unknown404 = check('A path you do not know is answered with 404 and some words', visit, {
  spec: 'RFC 9110 §15.5.5',
  reread: 'alone',
  verify: ({ unknown, longer }, expect) => {
    expect(unknown).toHaveStatus(404)
    expect(bodyText(unknown!.response!).trim(), 'the content', unknown!).notToBe('')
    expect(unknown).toHaveHeader('Content-Type', matching('text/plain', isType('text/plain')))
    expect(longer).toHaveStatus(404)
  },
  diagnose: {
    'everything-is-home': rule({
      when: ({ unknown, home }) =>
        unknown?.response?.status === 200 && home?.response?.status === 200,
      say: (_, { unknown }) =>
        `${unknown?.request.path} is an address made up for this run, and your answer says 200: found. A mistyped address looks like a right one to every client and every search engine.`,
    }),
    'sent-elsewhere': rule({
      when: ({ unknown }) => [301, 302, 303, 307, 308].includes(unknown?.response?.status ?? 0),
      say: (_, { unknown }) =>
        `Nobody knows ${unknown?.request.path}, and your answer sends whoever asks for it to \`${header(unknown?.response?.headers ?? [], 'Location')}\`. A person arrives somewhere without having asked for it; a program takes the address for one that has moved.`,
    }),
    'begins-alike': rule({
      when: ({ unknown, longer }) =>
        unknown?.response?.status === 404 && longer?.response?.status === 200,
      say: (_, { longer }) =>
        `${longer?.request.path} is another path than /time, and your answer says 200: \`${start(bodyText(longer!.response!))}\`. Paths are the same when all their characters are.`,
    }),
    'empty-not-found': rule({
      when: ({ unknown }) =>
        unknown?.response?.status === 404 && unknown.response.body.length === 0,
      say: (_, { unknown, unknownShown }) =>
        `Your 404 for ${unknown?.request.path} had no content, and Chromium showed ${unknownShown.trim() === '' ? 'an empty page' : 'a page of its own'}. A person who mistyped an address reads no status line.`,
    }),
  },
})

const oneEach = check(
  'Every request got its own answer, also when five arrived together',
  together,
  {
    spec: 'RFC 9110 §3.4',
    reread: 'who-speaks',
    verify: ({ greeting, paths, exchanges }, expect) => {
      const without = paths.filter((_, index) => !exchanges[index]?.response?.complete)
      const broken = exchanges.find(
        (exchange) =>
          exchange &&
          !exchange.response?.complete &&
          (exchange.garbage ?? exchange.response ?? exchange.cut),
      )
      if (broken) expect(broken).toBeAnswered()
      const which = without.length === 1 ? `, all but ${without[0]}` : ''
      expect(
        `${paths.length - without.length} of ${paths.length}${which}`,
        'requests that were answered',
      ).toBe(`${paths.length} of ${paths.length}`)
      for (const exchange of exchanges) {
        if (exchange?.request.path === '/')
          expect(exchange)
            .toHaveStatus(200)
            .toHaveText(matching(`a page with ${greeting}`, (text) => greets(text, greeting)))
        else if (exchange?.request.path === '/time')
          expect(exchange).toHaveStatus(200).toHaveText(TIME)
        else if (exchange?.request.path !== '/favicon.ico') expect(exchange).toHaveStatus(404)
      }
    },
    diagnose: {
      'ignores-the-icon': rule({
        when: ({ paths, exchanges }) =>
          paths.every(
            (path, index) => (path === '/favicon.ico') === !exchanges[index]?.response?.complete,
          ),
        say: 'GET /favicon.ico got no answer; its client is still waiting. A request you have no use for needs an answer like any other: 404 is one.',
      }),
      'one-at-a-time': rule({
        when: ({ exchanges }) =>
          exchanges.filter((exchange) => exchange !== null && !exchange.response?.complete).length >
          1,
        say: (_, { exchanges }) =>
          `Five requests were under way at once, and ${exchanges.filter((exchange) => !exchange?.response?.complete).length} of them got no answer. Each has a response object of its own, and each of these has to be ended.`,
      }),
      'answers-mixed-up': rule({
        when: ({ greeting, alone, exchanges }) =>
          alone.every((exchange) => isRight(exchange, greeting)) &&
          exchanges.every((exchange) => exchange?.response && exchange.response.status < 500) &&
          !exchanges.every((exchange) => isRight(exchange, greeting)),
        say: (_, { greeting, exchanges }) => {
          const wrong = exchanges.find((exchange) => !isRight(exchange, greeting))!
          return `One after the other, all were answered rightly. When five requests were under way at once, ${wrong.request.path} was answered with ${wrong.response!.status} and \`${start(bodyText(wrong.response!))}\`. What is worked out for one request, another one must not change.`
        },
      }),
    },
  },
)

export default { htmlType, page, freshTime, unknown404, oneEach }

function contentType(exchange: Exchange | null): string {
  return header(exchange?.response?.headers ?? [], 'Content-Type') ?? ''
}

/** Whatever its parameters and its case. */
function isType(type: string): (value: string) => boolean {
  return (value) => value.split(';', 1)[0]!.trim().toLowerCase() === type
}

/** Whether it was answered with what its path is for; of the icon nothing is known. */
function isRight(exchange: Exchange | null, greeting: string): boolean {
  if (!exchange?.response) return false
  const { request, response } = exchange
  if (request.path === '/favicon.ico') return true
  const text = bodyText(response)
  if (request.path === '/') return response.status === 200 && greets(text, greeting)
  return request.path === '/time'
    ? response.status === 200 && timeIn(text) !== null
    : response.status === 404
}

/** Numeric character references stand for their characters (HTML §13.5). */
function greets(html: string, greeting: string): boolean {
  const text = html.replace(/&#(?:x([\da-f]{1,5})|(\d{1,6}));/gi, (_, hex, decimal) =>
    String.fromCodePoint(Number.parseInt(hex ?? decimal, hex ? 16 : 10)),
  )
  return text.includes(greeting)
}

function start(text: string): string {
  return text.trim().split('\n', 1)[0]!.slice(0, 40)
}

/**
 * Milliseconds since the epoch; null where it is no whole ISO 8601 time to the millisecond, with
 * its zone.
 */
function timeIn(text: string): number | null {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,}(?:Z|[+-]\d\d:\d\d)$/.test(text.trim())
    ? Date.parse(text.trim())
    : Number.NaN
  return Number.isNaN(time) ? null : time
}

function told(exchange: Exchange | null): number | null {
  return exchange?.response ? timeIn(bodyText(exchange.response)) : null
}

function gap(first: Exchange, second: Exchange): number {
  return Math.round(second.startedAt - first.startedAt)
}

/**
 * A time is taken between a request and the end of its answer, whatever the clock it is taken from.
 */
function keepsPace(first: Exchange, second: Exchange): boolean {
  const moved = told(second)! - told(first)!
  return (
    moved >= second.startedAt - first.response!.endedAt - COARSE_CLOCK_MS &&
    moved <= second.response!.endedAt - first.startedAt + BUSY_CLOCK_MS
  )
}

function apart(exchange: Exchange | null): number {
  return Math.abs((told(exchange) ?? 0) - (exchange?.response?.startedAt ?? 0))
}

function apartInWords(exchange: Exchange | null): string {
  return apart(exchange) <= TOLERANCE_MS
    ? 'the same to a minute'
    : `${Math.round(apart(exchange) / 60_000)} minutes apart`
}
