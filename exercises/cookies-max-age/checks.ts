import {
  check,
  header,
  leftBetween,
  matching,
  cookieChart,
  secondsAfter,
  setCookie,
  setCookies,
  together,
  cookieSent,
  type Exchange,
  type Jar,
  rule,
} from '#grader'
import {
  ages,
  areTogether,
  asEntries,
  entries,
  fifteenSeconds,
  firstAnswer,
  isPossibleAge,
  LIFETIME,
  MARGIN,
  misspelt,
  ROUNDING,
  secondStart,
  told,
  WATCHED,
  type Entry,
  type Story,
} from './scenarios.ts'

const lifetime = check('The cookie was set to live 10 seconds', firstAnswer, {
  spec: 'RFC 6265bis §5.6.2',
  reread: 'how-long',
  verify: ({ start, jar }, expect) => {
    expect(start)
      .toHaveStatus(200)
      .toSetCookie('token', { maxAge: { seconds: LIFETIME, within: 0 } })
    expect(jar).toHold(
      'token',
      {
        lifetime: matching(
          '9 to 11',
          (seconds) =>
            seconds !== null &&
            seconds >= LIFETIME - 1 &&
            seconds <= LIFETIME + 1 + lateness(start, jar),
        ),
      },
      start,
    )
  },
  diagnose: {
    'express-milliseconds': rule({
      when: ({ start }) =>
        setCookie(start, 'token')?.maxAge === 0 &&
        /express/i.test(header(start?.response?.headers ?? [], 'X-Powered-By') ?? ''),
      say: 'Zero seconds: Chromium dropped the cookie at once. The answer says X-Powered-By: Express, and Express counts maxAge in milliseconds.',
    }),
    'unknown-attribute': rule({
      when: ({ start }) => misspelt(start) !== undefined,
      say: (_, { start }) =>
        `\`${misspelt(start)}\` is an attribute no browser knows, and Chromium passed over it. It is written Max-Age=${LIFETIME}.`,
    }),
    milliseconds: rule({
      when: ({ start }) => (setCookie(start, 'token')?.maxAge ?? 0) >= 1000 * LIFETIME,
      say: (_, { start }) =>
        `Max-Age counts seconds, not milliseconds: ${setCookie(start, 'token')?.maxAge} of them are ${hours(setCookie(start, 'token')?.maxAge)}.`,
    }),
    'expires-only': rule({
      when: ({ start }) =>
        setCookie(start, 'token')?.maxAge === undefined &&
        setCookie(start, 'token')?.expires !== undefined,
      say: 'Your answer named a date. Dates have whole seconds, so one ten seconds ahead comes 9 to 10 seconds later, and the browser reads it by its own clock. Max-Age counts from the arrival of the answer.',
    }),
    'comma-for-semicolon': rule({
      when: ({ start }) => setCookie(start, 'token')?.value.includes(',') === true,
      say: (_, { start }) =>
        `Chromium took \`${setCookie(start, 'token')?.value}\` for the value. Only a semicolon ends it; what comes after the first one are the attributes.`,
    }),
    'no-number': rule({
      when: ({ start }) =>
        lifetimeAsWritten(start) !== undefined && setCookie(start, 'token')?.maxAge === undefined,
      say: (_, { start }) =>
        `\`Max-Age=${lifetimeAsWritten(start)}\` is no whole number, and Chromium passed over the attribute. Digits alone count: Max-Age=${LIFETIME}.`,
    }),
    'another-lifetime': rule({
      when: ({ start }) => (setCookie(start, 'token')?.maxAge ?? LIFETIME) !== LIFETIME,
      say: (_, { start }) =>
        `Chromium keeps this cookie for ${setCookie(start, 'token')?.maxAge} seconds from the arrival of your answer. It has to be the one that forgets it, after ${LIFETIME}.`,
    }),
    'session-cookie': rule({
      when: ({ start }) => {
        const cookie = setCookie(start, 'token')
        return cookie !== undefined && cookie.maxAge === undefined && cookie.expires === undefined
      },
      say: 'The cookie has no lifetime. Chromium will send it until the browser closes.',
    }),
  },
})

