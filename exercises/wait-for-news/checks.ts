import { check, hasStatus, matching, rule, text, type Exchange } from '#grader'
import {
  between,
  FOR_EVER,
  inSeconds,
  isItem,
  isStillWaiting,
  item,
  leaver,
  manyItems,
  memberOf,
  NO_LONGER_WAITING,
  state,
  threeWait,
  timeOver,
  waitedMs,
  wasAnsweredBefore,
} from './scenarios.ts'

/** An answer that says nothing this soon was never meant to wait. */
const AT_ONCE_MS = 400

const waits = check('Nothing was sent while there was no news', threeWait, {
  reread: 'slow-answer',

  verify: ({ home, waiting, early, post }, expect) => {
    expect(home).toHaveStatus(200)
    expect(waiting, 'requests for /news?after=0 before the post').toNumberAtLeast(3)
    const sent = [...new Set(early.map(startLine))].join(', ') || 'nothing'
    expect(sent, 'what you answered before anything was posted', early[0]).toBe('nothing')
    expect(post).toHaveStatus(204)
  },

  diagnose: {
    'short-polling': rule({
      when: ({ early: [first] }) =>
        first && hasStatus(204)(first) && waitedMs(first) < AT_ONCE_MS && first,
      say: (first) =>
        `The first answer came ${inSeconds(waitedMs(first))} after its request: 204, nothing ` +
        'yet. So the page asked again and again until somebody posted, and each time cost an ' +
        'exchange.',
    }),
    'limit-of-its-own': rule({
      when: ({ early: [first] }) => first && hasStatus(204)(first) && first,
      say: (first) => aboutTheLimit(FOR_EVER, first),
    }),
  },
})

const wakesAll = check('All clients that waited got the item when it was posted', threeWait, {
  after: waits,
  reread: 'slow-answer',

  verify: ({ news, waiting, answered, last, isLastPrompt, shown }, expect) => {
    for (const exchange of answered) expect(exchange).toHaveStatus(200).toHaveJson(item(1, news))
    const waited = waiting.length === 3 ? 'three' : waiting.length
    const claim = `of ${waited} clients that waited, those that got the item`
    expect(answered.length, claim).toBe(waiting.length)
    const aMoment = matching('a moment', () => isLastPrompt)
    expect(last?.after ?? 'never', 'the time from the post to the last answer', last).toBe(aMoment)
    expect(shown).toMention(news)
  },

  diagnose: {
    'never-ends-it': rule({
      when: ({ news, waiting }) => waiting.every(hasBegunWith(news)) && waiting[0],
      say: (first) =>
        `Your program wrote the item, \`${beginning(first)}\`, but did not end the answer. ` +
        'A client that waits for JSON reads it when it is complete, and the next item belongs ' +
        'in the next answer.',
    }),
    'one-waiter': rule({
      when: ({ answered, stillWaiting }) =>
        answered.length === 1 && stillWaiting.length >= 2 && stillWaiting,
      say:
        'Three clients waited, and one of them got the item; the other two are still waiting. ' +
        'A client that begins to wait must not take the place of those that wait already.',
    }),
    'tells-nobody': rule({
      when: ({ stillWaiting }) => stillWaiting.length >= 3 && stillWaiting,
      say:
        'Three clients waited when the item was posted, and they are still waiting. ' +
        'A client that has asked does not ask again before it has its answer.',
    }),
    'number-as-text': rule({
      when: ({ answered: [first] }) => first && typeof memberOf(first, 'n') === 'string' && first,
      say: (first) =>
        `The item came with the number ${JSON.stringify(memberOf(first, 'n'))}, in quotes: a text. ` +
        'What comes from a query is a text, and adding 1 to a text appends the digit 1.',
    }),
    'looks-now-and-then': rule({
      when: ({ news, answered, last, isLastPrompt }) =>
        answered.every(isItem(1, news)) && !isLastPrompt && last,
      say: ({ after }, { post, next }) =>
        `Another client asked for / ${between(post, next)} after the post and had its answer. The ` +
        `clients that waited got the item only after that, the last one ${after} after the post. ` +
        'If a program looks for news at intervals, the news comes late.',
    }),
  },
})

const noGap = check('A client that asks late still gets the item it missed', threeWait, {
  after: wakesAll,
  reread: 'alone',

  verify: ({ news, late }, expect) => {
    const client = 'the client that asked for /news?after=0 after the post'
    expect(state(late), client, late).toBe(NO_LONGER_WAITING)
    expect(late).toHaveStatus(200).toHaveJson(item(1, news))
  },

  diagnose: {
    'only-those-present': rule({
      when: ({ late }) => isStillWaiting(late) && late,
      say: (late, { post }) =>
        `${between(post, late)} after item 1 was posted, a client asked for the item after 0, ` +
        'but nothing came. Every client is between two requests now and then, so an item is for ' +
        'those that come later, too.',
    }),
  },
})

