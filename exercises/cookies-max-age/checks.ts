import {
  check,
  cookieChart,
  deletesCookie,
  field,
  held,
  rule,
  sentField,
  setCookies,
  setsCookie,
  together,
} from '#grader'
import {
  betweenSeconds,
  fifteenSeconds,
  firstAnswer,
  inHours,
  isListed,
  isNewestFirst,
  LIFETIME,
  listedIn,
  MARGIN,
  maxAgeAsWritten,
  memberInQuotes,
  misspeltMaxAge,
  sameStory,
  secondStart,
  tenSeconds,
  WATCHED,
  wronglySent,
  type Entry,
} from './scenarios.ts'

const lifetime = check('GET /start answers 200 and sets token to live 10 seconds', firstAnswer, {
  spec: 'RFC 6265bis §5.6.2',
  reread: 'how-long',

  verify: ({ start, jar, lateness }, expect) => {
    expect(start)
      .toHaveStatus(200)
      .toSetCookie('token', { maxAge: { seconds: LIFETIME, within: 0 } })
    // Read later, the jar may have lost the cookie by then.
    if (lateness < LIFETIME - 1)
      expect(jar).toHold('token', { lifetime: tenSeconds(lateness) }, start)
  },

  diagnose: {
    'express-milliseconds': rule({
      when: ({ start, maxAge }) =>
        maxAge === 0 && field(start, 'X-Powered-By')?.includes('Express'),
      say:
        'Zero seconds: Chromium dropped the cookie at once. The answer says X-Powered-By: ' +
        'Express, and Express counts maxAge in milliseconds.',
    }),
    'unknown-attribute': rule({
      when: ({ token }) => token && misspeltMaxAge(token),
      say: (name) =>
        `No browser knows an attribute \`${name}\`, so Chromium ignored it. ` +
        `It is written Max-Age=${LIFETIME}.`,
    }),
    milliseconds: rule({
      when: ({ maxAge = 0 }) => maxAge >= 1000 * LIFETIME && maxAge,
      say: (maxAge) =>
        `Max-Age counts seconds, not milliseconds: ${maxAge} seconds are ${inHours(maxAge)}.`,
    }),
    'expires-only': rule({
      when: ({ token, maxAge }) => maxAge === undefined && token?.expires,
      say:
        'Your answer named a date. Dates have whole seconds, so one ten seconds ahead comes 9 ' +
        'to 10 seconds later, and the browser reads it by its own clock. Max-Age counts from ' +
        'the arrival of the answer.',
    }),
    'comma-for-semicolon': rule({
      when: ({ token }) => token?.value.includes(',') && token.value,
      say: (value) =>
        `Chromium read all of \`${value}\` as the value. Only a semicolon ends the value; ` +
        'the attributes come after it.',
    }),
    'no-number': rule({
      when: ({ token, maxAge }) => maxAge === undefined && token && maxAgeAsWritten(token),
      say: (written) =>
        `\`Max-Age=${written}\` isn't a whole number, so Chromium ignored the attribute. ` +
        `Write digits alone: Max-Age=${LIFETIME}.`,
    }),
    'another-lifetime': rule({
      when: ({ maxAge }) => maxAge !== LIFETIME && maxAge,
      say: (maxAge) =>
        `Chromium keeps this cookie for ${maxAge} seconds from the arrival of your answer. ` +
        `It should forget it after ${LIFETIME}.`,
    }),
    'session-cookie': rule({
      when: ({ token, maxAge }) => token && maxAge === undefined && token.expires === undefined,
      say: 'The cookie has no lifetime. Chromium will send it until the browser closes.',
    }),
  },
})