const enough = check('Requests continued for 15 seconds, at least one per second', fifteenSeconds, {
  after: lifetime,
  reread: 'how-long',
  verify: ({ start, pings }, expect) => {
    expect(pings, 'requests to /ping').toNumberAtLeast(WATCHED)
    const last = start && pings.length > 0 ? secondsAfter(start, pings.at(-1)!.startedAt) : 0
    expect(
      Math.round(last * 10) / 10,
      'the second in which the last request left',
      pings.at(-1),
    ).toBe(matching(`${WATCHED - 1} or later`, (second) => second >= WATCHED - 1))
  },
  diagnose: {
    'stops-asking': rule({
      when: ({ pings }) => pings.length > 0,
      say: (_, { start, pings }) =>
        `The last request left at second ${start ? secondsAfter(start, pings.at(-1)!.startedAt).toFixed(0) : '?'}, and then the page fell silent. What is not asked cannot be seen to stop.`,
    }),
  },
})

const notRenewed = check('Pings did not set it again', fifteenSeconds, {
  after: enough,
  reread: 'how-long',
  verify: ({ pings }, expect) => {
    expect(pings, 'answers of /ping').noneToSetCookie('token')
  },
  diagnose: {
    'server-deletes': rule({
      when: ({ pings }) =>
        pings.some((ping) =>
          setCookies(ping).some(
            (cookie) =>
              cookie.name === 'token' &&
              ((cookie.maxAge ?? 1) <= 0 || (cookie.expires ?? Infinity) < ping.startedAt),
          ),
        ),
      say: (_, { start, pings }) =>
        `A Set-Cookie of yours at second ${secondOf(start, pings)} ended it. The exercise is about the browser forgetting by itself.`,
    }),
    'renews-on-ping': rule({
      when: ({ pings }) => pings.some((ping) => setCookie(ping, 'token') !== undefined),
      say: (_, { start, pings }) =>
        `The first ping, at second ${secondOf(start, pings)}, set it anew, and each one pushed the end further away: a sliding session, not a lifetime.`,
    }),
  },
})

const sentBefore = check('It was sent with every request until second 9', fifteenSeconds, {
  after: lifetime,
  reread: 'where-sent',
  verify: ({ start, jar, pings }, expect) => {
    if (start)
      expect.show(
        cookieChart(
          'token',
          start,
          pings,
          WATCHED,
          jar.cookies.find(({ name }) => name === 'token'),
        ),
      )
    const early = start ? leftBetween(pings, start, 0, LIFETIME - MARGIN) : []
    expect(early, `requests in the first ${LIFETIME - MARGIN} seconds`)
      .toNumberAtLeast(2)
      .allToSendCookie('token')
  },
  diagnose: {
    'path-of-start': rule({
      when: ({ jar }) => jar.cookies.some(({ name, path }) => name === 'token' && path !== '/'),
      say: (_, { jar }) =>
        `Chromium keeps token for ${jar.cookies.find(({ name }) => name === 'token')?.path} only, so the requests for /ping went out without it. Path=/ covers the whole site.`,
    }),
  },
})

const stoppedAfter = check('From second 11 on no request carried it', fifteenSeconds, {
  after: notRenewed,
  spec: 'RFC 6265bis §5.7',
  reread: 'how-long',
  verify: ({ start, jar, pings, jarAfter }, expect) => {
    const end = endOfLife(start, jar) + MARGIN
    const late = start ? leftBetween(pings, start, end, Infinity) : []
    expect(late, `requests after second ${end.toFixed(1)}`)
      .toNumberAtLeast(2)
      .noneToSendCookie('token')
    expect(jarAfter).notToHold('token')
  },
  diagnose: {
    'twin-cookie': rule({
      when: ({ start }) => setCookies(start).filter(({ name }) => name === 'token').length > 1,
      say: (_, { start }) => {
        const paths = setCookies(start)
          .filter(({ name }) => name === 'token')
          .map(({ path }) => path ?? '(no Path)')
        return `You set two cookies called token, for ${paths.join(' and ')}. A path makes another cookie of it; the first ended, the other has no end.`
      },
    }),
  },
})