const sameItem = check(
  'Each client got the item after the number it named, not the latest',
  manyItems,
  {
    after: noGap,
    reread: 'alone',

    verify: (facts, expect) => {
      const { one, two, three, four, third, fourth } = facts
      const { afterNone, afterOne, afterTwo, afterThree } = facts
      expect(afterNone).toHaveStatus(200).toHaveJson(item(1, one))
      expect(afterOne).toHaveStatus(200).toHaveJson(item(2, two))
      expect(third).toHaveStatus(204)
      expect(afterTwo).toHaveStatus(200).toHaveJson(item(3, three))
      expect(fourth).toHaveStatus(204)
      expect(afterThree).toHaveStatus(200).toHaveJson(item(4, four))
    },

    diagnose: {
      'latest-for-all': rule({
        when: ({ two, afterNone }) => memberOf(afterNone, 'text') === two && afterNone,
        say: (first, { one }) =>
          `A client that had seen nothing got \`${beginning(first)}\`. It will never see the first ` +
          `item, \`${one}\`. The number in a request says what its sender has seen.`,
      }),
      'wakes-too-many': rule({
        when: ({ afterThree, fourth }) =>
          hasStatus(200)(afterThree) && wasAnsweredBefore(afterThree, fourth) && afterThree,
        say: (ahead) =>
          'One client waited for the item after 3. When item 3 was posted, your program answered ' +
          `it, too: \`${beginning(ahead)}\`. The clients that wait do not all wait for the same item.`,
      }),
      'limit-of-its-own': rule({
        when: ({ afterTwo, afterThree }) => [afterTwo, afterThree].find(hasStatus(204)),
        say: (waiting) => aboutTheLimit(FOR_EVER, waiting),
      }),
    },
  },
)

const timesOut = check('After WAIT_MS without news the answer is 204, and only then', timeOver, {
  after: wakesAll,
  spec: 'RFC 9110 §15.3.5',
  reread: 'slow-answer',

  verify: ({ waitMs, news, unlucky, isInTime, lucky, wasPostedInTime, later }, expect) => {
    const client = `with a WAIT_MS of ${waitMs}, the client that asked for /news?after=99`
    expect(state(unlucky), client, unlucky).toBe(NO_LONGER_WAITING)
    expect(unlucky).toHaveStatus(204).toHaveEmptyBody()
    const time = `the time until the 204, with a WAIT_MS of ${waitMs}`
    const inTime = matching(`${inSeconds(waitMs)} or a little more`, () => isInTime)
    expect(inSeconds(waitedMs(unlucky)), time, unlucky).toBe(inTime)
    if (wasPostedInTime) expect(lucky).toHaveStatus(200).toHaveJson(item(1, news))
    expect(later).toBeAnswered()
  },

  diagnose: {
    'wakes-too-many': rule({
      when: ({ unlucky, post, isEarly }) =>
        hasStatus(200)(unlucky) && isEarly && !wasAnsweredBefore(unlucky, post) && unlucky,
      say:
        'One client waited for the item after 99. When item 1 was posted, your program answered ' +
        'it. The clients that wait do not all wait for the same item.',
    }),
    'nothing-as-item': rule({
      when: ({ unlucky }) => hasStatus(200)(unlucky) && unlucky,
      say: (unlucky) =>
        `No item came, but your answer says 200 with \`${beginning(unlucky)}\`, and a client takes ` +
        'that for news. 204 says that all went well and there is nothing to read.',
    }),
    'limit-of-its-own': rule({
      when: ({ unlucky, isInTime }) => hasStatus(204)(unlucky) && !isInTime && unlucky,
      say: (unlucky, { waitMs }) => aboutTheLimit(waitMs, unlucky),
    }),
    'no-limit': rule({
      when: ({ unlucky }) => isStillWaiting(unlucky) && unlucky,
      say: ({ waitedMs = 4000 }, { waitMs }) =>
        `WAIT_MS was ${waitMs} when your program was started, but this client had no answer ` +
        `after ${inSeconds(waitedMs)}. Proxies and browsers give up on such a request at some ` +
        'point and report that the server failed.',
    }),
  },
})

const survivesLeavers = check('A client that hung up while it waited did no harm', leaver, {
  after: noGap,
  reread: 'slow-answer',

  verify: ({ news, post, stayed, late }, expect) => {
    expect(post).toHaveStatus(204)
    // Without the exchange: a command that asks for it alone would show nothing of this.
    expect(state(stayed), 'the client that stayed').toBe(NO_LONGER_WAITING)
    expect(stayed).toHaveStatus(200).toHaveJson(item(1, news))
    expect(late).toHaveStatus(200).toHaveJson(item(1, news))
  },

  diagnose: {
    'forgets-another': rule({
      when: ({ stayed, late }) => isStillWaiting(stayed) && hasStatus(200)(late) && stayed,
      say:
        'Two clients waited, and the first hung up. Then the item was posted, but the second got ' +
        'nothing. When one client left, your program forgot another.',
    }),
    'limit-of-its-own': rule({
      when: ({ stayed }) => hasStatus(204)(stayed) && stayed,
      say: (stayed) => aboutTheLimit(FOR_EVER, stayed),
    }),
  },
})

export default { waits, wakesAll, noGap, sameItem, timesOut, survivesLeavers }

function startLine({ response }: Exchange): string {
  return response?.startLine ?? 'nothing'
}

function aboutTheLimit(waitMs: number, exchange: Exchange): string {
  return (
    `WAIT_MS was ${waitMs} when your program was started, ` +
    `but the 204 left after ${inSeconds(waitedMs(exchange))}.`
  )
}

function hasBegunWith(news: string): (exchange: Exchange) => boolean {
  return (exchange) => exchange.response?.complete === false && text(exchange).includes(news)
}

/** The content of an answer as far as a sentence has room for it; its status where it has none. */
function beginning(exchange: Exchange): string {
  return text(exchange).trim().slice(0, 60) || startLine(exchange)
}