const enough = check('Pings were answered for 15 seconds, one each second', fifteenSeconds, {
  after: lifetime,
  reread: 'how-long',

  verify: ({ pings }, expect) => {
    expect(pings, 'requests to /ping').toNumberAtLeast(WATCHED)
    const last = pings.filter(({ at }) => at >= WATCHED - 1)
    expect(last, `requests to /ping from second ${WATCHED - 1} on`).toNumberAtLeast(1)
    // Later ones may be under way when the scenario ends.
    const earlier = pings.filter(({ at }) => at < WATCHED - 1)
    for (const ping of earlier) expect(ping).toHaveStatus(200)
  },

  diagnose: {
    'stops-asking': rule({
      when: ({ pings }) => {
        const last = pings.at(-1)
        return last && last.at < WATCHED - 1 && last.second
      },
      say: (second) =>
        `The last request left at second ${second}, and then the page fell silent. ` +
        'Only while the page keeps asking can you see that the cookie no longer comes.',
    }),
  },
})

const sentBefore = check('Until second 9, every request came with token', fifteenSeconds, {
  after: enough,
  reread: 'where-sent',

  verify: ({ start, jar, pings }, expect) => {
    expect.show(cookieChart('token', start, pings, WATCHED, held(jar, 'token')))
    const early = pings.filter(({ at }) => at <= LIFETIME - MARGIN)
    const when = `requests in the first ${LIFETIME - MARGIN} seconds`
    expect(early, when).toNumberAtLeast(2).allToSendCookie('token')
  },

  diagnose: {
    'path-of-start': rule({
      when: ({ jar }) => jar.cookies.find(({ name, path }) => name === 'token' && path !== '/'),
      say: ({ path }) =>
        `Chromium keeps token for ${path} only, so the requests for /ping went out without it. ` +
        'Path=/ covers the whole site.',
    }),
  },
})

const notRenewed = check('No answer of /ping set token again', fifteenSeconds, {
  after: enough,
  reread: 'how-long',

  verify: ({ pings }, expect) => {
    expect(pings, 'answers of /ping').noneToSetCookie('token')
  },

  diagnose: {
    'server-deletes': rule({
      when: ({ pings }) => pings.find(deletesCookie('token')),
      say: ({ second }) =>
        `Your answer to the ping at second ${second} ended the cookie. ` +
        'In this exercise the browser has to forget it by itself.',
    }),
    'renews-on-ping': rule({
      when: ({ pings }) => pings.find(setsCookie('token')),
      say: ({ second }) =>
        `Your answer to the ping at second ${second} set the cookie anew. Then it lasts as long ` +
        'as somebody pings: a sliding session, not a lifetime.',
    }),
  },
})

const stoppedAfter = check('From second 11 on, every request came without token', fifteenSeconds, {
  after: notRenewed,
  spec: 'RFC 6265bis §5.7',
  reread: 'how-long',

  verify: ({ pings, jarAfter, end }, expect) => {
    const late = pings.filter(({ at }) => at >= end + MARGIN)
    const when = `requests after second ${(end + MARGIN).toFixed(1)}`
    expect(late, when).toNumberAtLeast(2).noneToSendCookie('token')
    expect(jarAfter).notToHold('token')
  },

  diagnose: {
    'twin-cookie': rule({
      when: ({ start }) => {
        const tokens = setCookies(start).filter(({ name }) => name === 'token')
        return tokens.length > 1 && tokens.map(({ path }) => path ?? '(no Path)')
      },
      say: (paths) =>
        `You set two cookies called token, for ${paths.join(' and ')}. With another path it is ` +
        'another cookie: the first one ended, the other one has no end.',
    }),
  },
})

const bothVisits = together({ watched: fifteenSeconds, again: secondStart })