const timeline = check(
  'Your timeline tells the same story as the wire',
  together({ watched: fifteenSeconds, again: secondStart }),
  {
    after: lifetime,
    reread: 'what-the-server-keeps',
    verify: ({ watched, again }, expect) => {
      // First the one from which a count from the process's start is always seconds away: so the same
      // is said on every machine.
      expect(again.timeline).toHaveStatus(200).toHaveJson(sameStory(again))
      expect(watched.timeline).toHaveStatus(200).toHaveJson(sameStory(watched))
    },
    diagnose: {
      'values-as-text': rule({
        when: ({ again }) => asText(again.timeline) !== undefined,
        say: (_, { again }) =>
          `Your timeline has \`${asText(again.timeline)}\`: a text, in quotes. true, false and numbers stand without them; toFixed() gives a text.`,
      }),
      'keeps-the-first-visit': rule({
        when: ({ again }) => entries(again.timeline).length > again.pings.length,
        say: (_, { again }) =>
          `Since the second /start the wire saw ${again.pings.length} requests to /ping, your timeline lists ${entries(again.timeline).length}. Each /start begins an empty list.`,
      }),
      'newest-first': rule({
        when: ({ again }) =>
          entries(again.timeline).length > 1 &&
          entries(again.timeline).every(
            ({ age }, index, all) => index === 0 || age < all[index - 1]!.age,
          ),
        say: (_, { again }) =>
          `Your timeline begins at second ${entries(again.timeline)[0]?.age.toFixed(1)} and goes back from there. The oldest ping comes first.`,
      }),
      'timeline-forgets': rule({
        when: (stories) => forgetful(stories) !== undefined,
        say: (_, stories) =>
          `The wire saw ${forgetful(stories)?.pings.length} requests to /ping, your timeline lists ${entries(forgetful(stories)?.timeline ?? null).length}. A request without the cookie is a request too.`,
      }),
      'clock-not-cookie': rule({
        when: ({ again }) =>
          entries(again.timeline)[0]?.sent === true &&
          again.pings[0] !== undefined &&
          cookieSent(again.pings[0], 'token') === undefined,
        say: (_, { again }) =>
          `At second ${entries(again.timeline)[0]?.age.toFixed(1)} a client pinged that has no cookie, and your timeline says that token was sent. What came stands in the request, not on the clock.`,
      }),
      'ages-in-milliseconds': rule({
        when: ({ again }) => (entries(again.timeline).at(-1)?.age ?? 0) > 500,
        say: (_, { again }) =>
          `The last ping left ${ages(again.start, again.pings)[entries(again.timeline).length - 1]?.toFixed(1)} s after /start, and your timeline counts a thousand for each of them: milliseconds. The age is in seconds.`,
      }),
      'whole-seconds': rule({
        when: ({ again }) =>
          entries(again.timeline).length > 2 &&
          entries(again.timeline).every(({ age }) => Number.isInteger(age)),
        say: (_, { again }) =>
          `Between two pings of the page one left ${ages(again.start, again.pings)
            .find((age) => Math.abs(age - Math.round(age)) > ROUNDING)
            ?.toFixed(
              1,
            )} s after /start. Your timeline knows whole seconds only; asked for is one decimal.`,
      }),
      'age-from-process-start': rule({
        when: ({ again }) =>
          entries(again.timeline).length > 0 &&
          entries(again.timeline).every(
            ({ age }, index) => age > ages(again.start, again.pings)[index]! + 1,
          ),
        say: (_, { again }) =>
          `After the second /start the first ping had age ${entries(again.timeline)[0]?.age.toFixed(1)}; on the wire it left ${ages(again.start, again.pings)[0]?.toFixed(1)} s after that /start. Each /start begins at zero.`,
      }),
    },
  },
)

