import { check, header, jsonBody, leftBetween, matching, ribbon, secondsAfter, setCookie, setCookies, together, cookieSent, type Exchange, type Jar } from '#grader'
import { fifteenSeconds, firstAnswer, LIFETIME, MARGIN, secondStart, WATCHED } from './scenarios.ts'

const lifetime = check({
  title: 'The cookie was set to live 10 seconds',
  given: firstAnswer,
  spec: 'RFC 6265bis §5.6.2',
  reread: 'how-long',
  verify: ({ start, jar }, expect) => {
    expect(start).toHaveStatus(200).toSetCookie('token', { maxAge: { seconds: LIFETIME, within: 1 } })
    expect(jar).toHold('token', { lifetime: matching('9 to 11', (seconds) => seconds !== null && seconds >= LIFETIME - 1 && seconds <= LIFETIME + 1 + lateness(start, jar)) }, start)
  },
  diagnose: {
    'express-milliseconds': {
      when: ({ start }) => setCookie(start, 'token')?.maxAge === 0 && /express/i.test(header(start?.response?.headers ?? [], 'X-Powered-By') ?? ''),
      say: 'Zero seconds: Chromium dropped the cookie at once. The answer says X-Powered-By: Express, and Express counts maxAge in milliseconds.',
    },
    'unknown-attribute': {
      when: ({ start }) => misspelt(start) !== undefined,
      say: ({ start }) => `\`${misspelt(start)}\` is an attribute no browser knows, and Chromium passed over it. It is written Max-Age=${LIFETIME}.`,
    },
    milliseconds: {
      when: ({ start }) => (setCookie(start, 'token')?.maxAge ?? 0) >= 1000 * LIFETIME,
      say: ({ start }) => `Max-Age counts seconds, not milliseconds: ${setCookie(start, 'token')?.maxAge} of them are ${hours(setCookie(start, 'token')?.maxAge)}.`,
    },
    'expires-only': {
      when: ({ start }) => setCookie(start, 'token')?.maxAge === undefined && setCookie(start, 'token')?.expires !== undefined,
      say: 'Your answer named a date. Dates have whole seconds, so one ten seconds ahead comes 9 to 10 seconds later, and the browser reads it by its own clock. Max-Age counts from the arrival of the answer.',
    },
    'session-cookie': {
      when: ({ start }) => {
        const cookie = setCookie(start, 'token')
        return cookie !== undefined && cookie.maxAge === undefined && cookie.expires === undefined
      },
      say: 'The cookie has no lifetime. Chromium will send it until the browser closes.',
    },
  },
})

const enough = check({
  title: 'Requests continued for 15 seconds, at least one per second',
  given: fifteenSeconds,
  after: lifetime,
  reread: 'how-long',
  verify: ({ start, pings }, expect) => {
    expect(pings, 'requests to /ping').toNumberAtLeast(WATCHED)
    const last = start && pings.length > 0 ? secondsAfter(start, pings.at(-1)!.startedAt) : 0
    expect(Math.round(last * 10) / 10, 'the second in which the last request left', pings.at(-1)).toBe(matching(`${WATCHED - 1} or later`, (second) => second >= WATCHED - 1))
  },
  diagnose: {
    'stops-asking': {
      when: ({ pings }) => pings.length > 0,
      say: ({ start, pings }) => `The last request left at second ${start ? secondsAfter(start, pings.at(-1)!.startedAt).toFixed(0) : '?'}, and then the page fell silent. What is not asked cannot be seen to stop.`,
    },
  },
})

const notRenewed = check({
  title: 'Pings did not set it again',
  given: fifteenSeconds,
  after: enough,
  reread: 'how-long',
  verify: ({ pings }, expect) => {
    expect(pings, 'answers of /ping').noneToSetCookie('token')
  },
  diagnose: {
    'server-deletes': {
      when: ({ pings }) => pings.some((ping) => setCookies(ping).some((cookie) => cookie.name === 'token' && ((cookie.maxAge ?? 1) <= 0 || (cookie.expires ?? Infinity) < ping.startedAt))),
      say: ({ start, pings }) => `A Set-Cookie of yours at second ${secondOf(start, pings)} ended it. The exercise is about the browser forgetting by itself.`,
    },
    'renews-on-ping': {
      when: ({ pings }) => pings.some((ping) => setCookie(ping, 'token') !== undefined),
      say: ({ start, pings }) => `The first ping, at second ${secondOf(start, pings)}, set it anew, and each one pushed the end further away: a sliding session, not a lifetime.`,
    },
  },
})

