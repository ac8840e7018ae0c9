import { bodyText, check, jsonBody, matching, type Exchange, rule } from '#grader'
import { FOR_EVER, leaver, manyItems, threeWait, timeOver } from './scenarios.ts'

/** For how long a timer may be late on a machine that is busy. */
const LATE_MS = 2000
/** An answer that says nothing this soon was never meant to wait. */
const LIKE_AT_ONCE_MS = 400
/** By how much a timer may be early: clocks tick in milliseconds. */
const EARLY_MS = 20

const waits = check('Nothing was sent while there was no news', threeWait, {
  reread: 'slow-answer',
  verify: ({ home, asked, post }, expect) => {
    expect(home).toHaveStatus(200)
    expect(asked, 'requests for /news?after=0').toNumberAtLeast(3)
    const early = asked.filter((exchange) => answeredBefore(exchange, post))
    expect(
      [...new Set(early.map(({ response }) => response!.startLine))].join(', ') || 'nothing',
      'what you answered before anything was posted',
      early[0],
    ).toBe('nothing')
    expect(post).toHaveStatus(204)
  },
  diagnose: {
    'short-polling': rule({
      when: ({ asked, post }) =>
        tooSoon(asked, post).some((exchange) => ms(exchange) < LIKE_AT_ONCE_MS),
      say: (_, { asked }) =>
        `The first answer came ${seconds(ms(asked[0]!))} after its request: 204, nothing yet. So the page asked again, and again, until somebody posted; each of these requests was answered and cost an exchange.`,
    }),
    'limit-of-its-own': rule({
      when: ({ asked, post }) => tooSoon(asked, post).length > 0,
      say: (_, { asked, post }) =>
        `WAIT_MS was ${FOR_EVER.environment.WAIT_MS} when your program was started, and a 204 left after ${seconds(ms(tooSoon(asked, post)[0]!))}.`,
    }),
  },
})

const wakesAll = check('All who waited were given the item when it was posted', threeWait, {
  after: waits,
  reread: 'slow-answer',
  verify: ({ text, first, second, shown, post, next }, expect) => {
    for (const exchange of [first, second])
      if (wasEnded(exchange) && !isItem(exchange, 1, text))
        expect(exchange).toHaveStatus(200).toHaveJson(item(1, text))
    const told = [wasGiven(first, text), wasGiven(second, text), shows(shown.value, text)].filter(
      Boolean,
    )
    expect(told.length, 'of three clients that waited, those that were given the item').toBe(3)
    const behind =
      [first!, second!].find((exchange) => !wasAnsweredBefore(exchange, next)) ?? first!
    expect(
      seconds(behind.response!.startedAt - (post?.startedAt ?? 0)),
      'the time from the post to the answer of one who waited',
      behind,
    ).toBe(matching('a moment', () => wasAnsweredBefore(behind, next)))
  },
  diagnose: {
    'never-ends-it': rule({
      when: ({ text, first, second }) =>
        [first, second].every(
          (exchange) =>
            exchange?.response &&
            !exchange.response.complete &&
            bodyText(exchange.response).includes(text),
        ),
      say: (_, { first }) =>
        `The item was written, \`${bodyText(first!.response!).trim().slice(0, 60)}\`, and the answer did not end with it. Whoever waits for JSON reads it when it is whole; the next item is the next answer's.`,
    }),
    'one-waiter': rule({
      when: ({ text, first, second, shown }) =>
        [wasGiven(first, text), wasGiven(second, text), shows(shown.value, text)].filter(Boolean)
          .length === 1 && !(wasEnded(first) && wasEnded(second)),
      say: 'Three clients waited, and one of them was given the item; the other two are still waiting. Whoever joins stands beside those who wait already, not in their place.',
    }),
    'tells-nobody': rule({
      when: ({ text, first, second, shown }) =>
        !wasEnded(first) && !wasEnded(second) && !shows(shown.value, text),
      say: 'Three clients waited when the item was posted, and none of them was told; they are waiting still. A client has asked already and will not ask again before it has its answer.',
    }),
    'number-as-text': rule({
      when: ({ first }) => typeof numberIn(first) === 'string',
      say: (_, { first }) =>
        `The item came with the number ${JSON.stringify(numberIn(first))}, in quotes: a text. What stands in a query is text, and to add 1 to a text puts a 1 behind it.`,
    }),
    'looks-now-and-then': rule({
      when: ({ text, first, second, next }) =>
        [first, second].every((exchange) => isItem(exchange, 1, text)) &&
        [first, second].some((exchange) => !wasAnsweredBefore(exchange, next)),
      say: (_, { post, first, second, next }) =>
        `The item was posted, and ${seconds(next!.startedAt - post!.startedAt)} later another client asked for / and had its answer. Those who waited for the item were told after that: ${seconds(Math.max(first!.response!.startedAt, second!.response!.startedAt) - post!.startedAt)} after the post. News that is looked for at intervals comes late, whoever does the looking.`,
    }),
  },
})