const timeline = check('Your timeline tells the same story as the wire', bothVisits, {
  after: lifetime,
  reread: 'what-the-server-keeps',

  verify: ({ watched, again }, expect) => {
    // The second visit first: it begins seconds after the process, so ages counted from the
    // process's start are wrong by as much on every machine.
    for (const story of [again, watched]) {
      expect(story.timeline).toHaveStatus(200).toHaveJson(sameStory(story))
    }
  },

  diagnose: {
    'values-as-text': rule({
      when: ({ again }) => memberInQuotes(again),
      say: (member) =>
        `Your timeline has \`${member}\`: a string, in quotes. ` +
        'Write true, false and numbers without them; toFixed() gives a string.',
    }),
    'keeps-the-first-visit': rule({
      when: ({ again }) => again.entries.length > again.pings.length && again,
      say: ({ pings, entries }) =>
        `Since the second /start there were ${pings.length} requests to /ping, but your ` +
        `timeline lists ${entries.length}. Each /start begins an empty list.`,
    }),
    'newest-first': rule({
      when: ({ again: { entries } }) => isNewestFirst(entries) && entries[0],
      say: ({ age }) =>
        `Your timeline begins at second ${age.toFixed(1)} and goes back from there. ` +
        'The oldest ping comes first.',
    }),
    'timeline-forgets': rule({
      when: ({ again, watched }) =>
        [again, watched].find((story) => {
          const { length } = story.entries
          return length > 0 && length < story.certain.length
        }),
      say: ({ pings, entries }) =>
        `There were ${pings.length} requests to /ping, but your timeline lists ` +
        `${entries.length}. A request without the cookie is a request, too.`,
    }),
    'clock-not-cookie': rule({
      when: ({ again }) => {
        const ping = wronglySent(again)
        return ping && sentField(ping, 'Cookie') === undefined && ping.second
      },
      say: (second) =>
        `At second ${second} a client without any cookie pinged, but your timeline says that ` +
        'token was sent. The request shows what came; the clock does not.',
    }),
    'matches-inside-names': rule({
      when: ({ again }) => sentField(wronglySent(again), 'Cookie'),
      say: (cookies) =>
        `A client sent \`Cookie: ${cookies}\`, and your timeline says that token was sent. ` +
        'Compare the whole name: from the start of the pair up to its =.',
    }),
    'ages-in-milliseconds': rule({
      when: ({ again: { pings, entries } }) =>
        (entries.at(-1)?.age ?? 0) > 500 && pings[entries.length - 1]?.second,
      say: (second) =>
        `The last ping left ${second} s after /start, and your timeline counts a thousand for ` +
        'each second: milliseconds. The age is in seconds.',
    }),
    'whole-seconds': rule({
      when: ({ again, watched }) => (betweenSeconds(again) ?? betweenSeconds(watched))?.second,
      say: (second) =>
        `One ping left ${second} s after /start, but your timeline has whole seconds only. ` +
        'Give each age to one decimal.',
    }),
    'age-from-process-start': rule({
      when: ({ again: { pings, entries } }) => {
        const isLate = ({ age }: Entry, index: number) => age > (pings[index]?.at ?? Infinity) + 1
        const [[ping], [entry]] = [pings, entries]
        return ping && entry && entries.every(isLate) && { ping, entry }
      },
      say: ({ ping, entry }) =>
        `After the second /start the first ping had age ${entry.age.toFixed(1)}; on the wire it ` +
        `left ${ping.second} s after that /start. Each /start begins at zero.`,
    }),
  },
})

const sameAnswers = check('Your timeline lists each ping as /ping answered it', secondStart, {
  after: timeline,
  reread: 'what-the-server-keeps',

  verify: ({ certain, entries }, expect) => {
    for (const ping of certain) expect(ping).toHaveStatus(200).toHaveJson(listedIn(entries))
  },

  diagnose: {
    'answers-otherwise': rule({
      when: ({ certain, entries }) =>
        certain.find(({ answer }) => answer !== undefined && !isListed(answer, entries)),
      say: ({ second, answer }) =>
        `The ping at second ${second} got \`${JSON.stringify(answer)}\`, and your timeline has ` +
        'no such entry. Make one record of each ping, and use it for both answers.',
    }),
  },
})

export default { lifetime, enough, sentBefore, stoppedAfter, notRenewed, timeline, sameAnswers }