const sentBefore = check({
  title: 'It was sent with every request until second 9',
  given: fifteenSeconds,
  after: lifetime,
  reread: 'where-sent',
  verify: ({ start, jar, pings }, expect) => {
    if (start) expect.show(ribbon('token', start, pings, WATCHED, jar.cookies.find(({ name }) => name === 'token')))
    const early = start ? leftBetween(pings, start, 0, LIFETIME - MARGIN) : []
    expect(early, `requests in the first ${LIFETIME - MARGIN} seconds`).toNumberAtLeast(2).allToSendCookie('token')
  },
  diagnose: {
    'path-of-start': {
      when: ({ jar }) => jar.cookies.some(({ name, path }) => name === 'token' && path !== '/'),
      say: ({ jar }) => `Chromium keeps token for ${jar.cookies.find(({ name }) => name === 'token')?.path} only, so the requests for /ping went out without it. Path=/ covers the whole site.`,
    },
  },
})

const stoppedAfter = check({
  title: 'From second 11 on no request carried it',
  given: fifteenSeconds,
  after: notRenewed,
  spec: 'RFC 6265bis §5.7',
  reread: 'how-long',
  verify: ({ start, jar, pings, jarAfter }, expect) => {
    const end = endOfLife(start, jar) + MARGIN
    const late = start ? leftBetween(pings, start, end, Infinity) : []
    expect(late, `requests after second ${end.toFixed(1)}`).toNumberAtLeast(2).noneToSendCookie('token')
    expect(jarAfter).notToHold('token')
  },
  diagnose: {
    'twin-cookie': {
      when: ({ start }) => setCookies(start).filter(({ name }) => name === 'token').length > 1,
      say: ({ start }) => {
        const paths = setCookies(start).filter(({ name }) => name === 'token').map(({ path }) => path ?? '(no Path)')
        return `You set two cookies called token, for ${paths.join(' and ')}. A path makes another cookie of it; the first ended, the other has no end.`
      },
    },
  },
})

const timeline = check({
  title: 'Your timeline tells the same story as the wire',
  given: together({ watched: fifteenSeconds, again: secondStart }),
  after: lifetime,
  reread: 'what-the-server-keeps',
  verify: ({ watched, again }, expect) => {
    // First the one from which a count from the process's start is always seconds away: so the same is said on every machine.
    expect(again.timeline).toHaveStatus(200).toHaveJson(sameStory(again))
    expect(watched.timeline).toHaveStatus(200).toHaveJson(sameStory(watched))
  },
  diagnose: {
    'ages-as-text': {
      when: ({ again }) => told(again.timeline).some(({ age }) => typeof age === 'string'),
      say: ({ again }) => `Your timeline has \`"age":${JSON.stringify(told(again.timeline)[0]?.age)}\`: a text, in quotes. A number stands without them, as toFixed() does not give it.`,
    },
    'keeps-the-first-visit': {
      when: ({ again }) => entries(again.timeline).length > again.pings.length,
      say: ({ again }) => `Since the second /start the wire saw ${again.pings.length} requests to /ping, your timeline lists ${entries(again.timeline).length}. Each /start begins an empty list.`,
    },
    'newest-first': {
      when: ({ again }) => entries(again.timeline).length > 1 && entries(again.timeline).every(({ age }, index, all) => index === 0 || age < all[index - 1]!.age),
      say: ({ again }) => `Your timeline begins at second ${entries(again.timeline)[0]?.age.toFixed(1)} and goes back from there. The oldest ping comes first.`,
    },
    'timeline-forgets': {
      when: (stories) => forgetful(stories) !== undefined,
      say: (stories) => `The wire saw ${forgetful(stories)?.pings.length} requests to /ping, your timeline lists ${entries(forgetful(stories)?.timeline ?? null).length}. A request without the cookie is a request too.`,
    },
    'clock-not-cookie': {
      when: ({ again }) => entries(again.timeline)[0]?.sent === true && again.pings[0] !== undefined && cookieSent(again.pings[0], 'token') === undefined,
      say: ({ again }) => `At second ${entries(again.timeline)[0]?.age.toFixed(1)} a client pinged that has no cookie, and your timeline says that token was sent. What came stands in the request, not on the clock.`,
    },
    'ages-in-milliseconds': {
      when: ({ again }) => (entries(again.timeline).at(-1)?.age ?? 0) > 500,
      say: ({ again }) => `The last ping left ${ages(again.start, again.pings)[entries(again.timeline).length - 1]?.toFixed(1)} s after /start, and your timeline counts a thousand for each of them: milliseconds. The age is in seconds.`,
    },
    'age-from-process-start': {
      when: ({ again }) => entries(again.timeline).length > 0 && entries(again.timeline).every(({ age }, index) => age > ages(again.start, again.pings)[index]! + 1),
      say: ({ again }) => `After the second /start the first ping had age ${entries(again.timeline)[0]?.age.toFixed(1)}; on the wire it left ${ages(again.start, again.pings)[0]?.toFixed(1)} s after that /start. Each /start begins at zero.`,
    },
  },
})