const noGap = check('A client that asks late still gets the item it missed', threeWait, {
  after: wakesAll,
  reread: 'alone',
  verify: ({ text, late }, expect) => {
    if (wasEnded(late)) expect(late).toHaveStatus(200).toHaveJson(item(1, text))
    else expect('did not come', 'the answer to /news?after=0, asked after the post').toBe('came')
  },
  diagnose: {
    'only-those-present': rule({
      when: ({ late }) => late !== null && !wasEnded(late),
      say: (_, { post, late }) =>
        `Item 1 had been posted when a client asked for what comes after 0, ${seconds(late!.startedAt - (post?.startedAt ?? 0))} later. Nothing came, as if the item were only for those who waited at its moment. Every client is between two questions now and then.`,
    }),
  },
})

const sameItem = check(
  'Each was given the item after the number it named, not the latest',
  manyItems,
  {
    after: noGap,
    reread: 'alone',
    verify: ({ texts, old, next, ahead, third, fourth }, expect) => {
      expect(old[0]!).toHaveStatus(200).toHaveJson(item(1, texts[0]!))
      expect(old[1]!).toHaveStatus(200).toHaveJson(item(2, texts[1]!))
      expect(third).toHaveStatus(204)
      expect(next).toHaveStatus(200).toHaveJson(item(3, texts[2]!))
      expect(fourth).toHaveStatus(204)
      expect(ahead).toHaveStatus(200).toHaveJson(item(4, texts[3]!))
    },
    diagnose: {
      'latest-for-all': rule({
        when: ({ texts, old }) => isItem(old[0]!, 1, texts[1]!) || isItem(old[0]!, 2, texts[1]!),
        say: (_, { texts }) =>
          `A client that had seen nothing was given \`${texts[1]}\`, the second item. The first, \`${texts[0]}\`, it will never see. The number in the request says what its sender knows.`,
      }),
      'wakes-too-many': rule({
        when: ({ ahead, fourth }) => ahead !== null && answeredBefore(ahead, fourth),
        say: (_, { ahead }) =>
          `One client waited for what comes after 3. When item 3 was posted, it was answered too: \`${bodyText(ahead!.response!).slice(0, 60) || ahead!.response!.startLine}\`. Those who wait do not all wait for the same item.`,
      }),
    },
  },
)

const timesOut = check('After WAIT_MS without news the answer is 204, and only then', timeOver, {
  after: wakesAll,
  spec: 'RFC 9110 §15.3.5',
  reread: 'slow-answer',
  verify: ({ waitMs, text, unlucky, lucky, later }, expect) => {
    if (wasEnded(unlucky) || unlucky?.cut) expect(unlucky).toHaveStatus(204).toHaveEmptyBody()
    else
      expect('did not come', `the answer to /news?after=99, with a WAIT_MS of ${waitMs}`).toBe(
        'came',
      )
    expect(
      seconds(ms(unlucky!)),
      `the time until the 204, with a WAIT_MS of ${waitMs}`,
      unlucky!,
    ).toBe(matching(`${seconds(waitMs)} or a little more`, () => isInTime(unlucky!, waitMs)))
    expect(lucky).toHaveStatus(200).toHaveJson(item(1, text))
    expect(later).toBeAnswered()
  },
  diagnose: {
    'wakes-too-many': rule({
      when: ({ waitMs, unlucky, post }) =>
        wasEnded(unlucky) &&
        unlucky!.response!.status === 200 &&
        !answeredBefore(unlucky!, post) &&
        ms(unlucky!) < waitMs - EARLY_MS,
      say: 'One client waited for what comes after 99. When item 1 was posted, it was answered. Those who wait do not all wait for the same item.',
    }),
    'nothing-as-item': rule({
      when: ({ unlucky }) => unlucky?.response?.status === 200,
      say: (_, { unlucky }) =>
        `No item came, and your answer says 200 with \`${bodyText(unlucky!.response!).slice(0, 60)}\`. A client takes that for news. 204 says that all went well and there is nothing to read.`,
    }),
    'limit-of-its-own': rule({
      when: ({ waitMs, unlucky }) =>
        unlucky?.response?.status === 204 && !isInTime(unlucky, waitMs),
      say: (_, { waitMs, unlucky }) =>
        `WAIT_MS was ${waitMs} when your program was started, and the 204 left after ${seconds(ms(unlucky!))}.`,
    }),
    'no-limit': rule({
      when: ({ unlucky }) => unlucky !== null && !wasEnded(unlucky) && unlucky.cut === null,
      say: (_, { waitMs, unlucky }) =>
        `WAIT_MS was ${waitMs} when your program was started. After ${seconds(unlucky!.waitedMs ?? 4000)} this client had still no answer. Proxies and browsers give up on such a request one day, and say that the server failed.`,
    }),
  },
})