export default { lifetime, sentBefore, stoppedAfter, notRenewed, timeline, enough }

/**
 * A list with one entry per request, in order: was the cookie there, and how long after /start.
 * What your program did happened between a request's passing and its answer's, so each age has
 * bounds, however busy the machine. A ping under way when the list was asked for may be in it or
 * not; of two that were under way together, either may have come first.
 */
function sameStory({ start, pings, timeline }: Story) {
  const certain = answeredBefore({ start, pings, timeline })
  const story = pings.map((ping, index) => ({
    sent: cookieSent(ping, 'token') !== undefined,
    age: ages(start, pings)[index]!,
  }))
  return matching(JSON.stringify(story), (value: unknown) => {
    const list = asEntries(value)
    const left = [...pings]
    const isNext = ({ sent, age }: Entry) => {
      const index = left.findIndex(
        (ping) =>
          sent === (cookieSent(ping, 'token') !== undefined) && isPossibleAge(age, start, ping),
      )
      const [ping] = index === -1 ? [] : left.splice(index, 1)
      return (
        ping !== undefined && left.slice(0, index).every((earlier) => areTogether(earlier, ping))
      )
    }
    return (
      list.length >= certain && list.length <= pings.length && certain > 0 && list.every(isNext)
    )
  })
}

/** How many pings were over when the timeline was asked for. */
function answeredBefore({ pings, timeline }: Story): number {
  return pings.filter(
    ({ response }) => (response?.endedAt ?? Infinity) <= (timeline?.startedAt ?? 0),
  ).length
}

/** The first one told of which a timeline lists fewer pings than there were. */
function forgetful({ again, watched }: { again: Story; watched: Story }): Story | undefined {
  return [again, watched].find(
    (story) =>
      entries(story.timeline).length > 0 && entries(story.timeline).length < answeredBefore(story),
  )
}

/**
 * Seconds between the answer's passing and the look into the jar: so much later, at most, Chromium
 * began to count.
 */
function lateness(start: Exchange | null, jar: Jar): number {
  return start ? Math.max(0, secondsAfter(start, jar.at)) : 0
}

/**
 * Seconds after the answer at which the cookie ends: by Max-Age, or by the jar when Chromium began
 * to count later.
 */
function endOfLife(start: Exchange | null, jar: Jar): number {
  const expiry =
    jar.cookies.find(({ name, path }) => name === 'token' && path === '/')?.expiresAt ?? null
  return Math.max(
    LIFETIME,
    start && expiry !== null
      ? Math.min(secondsAfter(start, expiry), LIFETIME + lateness(start, jar))
      : 0,
  )
}

/** What stands behind Max-Age=, whatever it is. */
function lifetimeAsWritten(start: Exchange | null): string | undefined {
  return setCookie(start, 'token')?.attributes.find(({ name }) => name.toLowerCase() === 'max-age')
    ?.value
}

/** The first member of a timeline that is a text: `"age":"1.0"`. */
function asText(timeline: Exchange | null): string | undefined {
  const [member] = told(timeline).flatMap((entry) =>
    ['sent', 'age']
      .filter((name) => typeof entry[name] === 'string')
      .map((name) => `"${name}":${JSON.stringify(entry[name])}`),
  )
  return member
}

/** The second in which the first ping left whose answer set the cookie. */
function secondOf(start: Exchange | null, pings: readonly Exchange[]): string {
  const ping = pings.find((each) => setCookie(each, 'token'))
  return start && ping ? secondsAfter(start, ping.startedAt).toFixed(1) : '?'
}

function hours(seconds = 0): string {
  return seconds >= 7200
    ? `${(seconds / 3600).toFixed(1)} hours`
    : `${Math.round(seconds / 60)} minutes`
}