export default { lifetime, sentBefore, stoppedAfter, notRenewed, timeline, enough }

interface Entry {
  readonly sent: boolean
  readonly age: number
}

interface Story {
  readonly start: Exchange | null
  readonly pings: readonly Exchange[]
  readonly timeline: Exchange | null
}

/**
 * A list with one entry per request, in order: was the cookie there, and how long after /start. What your program did happened between a request's
 * passing and its answer's, so each age has bounds, however busy the machine. A ping under way when the list was asked for may be in it or not.
 */
function sameStory({ start, pings, timeline }: Story) {
  const certain = answeredBefore({ start, pings, timeline })
  const story = pings.map((ping, index) => ({ sent: cookieSent(ping, 'token') !== undefined, age: ages(start, pings)[index]! }))
  return matching(JSON.stringify(story), (value: unknown) => {
    const list = asEntries(value)
    const rightNumber = list.length >= certain && list.length <= pings.length && certain > 0
    return rightNumber && list.every((entry, index) => entry.sent === story[index]!.sent && isPossibleAge(entry.age, start, pings[index]!))
  })
}

/** How many pings were over when the timeline was asked for. */
function answeredBefore({ pings, timeline }: Story): number {
  return pings.filter(({ response }) => (response?.endedAt ?? Infinity) <= (timeline?.startedAt ?? 0)).length
}

/** The first one told of which a timeline lists fewer pings than there were. */
function forgetful({ again, watched }: { again: Story; watched: Story }): Story | undefined {
  return [again, watched].find((story) => entries(story.timeline).length > 0 && entries(story.timeline).length < answeredBefore(story))
}

const ROUNDING = 0.3

function isPossibleAge(age: number, start: Exchange | null, ping: Exchange): boolean {
  const earliest = (ping.startedAt - (start?.response?.startedAt ?? 0)) / 1000
  const latest = ((ping.response?.startedAt ?? ping.startedAt) - (start?.startedAt ?? 0)) / 1000
  return age >= earliest - ROUNDING && age <= latest + ROUNDING
}

/** Seconds between the answer's passing and the look into the jar: so much later, at most, Chromium began to count. */
function lateness(start: Exchange | null, jar: Jar): number {
  return start ? Math.max(0, secondsAfter(start, jar.at)) : 0
}

/** Seconds after the answer at which the cookie ends: by Max-Age, or by the jar when Chromium began to count later. */
function endOfLife(start: Exchange | null, jar: Jar): number {
  const expiry = jar.cookies.find(({ name, path }) => name === 'token' && path === '/')?.expiresAt ?? null
  return Math.max(LIFETIME, start && expiry !== null ? Math.min(secondsAfter(start, expiry), LIFETIME + lateness(start, jar)) : 0)
}

/** The list as it was told, whatever its members are. */
function told(exchange: Exchange | null): { age?: unknown }[] {
  const json = jsonBody(exchange?.response)
  return Array.isArray(json) ? json.filter((item) => typeof item === 'object' && item !== null) : []
}

function entries(exchange: Exchange | null): Entry[] {
  return asEntries(jsonBody(exchange?.response))
}

function asEntries(value: unknown): Entry[] {
  const isEntry = (item: unknown): item is Entry => typeof item === 'object' && item !== null && 'sent' in item && 'age' in item && typeof item.age === 'number'
  return Array.isArray(value) && value.every(isEntry) ? value : []
}

function ages(start: Exchange | null, pings: readonly Exchange[]): number[] {
  return pings.map((ping) => (start ? Math.round(secondsAfter(start, ping.startedAt) * 10) / 10 : 0))
}

/** `MaxAge`, `Max_Age` or `Max-Age: 10`, as it was written. */
function misspelt(start: Exchange | null): string | undefined {
  return setCookie(start, 'token')?.attributes.find(({ name }) => /^max\W?_?age\b/i.test(name) && name.toLowerCase() !== 'max-age')?.name
}

/** The second in which the first ping left whose answer set the cookie. */
function secondOf(start: Exchange | null, pings: readonly Exchange[]): string {
  const ping = pings.find((each) => setCookie(each, 'token'))
  return start && ping ? secondsAfter(start, ping.startedAt).toFixed(1) : '?'
}

function hours(seconds = 0): string {
  return seconds >= 7200 ? `${(seconds / 3600).toFixed(1)} hours` : `${Math.round(seconds / 60)} minutes`
}