const survivesLeavers = check('A client that hung up while it waited did no harm', leaver, {
  after: noGap,
  reread: 'slow-answer',
  verify: ({ text, post, stayed, late }, expect) => {
    expect(post).toHaveStatus(204)
    if (wasEnded(stayed) || stayed?.cut) expect(stayed).toHaveStatus(200).toHaveJson(item(1, text))
    else expect('did not come', 'the item, for the client that stayed').toBe('came')
    expect(late).toHaveStatus(200).toHaveJson(item(1, text))
  },
  diagnose: {
    'forgets-another': rule({
      when: ({ stayed, late }) =>
        stayed !== null && !wasEnded(stayed) && late?.response?.status === 200,
      say: 'Two clients waited, and the first hung up. Then the item was posted, and the second was not told. When one left, another was forgotten.',
    }),
  },
})

export default { waits, wakesAll, noGap, sameItem, timesOut, survivesLeavers }

/** Answers without news that left before anything was posted. */
function tooSoon(asked: readonly Exchange[], post: Exchange | null): Exchange[] {
  return asked.filter(
    (exchange) => answeredBefore(exchange, post) && exchange.response?.status === 204,
  )
}

/** Milliseconds from the request to the first byte of its answer. */
function ms({ startedAt, response }: Exchange): number {
  return Math.round((response?.startedAt ?? startedAt) - startedAt)
}

function isInTime(exchange: Exchange, waitMs: number): boolean {
  return ms(exchange) >= waitMs - EARLY_MS && ms(exchange) <= waitMs + LATE_MS
}

/** `1.61 s` */
function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`
}

function wasEnded(exchange: Exchange | null): boolean {
  return exchange?.response?.complete === true
}

/** Of two that were under way at once. */
function wasAnsweredBefore(exchange: Exchange | null, other: Exchange | null): boolean {
  return (exchange?.response?.startedAt ?? Infinity) < (other?.response?.startedAt ?? Infinity)
}

function numberIn(exchange: Exchange | null): unknown {
  const value = jsonBody(exchange?.response)
  return typeof value === 'object' && value !== null && 'n' in value ? value.n : undefined
}

function answeredBefore({ response }: Exchange, later: Exchange | null): boolean {
  return response !== null && response.startedAt < (later?.startedAt ?? Infinity)
}

/** More may stand in it. */
function item(n: number, text: string) {
  return matching(
    JSON.stringify({ n, text }),
    (value: unknown) =>
      typeof value === 'object' &&
      value !== null &&
      'n' in value &&
      value.n === n &&
      'text' in value &&
      value.text === text,
  )
}

function isItem(exchange: Exchange | null, n: number, text: string): boolean {
  return exchange?.response?.status === 200 && item(n, text).test(jsonBody(exchange.response))
}

/** An answer that goes on is none yet. */
function wasGiven(exchange: Exchange | null, text: string): boolean {
  return wasEnded(exchange) && isItem(exchange, 1, text)
}

function shows(news: unknown, text: string): boolean {
  return typeof news === 'string' && news.includes(text)
}
